//! Files that go nowhere: a message is looked at before anybody asked for it, and its attachments are kept
//! only when somebody does.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::app::ports::{Draft, Files, FilesError, Kept};
use crate::domain::ids::FileId;
use crate::source::hash::sha256_of_all;

/// A store that forgets.
pub(super) struct Scratch;

impl Files for Scratch {
    fn begin(&self) -> Result<Box<dyn Draft>, FilesError> {
        Ok(Box::new(Passing { file: tempfile::tempfile().map_err(failure)? }))
    }

    fn open(&self, id: &FileId) -> Result<Box<dyn Read + Send>, FilesError> {
        Err(FilesError::Unknown(id.clone()))
    }

    fn discard(&self, _: &FileId) -> Result<(), FilesError> {
        Ok(())
    }
}

fn failure(error: io::Error) -> FilesError {
    FilesError::Io { what: "tệp tạm".to_owned(), error }
}

/// A draft without a name, gone with its handle even after a crash.
struct Passing {
    file: File,
}

impl Write for Passing {
    /// At the end, wherever it was read last.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let read_to = self.file.stream_position()?;
        self.file.seek(SeekFrom::End(0))?;
        let written = self.file.write(bytes)?;
        self.file.seek(SeekFrom::Start(read_to))?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for Passing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

impl Seek for Passing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Draft for Passing {
    fn keep(mut self: Box<Self>) -> Result<Kept, FilesError> {
        self.file.rewind().map_err(failure)?;
        let (sha256, size) = sha256_of_all(&mut self.file).map_err(failure)?;
        Ok(Kept { id: FileId(String::new()), size, sha256 })
    }

    fn error(&self, error: io::Error) -> FilesError {
        failure(error)
    }
}
