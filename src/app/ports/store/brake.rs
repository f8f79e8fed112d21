//! What was registered without anybody being told, and what was told of late.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoreError;
use crate::domain::brake::{Flow, Why};
use crate::domain::ids::{DocumentId, HoldId, RevisionId};

/// What one hold of kind `brake` keeps back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Braked {
    /// Documents.
    pub documents: u64,
    /// Mails that are written and wait.
    pub mails: u64,
}

/// The brake inside a write.
#[async_trait]
pub trait BrakeTx {
    /// What was told after `since`. Older entries are forgotten.
    async fn flow(&mut self, since: DateTime<Utc>) -> Result<Flow, StoreError>;

    /// Notes that a directive was told to so many.
    async fn passed(
        &mut self,
        document: DocumentId,
        mails: u64,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// How many mails of a revision wait to be sent.
    async fn queued(&mut self, revision: RevisionId) -> Result<u64, StoreError>;

    /// The hold that keeps a document back, and why; also one that was dismissed, where the document lay in
    /// the source before its first walk: its edits are as old as itself.
    async fn braked(&mut self, document: DocumentId) -> Result<Option<(HoldId, Why)>, StoreError>;

    /// Keeps a document back under a hold: its queued mails wait for a person's word, and so do the ladders
    /// of its obligations.
    async fn brake(&mut self, document: DocumentId, hold: HoldId, why: Why) -> Result<(), StoreError>;

    /// The documents that a hold keeps back, oldest first.
    async fn braked_by(&mut self, hold: HoldId) -> Result<Vec<DocumentId>, StoreError>;

    /// What a hold keeps back.
    async fn braked_count(&mut self, hold: HoldId) -> Result<Braked, StoreError>;

    /// Lets go of a document: its mails may leave from `send_at` on, or are dropped with `None`.
    async fn let_go(
        &mut self,
        document: DocumentId,
        send_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// Says anew why a hold is open.
    async fn hold_reason(&mut self, hold: HoldId, reason: &str) -> Result<(), StoreError>;
}
