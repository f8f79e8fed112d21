//! Requests: what a cell asks of staff, and what they decided; and presses that looked like a machine's.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{NewHold, StoreError};
use crate::domain::hint::Correction;
use crate::domain::ids::{DocumentId, HoldId, ObligationId, RequestId, UnitId};
use crate::domain::obligation::Answer;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "asks", rename_all = "kebab-case")]
pub enum Asked {
    /// More time.
    MoreTime {
        /// Until the end of this day.
        until: NaiveDate,
    },
    /// That the work is not the cell's.
    Declined {
        /// Whose it is instead, where the cell knows.
        suggested: Option<UnitId>,
    },
}

impl Asked {
    /// The word in SQL; the same as that of the answer it came with.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MoreTime { .. } => "more-time",
            Self::Declined { .. } => "declined",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Staff granted it.
    Granted,
    /// Staff refused it.
    Refused,
    /// The cell asked for something else instead.
    Replaced,
    /// The work ended before anybody decided.
    Overtaken,
}

impl Verdict {
    const ALL: [Self; 4] = [Self::Granted, Self::Refused, Self::Replaced, Self::Overtaken];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Overtaken => "overtaken",
        }
    }

    /// The verdict behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}

/// A request to open. There is one open of each kind about an obligation.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// The obligation.
    pub obligation: ObligationId,
    /// The hold under which it waits for staff.
    pub hold: HoldId,
    /// What is asked.
    pub asks: Asked,
    /// Why.
    pub reason: String,
    /// What the obligation is due now.
    pub due: Option<DateTime<Utc>>,
    /// When it was asked.
    pub at: DateTime<Utc>,
}

/// A decision about a request.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What.
    pub verdict: Verdict,
    /// The day that was granted, which need not be the one that was asked for.
    pub given: Option<NaiveDate>,
    /// The due instant that holds from now on.
    pub moved: Option<DateTime<Utc>>,
    /// Who decided; `None` where it ended by itself.
    pub actor: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Decision {
    /// An end without anybody's decision.
    pub fn by_itself(verdict: Verdict, at: DateTime<Utc>) -> Self {
        Self { verdict, given: None, moved: None, actor: None, why: None, at }
    }
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestRow {
    /// Its number.
    pub id: RequestId,
    /// The obligation.
    pub obligation: ObligationId,
    /// Its document.
    pub document: DocumentId,
    /// The cell that asks.
    pub cell: UnitId,
    /// The hold under which it waits, or waited.
    pub hold: HoldId,
    /// What is asked.
    #[serde(flatten)]
    pub asks: Asked,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub asked: DateTime<Utc>,
    /// What the obligation was due then.
    pub due: Option<DateTime<Utc>>,
    /// What became of it; `None` while it waits.
    pub verdict: Option<Verdict>,
    /// The day that was granted.
    pub given: Option<NaiveDate>,
    /// The due instant that came of it.
    pub moved: Option<DateTime<Utc>>,
    /// Who decided.
    pub actor: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// When.
    pub decided: Option<DateTime<Utc>>,
}

/// A press that looked like a machine's and was not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDoubt {
    /// The obligation.
    pub obligation: ObligationId,
    /// Why it was not counted: `no-page`, `after-page`, …
    pub why: &'static str,
    /// What it said.
    pub answer: Answer,
    /// Address and user agent.
    pub evidence: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Presses of one obligation's links that were not counted and that nobody has confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubtRow {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its document.
    pub document: DocumentId,
    /// Its cell.
    pub cell: UnitId,
    /// Why the first was not counted.
    pub why: String,
    /// What the first said.
    pub answer: Answer,
    /// Address and user agent of the first.
    pub evidence: String,
    /// When the first came.
    pub first: DateTime<Utc>,
    /// When the last came.
    pub last: DateTime<Utc>,
    /// How many there were.
    pub presses: u32,
}

/// Requests and doubted presses, to read.
#[async_trait]
pub trait RequestReader {
    /// A request.
    async fn request(&self, id: RequestId) -> Result<Option<RequestRow>, StoreError>;

    /// The newest request under a hold.
    async fn request_under(&self, hold: HoldId) -> Result<Option<RequestRow>, StoreError>;

    /// All requests about a document, oldest first.
    async fn requests(&self, document: DocumentId) -> Result<Vec<RequestRow>, StoreError>;

    /// What cells corrected from `since` on, without what staff refused, oldest first.
    async fn corrections(&self, since: DateTime<Utc>) -> Result<Vec<Correction>, StoreError>;

    /// Open requests that the office has not been told of, oldest first.
    async fn untold_requests(&self) -> Result<Vec<RequestRow>, StoreError>;

    /// Doubted presses of live obligations that are older than `before` and that their cells were not asked
    /// about, oldest first.
    async fn unasked_doubts(&self, before: DateTime<Utc>) -> Result<Vec<DoubtRow>, StoreError>;

    /// Doubted presses that nobody has confirmed, of a document or all, newest first.
    async fn doubts(&self, document: Option<DocumentId>) -> Result<Vec<DoubtRow>, StoreError>;
}

/// Requests and doubted presses inside a write.
#[async_trait]
pub trait RequestTx {
    /// Opens a request.
    async fn open_request(&mut self, new: &NewRequest) -> Result<RequestId, StoreError>;

    /// The open requests about an obligation.
    async fn open_requests(&mut self, obligation: ObligationId) -> Result<Vec<RequestRow>, StoreError>;

    /// The open request under a hold.
    async fn open_request_under(&mut self, hold: HoldId) -> Result<Option<RequestRow>, StoreError>;

    /// The open hold about the same as a new one would be.
    async fn open_hold_like(&mut self, hold: &NewHold) -> Result<Option<HoldId>, StoreError>;

    /// Records what became of a request; `false` if somebody decided before.
    async fn decide_request(&mut self, id: RequestId, decision: &Decision) -> Result<bool, StoreError>;

    /// Notes that the office is told of a request.
    async fn told_request(&mut self, id: RequestId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Notes that a cell is asked about a doubted press.
    async fn asked_doubt(&mut self, obligation: ObligationId, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Notes a press that was not counted; whether it is the first about its obligation.
    async fn note_doubt(&mut self, doubt: &NewDoubt) -> Result<bool, StoreError>;

    /// Ends the doubts about obligations, each at its instant: they were answered, or have ended.
    async fn end_doubts(&mut self, ends: &[(ObligationId, DateTime<Utc>)]) -> Result<(), StoreError>;
}
