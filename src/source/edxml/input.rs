//! The bytes of a message on their way to the parser: decoded to UTF-8, counted against the bounds, and
//! copied for the register, the contents of files left out.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use quick_xml::encoding::DecodingReader;

use super::limits::Limits;
use super::problem::Problem;

/// How far into a message the first tag may stand (`1212` before `<?xml` was seen).
const JUNK: usize = 4096;
/// Bytes asked of the carrier at once.
const CHUNK: usize = 64 << 10;

/// A bound that was met, on its way through the parser as an IO error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Cap(&'static str);

/// The problem behind an IO error, if it is one of ours and not the carrier's.
pub(super) fn problem_of(error: &io::Error) -> Option<Problem> {
    let cap = error.get_ref()?.downcast_ref::<Cap>()?;
    Some(Problem::TooMuch(cap.0))
}

fn cap(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, Cap(what))
}

/// The decoded, bounded, copied bytes.
pub(super) struct Input<R: Read> {
    inner: DecodingReader<Counted<BufReader<R>>>,
    /// Bytes the node being read may still have.
    node: u64,
    /// Bytes all of it but the contents of files may still have.
    metadata: u64,
    limit: u64,
    /// Inside the content of a file: neither bounded as a node nor copied.
    body: bool,
    /// A `<` that was looked at and given back.
    pushed: bool,
    copy: Vec<u8>,
}

impl<R: Read> Input<R> {
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        let counted = Counted { inner: BufReader::with_capacity(CHUNK, input), left: limits.message };
        Self {
            inner: DecodingReader::new(counted),
            node: limits.node,
            metadata: limits.metadata,
            limit: limits.node,
            body: false,
            pushed: false,
            copy: Vec::new(),
        }
    }

    /// Skips to the first tag, copying what is skipped; whether there is one.
    ///
    /// # Errors
    /// The carrier's.
    pub(super) fn skip_junk(&mut self) -> io::Result<bool> {
        let mut skipped = 0;
        while skipped <= JUNK {
            let available = self.inner.fill_buf()?;
            if available.is_empty() {
                return Ok(false);
            }
            let junk = memchr::memchr(b'<', available);
            let length = junk.unwrap_or(available.len());
            self.copy.extend_from_slice(available.get(..length).unwrap_or_default());
            self.inner.consume(length);
            if junk.is_some() {
                return Ok(skipped + length <= JUNK);
            }
            skipped += length;
        }
        Ok(false)
    }

    /// A new node begins: it has the whole bound of a node before it.
    pub(super) fn refill(&mut self) {
        self.node = self.limit;
    }

    /// Enters or leaves the content of a file.
    pub(super) fn set_body(&mut self, body: bool) {
        self.body = body;
    }

    /// Gives a `<` back that was taken inside a content; the parser wants to see it.
    pub(super) fn push_back(&mut self) {
        self.pushed = true;
    }

    /// Copies the rest as it is, which the parser has given up; `false` if that is more than `most` bytes.
    ///
    /// # Errors
    /// The carrier's, or the bound of the whole message.
    pub(super) fn drain(&mut self, most: usize) -> io::Result<bool> {
        (self.body, self.node, self.metadata) = (false, u64::MAX, u64::MAX);
        let end = self.copy.len() + most;
        loop {
            let length = self.fill_buf()?.len();
            if length == 0 || self.copy.len() + length > end {
                return Ok(length == 0);
            }
            self.consume(length);
        }
    }

    /// What was copied so far.
    pub(super) fn copied(&self) -> &[u8] {
        &self.copy
    }

    /// The copy.
    pub(super) fn take_copy(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.copy)
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.pushed {
            return Ok(b"<");
        }
        let (allowed, what) = match (self.body, self.node < self.metadata) {
            (true, _) => (u64::MAX, ""),
            (false, true) => (self.node, "một thẻ hoặc một đoạn chữ quá dài"),
            (false, false) => (self.metadata, "phần đầu của thông điệp quá lớn"),
        };
        let available = self.inner.fill_buf()?;
        if allowed == 0 && !available.is_empty() {
            return Err(cap(what));
        }
        let length = available.len().min(usize::try_from(allowed).unwrap_or(usize::MAX));
        Ok(available.get(..length).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        if self.pushed {
            self.pushed = amount == 0;
            if !self.body && amount > 0 {
                self.copy.push(b'<');
            }
            return;
        }
        if !self.body {
            // The bytes are there: they were just looked at.
            if let Ok(seen) = self.inner.fill_buf() {
                self.copy.extend_from_slice(seen.get(..amount).unwrap_or_default());
            }
            let amount = u64::try_from(amount).unwrap_or(u64::MAX);
            self.node = self.node.saturating_sub(amount);
            self.metadata = self.metadata.saturating_sub(amount);
        }
        self.inner.consume(amount);
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let amount = available.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}

/// The carrier's bytes, counted.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        if self.left == 0 && !available.is_empty() {
            return Err(cap("thông điệp quá lớn"));
        }
        let length = available.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        Ok(available.get(..length).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(u64::try_from(amount).unwrap_or(u64::MAX));
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let amount = available.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}
