//! The files of documents: a folder of its own beside the register, one file per content, named by an id
//! of ours alone. What a sender calls a file is text in the register and never reaches the file system.
//!
//! | Path | What |
//! |---|---|
//! | `3f/3f0c…` | a file that is kept, under 32 hex digits drawn at random, fanned out by the first two |
//! | `incoming/3f0c…` | one being written; renamed when its content is durable |
//!
//! Only the daemon's user may read any of it (modes 0700 and 0600).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;

mod draft;
mod sweep;

use crate::app::ports::{Draft, Files, FilesError};
use crate::domain::ids::FileId;
use draft::Writing;
pub use sweep::Swept;

/// Bytes of an id.
const ID: usize = 16;
/// Folder of what is being written.
const INCOMING: &str = "incoming";

/// The folder of files.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`. It is made when the first file comes, by whoever writes it: a command that only
    /// looks, run by root, must not leave a folder that the daemon may not write to.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file of that id lies; `None` for what is no id of ours.
    pub(in crate::store) fn place(&self, id: &FileId) -> Option<PathBuf> {
        Some(self.root.join(fan(id.as_str())?).join(id.as_str()))
    }
}

impl Files for Folder {
    fn begin(&self) -> Result<Box<dyn Draft>, FilesError> {
        let id = new_id()?;
        let incoming = self.root.join(INCOMING);
        make(&incoming)?;
        let path = incoming.join(id.as_str());
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| failure("tạo", &path, error))?;
        Ok(Box::new(Writing::new(self.root.clone(), id, path, file)))
    }

    fn open(&self, id: &FileId) -> Result<Box<dyn Read + Send>, FilesError> {
        let path = self.place(id).ok_or_else(|| FilesError::Unknown(id.clone()))?;
        match File::open(&path) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(FilesError::Unknown(id.clone())),
            Err(error) => Err(failure("mở", &path, error)),
        }
    }

    fn discard(&self, id: &FileId) -> Result<(), FilesError> {
        match self.place(id) {
            Some(path) => remove(&path),
            None => Ok(()),
        }
    }
}

/// The folder of an id below the root: its first two digits. `None` unless it is an id of ours, so that
/// no text from outside ever becomes a path.
fn fan(id: &str) -> Option<&str> {
    let ours = id.len() == 2 * ID && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    id.get(..2).filter(|_| ours)
}

fn new_id() -> Result<FileId, FilesError> {
    let mut bytes = [0; ID];
    rand::fill(&mut bytes).map_err(|_| FilesError::Io {
        what: "đặt tên tệp".to_owned(),
        error: io::Error::other("hệ điều hành không cho số ngẫu nhiên"),
    })?;
    Ok(FileId(HEXLOWER.encode(&bytes)))
}

fn make(folder: &Path) -> Result<(), FilesError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| failure("tạo", folder, error))
}

fn remove(path: &Path) -> Result<(), FilesError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failure("xoá", path, error)),
        _ => Ok(()),
    }
}

/// The port's error for one of the system's.
fn failure(what: &str, path: &Path, error: io::Error) -> FilesError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            FilesError::Full(path.display().to_string())
        }
        _ => FilesError::Io { what: format!("{what} {}", path.display()), error },
    }
}

#[cfg(test)]
mod tests;
