//! Where the contents of attachments are kept. Nothing is put there before the document they belong to was
//! judged open.

use std::io::{self, Read, Seek, Write};

use crate::domain::ids::FileId;

/// Why a file could not be kept or opened.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// No space left, or the quota is used up: nothing can be taken in until somebody makes room.
    #[error("hết chỗ trên đĩa chứa tệp đính kèm ({0}); hãy dọn đĩa hoặc tăng dung lượng")]
    Full(String),
    /// There is no file of that id.
    #[error("không có tệp đính kèm {0} trong kho tệp")]
    Unknown(FileId),
    /// Anything else the file system says.
    #[error(
        "không ghi hoặc đọc được tệp đính kèm ({what}): {error}; hãy kiểm tra đĩa và quyền của thư mục đó"
    )]
    Io {
        /// What was tried, with the path.
        what: String,
        /// What the system said.
        error: io::Error,
    },
}

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: FileId,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its content, lower-case hex.
    pub sha256: String,
}

/// What a mention of a file begins with.
const MENTION: &str = "<?vanthu-file id=\"";

impl Kept {
    /// The file as a processing instruction, which stands in a kept message where its content stood.
    pub fn mention(&self) -> String {
        let Self { id, size, sha256 } = self;
        format!("{MENTION}{id}\" sha256=\"{sha256}\" size=\"{size}\"?>")
    }
}

/// The files that a kept message mentions.
pub fn mentioned(raw: &[u8]) -> impl Iterator<Item = FileId> {
    memchr::memmem::find_iter(raw, MENTION).filter_map(|at| {
        let id = raw.get(at + MENTION.len()..)?.split(|byte| *byte == b'"').next()?;
        Some(FileId(std::str::from_utf8(id).ok()?.to_owned()))
    })
}

/// The store of files. Its calls block; asynchronous callers use a thread for such work.
pub trait Files: Send + Sync {
    /// A new, empty draft.
    ///
    /// # Errors
    /// [`FilesError`].
    fn begin(&self) -> Result<Box<dyn Draft>, FilesError>;

    /// Opens what was kept.
    ///
    /// # Errors
    /// [`FilesError::Unknown`] if there is no such file.
    fn open(&self, id: &FileId) -> Result<Box<dyn Read + Send>, FilesError>;

    /// Removes what was kept; no error if it is gone already.
    ///
    /// # Errors
    /// [`FilesError`].
    fn discard(&self, id: &FileId) -> Result<(), FilesError>;
}

/// A file being written, which can be read again before it is kept. Dropping it leaves nothing behind.
pub trait Draft: Write + Read + Seek + Send {
    /// Makes it durable under its id.
    ///
    /// # Errors
    /// [`FilesError`]; nothing is left behind then either.
    fn keep(self: Box<Self>) -> Result<Kept, FilesError>;

    /// The error of a failed read or write of this draft, in the store's words.
    fn error(&self, error: io::Error) -> FilesError;
}
