//! What a register that is lost had done, by the copy of its journal: facts that wait to be found again.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoreError;
use crate::domain::ids::{ExternalId, ObligationId, SourceId, UnitId};
use crate::domain::obligation::{Answer, Grade};

/// An answer that the lost register had recorded and this one has not.
#[derive(Debug, Clone)]
pub struct RecalledAnswer {
    /// Its number among what is recalled.
    pub id: i64,
    /// The document's id.
    pub external_id: ExternalId,
    /// The cell.
    pub cell: UnitId,
    /// The row it is about in this register.
    pub target: ObligationId,
    /// What was said.
    pub answer: Answer,
    /// Its grade.
    pub grade: Grade,
    /// How it came.
    pub channel: String,
    /// Who entered it, where staff did.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// How many facts of a kind are recalled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecalledTally {
    /// `sent`, `doubtful`, `planned`, `answered`, `other`.
    pub kind: String,
    /// All.
    pub all: u64,
    /// Those that were found again.
    pub found: u64,
}

/// A fact that this register has nothing for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// As in [`RecalledTally`].
    pub kind: String,
    /// The document's source.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// The unit.
    pub unit: UnitId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The fact as the copy has it, JSON.
    pub content: String,
}

/// What anybody may ask.
#[async_trait]
pub trait RecallReader {
    /// How much is recalled, by kind.
    async fn recalled(&self) -> Result<Vec<RecalledTally>, StoreError>;

    /// Answers that can be recorded, because what they are about is in the register by now; oldest first, at most so many.
    async fn recalled_answers(&self, limit: u32) -> Result<Vec<RecalledAnswer>, StoreError>;

    /// What waits: answers, mails that were sent, and whatever staff must decide again; oldest first.
    async fn unmatched(&self, limit: u32) -> Result<Vec<Unmatched>, StoreError>;

    /// The row that stands for one of the lost register, where there is one by now.
    async fn formerly(&self, lost: ObligationId) -> Result<Option<ObligationId>, StoreError>;

    /// Why the copy of the journal lacks something; `None` where it lacks nothing, or none is kept.
    async fn uncopied(&self) -> Option<String>;

    /// Lets the copy of the journal catch up with what others wrote; `false` where none is kept.
    async fn copy_on(&self) -> bool;
}

/// Finding again.
#[async_trait]
pub trait RecallTx {
    /// Mails that wait, and that the lost register had sent, are sent: nothing of them leaves. How many there were.
    async fn recognise(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// A fact was found again.
    async fn found_again(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Whether the lost register knew a document: what is asked about it is not news.
    async fn is_recalled(&mut self, source: &SourceId, external_id: &ExternalId) -> Result<bool, StoreError>;
}
