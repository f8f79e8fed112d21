//! edXML from outside: what every malformation becomes, what reaches the disk, what may not.

mod fixtures;
mod hostile;
mod messages;
mod written;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono_tz::Asia::Ho_Chi_Minh;
use tempfile::TempDir;
use vanthu::app::ports::{Files, Reading};
use vanthu::domain::document::Document;
use vanthu::domain::ids::{ExternalId, SourceId};
use vanthu::source::edxml::{Context, Limits, ReadError, read};
use vanthu::store::files::Folder;

/// A folder of files, and what reads messages into it.
pub struct Desk {
    place: TempDir,
    pub files: Folder,
}

impl Desk {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let files = Folder::new(place.path().join("files"));
        Self { place, files }
    }

    pub fn try_read(&self, bytes: &[u8], limits: Limits) -> Result<Reading, ReadError> {
        self.read_from(bytes, limits)
    }

    pub fn read_from(&self, input: impl Read, limits: Limits) -> Result<Reading, ReadError> {
        let context = Context {
            source: &SourceId::from("truc"),
            external_id: &ExternalId::from("1"),
            received: None,
            zone: Ho_Chi_Minh,
            files: &self.files,
            limits,
        };
        read(input, &context)
    }

    pub fn read(&self, bytes: &[u8]) -> Reading {
        self.try_read(bytes, Limits::default()).unwrap()
    }

    /// The open document in these bytes.
    #[track_caller]
    pub fn document(&self, bytes: &[u8]) -> Document {
        match self.read(bytes) {
            Reading::Open(incoming) => incoming.document.get().clone(),
            other => panic!("not an open document: {other:?}"),
        }
    }

    /// Everything in the folder, half-written files included.
    pub fn on_disk(&self) -> Vec<PathBuf> {
        everything(self.place.path())
    }

    /// The content of a kept file.
    pub fn content(&self, document: &Document, number: usize) -> Vec<u8> {
        let stored = document.attachments[number].stored.as_ref().unwrap();
        let mut bytes = Vec::new();
        self.files.open(&stored.id).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }
}

fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(everything(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

/// A message of the fixtures.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edxml").join(format!("{name}.edxml"));
    fs::read(&path).unwrap()
}

/// All fixtures by name.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edxml");
    let mut all: Vec<_> = everything(&folder)
        .into_iter()
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

/// The smallest message under a number, of a day and without a due date, with its file or without.
pub fn recent(number: u32, day: &str, with_file: bool) -> String {
    let minimal = String::from_utf8(fixture("minimal")).unwrap();
    let text =
        minimal.replace("31-CV/TU<", &format!("{number}-CV/TU<")).replace(">31<", &format!(">{number}<"));
    let text = text.replace("2022/02/21", day).replace("<edXML:DueDate>2022/03/15</edXML:DueDate>", "");
    if with_file {
        return text;
    }
    let (head, rest) = text.split_once("<edXML:edXMLBody>").unwrap();
    let (_, rest) = rest.split_once("</edXML:edXMLBody>").unwrap();
    let (middle, _) = rest.split_once("<AttachmentEncoded>").unwrap();
    format!("{head}{middle}</edXML>")
}
