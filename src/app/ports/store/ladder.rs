//! Steps that were taken, and rows that rest.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{NewNotice, StoreError};
use crate::domain::ids::{DocumentId, ObligationId, RespiteId, RevisionId, UnitId};
use crate::domain::ladder::{Recipient, StepKind};
use crate::domain::notice::Delivery;
use crate::domain::obligation::Respite;

/// A step of a ladder that was taken, and told to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stepped {
    /// The row.
    pub obligation: ObligationId,
    /// When.
    pub at: DateTime<Utc>,
    /// Its number in the ladder.
    pub step: u16,
    /// What it was.
    pub kind: StepKind,
    /// As whom its reader was written to.
    pub recipient: Recipient,
    /// The reader.
    pub unit: UnitId,
}

/// What a unit above was told of at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The newest revision of a document that it was told of.
    pub revision: RevisionId,
    /// The sternest step.
    pub kind: StepKind,
}

/// A mail that told a unit above of others, as far as later ones must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// When its steps were taken.
    pub at: DateTime<Utc>,
    /// The revision it stands with.
    pub revision: RevisionId,
    /// The address.
    pub mailbox: String,
    /// What became of it.
    pub delivery: Delivery,
}

/// Ladders inside a write.
#[async_trait]
pub trait LadderTx {
    /// Keeps the steps that were taken; one that is known stays as it is.
    async fn record_steps(&mut self, steps: &[Stepped]) -> Result<(), StoreError>;

    /// Drops what the ladder wrote about a document and what did not get away, because of `reason`, where one of
    /// `newer` goes to the same mailbox about all that it is about. Gives how many.
    async fn overtake(
        &mut self,
        document: DocumentId,
        newer: &[NewNotice],
        reason: &str,
    ) -> Result<u64, StoreError>;

    /// Lets a row rest, beside the row itself; `None` if it rests already.
    async fn rest(&mut self, respite: &Respite) -> Result<Option<RespiteId>, StoreError>;

    /// The rows of these that rest.
    async fn resting(&mut self, rows: &[ObligationId]) -> Result<Vec<Respite>, StoreError>;

    /// Ends the respite of a row; `false` if it had ended.
    async fn rouse(&mut self, id: RespiteId, now: DateTime<Utc>) -> Result<bool, StoreError>;
}
