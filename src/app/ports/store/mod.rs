//! The store: short transactions for writers, plain reads for everybody else.

mod acceptance;
mod brake;
mod bulletin;
mod decision;
mod digest;
mod document;
mod failure;
mod hold;
mod inbound;
mod journal;
mod ladder;
mod lease;
mod notice;
mod obligation;
mod operation;
mod poll;
mod reader;
mod recall;
mod recur;
mod request;
mod restoration;
mod sending;
mod sheet;
mod status;
mod upstream;

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::document::{Document, Reference};
use crate::domain::edition::Edition;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, NoticeId, ObligationId, RevisionId, SourceId, StatusId, TaskId, UnitId,
};
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::operation::{Key, Origin, Standing};
use crate::domain::secrecy::Open;
use crate::domain::status::{Counts, Status};

pub use acceptance::{AcceptanceKind, AcceptanceRow, NewAcceptance};
pub use brake::{BrakeTx, Braked};
pub use bulletin::{About, BulletinSettled, DueBulletin, NewBulletin};
pub use decision::{Act, Asks, Choice, HoldView, advice, choices};
pub use digest::{DigestReader, DigestTx, Round, Waiting};
pub use document::{DocumentRow, Meta, Registered, Replayed, StoredRevision, TallyRow};
pub use failure::{Room, StoreError};
pub use hold::{HoldKind, HoldRow, HoldTx, Matter, NewHold};
pub use inbound::{
    Bounce, InboundKind, InboundReader, InboundRow, InboundTx, InboxState, NewInbound, Place, Written,
};
pub use journal::{JournalEntry, JournalKind, JournalRow};
pub use ladder::{LadderTx, Stepped, Table, Told};
pub use lease::{LeaseReader, LeaseTx, Uncleared};
pub use notice::{ClaimRequest, Claimed, NewNotice, NoticeFilter, NoticeRow, Settled, Settlement};
pub use obligation::{AnswerRecord, NewObligation, ObligationRow, StoredDuty};
pub use operation::{Carry, KeptEdits, NewOrigin, Pending, Replacement, Why};
pub use poll::{Again, Cursor, PollState, ReadMark, TRIES};
pub use reader::Reader;
pub use recall::{RecallReader, RecallTx, RecalledAnswer, RecalledTally, Unmatched};
pub use recur::RecurTx;
pub use request::{
    Asked, Decision, DoubtRow, NewDoubt, NewRequest, RequestReader, RequestRow, RequestTx, Verdict,
};
pub use restoration::{Given, NewRestoration, Restoration, RestorationReader, RestorationTx};
pub use sending::{NewThread, SendingReader, SendingTx};
pub use sheet::Sheet;
pub use status::{
    ClaimedStatus, Heard, NewStatus, OriginId, StatusFilter, StatusRow, StatusSettled, StatusSettlement,
    StatusTally,
};
pub use upstream::{CellReceipt, Differ, Difference, ReceiptLook, UpstreamTx, Watched};

/// The register, to read and to write.
#[async_trait]
pub trait Store: Reader {
    /// Begins a write; there is one writer at a time. Dropping the transaction undoes it.
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Gives up a piece of what is kept back for a full disk, after [`StoreError::Full`] stood against something that must
    /// be recorded; `false` if nothing is left to give. Who is told `true` may try once more.
    async fn relieve(&self) -> bool;

    /// How much room there is; puts back what was given up as soon as the disk has room for it.
    async fn room(&self) -> Room;

    /// Waits until a disk has failed or damage was met, whoever met it, and says so. Whoever serves the register must end
    /// at once then, without writing again.
    async fn broken(&self) -> StoreError;

    /// Writes the log into the main file and lets go of it; the last act before exit.
    async fn close(&self);
}

/// A write. Nothing is durable before [`Tx::commit`] returns.
#[async_trait]
pub trait Tx:
    BrakeTx
    + DigestTx
    + HoldTx
    + InboundTx
    + LadderTx
    + LeaseTx
    + RecallTx
    + RecurTx
    + RequestTx
    + RestorationTx
    + SendingTx
    + UpstreamTx
    + Send
{
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

    /// A document's newest revision.
    async fn newest(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<(Registered, StoredRevision)>, StoreError>;

    /// What one id of a source brought.
    async fn origin(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<Origin>, StoreError>;

    /// Everything that brought something about a document, oldest first.
    async fn origins(&mut self, document: DocumentId) -> Result<Vec<Origin>, StoreError>;

    /// The documents an exchange key names, oldest first.
    async fn keyed(&mut self, key: &Key) -> Result<Vec<DocumentId>, StoreError>;

    /// The documents whose newest revision bears a symbol (compared by cleaned text), oldest first, at most
    /// a hundred of the newest; without those that `other_than` delivered itself.
    async fn alike(
        &mut self,
        symbol: &str,
        other_than: Option<&SourceId>,
    ) -> Result<Vec<DocumentId>, StoreError>;

    /// Keeps what an id of a source brought, in the place of what it brought before.
    async fn keep_origin(&mut self, origin: &NewOrigin<'_>) -> Result<(), StoreError>;

    /// Records whether a document holds.
    async fn stand(&mut self, document: DocumentId, standing: Standing) -> Result<(), StoreError>;

    /// Records that a document took the place of another; `false` if that is known.
    async fn replace(&mut self, replacement: Replacement) -> Result<bool, StoreError>;

    /// Moves rows, and what is not delivered yet, to a newer revision of their document.
    async fn carry(&mut self, carry: &Carry<'_>) -> Result<(), StoreError>;

    /// Drops the queued notices of some units about any revision of a document.
    async fn drop_queued_of(
        &mut self,
        document: DocumentId,
        units: &BTreeSet<UnitId>,
        reason: &str,
    ) -> Result<u64, StoreError>;

    /// The units that a mail about a document told of their work, or may have.
    async fn told(&mut self, document: DocumentId) -> Result<BTreeSet<UnitId>, StoreError>;

    /// Whether a change of a revision is still to be told to somebody.
    async fn untold_change(&mut self, revision: RevisionId) -> Result<bool, StoreError>;

    /// Keeps what differs between a revision and the one it follows.
    async fn keep_edits(&mut self, revision: RevisionId, edits: &KeptEdits) -> Result<(), StoreError>;

    /// What differs between a revision and the one it follows.
    async fn edits(&mut self, revision: RevisionId) -> Result<Option<KeptEdits>, StoreError>;

    /// Records the instant the dues of a revision count from.
    async fn count_from(&mut self, revision: RevisionId, asked: DateTime<Utc>) -> Result<(), StoreError>;

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

    /// Lets a row that could not be read be tried again at the next poll.
    async fn try_again(&mut self, source: &SourceId, external_id: &ExternalId) -> Result<(), StoreError>;

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

    /// Frees the claims of instances that live no more: all, where the lock on the register proves that no other
    /// lives, else those of whoever holds no lease. A mail that was in flight is sent again with the same Message-ID.
    async fn recover(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Puts a failed or queued notice back to be sent at `now`; `false` if it is in no such state.
    async fn requeue(&mut self, id: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// An obligation, to be changed.
    async fn obligation(&mut self, id: ObligationId) -> Result<Option<Obligation>, StoreError>;

    /// Live obligations of a cell, oldest first, to be changed.
    async fn live_of(&mut self, cell: &UnitId) -> Result<Vec<Obligation>, StoreError>;

    /// The obligation of a cell for a task under a revision, live or closed.
    async fn obligation_of(
        &mut self,
        revision: RevisionId,
        task: &TaskId,
        cell: &UnitId,
    ) -> Result<Option<Obligation>, StoreError>;

    /// The obligations of a document's newest revision with their contact, read inside the transaction.
    async fn obligations(&mut self, document: DocumentId) -> Result<Vec<ObligationRow>, StoreError>;

    /// Gives obligations another duty: stores their new form, the duty and the opening included.
    async fn reassign(&mut self, rows: &[Obligation]) -> Result<(), StoreError>;

    /// Stores the new form of obligations.
    async fn save_obligations(&mut self, rows: &[Obligation]) -> Result<(), StoreError>;

    /// Obligations with their duties, to be answered; those that are there.
    async fn answerable(&mut self, ids: &[ObligationId]) -> Result<Vec<(Obligation, Duty)>, StoreError>;

    /// Appends answers to the evidence, in order.
    async fn record_answers(&mut self, answers: &[AnswerRecord]) -> Result<(), StoreError>;

    /// Live obligations whose ladder wants attention at `now`, earliest first, with their contact.
    async fn due(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<ObligationRow>, StoreError>;

    /// A duty, read inside the transaction.
    async fn duty(&mut self, id: DutyId) -> Result<Option<StoredDuty>, StoreError>;

    /// A revision, read inside the transaction.
    async fn revision(&mut self, id: RevisionId) -> Result<Option<StoredRevision>, StoreError>;

    /// Keeps the texts of an edition; one that is known stays as it is.
    async fn keep_edition(&mut self, edition: &Edition) -> Result<(), StoreError>;

    /// Records what became of the office's files; returns the step's number.
    async fn record_acceptance(&mut self, step: &NewAcceptance) -> Result<i64, StoreError>;

    /// Enqueues a mail about the files; `false` if one about the same state to the same mailbox is known.
    async fn enqueue_bulletin(&mut self, bulletin: &NewBulletin) -> Result<bool, StoreError>;

    /// Records what became of a try to send one.
    async fn settle_bulletin(&mut self, settled: &BulletinSettled) -> Result<(), StoreError>;

    /// Where a document came from, every way it did.
    async fn origin_ids(&mut self, document: DocumentId) -> Result<Vec<OriginId>, StoreError>;

    /// How the cells of a document's newest revision stand, for the one body that the source knows.
    async fn counts(&mut self, document: DocumentId) -> Result<Counts, StoreError>;

    /// What was said, or is to be said, about a document, oldest first.
    async fn statuses_of(&mut self, document: DocumentId) -> Result<Vec<StatusRow>, StoreError>;

    /// Enqueues a status; `false` if the same was said before.
    async fn enqueue_status(&mut self, status: &NewStatus) -> Result<bool, StoreError>;

    /// Claims the status that one of `sources` is to be told next, if there is one. About one document they
    /// come in the order they were said; none comes while a hold forbids it (secrecy, doubt, a brake).
    async fn claim_status(
        &mut self,
        request: &ClaimRequest,
        sources: &[SourceId],
    ) -> Result<Option<ClaimedStatus>, StoreError>;

    /// Records the outcome of a claimed status; whether its epoch was still ours.
    async fn settle_status(
        &mut self,
        settlement: &StatusSettlement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Puts a failed or waiting status back to be told at `now`; `None` if it is in no such state.
    async fn requeue_status(
        &mut self,
        id: StatusId,
        now: DateTime<Utc>,
    ) -> Result<Option<StatusRow>, StoreError>;

    /// Keeps a status message; one that is known stays as it is.
    async fn keep_heard(&mut self, heard: &Heard) -> Result<(), StoreError>;

    /// A status message that is about no known document is about this one; `None` where there is none such.
    async fn attribute(
        &mut self,
        origin: &OriginId,
        document: DocumentId,
    ) -> Result<Option<Status>, StoreError>;

    /// The documents that a reference of another body may mean: by its key where it has one that is known,
    /// else by body, symbol and date together.
    async fn referred(&mut self, about: &Reference) -> Result<Vec<DocumentId>, StoreError>;

    /// Appends facts to the journal.
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<(), StoreError>;
}
