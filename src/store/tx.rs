//! A write. The engine's transaction undoes itself when dropped, also when the future that held it is.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::{
    answer, bulletin, claim, contact, document, edition, hold, journal, notice, obligation, operation, poll,
    waiting,
};
use crate::app::ports::{
    AnswerRecord, BulletinSettled, Carry, ClaimRequest, Claimed, HoldKind, JournalEntry, KeptEdits,
    NewAcceptance, NewBulletin, NewHold, NewNotice, NewObligation, NewOrigin, ObligationRow, Pending,
    PollState, ReadMark, Registered, Replacement, Settlement, StoreError, StoredDuty, StoredRevision, Tx,
};
use crate::domain::document::Document;
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, HoldId, NoticeId, ObligationId, RevisionId, SourceId, TaskId, UnitId,
};
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::operation::{Key, Origin, Standing};
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

    async fn newest(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<(Registered, StoredRevision)>, StoreError> {
        document::newest(&mut self.tx, document).await
    }

    async fn origin(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<Origin>, StoreError> {
        operation::origin(&mut self.tx, source, external_id).await
    }

    async fn origins(&mut self, document: DocumentId) -> Result<Vec<Origin>, StoreError> {
        operation::origins(&mut self.tx, document).await
    }

    async fn keyed(&mut self, key: &Key) -> Result<Vec<DocumentId>, StoreError> {
        operation::keyed(&mut self.tx, key).await
    }

    async fn alike(
        &mut self,
        symbol: &str,
        other_than: Option<&SourceId>,
    ) -> Result<Vec<DocumentId>, StoreError> {
        operation::alike(&mut self.tx, symbol, other_than).await
    }

    async fn keep_origin(&mut self, origin: &NewOrigin<'_>) -> Result<(), StoreError> {
        operation::keep_origin(&mut self.tx, origin).await
    }

    async fn stand(&mut self, document: DocumentId, standing: Standing) -> Result<(), StoreError> {
        operation::stand(&mut self.tx, document, standing).await
    }

    async fn replace(&mut self, replacement: Replacement) -> Result<bool, StoreError> {
        operation::replace(&mut self.tx, replacement).await
    }

    async fn wait(&mut self, pending: &Pending) -> Result<bool, StoreError> {
        waiting::wait(&mut self.tx, pending).await
    }

    async fn waiting_for(&mut self, key: &Key) -> Result<Vec<Pending>, StoreError> {
        waiting::waiting_for(&mut self.tx, key).await
    }

    async fn undecided(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<Pending>, StoreError> {
        waiting::undecided(&mut self.tx, source, external_id).await
    }

    async fn end_wait(&mut self, pending: &Pending, now: DateTime<Utc>) -> Result<u64, StoreError> {
        waiting::end(&mut self.tx, pending, now).await
    }

    async fn carry(&mut self, carry: &Carry<'_>) -> Result<(), StoreError> {
        operation::carry(&mut self.tx, carry).await
    }

    async fn drop_queued_of(
        &mut self,
        document: DocumentId,
        units: &BTreeSet<UnitId>,
        reason: &str,
    ) -> Result<u64, StoreError> {
        operation::drop_queued_of(&mut self.tx, document, units, reason).await
    }

    async fn told(&mut self, document: DocumentId) -> Result<BTreeSet<UnitId>, StoreError> {
        operation::told(&mut self.tx, document).await
    }

    async fn untold_change(&mut self, revision: RevisionId) -> Result<bool, StoreError> {
        operation::untold_change(&mut self.tx, revision).await
    }

    async fn keep_edits(&mut self, revision: RevisionId, edits: &KeptEdits) -> Result<(), StoreError> {
        operation::keep_edits(&mut self.tx, revision, edits).await
    }

    async fn edits(&mut self, revision: RevisionId) -> Result<Option<KeptEdits>, StoreError> {
        operation::edits(&mut self.tx, revision).await
    }

    async fn count_from(&mut self, revision: RevisionId, asked: DateTime<Utc>) -> Result<(), StoreError> {
        operation::count_from(&mut self.tx, revision, asked).await
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

    async fn append(&mut self, entries: &[JournalEntry]) -> Result<(), StoreError> {
        journal::append(&mut self.tx, entries).await
    }
}
