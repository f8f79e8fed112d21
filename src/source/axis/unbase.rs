//! Base64 undone while it is read, white space between its letters included.

use std::io::{self, Read};

use data_encoding::BASE64;

/// Letters decoded at once, a multiple of four.
const WINDOW: usize = 8 * 1024;

/// A reader of the bytes behind base64.
pub(super) struct Unbase<R> {
    inner: R,
    letters: Vec<u8>,
    bytes: Vec<u8>,
    given: usize,
}

impl<R: Read> Unbase<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, letters: Vec::with_capacity(WINDOW), bytes: Vec::new(), given: 0 }
    }

    /// Fills the window with letters as far as they go, and decodes whole groups of four.
    fn refill(&mut self) -> io::Result<()> {
        let mut piece = [0; 2048];
        while self.letters.len() < WINDOW / 2 {
            let count = self.inner.read(&mut piece)?;
            let fresh = piece.get(..count).unwrap_or_default();
            self.letters.extend(fresh.iter().filter(|letter| !letter.is_ascii_whitespace()));
            if count == 0 {
                break;
            }
        }
        let whole = self.letters.len() / 4 * 4;
        let whole = if whole == 0 { self.letters.len() } else { whole };
        let group: Vec<u8> = self.letters.drain(..whole).collect();
        self.bytes = BASE64.decode(&group).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Unbase<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.bytes.len() {
            self.refill()?;
        }
        let mut left = self.bytes.get(self.given..).unwrap_or_default();
        let count = left.read(into)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Unbase::new(text.as_bytes()).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..40_000), line in 1_usize..200) {
            let text: Vec<char> = BASE64.encode(&bytes).chars().collect();
            let wrapped: String = text.chunks(line).flat_map(|line| line.iter().chain(['\r', '\n'].iter())).collect();
            prop_assert_eq!(decoded(&wrapped).unwrap(), bytes);
        }
    }

    #[test]
    fn what_is_no_base64_is_an_error() {
        for text in ["a", "ab!=", "YWJj*", "YWJjZ", "YQ==YQ="] {
            assert!(decoded(text).is_err(), "{text}");
        }
        assert_eq!(decoded(" YW\nJj ").unwrap(), b"abc");
    }
}
