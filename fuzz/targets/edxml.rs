//! edXML: whatever bytes come, an answer; an open document names its files, nothing withheld leaves one.

#![no_main]

mod bounds;

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use vanthu::app::ports::{Draft, Files, FilesError, Kept, Reading, mentioned};
use vanthu::domain::ids::{ExternalId, FileId, SourceId};
use vanthu::source::edxml::{Context, Limits, read};

/// Files in memory; the disk would be what is measured.
#[derive(Default)]
struct Memory(Arc<Mutex<BTreeMap<FileId, Vec<u8>>>>);

struct Writing {
    kept: Arc<Mutex<BTreeMap<FileId, Vec<u8>>>>,
    bytes: Cursor<Vec<u8>>,
}

impl Files for Memory {
    fn begin(&self) -> Result<Box<dyn Draft>, FilesError> {
        Ok(Box::new(Writing { kept: self.0.clone(), bytes: Cursor::default() }))
    }

    fn open(&self, id: &FileId) -> Result<Box<dyn Read + Send>, FilesError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.get(id).ok_or_else(|| FilesError::Unknown(id.clone()))?;
        Ok(Box::new(Cursor::new(bytes.clone())))
    }

    fn discard(&self, id: &FileId) -> Result<(), FilesError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        Ok(())
    }
}

impl Draft for Writing {
    fn keep(self: Box<Self>) -> Result<Kept, FilesError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let id = FileId(format!("{:032x}", kept.len()));
        let size = self.bytes.get_ref().len() as u64;
        kept.insert(id.clone(), self.bytes.into_inner());
        Ok(Kept { id, size, sha256: String::new() })
    }

    fn error(&self, error: io::Error) -> FilesError {
        FilesError::Io { what: String::new(), error }
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.get_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Writing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Seek for Writing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

fuzz_target!(|bytes: &[u8]| bounds::within_bounds(|| check(bytes)));

fn check(bytes: &[u8]) {
    let files = Memory::default();
    let context = Context {
        source: &SourceId::from("truc"),
        external_id: &ExternalId::from("1"),
        received: None,
        zone: Ho_Chi_Minh,
        files: &files,
        limits: Limits::default(),
    };
    let reading = read(bytes, &context).expect("bytes in memory and files in memory never fail");
    let kept: Vec<FileId> = files.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
    match reading {
        Reading::Open(incoming) => {
            let document = incoming.document.get();
            for stored in document.attachments.iter().filter_map(|file| file.stored.as_ref()) {
                assert!(kept.contains(&stored.id));
                assert!(mentioned(&incoming.raw).any(|id| id == stored.id));
            }
            assert_eq!(document.fingerprint().len(), 64);
        }
        Reading::Withheld(_) | Reading::Status(_) => assert_eq!(kept, [], "a file without a document"),
        Reading::Broken(broken) => assert!(!broken.reason.is_empty()),
        Reading::Gone => panic!("bytes that are there are not gone"),
    }
}
