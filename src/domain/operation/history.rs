//! History: where a document came from, how it changed, what it took the place of and what took its.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Edit, Origin, Standing};
use crate::domain::document::Operation;
use crate::domain::ids::{DocumentId, ExternalId, SourceId};

/// What is told of a document beside its newest content.
#[derive(Debug, Clone, Default, Serialize)]
pub struct History {
    /// Whether it holds.
    pub standing: Standing,
    /// What brought something about it, oldest first.
    pub origins: Vec<Delivery>,
    /// What it took the place of.
    pub replaces: Vec<Related>,
    /// What took its place.
    pub replaced_by: Vec<Related>,
    /// Its further revisions, oldest first.
    pub changes: Vec<Change>,
}

/// What brought something about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The source.
    pub source: SourceId,
    /// The id there.
    pub external_id: ExternalId,
    /// What its sender wanted.
    pub operation: Operation,
    /// The sender's own id of the document, where the source tells.
    pub key: Option<String>,
    /// When it came, or came last.
    pub seen: DateTime<Utc>,
}

impl From<Origin> for Delivery {
    fn from(origin: Origin) -> Self {
        let content = origin.content;
        Self {
            source: content.source,
            external_id: content.external_id,
            operation: content.operation,
            key: content.exchange.key,
            seen: origin.seen,
        }
    }
}

/// Another document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its number.
    pub id: DocumentId,
    /// Số, ký hiệu.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
}

/// A further revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its number.
    pub revision: u32,
    /// When it was registered.
    pub at: DateTime<Utc>,
    /// Why, in its sender's words.
    pub reason: Option<String>,
    /// What its sender wanted.
    pub operation: Operation,
    /// Whether nothing was asked anew.
    pub retouched: bool,
    /// What differs from the revision that everybody had been told of.
    pub edits: Vec<Edit>,
}
