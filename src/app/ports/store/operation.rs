//! Where documents came from, what waits for a document or a decision, and how revisions follow each other.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ObligationId, RevisionId, UnitId};
use crate::domain::operation::{Edit, Key};

/// What an id of a source brought, to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewOrigin<'a> {
    /// The document it is about.
    pub document: DocumentId,
    /// What was delivered, with source and id.
    pub content: &'a Document,
    /// The key it gives the document, or by which an operation names it.
    pub key: Option<&'a Key>,
    /// What the source sent, byte for byte, where no revision bears it.
    pub raw: Option<&'a [u8]>,
    /// When.
    pub seen: DateTime<Utc>,
}

/// Why a delivery waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is an operation, and its original is not known.
    Original(Key),
    /// It may be a document that is known: a person must say.
    Person,
}

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Why.
    pub why: Why,
    /// The document that takes the place of the awaited one, where it is registered itself.
    pub document: Option<DocumentId>,
    /// What was delivered, found open when it came.
    pub content: Document,
    /// What the source sent, byte for byte.
    pub raw: Vec<u8>,
    /// When it came.
    pub arrived: DateTime<Utc>,
}

/// One document in the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// The one that ended.
    pub old: DocumentId,
    /// The one that holds.
    pub new: DocumentId,
}

/// What differs between a revision and the one it follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEdits {
    /// The revision compared with: the last one whose change everybody was told of.
    pub base: RevisionId,
    /// Whether nothing is asked anew: the change only informs.
    pub retouched: bool,
    /// What differs.
    pub edits: Vec<Edit>,
}

/// Rows to move to a newer revision.
#[derive(Debug, Clone, Copy)]
pub struct Carry<'a> {
    /// The document.
    pub document: DocumentId,
    /// Its newest revision.
    pub to: RevisionId,
    /// The rows.
    pub rows: &'a [ObligationId],
    /// Units whose undelivered mails stay behind, because what they were about has ended.
    pub behind: &'a [UnitId],
}
