//! Statuses: what is told upstream about a document, and what upstream told us.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoredRevision;
use crate::domain::ids::{DocumentId, ExternalId, SourceId, StatusId};
use crate::domain::notice::Delivery;
use crate::domain::status::{Status, StatusCode};

/// Where a document came from; a document may have come by several ways.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OriginId {
    /// The source.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
}

/// A status to enqueue; a second one about the same origin with the same code and occasion is dropped
/// silently.
#[derive(Debug, Clone)]
pub struct NewStatus {
    /// The document.
    pub document: DocumentId,
    /// Whom to tell, and which of its documents is meant.
    pub origin: OriginId,
    /// The code.
    pub code: StatusCode,
    /// Of an answer, the id of the message it answers; empty otherwise.
    pub occasion: String,
    /// The same for every try to tell it, see [`status_key`](crate::domain::status::status_key).
    pub key: String,
    /// Free text that goes with it; names no person.
    pub description: String,
    /// Who says it, where a person does.
    pub author: Option<String>,
    /// Why that person says it.
    pub reason: Option<String>,
    /// When it came true.
    pub at: DateTime<Utc>,
}

/// A status that may be told now.
#[derive(Debug, Clone)]
pub struct ClaimedStatus {
    /// The status.
    pub status: StatusRow,
    /// The claim's epoch; an outcome with an older one is not recorded.
    pub epoch: i64,
    /// The newest revision of the document.
    pub revision: StoredRevision,
}

/// What to record about a claimed status.
#[derive(Debug, Clone)]
pub struct StatusSettlement {
    /// The status.
    pub id: StatusId,
    /// The epoch it was claimed with.
    pub epoch: i64,
    /// What became of it.
    pub settled: StatusSettled,
}

/// What became of a claimed status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusSettled {
    /// The source has it; with the receipt, or how it is known.
    Told {
        /// The receipt.
        receipt: String,
    },
    /// To be told again at `at` under the same key; also where the answer got lost.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// What happened.
        reason: String,
    },
    /// Refused, or tried often enough; staff are told.
    Failed {
        /// What happened.
        reason: String,
    },
}

/// A status as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusRow {
    /// Its number.
    pub id: StatusId,
    /// The document.
    pub document: DocumentId,
    /// Whom it is told.
    pub origin: OriginId,
    /// The code.
    pub code: StatusCode,
    /// Of an answer, the id of the message it answers.
    pub occasion: String,
    /// The same for every try.
    pub key: String,
    /// Free text that goes with it.
    pub description: String,
    /// Who said it, where a person did.
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it came true.
    pub at: DateTime<Utc>,
    /// Whether it was told.
    pub delivery: Delivery,
    /// Not to be told before.
    pub send_at: DateTime<Utc>,
    /// Tries so far.
    pub tries: u32,
    /// When the source took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// The receipt, or what happened.
    pub reply: Option<String>,
}

/// Which statuses to list.
#[derive(Debug, Clone, Default)]
pub struct StatusFilter {
    /// Only in this delivery state.
    pub delivery: Option<Delivery>,
    /// Only about this document.
    pub document: Option<DocumentId>,
    /// At most so many, newest first; 0 means all.
    pub limit: u32,
}

/// How many statuses of a source stand where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusTally {
    /// The source.
    pub source: SourceId,
    /// Where they stand.
    pub delivery: Delivery,
    /// How many.
    pub count: u64,
    /// Of those that failed, about how many a person has still to decide.
    pub undecided: u64,
    /// When the oldest of them came true.
    pub oldest: DateTime<Utc>,
}

/// A status message of another body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// The message.
    pub origin: OriginId,
    /// The document it is about, where that is known.
    pub document: Option<DocumentId>,
    /// What it says.
    pub status: Status,
    /// When it was read.
    pub at: DateTime<Utc>,
}
