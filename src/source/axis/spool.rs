//! An answer put down: small ones in memory, large ones in a file that has no name and goes with us.

use std::io::{self, Read, Seek, Write};
use std::path::Path;

use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// Answers up to this size never touch the disk.
const IN_MEMORY: usize = 1024 * 1024;

/// Bytes to be written once and then read as often as needed.
#[derive(Debug)]
pub(in crate::source) struct Spool(SpooledTempFile);

impl Spool {
    /// An empty one; what grows large goes to `folder`.
    pub(in crate::source) fn new(folder: &Path) -> Self {
        Self(spooled_tempfile_in(IN_MEMORY, folder))
    }

    /// The bytes from the first on.
    ///
    /// # Errors
    /// The file's.
    pub(in crate::source) fn read(&mut self) -> io::Result<impl Read + '_> {
        self.0.rewind()?;
        Ok(&mut self.0)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
