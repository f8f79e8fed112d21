//! A write. The engine's transaction undoes itself when dropped, also when the future that held it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::chronicle::Chronicle;
use super::{
    Conn, answer, bulletin, claim, contact, document, edition, heard, journal, lease, notice, obligation,
    operation, poll, sheet, status,
};
use crate::app::ports::{
    AnswerRecord, BulletinSettled, Carry, ClaimRequest, Claimed, ClaimedStatus, Heard, JournalEntry,
    KeptEdits, NewAcceptance, NewBulletin, NewNotice, NewObligation, NewOrigin, NewStatus, ObligationRow,
    OriginId, PollState, ReadMark, Registered, Replacement, Settlement, StatusRow, StatusSettlement,
    StoreError, StoredDuty, StoredRevision, Tx,
};
use crate::domain::document::{Document, Reference};
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, NoticeId, ObligationId, RevisionId, SourceId, StatusId, TaskId, UnitId,
};
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::operation::{Key, Origin, Standing};
use crate::domain::secrecy::Open;
use crate::domain::status::{Counts, Status};

/// A write.
pub(super) struct SqlTx {
    tx: Conn,
    /// The copy that a commit waits for, if it wrote to the journal.
    chronicle: Option<Arc<Chronicle>>,
    appended: bool,
}

impl SqlTx {
    /// Over a transaction that has begun, with the copy of the journal that is kept.
    pub(super) fn new(tx: Conn, chronicle: Option<Arc<Chronicle>>) -> Self {
        Self { tx, chronicle, appended: false }
    }

    /// What its statements run on.
    pub(super) fn conn(&mut self) -> &mut Conn {
        &mut self.tx
    }
}

#[async_trait]
impl Tx for SqlTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { tx, chronicle, appended } = *self;
        tx.commit().await?;
        if let Some(chronicle) = chronicle.filter(|_| appended) {
            chronicle.catch_up().await;
        }
        Ok(())
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

    async fn try_again(&mut self, source: &SourceId, external_id: &ExternalId) -> Result<(), StoreError> {
        poll::try_again(&mut self.tx, source, external_id).await
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
        if self.tx.is_shared() {
            return lease::free(&mut self.tx, now).await;
        }
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

    async fn answerable(&mut self, ids: &[ObligationId]) -> Result<Vec<(Obligation, Duty)>, StoreError> {
        sheet::answerable(&mut self.tx, ids).await
    }

    async fn record_answers(&mut self, answers: &[AnswerRecord]) -> Result<(), StoreError> {
        answer::record(&mut self.tx, answers).await
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

    async fn origin_ids(&mut self, document: DocumentId) -> Result<Vec<OriginId>, StoreError> {
        status::origin_ids(&mut self.tx, document).await
    }

    async fn counts(&mut self, document: DocumentId) -> Result<Counts, StoreError> {
        status::counts(&mut self.tx, document).await
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

    async fn attribute(
        &mut self,
        origin: &OriginId,
        document: DocumentId,
    ) -> Result<Option<Status>, StoreError> {
        heard::attribute(&mut self.tx, origin, document).await
    }

    async fn referred(&mut self, about: &Reference) -> Result<Vec<DocumentId>, StoreError> {
        heard::referred(&mut self.tx, about).await
    }

    async fn append(&mut self, entries: &[JournalEntry]) -> Result<(), StoreError> {
        self.appended |= !entries.is_empty();
        journal::append(&mut self.tx, entries).await
    }
}
