//! What can be asked of the register. Dry paths (explain, test, plan) are given a [`Reader`] and
//! nothing else: whoever holds one cannot open a transaction, so that "nothing was written" is a matter
//! of types and not of care.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    AcceptanceKind, AcceptanceRow, Again, AnswerRecord, Braked, CellReceipt, Difference, DigestReader,
    DocumentRow, DueBulletin, Heard, HoldRow, InboundReader, JournalRow, KeptEdits, LeaseReader, Meta,
    NoticeFilter, NoticeRow, ObligationRow, PollState, RecallReader, Replacement, Replayed, RequestReader,
    RestorationReader, SendingReader, Sheet, StatusFilter, StatusRow, StatusTally, Stepped, StoreError,
    StoredDuty, StoredRevision, Table, TallyRow, Told, Watched,
};
use crate::domain::chain::{Head, Kept, Link, Verdict};
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, FileId, HoldId, ObligationId, RevisionId, SourceId, UnitId,
};
use crate::domain::notice::Delivery;
use crate::domain::obligation::{Obligation, Respite};
use crate::domain::operation::Origin;

/// The register, to read. Reads see committed data only.
#[async_trait]
pub trait Reader:
    DigestReader
    + InboundReader
    + LeaseReader
    + RecallReader
    + RequestReader
    + RestorationReader
    + SendingReader
    + Sync
    + Send
{
    /// Facts of the register.
    async fn meta(&self) -> Result<Meta, StoreError>;

    /// How polling goes, per source ever polled.
    async fn polls(&self) -> Result<Vec<PollState>, StoreError>;

    /// Of `rows` (id, list fingerprint, received) those that must be read: never read, changed in the list,
    /// not readable so far and tried less than [`TRIES`](super::TRIES) times, or to be read `again`.
    async fn unread(
        &self,
        source: &SourceId,
        rows: &[(ExternalId, String, Option<DateTime<Utc>>)],
        again: Again,
    ) -> Result<Vec<ExternalId>, StoreError>;

    /// Of `rows` those of which all that was read is in the register: not those that were withheld, nor
    /// those that could not be read at all.
    async fn kept(&self, source: &SourceId, rows: &[&ExternalId]) -> Result<Vec<ExternalId>, StoreError>;

    /// Of `ids` those that were never read from the source, in order.
    async fn unknown(&self, source: &SourceId, ids: &[ExternalId]) -> Result<Vec<ExternalId>, StoreError>;

    /// The documents of a source with open work, those registered from then on alone if `since` says so.
    async fn watched(
        &self,
        source: &SourceId,
        since: Option<DateTime<Utc>>,
    ) -> Result<Vec<Watched>, StoreError>;

    /// What sources show of the receivers of a document, by source and cell.
    async fn receipts(&self, document: DocumentId) -> Result<Vec<CellReceipt>, StoreError>;

    /// Where sources and register differ about a document, or about all; oldest first.
    async fn differences(&self, document: Option<DocumentId>) -> Result<Vec<Difference>, StoreError>;

    /// A revision with its content.
    async fn revision(&self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError>;

    /// What the source sent of a revision, byte for byte.
    async fn raw(&self, id: RevisionId) -> Result<Option<Vec<u8>>, StoreError>;

    /// The sheet of the cell of a row under its revision, the row itself among its rows; none if there is no such row.
    async fn sheet(&self, id: ObligationId) -> Result<Option<Sheet>, StoreError>;

    /// A duty.
    async fn duty(&self, id: DutyId) -> Result<Option<StoredDuty>, StoreError>;

    /// An obligation with its contact.
    async fn obligation(&self, id: ObligationId) -> Result<Option<ObligationRow>, StoreError>;

    /// Everything that brought something about a document, oldest first.
    async fn origins(&self, document: DocumentId) -> Result<Vec<Origin>, StoreError>;

    /// What a document took the place of, and what took its place.
    async fn replacements(&self, document: DocumentId) -> Result<Vec<Replacement>, StoreError>;

    /// What differs between a revision and the one it follows; `None` for a first one.
    async fn edits(&self, revision: RevisionId) -> Result<Option<KeptEdits>, StoreError>;

    /// Every revision of a document, oldest first.
    async fn revisions(&self, document: DocumentId) -> Result<Vec<StoredRevision>, StoreError>;

    /// Obligations of a document (newest revision only unless `all_revisions`), by cell.
    async fn obligations(
        &self,
        document: DocumentId,
        all_revisions: bool,
    ) -> Result<Vec<ObligationRow>, StoreError>;

    /// What a revision asks of a cell: one obligation, or one per task, oldest first.
    async fn asked_of(&self, revision: RevisionId, cell: &UnitId) -> Result<Vec<Obligation>, StoreError>;

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

    /// One hold, open or closed.
    async fn hold(&self, id: HoldId) -> Result<Option<HoldRow>, StoreError>;

    /// The bytes of an open document that could not be read, as its hold keeps them.
    async fn hold_raw(&self, id: HoldId) -> Result<Option<Vec<u8>>, StoreError>;

    /// What a hold of kind `brake` keeps back.
    async fn braked(&self, id: HoldId) -> Result<Braked, StoreError>;

    /// The documents that a hold of kind `brake` keeps back, oldest first, at most so many.
    async fn braked_documents(&self, id: HoldId, most: u32) -> Result<Vec<DocumentId>, StoreError>;

    /// Statuses that were told or are to be told upstream, newest first.
    async fn statuses(&self, filter: &StatusFilter) -> Result<Vec<StatusRow>, StoreError>;

    /// How many statuses of each source stand where.
    async fn status_tally(&self) -> Result<Vec<StatusTally>, StoreError>;

    /// The earliest instant a status may be told, among waiting ones and claims whose lease ends.
    async fn next_status(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// What other bodies said about a document, oldest first.
    async fn heard(&self, document: DocumentId) -> Result<Vec<Heard>, StoreError>;

    /// The journal of a document, or all of it from `after` on, in order, at most `limit` (0 = all).
    async fn journal(
        &self,
        document: Option<DocumentId>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError>;

    /// The answers to an obligation, oldest first.
    async fn answers(&self, id: ObligationId) -> Result<Vec<AnswerRecord>, StoreError>;

    /// What became of the office's files, newest first, at most `limit` (0 = all), of one kind or all.
    async fn acceptances(
        &self,
        kind: Option<AcceptanceKind>,
        limit: u32,
    ) -> Result<Vec<AcceptanceRow>, StoreError>;

    /// An edition by its whole name, 64 hex digits.
    async fn edition(&self, hash: &str) -> Result<Option<Edition>, StoreError>;

    /// Mails about the office's files that are due, oldest first.
    async fn due_bulletins(&self, now: DateTime<Utc>) -> Result<Vec<DueBulletin>, StoreError>;

    /// The earliest instant a notice may leave, among queued ones and claims whose lease ends.
    async fn next_send(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The steps that were taken for these rows, oldest first.
    async fn stepped(&self, rows: &[ObligationId]) -> Result<Vec<Stepped>, StoreError>;

    /// What a unit above was to be told of after an instant and up to another, document by document.
    async fn told_above(
        &self,
        unit: &UnitId,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Told>, StoreError>;

    /// The mails to a unit above whose steps were taken from an instant on, oldest first.
    async fn tables(&self, unit: &UnitId, since: DateTime<Utc>) -> Result<Vec<Table>, StoreError>;

    /// Of these rows those that rest; of none, all that do.
    async fn resting(&self, rows: &[ObligationId]) -> Result<Vec<Respite>, StoreError>;

    /// The earliest instant a ladder wants attention.
    async fn next_action(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The newest revisions registered at or after `since`, by document, from after `after` on, at most
    /// `limit`: a page of the history.
    async fn replay(
        &self,
        since: DateTime<Utc>,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<Replayed>, StoreError>;

    /// How many documents [`Reader::replay`] has from `since` on.
    async fn replay_size(&self, since: DateTime<Utc>) -> Result<u64, StoreError>;

    /// The files that revisions and open holds refer to.
    async fn files(&self) -> Result<BTreeSet<FileId>, StoreError>;

    /// The number of the journal's last entry; 0 in an empty journal.
    async fn position(&self) -> Result<i64, StoreError>;

    /// The end of the journal's chain.
    async fn head(&self) -> Result<Head, StoreError>;

    /// Rows of the journal whose number is above `after`, as they stand, in order, at most so many (0 = all). A damaged
    /// one is given as well.
    async fn links(&self, after: i64, at_most: u32) -> Result<Vec<Link>, StoreError>;

    /// Walks the whole journal and says whether it is as it was written, and whether it passes the heads that were
    /// `kept` elsewhere; `watch` hears now and then how many rows were found good.
    async fn verify_journal(
        &self,
        kept: Vec<Kept>,
        watch: &(dyn Fn(i64) + Sync),
    ) -> Result<Verdict, StoreError>;
}
