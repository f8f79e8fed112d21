//! The journal: what happened, in order, hash-chained.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{DocumentId, ObligationId};

/// What the journal tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JournalKind {
    /// A revision was registered.
    Registered,
    /// It was routed; the detail names cells and duties.
    Routed,
    /// Notices were enqueued.
    Enqueued,
    /// Notices were settled; the detail names outcomes.
    Settled,
    /// A cell answered.
    Answered,
    /// Ladder steps were taken or skipped.
    Stepped,
    /// Obligations were withdrawn, excused or declined.
    Closed,
    /// A hold was opened.
    Held,
    /// A hold was released.
    Released,
    /// Cells were first seen to have looked at a directive in its source.
    Seen,
    /// An obligation was muted or paused, or rests no more.
    Rested,
}

impl JournalKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::Routed,
        Self::Enqueued,
        Self::Settled,
        Self::Answered,
        Self::Stepped,
        Self::Closed,
        Self::Held,
        Self::Released,
        Self::Seen,
        Self::Rested,
    ];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Routed => "routed",
            Self::Enqueued => "enqueued",
            Self::Settled => "settled",
            Self::Answered => "answered",
            Self::Stepped => "stepped",
            Self::Closed => "closed",
            Self::Held => "held",
            Self::Released => "released",
            Self::Seen => "seen",
            Self::Rested => "rested",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A fact to append; the store adds number and chain hash.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: JournalKind,
    /// The document it is about, if any.
    pub document: Option<DocumentId>,
    /// The obligation it is about, if it is about one only.
    pub obligation: Option<ObligationId>,
    /// The details, a JSON object.
    pub detail: serde_json::Value,
}

/// A journal row.
#[derive(Debug, Clone, Serialize)]
pub struct JournalRow {
    /// Its number, without gaps.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: JournalKind,
    /// The document.
    pub document: Option<DocumentId>,
    /// The obligation.
    pub obligation: Option<ObligationId>,
    /// The details.
    pub detail: serde_json::Value,
    /// SHA-256 hex over the previous row's hash and this row.
    pub hash: String,
}
