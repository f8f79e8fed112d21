//! The store: short transactions for writers, plain reads for everybody else.

mod document;
mod hold;
mod journal;
mod notice;
mod obligation;
mod poll;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::document::Document;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, HoldId, NoticeId, ObligationId, RevisionId, SourceId, UnitId,
};
use crate::domain::notice::Delivery;
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::secrecy::Open;

pub use document::{DocumentRow, Meta, Registered, StoredRevision, TallyRow};
pub use hold::{HoldKind, HoldRow, NewHold};
pub use journal::{JournalEntry, JournalKind, JournalRow};
pub use notice::{ClaimRequest, Claimed, NewNotice, NoticeFilter, NoticeRow, Settled, Settlement};
pub use obligation::{AnswerRecord, NewObligation, ObligationRow, StoredDuty};
pub use poll::{Cursor, PollState, ReadMark};

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed; whether the work was done is known: it was not.
    #[error("cơ sở dữ liệu: {0}")]
    Engine(String),
    /// The disk is full.
    #[error("hết chỗ trên đĩa của cơ sở dữ liệu: {0}")]
    Full(String),
    /// A row cannot be understood.
    #[error("dữ liệu không hợp lệ ở {table}.{column}, khoá {key}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        key: String,
    },
    /// The file is not ours, is newer than this program, or is already open elsewhere.
    #[error("{0}")]
    Refused(String),
}

/// The register. Reads see committed data only.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a write; there is one writer at a time. Dropping the transaction undoes it.
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Facts of the register.
    async fn meta(&self) -> Result<Meta, StoreError>;

    /// How polling goes, per source ever polled.
    async fn polls(&self) -> Result<Vec<PollState>, StoreError>;

    /// Of `rows` (id, list fingerprint) those that must be read: never read, changed in the list, or
    /// last read before `recheck_before` while received at or after `window_from`.
    async fn unread(
        &self,
        source: &SourceId,
        rows: &[(ExternalId, String, Option<DateTime<Utc>>)],
        window_from: Option<DateTime<Utc>>,
        recheck_before: DateTime<Utc>,
    ) -> Result<Vec<ExternalId>, StoreError>;

    /// A revision with its content.
    async fn revision(&self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError>;

    /// A duty.
    async fn duty(&self, id: DutyId) -> Result<Option<StoredDuty>, StoreError>;

    /// An obligation with its contact.
    async fn obligation(&self, id: ObligationId) -> Result<Option<ObligationRow>, StoreError>;

    /// Obligations of a document (newest revision only unless `all_revisions`), by cell.
    async fn obligations(
        &self,
        document: DocumentId,
        all_revisions: bool,
    ) -> Result<Vec<ObligationRow>, StoreError>;

    /// Live obligations of a revision whose cell is one of `cells`.
    async fn live_among(
        &self,
        revision: RevisionId,
        cells: &[UnitId],
    ) -> Result<Vec<ObligationRow>, StoreError>;

    /// Cells that have a live obligation, by code.
    async fn live_cells(&self) -> Result<Vec<UnitId>, StoreError>;

    /// Live obligations of a cell, oldest first.
    async fn live_of(&self, cell: &UnitId) -> Result<Vec<Obligation>, StoreError>;

    /// When the newest notice about an obligation was accepted by a server.
    async fn last_sent(&self, id: ObligationId) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// A document by its number.
    async fn document(&self, id: DocumentId, now: DateTime<Utc>) -> Result<Option<DocumentRow>, StoreError>;

    /// Documents by symbol (compared by cleaned text), newest first.
    async fn find_documents(&self, symbol: &str, now: DateTime<Utc>) -> Result<Vec<DocumentRow>, StoreError>;

    /// Documents, newest first.
    async fn documents(&self, limit: u32, now: DateTime<Utc>) -> Result<Vec<DocumentRow>, StoreError>;

    /// Obligations counted by cell, state, lateness and contact, over all live revisions.
    async fn tally(&self, now: DateTime<Utc>) -> Result<Vec<TallyRow>, StoreError>;

    /// Notices.
    async fn notices(&self, filter: &NoticeFilter) -> Result<Vec<NoticeRow>, StoreError>;

    /// How many notices stand in each delivery state, and the oldest `send_at` of the queued ones
    /// that are due.
    async fn outbox(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(Vec<(Delivery, u64)>, Option<DateTime<Utc>>), StoreError>;

    /// Holds, open ones first, newest first.
    async fn holds(&self, only_open: bool) -> Result<Vec<HoldRow>, StoreError>;

    /// The journal of a document, or all of it from `after` on, in order, at most `limit` (0 = all).
    async fn journal(
        &self,
        document: Option<DocumentId>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError>;

    /// The answers to an obligation, oldest first.
    async fn answers(&self, id: ObligationId) -> Result<Vec<AnswerRecord>, StoreError>;

    /// The earliest instant a notice may leave, among queued ones and claims whose lease ends.
    async fn next_send(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The earliest instant a ladder wants attention.
    async fn next_action(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Writes the log into the main file and lets go of it; the last act before exit.
    async fn close(&self);
}

/// A write. Nothing is durable before [`Tx::commit`] returns.
#[async_trait]
pub trait Tx: Send {
    /// Makes it durable.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// What the register knows of a document.
    async fn registered(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<Registered>, StoreError>;

    /// Registers a document with its first revision, or a further revision of a known one.
    async fn register(
        &mut self,
        known: Option<&Registered>,
        document: &Open<Document>,
        raw: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Registered, StoreError>;

    /// Keeps the routing trace (JSON) with its revision.
    async fn keep_trace(&mut self, revision: RevisionId, trace: &str) -> Result<(), StoreError>;

    /// Stores a duty.
    async fn open_duty(&mut self, revision: RevisionId, duty: &Duty) -> Result<DutyId, StoreError>;

    /// Opens obligations in one statement; returns them. A cell that already has one under this
    /// revision is left out.
    async fn open_obligations(
        &mut self,
        document: DocumentId,
        revision: RevisionId,
        rows: &[NewObligation],
        now: DateTime<Utc>,
    ) -> Result<Vec<(ObligationId, UnitId)>, StoreError>;

    /// Enqueues notices in one statement; returns how many were new.
    async fn enqueue(
        &mut self,
        document: DocumentId,
        notices: &[NewNotice],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// Drops queued notices of a document's revisions older than `before` (all revisions if `None`).
    async fn drop_queued(
        &mut self,
        document: DocumentId,
        before: Option<RevisionId>,
        reason: &str,
    ) -> Result<u64, StoreError>;

    /// Live obligations of a document under revisions other than `except`.
    async fn live(
        &mut self,
        document: DocumentId,
        except: Option<RevisionId>,
    ) -> Result<Vec<Obligation>, StoreError>;

    /// Records what became of reading rows.
    async fn mark_read(
        &mut self,
        source: &SourceId,
        marks: &[ReadMark],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Records how polling goes, cursor included.
    async fn save_poll(&mut self, state: &PollState) -> Result<(), StoreError>;

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

    /// Closes one hold by its number; `false` if it is not open.
    async fn release_hold(&mut self, id: HoldId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Claims notices that are due, urgent first, oldest first; expired leases are claimed again.
    async fn claim(&mut self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError>;

    /// Records outcomes; for each, whether its epoch was still ours.
    async fn settle(
        &mut self,
        settlements: &[Settlement],
        now: DateTime<Utc>,
    ) -> Result<Vec<bool>, StoreError>;

    /// Extends this instance's claims.
    async fn renew(&mut self, instance: &str, lease_until: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Frees every claim at start, when the lock on the register proves that no other instance
    /// lives; a mail that was in flight is sent again with the same Message-ID.
    async fn recover(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Puts a failed or queued notice back to be sent at `now`; `false` if it is in no such state.
    async fn requeue(&mut self, id: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// An obligation, to be changed.
    async fn obligation(&mut self, id: ObligationId) -> Result<Option<Obligation>, StoreError>;

    /// Live obligations of a cell, oldest first, to be changed.
    async fn live_of(&mut self, cell: &UnitId) -> Result<Vec<Obligation>, StoreError>;

    /// The obligation of a cell under a revision, live or closed.
    async fn obligation_of(
        &mut self,
        revision: RevisionId,
        cell: &UnitId,
    ) -> Result<Option<Obligation>, StoreError>;

    /// Stores the new form of obligations; document, revision, cell and opening never change.
    async fn save_obligations(&mut self, rows: &[Obligation]) -> Result<(), StoreError>;

    /// Appends an answer to the evidence.
    async fn record_answer(&mut self, answer: &AnswerRecord) -> Result<(), StoreError>;

    /// Live obligations whose ladder wants attention at `now`, earliest first, with their contact.
    async fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<ObligationRow>, StoreError>;

    /// A duty, read inside the transaction.
    async fn duty(&mut self, id: DutyId) -> Result<Option<StoredDuty>, StoreError>;

    /// A revision, read inside the transaction.
    async fn revision(&mut self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError>;

    /// Appends facts to the journal.
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<(), StoreError>;
}
