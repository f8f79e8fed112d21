//! A source: lists what it holds, page by page, and reads one document at a time.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::document::Document;
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::receipt::Receipt;
use crate::domain::secrecy::{Open, Withheld};
use crate::domain::status::{Status, StatusCode};

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
    /// How many rows the source counted in all lists it walks, if it tells. A page without it, behind one that
    /// has it, is of a list that the source does not count.
    pub total: Option<u64>,
    /// Where to go on; `None` at the very end.
    pub next: Option<PageToken>,
}

/// Days of issue, the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

/// A row that a lookup found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The row.
    pub row: Listed,
    /// Whether it stands in a list of what is due or overdue.
    pub overdue: bool,
}

/// One page of a lookup.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The days that were asked for; the same on every page.
    pub span: Span,
    /// What it found. What is due or overdue may be older than the span.
    pub rows: Vec<Found>,
    /// How many rows the source counted, as in [`Listing::total`].
    pub total: Option<u64>,
    /// Where to go on; `None` at the very end.
    pub next: Option<PageToken>,
}

/// One page of who received a directive. It names people's addresses, so it lives in memory only.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    /// The receivers.
    pub rows: Vec<Receipt>,
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
    /// Not a document but what another body says about one.
    Status(Box<Status>),
}

/// Whether a source can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ability {
    /// It does.
    Yes,
    /// It could, but the settings do not ask for it.
    Off,
    /// It cannot.
    No,
}

/// What a source can and cannot do, for `doctor` and the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Abilities {
    /// It tells who of the addressees has read a directive.
    pub read_receipts: Ability,
    /// It takes statuses about a document from us.
    pub statuses: Ability,
    /// It delivers the files of a document, not their names alone.
    pub files: Ability,
    /// It delivers revocations, updates and replacements.
    pub operations: Ability,
    /// It counts its rows, so that a gap in a walk is noticed.
    pub counts: Ability,
}

/// A status to be told upstream about a registered document.
#[derive(Debug, Clone)]
pub struct Report {
    /// The id of the document in the source.
    pub external_id: ExternalId,
    /// The newest revision of the document.
    pub document: Document,
    /// The code.
    pub code: StatusCode,
    /// Free text that goes with it.
    pub description: String,
    /// When it came true.
    pub at: DateTime<Utc>,
    /// The same for every try to tell the same thing.
    pub key: String,
    /// What an earlier try may have left behind; `None` at the first.
    pub earlier: Option<Earlier>,
}

/// An earlier try to tell a status may have arrived although its answer was lost, or nobody lived to hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Receipts of the other statuses about the document that the source took: what it has under these is not
    /// the one in doubt.
    pub receipts: Vec<String>,
}

/// What became of telling a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// Taken; with the receipt, where the source gives one.
    Taken(Option<String>),
    /// The source knew it already: an earlier try had arrived.
    Known,
    /// Refused for good; with the reason.
    Refused(String),
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
    /// Nothing is wrong with it: the files of one document could not be kept here. The walk goes on without that document
    /// and ends as failed; the document comes again.
    #[error("{0}")]
    Unkept(String),
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

    /// What it can and cannot do.
    fn abilities(&self) -> Abilities;

    /// What its clock showed at its last answer, where its answers tell.
    fn served(&self) -> Option<DateTime<Utc>> {
        None
    }

    /// Whether it hands over messages: what was taken leaves its lists, so that an empty list says nothing, and
    /// what it lists never changes.
    fn drains(&self) -> bool {
        false
    }

    /// Called after the commit of what was read from `row`, and again for a row that comes once more: the
    /// transport acknowledgement of sources that have one.
    ///
    /// # Errors
    /// [`SourceError`]; nothing is lost, the row comes again.
    async fn confirm(&self, _row: &Listed) -> Result<(), SourceError> {
        Ok(())
    }

    /// Called by a walk that registers what it reads, once every row of a page is dealt with: committed,
    /// held, or known before. For sources that keep what they hold until then; whatever of it is listed again
    /// is known.
    ///
    /// # Errors
    /// [`SourceError`]; nothing is lost, the rows come again.
    async fn passed(&self, _rows: &[Listed]) -> Result<(), SourceError> {
        Ok(())
    }

    /// One page of what it holds of the days that are compared with the register each night, the days before
    /// `today`; `None` where it cannot be looked up, or is not to be.
    ///
    /// # Errors
    /// [`SourceError`]; then nothing is concluded from the pages before.
    async fn lookup(
        &self,
        _today: NaiveDate,
        _page: Option<&PageToken>,
    ) -> Result<Option<Lookup>, SourceError> {
        Ok(None)
    }

    /// One page of who received a document and who has looked at it; `None` where it does not tell that of this
    /// document. Called for sources whose abilities say so.
    ///
    /// # Errors
    /// [`SourceError`]; then nothing is concluded from the pages before.
    async fn receipts(
        &self,
        _id: &ExternalId,
        _page: Option<&PageToken>,
    ) -> Result<Option<Receipts>, SourceError> {
        Ok(None)
    }

    /// The ids under which a row of the page just listed may have been held before it was put right; none for
    /// sources whose ids outlive that.
    fn formerly(&self, _row: &Listed) -> Vec<ExternalId> {
        Vec::new()
    }

    /// Tells a status about a document. Called for sources whose abilities say so.
    ///
    /// # Errors
    /// [`SourceError`] when it may be tried again.
    async fn report(&self, _report: &Report) -> Result<Reported, SourceError> {
        Ok(Reported::Refused("nguồn này không nhận trạng thái".to_owned()))
    }
}
