//! One way of hashing what sources send, for identities and fingerprints.

use std::io::{self, Read};

use aws_lc_rs::digest::{self, Context, SHA256};
use data_encoding::HEXLOWER;

/// SHA-256 of a text, lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    sha256_of(text.as_bytes())
}

/// SHA-256 of bytes, lower-case hex.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&SHA256, bytes).as_ref())
}

/// SHA-256, lower-case hex, and length of all that is still to be read.
///
/// # Errors
/// The reader's.
pub(super) fn sha256_of_all(input: impl Read) -> io::Result<(String, u64)> {
    let mut hashing = Hashing::new(input);
    let size = io::copy(&mut hashing, &mut io::sink())?;
    Ok((hashing.digest(), size))
}

/// Hashes what is read through it.
pub(super) struct Hashing<R> {
    inner: R,
    context: Context,
}

impl<R: Read> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, context: Context::new(&SHA256) }
    }

    /// SHA-256 of what was read, lower-case hex.
    pub(super) fn digest(self) -> String {
        HEXLOWER.encode(self.context.finish().as_ref())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.context.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}
