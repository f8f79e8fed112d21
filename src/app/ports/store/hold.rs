//! Holds: what waits for a human, and what is kept until somebody has said.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Act, Pending, StoreError};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ExternalId, HoldId, SourceId, TaskId, UnitId};
use crate::domain::operation::Key;

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
    /// A cell answered by mail in words that do not count by themselves, or somebody else did.
    Reply,
    /// A deadline was meant, and nobody could read it, or its year has no calendar.
    Deadline,
}

impl HoldKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
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
        Self::Reply,
        Self::Deadline,
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
            Self::Reply => "reply",
            Self::Deadline => "deadline",
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

/// What the register keeps for a hold beside its row; what can be done about it depends on that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Nothing.
    #[default]
    Nothing,
    /// A delivery that is not registered yet.
    Kept,
    /// A status that the source refused.
    Refused,
    /// A status message about a document that is not known.
    Heard,
}

impl Matter {
    /// Every matter.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Kept, Self::Refused, Self::Heard];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Kept => "kept",
            Self::Refused => "refused",
            Self::Heard => "heard",
        }
    }

    /// The matter behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.as_str() == word)
    }
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
    /// Its number, by its newest revision; none where it has none, or is withheld.
    pub symbol: Option<String>,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub opened: DateTime<Utc>,
    /// When it was closed.
    pub closed: Option<DateTime<Utc>>,
    /// What a person decided; `None` while it is open, and where it closed by itself.
    pub decided: Option<Act>,
    /// What is kept for it.
    pub matter: Matter,
}

impl HoldRow {
    /// Whether an operation has waited for its original, or for a person's word, longer than `wait`.
    pub fn is_overdue(&self, wait: std::time::Duration, now: DateTime<Utc>) -> bool {
        let most = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        self.kind == HoldKind::Operation && self.closed.is_none() && now - self.opened > most
    }
}

/// Holds inside a write.
#[async_trait]
pub trait HoldTx {
    /// Opens a hold; `None` if the same is already open.
    async fn open_hold(&mut self, hold: &NewHold, now: DateTime<Utc>) -> Result<Option<HoldId>, StoreError>;

    /// Closes open holds of a kind about a document of a source (it was read at last, or routed).
    async fn close_holds(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// One hold, open or closed, read inside the transaction.
    async fn hold(&mut self, id: HoldId) -> Result<Option<HoldRow>, StoreError>;

    /// The open hold of a kind about a document of a source.
    async fn open_hold_of(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<HoldId>, StoreError>;

    /// Closes one hold by its number; `false` if it is not open.
    async fn release_hold(&mut self, id: HoldId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Closes one hold by a person's decision; `false` if it is not open.
    async fn decide_hold(&mut self, id: HoldId, act: Act, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Whether the last hold of a kind about a document of a source was dismissed by a person.
    async fn dismissed(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<bool, StoreError>;

    /// Keeps a delivery that cannot be registered yet; `false` if the same waits already.
    async fn wait(&mut self, pending: &Pending) -> Result<bool, StoreError>;

    /// The operations that wait for the document of a key, oldest first.
    async fn waiting_for(&mut self, key: &Key) -> Result<Vec<Pending>, StoreError>;

    /// What waits of a delivery of a source, oldest first: for each document it awaits one, or one for a person.
    async fn kept(&mut self, source: &SourceId, external_id: &ExternalId)
    -> Result<Vec<Pending>, StoreError>;

    /// Ends the waiting of a delivery for one document, or for a person's word; how much else of the same
    /// delivery still waits.
    async fn end_wait(&mut self, pending: &Pending, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Whether a person has decided about this very delivery, which waited.
    async fn decided(&mut self, content: &Document) -> Result<bool, StoreError>;
}
