//! Obligations with their duties and answers.

use chrono::{DateTime, Utc};

use crate::domain::ids::{DutyId, ObligationId, RevisionId, TaskId, UnitId};
use crate::domain::obligation::{Answer, Contact, Duty, Grade, Obligation};

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
    /// The task; [`TaskId::only`] where the document asks for one thing.
    pub task: TaskId,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// First instant the ladder wants to look.
    pub next_action: Option<DateTime<Utc>>,
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
