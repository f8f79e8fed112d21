//! The store: short transactions for writers, plain reads for everybody else.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
use crate::domain::ids::{
    DocumentId, DutyId, ExternalId, HoldId, NoticeId, ObligationId, RevisionId, SourceId, UnitId,
};
use crate::domain::notice::{Delivery, NoticeKey, NoticeKind};
use crate::domain::obligation::{Answer, Contact, Duty, Grade, Obligation, State};
use crate::domain::secrecy::Open;

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

/// Facts of the register itself.
#[derive(Debug, Clone)]
pub struct Meta {
    /// Random secret made with the register; keys Message-IDs for its whole life. 32 bytes.
    pub secret: Vec<u8>,
    /// Schema version, the number of the last migration.
    pub schema: i64,
}

/// How far a source was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The newest `received` of a walk that was read to its end without a gap.
    pub watermark: Option<DateTime<Utc>>,
}

/// How polling a source goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PollState {
    /// The source.
    pub source: String,
    /// The cursor.
    pub cursor: Cursor,
    /// When a walk last began.
    pub started: Option<DateTime<Utc>>,
    /// When a walk last reached the end without a gap.
    pub good: Option<DateTime<Utc>>,
    /// Since when it has been failing.
    pub failing_since: Option<DateTime<Utc>>,
    /// The last failure in words.
    pub error: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before (after a refusal).
    pub not_before: Option<DateTime<Utc>>,
    /// Rows the last good walk saw.
    pub rows_seen: u64,
    /// When the last new document was registered.
    pub newest: Option<DateTime<Utc>>,
}

/// What became of reading a row; keeps a later walk from reading it again.
#[derive(Debug, Clone)]
pub struct ReadMark {
    /// Its id.
    pub external_id: ExternalId,
    /// Fingerprint of the list row; `None` for a withheld document.
    pub fingerprint: Option<String>,
}

/// What the register knows of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its number.
    pub id: DocumentId,
    /// Its newest revision.
    pub revision: RevisionId,
    /// That revision's number, from 1.
    pub number: u32,
    /// That revision's content hash.
    pub fingerprint: String,
}

/// A stored revision.
#[derive(Debug, Clone)]
pub struct StoredRevision {
    /// Its id.
    pub id: RevisionId,
    /// The document.
    pub document_id: DocumentId,
    /// Number within the document, from 1.
    pub number: u32,
    /// Its content.
    pub document: Document,
    /// When it was registered.
    pub registered: DateTime<Utc>,
    /// The routing trace as JSON, as it was.
    pub trace: Option<String>,
}

/// A stored duty.
#[derive(Debug, Clone)]
pub struct StoredDuty {
    /// Its id.
    pub id: DutyId,
    /// What is asked.
    pub duty: Duty,
}

/// A row to open.
#[derive(Debug, Clone)]
pub struct NewObligation {
    /// The duty.
    pub duty: DutyId,
    /// The cell.
    pub cell: UnitId,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// First instant the ladder wants to look.
    pub next_action: Option<DateTime<Utc>>,
}

/// A notice to enqueue; a second one with the same key is dropped silently.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Its key.
    pub key: NoticeKey,
    /// Planned Message-ID.
    pub message_id: String,
    /// Not to be sent before.
    pub send_at: DateTime<Utc>,
    /// Lower goes first.
    pub priority: u8,
}

/// Asks for notices to send.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// Who asks.
    pub instance: String,
    /// Now.
    pub now: DateTime<Utc>,
    /// Until when the claim holds.
    pub lease_until: DateTime<Utc>,
    /// At most so many.
    pub limit: u32,
}

/// A claimed notice with what is needed to write the letter.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: NoticeId,
    /// The claim's epoch; an outcome with an older one is not recorded.
    pub epoch: i64,
    /// Its key.
    pub key: NoticeKey,
    /// The document.
    pub document: DocumentId,
    /// Planned Message-ID.
    pub message_id: String,
    /// Tries so far, this one not counted.
    pub tries: u32,
    /// Number of notices about this document already sent to this mailbox.
    pub sent_before: u32,
    /// The obligation of the unit under that revision, where the unit is itself a cell.
    pub obligation: Option<Obligation>,
}

/// What to record about a claimed notice.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The notice.
    pub id: NoticeId,
    /// The epoch it was claimed with.
    pub epoch: i64,
    /// What became of it.
    pub settled: Settled,
}

/// What became of a claimed notice.
#[derive(Debug, Clone)]
pub enum Settled {
    /// Accepted, with the server's reply.
    Sent {
        /// The server's reply.
        reply: String,
    },
    /// To be tried again at `at`.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// What happened.
        reason: String,
    },
    /// Given up; staff are told.
    Failed {
        /// What happened.
        reason: String,
    },
    /// May have been accepted; tried again at `at` with the same Message-ID.
    Ambiguous {
        /// When.
        at: DateTime<Utc>,
        /// What happened.
        reason: String,
    },
    /// Not wanted any more when its letter was written (the cell is done, the directive withdrawn).
    Dropped {
        /// Why.
        reason: String,
    },
    /// Handed back untried, because the instance stops.
    Released,
}

/// A statement of a cell, as evidence.
#[derive(Debug, Clone)]
pub struct AnswerRecord {
    /// The obligation.
    pub obligation: ObligationId,
    /// The revision the cell saw.
    pub revision: RevisionId,
    /// What it said.
    pub answer: Answer,
    /// How sure.
    pub grade: Grade,
    /// `link`, `staff`, …
    pub channel: String,
    /// Who, where staff entered it: an operating system or web user.
    pub actor: Option<String>,
    /// Why, where staff entered it.
    pub reason: Option<String>,
    /// Address and user agent of the press, where there was one.
    pub evidence: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What waits for a human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldKind {
    /// No rule matched.
    Unmatched,
    /// Secret or unknown secrecy: look in the source system.
    Secret,
    /// It could not be read.
    Broken,
    /// Obliged cells without a mailbox.
    NoContact,
    /// A notice was refused for good.
    Undeliverable,
    /// A cell says it is not theirs.
    Declined,
    /// A cell asks for more time.
    MoreTime,
}

impl HoldKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Unmatched,
        Self::Secret,
        Self::Broken,
        Self::NoContact,
        Self::Undeliverable,
        Self::Declined,
        Self::MoreTime,
    ];

    /// The word in SQL, metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Secret => "secret",
            Self::Broken => "broken",
            Self::NoContact => "no-contact",
            Self::Undeliverable => "undeliverable",
            Self::Declined => "declined",
            Self::MoreTime => "more-time",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A hold to open; a second one with the same (kind, source, external id, unit) that is still open
/// is dropped silently.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// What it is.
    pub kind: HoldKind,
    /// Where the document came from.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// The document in the register, where it is registered.
    pub document: Option<DocumentId>,
    /// The unit it is about, where it is about one.
    pub unit: Option<UnitId>,
    /// Why, for staff; no text of a withheld document.
    pub reason: String,
    /// Raw bytes of an open document that could not be read.
    pub raw: Option<Vec<u8>>,
}

/// A hold as staff see it.
#[derive(Debug, Clone, Serialize)]
pub struct HoldRow {
    /// Its number.
    pub id: HoldId,
    /// What it is.
    pub kind: HoldKind,
    /// Where the document came from.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// The document in the register.
    pub document: Option<DocumentId>,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub opened: DateTime<Utc>,
    /// When it was released.
    pub closed: Option<DateTime<Utc>>,
}

/// What the journal tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JournalKind {
    /// A revision was registered.
    Registered,
    /// It was routed; the detail names cells and duties.
    Routed,
    /// Notices were enqueued.
    Enqueued,
    /// Notices were settled; the detail names outcomes.
    Settled,
    /// A cell answered.
    Answered,
    /// Ladder steps were taken or skipped.
    Stepped,
    /// Obligations were withdrawn, excused or declined.
    Closed,
    /// A hold was opened.
    Held,
    /// A hold was released.
    Released,
}

impl JournalKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Registered,
        Self::Routed,
        Self::Enqueued,
        Self::Settled,
        Self::Answered,
        Self::Stepped,
        Self::Closed,
        Self::Held,
        Self::Released,
    ];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Routed => "routed",
            Self::Enqueued => "enqueued",
            Self::Settled => "settled",
            Self::Answered => "answered",
            Self::Stepped => "stepped",
            Self::Closed => "closed",
            Self::Held => "held",
            Self::Released => "released",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A fact to append; the store adds number and chain hash.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: JournalKind,
    /// The document it is about, if any.
    pub document: Option<DocumentId>,
    /// The obligation it is about, if it is about one only.
    pub obligation: Option<ObligationId>,
    /// The details, a JSON object.
    pub detail: serde_json::Value,
}

/// A journal row.
#[derive(Debug, Clone, Serialize)]
pub struct JournalRow {
    /// Its number, without gaps.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: JournalKind,
    /// The document.
    pub document: Option<DocumentId>,
    /// The obligation.
    pub obligation: Option<ObligationId>,
    /// The details.
    pub detail: serde_json::Value,
    /// SHA-256 hex over the previous row's hash and this row.
    pub hash: String,
}

/// A document in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentRow {
    /// Its number.
    pub id: DocumentId,
    /// Newest revision.
    pub revision: RevisionId,
    /// Source.
    pub source: SourceId,
    /// Id there.
    pub external_id: ExternalId,
    /// Content of the newest revision.
    pub document: Document,
    /// When it was first registered.
    pub registered: DateTime<Utc>,
    /// Obligations by state, of the newest revision.
    pub tally: Vec<(State, u64)>,
    /// Earliest due instant among live obligations.
    pub due: Option<DateTime<Utc>>,
    /// Live obligations past their due instant whose cell was reached.
    pub late: u64,
}

/// An obligation in a list, with whether its cell was reached.
#[derive(Debug, Clone)]
pub struct ObligationRow {
    /// The row.
    pub obligation: Obligation,
    /// Whether the cell was reached.
    pub contact: Contact,
    /// Number of notices sent to the cell about it.
    pub notices_sent: u32,
}

/// A notice in a list.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeRow {
    /// Its id.
    pub id: NoticeId,
    /// The document.
    pub document: DocumentId,
    /// The revision.
    pub revision: RevisionId,
    /// Unit written to.
    pub unit: UnitId,
    /// Kind.
    pub kind: NoticeKind,
    /// Step.
    pub step: String,
    /// Address.
    pub mailbox: String,
    /// Message-ID.
    pub message_id: String,
    /// Delivery state.
    pub delivery: Delivery,
    /// Not before.
    pub send_at: DateTime<Utc>,
    /// Tries so far.
    pub tries: u32,
    /// When it was accepted.
    pub sent_at: Option<DateTime<Utc>>,
    /// The server's last reply or the last failure.
    pub reply: Option<String>,
}

/// Which notices to list.
#[derive(Debug, Clone, Default)]
pub struct NoticeFilter {
    /// Only in this delivery state.
    pub delivery: Option<Delivery>,
    /// Only about this document.
    pub document: Option<DocumentId>,
    /// Only this one.
    pub id: Option<NoticeId>,
    /// At most so many, newest first; 0 means all.
    pub limit: u32,
}

/// One line of the tally: how many obligations of a cell stand how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// The cell.
    pub cell: UnitId,
    /// The state.
    pub state: State,
    /// Whether live and past an effective due instant with the cell reached.
    pub late: bool,
    /// Whether no notice ever reached the cell.
    pub unreached: bool,
    /// How many.
    pub count: u64,
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

    /// Stores the new form of obligations.
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
