//! A source: lists what it holds, page by page, and reads one document at a time.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::document::Document;
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::secrecy::{Open, Withheld};

/// Where to go on listing; opaque to everybody but the source that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageToken(pub String);

/// A row of a list. It may bear the title of a document whose secrecy is not yet known, so it lives
/// in memory only, and its `Debug` shows the id alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub external_id: ExternalId,
    /// SHA-256 hex of the row, to notice changes; stored for open documents only.
    pub fingerprint: String,
    /// When the source received it, if the list tells.
    pub received: Option<DateTime<Utc>>,
    /// What the source needs again to read it; opaque.
    pub handle: String,
}

impl std::fmt::Debug for Listed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listed").field("external_id", &self.external_id).finish_non_exhaustive()
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Its rows.
    pub rows: Vec<Listed>,
    /// How many rows the source counted in all lists it walks, if it tells.
    pub total: Option<u64>,
    /// Where to go on; `None` at the very end.
    pub next: Option<PageToken>,
}

/// A document that may be stored.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The judged document.
    pub document: Open<Document>,
    /// What the source sent, byte for byte, as one JSON or XML text.
    pub raw: Vec<u8>,
}

/// A document that could not be read.
#[derive(Debug, Clone)]
pub struct Broken {
    /// What is wrong, without any text of the document.
    pub reason: String,
    /// The raw bytes, only where the document is known to be open.
    pub raw: Option<Vec<u8>>,
}

/// What reading a row gave.
#[derive(Debug)]
pub enum Reading {
    /// An open document.
    Open(Box<Incoming>),
    /// Secret, or not known to be open: nothing but its id may be kept.
    Withheld(Withheld),
    /// Unreadable: held for a human; the rest goes on.
    Broken(Broken),
    /// The row is gone from the source.
    Gone,
}

/// Why a source could not be asked; each variant exists because someone reacts to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Network, time-out, 5xx: the poll is given up and tried at its next turn.
    #[error("không kết nối được: {0}")]
    Unreachable(String),
    /// User name or password refused: no further try until the waits of `denied` have passed.
    #[error("đăng nhập bị từ chối: {0}")]
    Denied(String),
    /// The system asks for a one-time password: a person must act; never bypassed.
    #[error("hệ thống đòi mã OTP: {0}")]
    OneTimePassword(String),
    /// It answered, but not as this system does (a login page with status 200, not JSON, too large).
    #[error("trả lời không đúng giao thức: {0}")]
    Unexpected(String),
}

/// A document system.
#[async_trait]
pub trait Source: Send + Sync {
    /// Its configured name.
    fn id(&self) -> &SourceId;

    /// A short fingerprint of what it logs in with: address, user, password. A refusal holds for these
    /// alone. Too short to find the password by trying, 32 bits.
    fn credentials(&self) -> String;

    /// One page of its lists; `None` starts at the beginning.
    ///
    /// # Errors
    /// [`SourceError`]; pages already seen stay valid.
    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError>;

    /// Reads one document in full and judges its secrecy before anything else sees it.
    ///
    /// # Errors
    /// [`SourceError`] when the source as a whole cannot be asked; a single bad document is a
    /// [`Reading::Broken`].
    async fn read(&self, row: &Listed) -> Result<Reading, SourceError>;
}
