//! Holds: what waits for a human.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{DocumentId, ExternalId, HoldId, SourceId, TaskId, UnitId};

/// What waits for a human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldKind {
    /// No rule matched.
    Unmatched,
    /// Secret or unknown secrecy: look in the source system.
    Secret,
    /// It could not be read.
    Broken,
    /// Obliged cells without a mailbox.
    NoContact,
    /// A notice was refused for good.
    Undeliverable,
    /// A cell says it is not theirs.
    Declined,
    /// A cell asks for more time.
    MoreTime,
    /// A cell has ended, or cannot be obliged any more, and nobody bears its open work.
    NoHeir,
    /// Two readings are possible: the document may be one that is known, or an operation fits several.
    Ambiguous,
    /// More came at once than a person would believe: registered, but nobody was told.
    Brake,
    /// An operation waits for its original, or is one nobody defined.
    Operation,
    /// The sender wants a document back; a person decides.
    Recall,
    /// The source refused a status, or sent one that fits nothing.
    Upstream,
}

impl HoldKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Unmatched,
        Self::Secret,
        Self::Broken,
        Self::NoContact,
        Self::Undeliverable,
        Self::Declined,
        Self::MoreTime,
        Self::NoHeir,
        Self::Ambiguous,
        Self::Brake,
        Self::Operation,
        Self::Recall,
        Self::Upstream,
    ];

    /// The word in SQL, metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Secret => "secret",
            Self::Broken => "broken",
            Self::NoContact => "no-contact",
            Self::Undeliverable => "undeliverable",
            Self::Declined => "declined",
            Self::MoreTime => "more-time",
            Self::NoHeir => "no-heir",
            Self::Ambiguous => "ambiguous",
            Self::Brake => "brake",
            Self::Operation => "operation",
            Self::Recall => "recall",
            Self::Upstream => "upstream",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A hold to open; a second one with the same (kind, source, external id, unit, task) that is still open
/// is dropped silently.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// What it is.
    pub kind: HoldKind,
    /// Where the document came from.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// The document in the register, where it is registered.
    pub document: Option<DocumentId>,
    /// The unit it is about, where it is about one.
    pub unit: Option<UnitId>,
    /// The task it is about, where the unit is asked for several.
    pub task: Option<TaskId>,
    /// Why, for staff; no text of a withheld document.
    pub reason: String,
    /// Raw bytes of an open document that could not be read.
    pub raw: Option<Vec<u8>>,
}

/// A hold as staff see it.
#[derive(Debug, Clone, Serialize)]
pub struct HoldRow {
    /// Its number.
    pub id: HoldId,
    /// What it is.
    pub kind: HoldKind,
    /// Where the document came from.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// The document in the register.
    pub document: Option<DocumentId>,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub opened: DateTime<Utc>,
    /// When it was released.
    pub closed: Option<DateTime<Utc>>,
}
