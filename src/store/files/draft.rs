//! A file being written: hashed as it grows, made durable and only then given its name.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;

use super::{failure, fan, make, remove};
use crate::app::ports::{Draft, FilesError, Kept};
use crate::domain::ids::FileId;

/// A draft in the folder of what is being written. The file is opened to append, so that reading in it
/// never moves the place of the next write.
pub(super) struct Writing {
    root: PathBuf,
    id: FileId,
    path: PathBuf,
    file: File,
    digest: Context,
    size: u64,
    kept: bool,
}

impl Writing {
    pub(super) fn new(root: PathBuf, id: FileId, path: PathBuf, file: File) -> Self {
        Self { root, id, path, file, digest: Context::new(&SHA256), size: 0, kept: false }
    }

    /// Content first, then the name, then the folder that holds the name: a crash between any two leaves
    /// either the whole file or none.
    fn settle(&mut self) -> Result<(), FilesError> {
        self.file.sync_all().map_err(|error| failure("ghi", &self.path, error))?;
        let folder = self.root.join(fan(self.id.as_str()).unwrap_or_default());
        make(&folder)?;
        let place = folder.join(self.id.as_str());
        fs::rename(&self.path, &place).map_err(|error| failure("đổi tên", &self.path, error))?;
        self.kept = true;
        // The second finds the first: a folder made just now is itself a name in the root.
        sync(&folder).and_then(|()| sync(&self.root)).inspect_err(|_| {
            if let Err(error) = remove(&place) {
                tracing::warn!(file = %self.id, %error, "file without a document left behind");
            }
        })
    }
}

fn sync(folder: &Path) -> Result<(), FilesError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failure("ghi", folder, error))
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        self.size += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for Writing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Writing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Draft for Writing {
    fn keep(mut self: Box<Self>) -> Result<Kept, FilesError> {
        self.settle()?;
        let sha256 = HEXLOWER.encode(self.digest.clone().finish().as_ref());
        Ok(Kept { id: self.id.clone(), size: self.size, sha256 })
    }

    fn error(&self, error: io::Error) -> FilesError {
        failure("ghi", &self.path, error)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = remove(&self.path) {
            tracing::warn!(file = %self.id, %error, "unfinished file not removed");
        }
    }
}
