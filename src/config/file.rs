//! Files as people wrote them, and places in them. Spans are bytes of the raw text, so that a caret
//! stands right whether the editor saved accents composed (NFC) or apart (NFD).

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

use super::code::Code;
use super::diagnostic::Diagnostic;

/// A file, read once.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path to show, relative to the folder of `vanthu.toml` where it lies below it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// A file whose text is already known.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// Reads `path`, shown as `shown`.
    ///
    /// # Errors
    /// Unreadable (`VT001`), UTF-16 (`VT002`) or otherwise not UTF-8 (`VT003`).
    pub fn read(path: &Path, shown: &str) -> Result<Arc<Self>, Diagnostic> {
        let bytes = std::fs::read(path).map_err(|error| unreadable(shown, &error))?;
        Ok(Self::new(shown, decode(bytes, shown)?))
    }

    /// Line and column of a byte, both from 1; columns count characters, as editors do.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// Hex digits of a hash that are kept: 48 bits tell the rulesets of one office apart.
const HASH_DIGITS: usize = 12;

/// SHA-256 over names and texts of all files, each ended by a NUL, which neither can hold.
pub fn hash(files: &[Arc<SourceFile>]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in files.iter().flat_map(|file| [&file.path, &file.text]) {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    let mut hash = HEXLOWER.encode(context.finish().as_ref());
    hash.truncate(HASH_DIGITS);
    hash
}

/// A finding about a file or folder that cannot be read.
pub fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => ("không có", "it does not exist"),
        std::io::ErrorKind::PermissionDenied => ("không có quyền đọc", "permission denied"),
        _ => ("lỗi đĩa hoặc không phải tệp", "disk fault, or not a file"),
    };
    Diagnostic::new(Code::Unreadable, Place::Path(shown.to_owned())).with(shown).with(reason)
}

/// UTF-8 text, without the byte order mark that Windows editors write.
///
/// UTF-16 is told by its mark, or by NUL bytes: accent-free lines in UTF-16 without a mark pass a
/// UTF-8 check as text full of NUL.
fn decode(mut bytes: Vec<u8>, shown: &str) -> Result<String, Diagnostic> {
    let place = || Place::Path(shown.to_owned());
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err(Diagnostic::new(Code::Utf16, place()));
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..good).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::new(Code::NotUtf8, place()).with(line.to_string())
    })
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a file.
    Text {
        /// The file.
        file: Arc<SourceFile>,
        /// Its bytes.
        span: Range<usize>,
    },
    /// An environment variable.
    Variable(String),
    /// A file or folder as a whole.
    Path(String),
}

impl Place {
    /// Bytes of a file.
    pub fn text(file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        Self::Text { file: Arc::clone(file), span }
    }

    /// What orders findings: path, then position.
    pub fn sort_key(&self) -> (&str, usize) {
        match self {
            Self::Text { file, span } => (&file.path, span.start),
            Self::Variable(name) => (name, 0),
            Self::Path(path) => (path, 0),
        }
    }
}

/// `file:line`, the variable's name, or the path.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { file, span } => write!(f, "{}:{}", file.path, file.line_column(span.start).0),
            Self::Variable(name) => f.write_str(name),
            Self::Path(path) => f.write_str(path),
        }
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Sourced<T> {
    /// The value changed, the place kept.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), place: self.place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let file = SourceFile::new("a.toml", "một\nhai = 2\n");
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column("một".len()), (1, 4));
        assert_eq!(file.line_column("một\nhai".len()), (2, 4));
    }

    #[test]
    fn encodings_are_told_apart() {
        let code = |bytes: &[u8]| decode(bytes.to_vec(), "a").map_err(|finding| finding.code);
        assert_eq!(code(b"\xef\xbb\xbfa = 1"), Ok("a = 1".to_owned()));
        assert_eq!(code(b"\xff\xfea\0"), Err(Code::Utf16));
        assert_eq!(code(b"a\0=\x001\0"), Err(Code::Utf16));
        assert_eq!(code(b"ten = \"\xe1\"\n"), Err(Code::NotUtf8));
    }
}
