//! Files as people wrote them, and places in them. Spans are bytes of the raw text, so that a caret
//! stands right whether the editor saved accents composed (NFC) or apart (NFD).

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

use super::code::Code;
use super::diagnostic::Diagnostic;
use crate::domain::legacy;

/// Largest file that is read, in bytes: some 20,000 rules, a hundred times what an office has.
pub const MOST: u64 = 8 << 20;

/// A file, read once.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path to show, relative to the folder of `vanthu.toml` where it lies below it.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Where its lines begin, so that places far down cost no more than those at the top.
    lines: Vec<usize>,
}

impl SourceFile {
    /// A file whose text is already known.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let text = text.into();
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Arc::new(Self { path: path.into(), text, lines })
    }

    /// Reads `path`, shown as `shown`, if it is no larger than [`MOST`].
    ///
    /// # Errors
    /// Unreadable (`VT001`), too large (`VT019`), UTF-16 (`VT002`) or otherwise not UTF-8 (`VT003`).
    pub fn read(path: &Path, shown: &str) -> Result<Arc<Self>, Diagnostic> {
        Self::read_at_most(path, shown, MOST)
    }

    /// [`read`](Self::read) for a file that may hold `most` bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_at_most(path: &Path, shown: &str, most: u64) -> Result<Arc<Self>, Diagnostic> {
        let bytes = read_bytes(path, most).map_err(|error| unreadable(shown, &error))?;
        let bytes = bytes.ok_or_else(|| too_large(shown, most))?;
        Ok(Self::new(shown, decode(bytes, shown)?))
    }

    /// Line and column of a byte, both from 1; columns count characters (code points).
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let (line, before) = self.line_before(byte);
        (line, before.chars().count() + 1)
    }

    /// The column of a byte in UTF-16 code units, from 1, as most editors count.
    pub fn utf16_column(&self, byte: usize) -> usize {
        self.line_before(byte).1.encode_utf16().count() + 1
    }

    /// The number of the line on which a byte stands, from 1, and where that line begins.
    pub fn line_start(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        (line, self.lines.get(line - 1).copied().unwrap_or_default())
    }

    /// The number of a byte's line, and what stands on it before the byte.
    fn line_before(&self, byte: usize) -> (usize, &str) {
        let byte = byte.min(self.text.len());
        let (line, start) = self.line_start(byte);
        (line, self.text.get(start..byte).unwrap_or_default())
    }
}

/// The bytes of a file; `None` if there are more than `most`. Only ordinary files are read: a pipe would
/// wait for ever.
fn read_bytes(path: &Path, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let file = if path.metadata()?.is_file() { File::open(path)? } else { return Err(not_a_file()) };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    Ok((u64::try_from(bytes.len()).unwrap_or(u64::MAX) <= most).then_some(bytes))
}

fn not_a_file() -> std::io::Error {
    std::io::ErrorKind::IsADirectory.into()
}

/// A finding about a file, or the files of a folder together, of more than `most` bytes.
pub fn too_large(shown: &str, most: u64) -> Diagnostic {
    let finding = Diagnostic::new(Code::TooLarge, Place::Path(shown.to_owned()));
    finding.with(shown).with(format!("{} MB", most >> 20))
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
        let finding = Diagnostic::new(Code::NotUtf8, place()).with(line.to_string());
        match legacy::guess(error.as_bytes()) {
            Some(page) => finding.with((
                format!("có lẽ là bảng mã cũ {}", page.name()),
                format!("perhaps the old code page {}", page.name()),
            )),
            None => finding.with(("không rõ bảng mã nào", "of no known code page")),
        }
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

    /// The file, or the variable that stands for one.
    pub fn file(&self) -> &str {
        self.sort_key().0
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
