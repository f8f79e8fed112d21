//! The port's reads, each handed on to the statements of its noun, on a connection that only reads; the
//! same for the register that also writes and for the one that cannot.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::pool::{Pool, Writer};
use super::tx::SqlTx;
use super::{
    answer, brake, bulletin, compare, contact, document, edition, heard, hold, journal, ladder, listing,
    notice, obligation, operation, outbox, poll, receipt, replay, schema, sheet, status, tally,
};
use crate::app::ports::{
    AcceptanceKind, AcceptanceRow, Again, AnswerRecord, Braked, CellReceipt, Difference, DocumentRow,
    DueBulletin, Heard, HoldRow, JournalRow, KeptEdits, Meta, NoticeFilter, NoticeRow, ObligationRow,
    PollState, Reader, Replacement, Replayed, Room, Sheet, StatusFilter, StatusRow, StatusTally, Stepped,
    Store, StoreError, StoredDuty, StoredRevision, Table, TallyRow, Told, Tx, Watched,
};
use crate::domain::chain::{Head, Kept, Link, Verdict};
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, FileId, HoldId, ObligationId, RevisionId, SourceId, UnitId,
};
use crate::domain::notice::Delivery;
use crate::domain::obligation::{Obligation, Respite};
use crate::domain::operation::Origin;

#[async_trait]
impl<P: Pool> Reader for P {
    async fn meta(&self) -> Result<Meta, StoreError> {
        schema::meta(&mut self.reader().await?).await
    }

    async fn polls(&self) -> Result<Vec<PollState>, StoreError> {
        poll::list(&mut self.reader().await?).await
    }

    async fn unread(
        &self,
        source: &SourceId,
        rows: &[(ExternalId, String, Option<DateTime<Utc>>)],
        again: Again,
    ) -> Result<Vec<ExternalId>, StoreError> {
        poll::unread(&mut self.reader().await?, source, rows, again).await
    }

    async fn kept(&self, source: &SourceId, rows: &[&ExternalId]) -> Result<Vec<ExternalId>, StoreError> {
        poll::kept(&mut self.reader().await?, source, rows).await
    }

    async fn unknown(&self, source: &SourceId, ids: &[ExternalId]) -> Result<Vec<ExternalId>, StoreError> {
        compare::unknown(&mut self.reader().await?, source, ids).await
    }

    async fn watched(
        &self,
        source: &SourceId,
        since: Option<DateTime<Utc>>,
    ) -> Result<Vec<Watched>, StoreError> {
        receipt::watched(&mut self.reader().await?, source, since).await
    }

    async fn receipts(&self, document: DocumentId) -> Result<Vec<CellReceipt>, StoreError> {
        receipt::list(&mut self.reader().await?, document).await
    }

    async fn differences(&self, document: Option<DocumentId>) -> Result<Vec<Difference>, StoreError> {
        compare::differences(&mut self.reader().await?, document).await
    }

    async fn revision(&self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError> {
        document::revision(&mut self.reader().await?, id).await
    }

    async fn raw(&self, id: RevisionId) -> Result<Option<Vec<u8>>, StoreError> {
        document::raw(&mut self.reader().await?, id).await
    }

    async fn duty(&self, id: DutyId) -> Result<Option<StoredDuty>, StoreError> {
        document::duty(&mut self.reader().await?, id).await
    }

    async fn obligation(&self, id: ObligationId) -> Result<Option<ObligationRow>, StoreError> {
        contact::get(&mut self.reader().await?, id).await
    }

    async fn origins(&self, document: DocumentId) -> Result<Vec<Origin>, StoreError> {
        operation::origins(&mut self.reader().await?, document).await
    }

    async fn replacements(&self, document: DocumentId) -> Result<Vec<Replacement>, StoreError> {
        operation::replacements(&mut self.reader().await?, document).await
    }

    async fn edits(&self, revision: RevisionId) -> Result<Option<KeptEdits>, StoreError> {
        operation::edits(&mut self.reader().await?, revision).await
    }

    async fn revisions(&self, document: DocumentId) -> Result<Vec<StoredRevision>, StoreError> {
        document::revisions(&mut self.reader().await?, document).await
    }

    async fn obligations(
        &self,
        document: DocumentId,
        all_revisions: bool,
    ) -> Result<Vec<ObligationRow>, StoreError> {
        contact::of_document(&mut self.reader().await?, document, all_revisions).await
    }

    async fn asked_of(&self, revision: RevisionId, cell: &UnitId) -> Result<Vec<Obligation>, StoreError> {
        obligation::asked_of(&mut self.reader().await?, revision, cell).await
    }

    async fn sheet(&self, id: ObligationId) -> Result<Option<Sheet>, StoreError> {
        sheet::get(&mut self.reader().await?, id).await
    }

    async fn live_among(
        &self,
        revision: RevisionId,
        cells: &[UnitId],
    ) -> Result<Vec<ObligationRow>, StoreError> {
        contact::live_among(&mut self.reader().await?, revision, cells).await
    }

    async fn live_cells(&self) -> Result<Vec<UnitId>, StoreError> {
        obligation::live_cells(&mut self.reader().await?).await
    }

    async fn live_of(&self, cell: &UnitId) -> Result<Vec<Obligation>, StoreError> {
        obligation::live_of(&mut self.reader().await?, cell).await
    }

    async fn document(&self, id: DocumentId, now: DateTime<Utc>) -> Result<Option<DocumentRow>, StoreError> {
        listing::document(&mut self.reader().await?, id, now).await
    }

    async fn find_documents(&self, symbol: &str, now: DateTime<Utc>) -> Result<Vec<DocumentRow>, StoreError> {
        listing::find_documents(&mut self.reader().await?, symbol, now).await
    }

    async fn documents(&self, limit: u32, now: DateTime<Utc>) -> Result<Vec<DocumentRow>, StoreError> {
        listing::documents(&mut self.reader().await?, limit, now).await
    }

    async fn tally(&self, now: DateTime<Utc>) -> Result<Vec<TallyRow>, StoreError> {
        tally::tally(&mut self.reader().await?, now).await
    }

    async fn notices(&self, filter: &NoticeFilter) -> Result<Vec<NoticeRow>, StoreError> {
        notice::list(&mut self.reader().await?, filter).await
    }

    async fn outbox(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(Vec<(Delivery, u64)>, Option<DateTime<Utc>>), StoreError> {
        outbox::counts(&mut self.reader().await?, now).await
    }

    async fn holds(&self, only_open: bool) -> Result<Vec<HoldRow>, StoreError> {
        hold::list(&mut self.reader().await?, only_open).await
    }

    async fn hold(&self, id: HoldId) -> Result<Option<HoldRow>, StoreError> {
        hold::get(&mut self.reader().await?, id).await
    }

    async fn hold_raw(&self, id: HoldId) -> Result<Option<Vec<u8>>, StoreError> {
        hold::raw(&mut self.reader().await?, id).await
    }

    async fn braked(&self, id: HoldId) -> Result<Braked, StoreError> {
        brake::count(&mut self.reader().await?, id).await
    }

    async fn braked_documents(&self, id: HoldId, most: u32) -> Result<Vec<DocumentId>, StoreError> {
        brake::documents(&mut self.reader().await?, id, i64::from(most)).await
    }

    async fn statuses(&self, filter: &StatusFilter) -> Result<Vec<StatusRow>, StoreError> {
        status::list(&mut self.reader().await?, filter).await
    }

    async fn status_tally(&self) -> Result<Vec<StatusTally>, StoreError> {
        status::tally(&mut self.reader().await?).await
    }

    async fn next_status(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        status::next(&mut self.reader().await?).await
    }

    async fn heard(&self, document: DocumentId) -> Result<Vec<Heard>, StoreError> {
        heard::list(&mut self.reader().await?, document).await
    }

    async fn journal(
        &self,
        document: Option<DocumentId>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        journal::list(&mut self.reader().await?, document, after, limit).await
    }

    async fn answers(&self, id: ObligationId) -> Result<Vec<AnswerRecord>, StoreError> {
        answer::list(&mut self.reader().await?, id).await
    }

    async fn acceptances(
        &self,
        kind: Option<AcceptanceKind>,
        limit: u32,
    ) -> Result<Vec<AcceptanceRow>, StoreError> {
        edition::list(&mut self.reader().await?, kind, limit).await
    }

    async fn edition(&self, hash: &str) -> Result<Option<Edition>, StoreError> {
        edition::get(&mut self.reader().await?, hash).await
    }

    async fn due_bulletins(&self, now: DateTime<Utc>) -> Result<Vec<DueBulletin>, StoreError> {
        bulletin::due(&mut self.reader().await?, now).await
    }

    async fn next_send(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        outbox::next_send(&mut self.reader().await?).await
    }

    async fn stepped(&self, rows: &[ObligationId]) -> Result<Vec<Stepped>, StoreError> {
        ladder::stepped(&mut self.reader().await?, rows).await
    }

    async fn told_above(
        &self,
        unit: &UnitId,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Told>, StoreError> {
        ladder::told_above(&mut self.reader().await?, unit, (after, until)).await
    }

    async fn tables(&self, unit: &UnitId, since: DateTime<Utc>) -> Result<Vec<Table>, StoreError> {
        ladder::tables(&mut self.reader().await?, unit, since).await
    }

    async fn resting(&self, rows: &[ObligationId]) -> Result<Vec<Respite>, StoreError> {
        ladder::resting(&mut self.reader().await?, rows).await
    }

    async fn next_action(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        outbox::next_action(&mut self.reader().await?).await
    }

    async fn replay(
        &self,
        since: DateTime<Utc>,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<Replayed>, StoreError> {
        replay::page(&mut self.reader().await?, since, after, limit).await
    }

    async fn replay_size(&self, since: DateTime<Utc>) -> Result<u64, StoreError> {
        replay::size(&mut self.reader().await?, since).await
    }

    async fn files(&self) -> Result<BTreeSet<FileId>, StoreError> {
        let mut conn = self.reader().await?;
        let mut files = document::files(&mut conn).await?;
        files.append(&mut hold::files(&mut conn).await?);
        Ok(files)
    }

    async fn position(&self) -> Result<i64, StoreError> {
        Ok(self.head().await?.rows)
    }

    async fn head(&self) -> Result<Head, StoreError> {
        journal::head(&mut self.reader().await?).await
    }

    async fn links(&self, after: i64, at_most: u32) -> Result<Vec<Link>, StoreError> {
        journal::links(&mut self.reader().await?, after, at_most).await
    }

    async fn verify_journal(
        &self,
        kept: Vec<Kept>,
        watch: &(dyn Fn(i64) + Sync),
    ) -> Result<Verdict, StoreError> {
        journal::verify(&mut self.reader().await?, kept, watch).await
    }
}

#[async_trait]
impl<W: Writer> Store for W {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(Box::new(SqlTx::new(self.writing().await?, self.chronicle())))
    }

    async fn relieve(&self) -> bool {
        Writer::relieve(self).await
    }

    async fn room(&self) -> Room {
        Writer::room(self).await
    }

    async fn broken(&self) -> StoreError {
        self.alarm().rung().await
    }

    async fn close(&self) {
        self.shut().await;
    }
}
