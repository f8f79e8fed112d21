//! A write. The engine's transaction undoes itself when dropped, also when the future that held it is.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::{
    answer, bulletin, claim, contact, document, edition, heard, hold, journal, notice, obligation, poll,
    status,
};
use crate::app::ports::{
    AnswerRecord, BulletinSettled, ClaimRequest, Claimed, ClaimedStatus, Heard, HoldKind, HoldRow,
    JournalEntry, NewAcceptance, NewBulletin, NewHold, NewNotice, NewObligation, NewStatus, ObligationRow,
    OriginId, PollState, ReadMark, Registered, Settlement, StatusRow, StatusSettlement, StoreError,
    StoredDuty, StoredRevision, Tx,
};
use crate::domain::document::{Document, Reference};
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, HoldId, NoticeId, ObligationId, RevisionId, SourceId, StatusId, TaskId,
    UnitId,
};
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::secrecy::Open;

/// A write to the SQLite file.
pub(super) struct SqliteTx {
    tx: Transaction<'static, Sqlite>,
}

impl SqliteTx {
    /// Over a transaction that has begun.
    pub(super) fn new(tx: Transaction<'static, Sqlite>) -> Self {
        Self { tx }
    }
}

#[async_trait]
impl Tx for SqliteTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    async fn registered(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<Registered>, StoreError> {
        document::registered(&mut self.tx, source, external_id).await
    }

    async fn register(
        &mut self,
        known: Option<&Registered>,
        document: &Open<Document>,
        raw: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Registered, StoreError> {
        document::register(&mut self.tx, known, document, raw, now).await
    }

    async fn keep_trace(&mut self, revision: RevisionId, trace: &str) -> Result<(), StoreError> {
        document::keep_trace(&mut self.tx, revision, trace).await
    }

    async fn open_duty(&mut self, revision: RevisionId, duty: &Duty) -> Result<DutyId, StoreError> {
        document::open_duty(&mut self.tx, revision, duty).await
    }

    async fn open_obligations(
        &mut self,
        document: DocumentId,
        revision: RevisionId,
        rows: &[NewObligation],
        now: DateTime<Utc>,
    ) -> Result<Vec<(ObligationId, UnitId)>, StoreError> {
        obligation::open(&mut self.tx, document, revision, rows, now).await
    }

    async fn enqueue(
        &mut self,
        document: DocumentId,
        notices: &[NewNotice],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        notice::enqueue(&mut self.tx, document, notices, now).await
    }

    async fn drop_queued(
        &mut self,
        document: DocumentId,
        before: Option<RevisionId>,
        reason: &str,
    ) -> Result<u64, StoreError> {
        notice::drop_queued(&mut self.tx, document, before, reason).await
    }

    async fn live(
        &mut self,
        document: DocumentId,
        except: Option<RevisionId>,
    ) -> Result<Vec<Obligation>, StoreError> {
        obligation::live(&mut self.tx, document, except).await
    }

    async fn mark_read(
        &mut self,
        source: &SourceId,
        marks: &[ReadMark],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        poll::mark_read(&mut self.tx, source, marks, now).await
    }

    async fn save_poll(&mut self, state: &PollState) -> Result<(), StoreError> {
        poll::save(&mut self.tx, state).await
    }

    async fn open_hold(&mut self, hold: &NewHold, now: DateTime<Utc>) -> Result<Option<HoldId>, StoreError> {
        hold::open(&mut self.tx, hold, now).await
    }

    async fn close_holds(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        hold::close(&mut self.tx, kind, source, external_id, now).await
    }

    async fn release_hold(&mut self, id: HoldId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        hold::release(&mut self.tx, id, now).await
    }

    async fn claim(&mut self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
        claim::claim(&mut self.tx, request).await
    }

    async fn settle(
        &mut self,
        settlements: &[Settlement],
        now: DateTime<Utc>,
    ) -> Result<Vec<bool>, StoreError> {
        claim::settle(&mut self.tx, settlements, now).await
    }

    async fn renew(&mut self, instance: &str, lease_until: DateTime<Utc>) -> Result<u64, StoreError> {
        claim::renew(&mut self.tx, instance, lease_until).await
    }

    async fn recover(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        status::recover(&mut self.tx).await?;
        claim::recover(&mut self.tx, now).await
    }

    async fn requeue(&mut self, id: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        notice::requeue(&mut self.tx, id, now).await
    }

    async fn obligation(&mut self, id: ObligationId) -> Result<Option<Obligation>, StoreError> {
        obligation::find(&mut self.tx, id).await
    }

    async fn live_of(&mut self, cell: &UnitId) -> Result<Vec<Obligation>, StoreError> {
        obligation::live_of(&mut self.tx, cell).await
    }

    async fn obligation_of(
        &mut self,
        revision: RevisionId,
        task: &TaskId,
        cell: &UnitId,
    ) -> Result<Option<Obligation>, StoreError> {
        obligation::of_cell(&mut self.tx, revision, task, cell).await
    }

    async fn obligations(&mut self, document: DocumentId) -> Result<Vec<ObligationRow>, StoreError> {
        contact::of_document(&mut self.tx, document, false).await
    }

    async fn reassign(&mut self, rows: &[Obligation]) -> Result<(), StoreError> {
        obligation::reassign(&mut self.tx, rows).await
    }

    async fn save_obligations(&mut self, rows: &[Obligation]) -> Result<(), StoreError> {
        obligation::save(&mut self.tx, rows).await
    }

    async fn record_answer(&mut self, answer: &AnswerRecord) -> Result<(), StoreError> {
        answer::record(&mut self.tx, answer).await
    }

    async fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<ObligationRow>, StoreError> {
        contact::due(&mut self.tx, now, limit).await
    }

    async fn duty(&mut self, id: DutyId) -> Result<Option<StoredDuty>, StoreError> {
        document::duty(&mut self.tx, id).await
    }

    async fn revision(&mut self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError> {
        document::revision(&mut self.tx, id).await
    }

    async fn keep_edition(&mut self, edition: &Edition) -> Result<(), StoreError> {
        edition::keep(&mut self.tx, edition).await
    }

    async fn record_acceptance(&mut self, step: &NewAcceptance) -> Result<i64, StoreError> {
        edition::record(&mut self.tx, step).await
    }

    async fn enqueue_bulletin(&mut self, bulletin: &NewBulletin) -> Result<bool, StoreError> {
        bulletin::enqueue(&mut self.tx, bulletin).await
    }

    async fn settle_bulletin(&mut self, settled: &BulletinSettled) -> Result<(), StoreError> {
        bulletin::settle(&mut self.tx, settled).await
    }

    async fn open_hold_of(&mut self, id: HoldId) -> Result<Option<HoldRow>, StoreError> {
        hold::get(&mut self.tx, id).await
    }

    async fn origin_ids(&mut self, document: DocumentId) -> Result<Vec<OriginId>, StoreError> {
        status::origin_ids(&mut self.tx, document).await
    }

    async fn statuses_of(&mut self, document: DocumentId) -> Result<Vec<StatusRow>, StoreError> {
        status::of_document(&mut self.tx, document).await
    }

    async fn enqueue_status(&mut self, new: &NewStatus) -> Result<bool, StoreError> {
        status::enqueue(&mut self.tx, new).await
    }

    async fn claim_status(
        &mut self,
        request: &ClaimRequest,
        sources: &[SourceId],
    ) -> Result<Option<ClaimedStatus>, StoreError> {
        status::claim(&mut self.tx, request, sources).await
    }

    async fn settle_status(
        &mut self,
        settlement: &StatusSettlement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        status::settle(&mut self.tx, settlement, now).await
    }

    async fn requeue_status(
        &mut self,
        id: StatusId,
        now: DateTime<Utc>,
    ) -> Result<Option<StatusRow>, StoreError> {
        status::requeue(&mut self.tx, id, now).await
    }

    async fn keep_heard(&mut self, message: &Heard) -> Result<(), StoreError> {
        heard::keep(&mut self.tx, message).await
    }

    async fn referred(&mut self, about: &Reference) -> Result<Vec<DocumentId>, StoreError> {
        heard::referred(&mut self.tx, about).await
    }

    async fn append(&mut self, entries: &[JournalEntry]) -> Result<(), StoreError> {
        journal::append(&mut self.tx, entries).await
    }
}
