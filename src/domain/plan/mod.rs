//! Plan: what other rules would change, document by document and cell by cell, as plain data: to be
//! shown, counted, saved and carried to whoever decides. Drawing one from a register and applying it
//! belong to the use case of the same name.

mod count;

use aws_lc_rs::digest;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::change::{Difference, Fate};
use super::ids::{DocumentId, ObligationId, RevisionId, RuleId, TaskId, UnitId};
use super::notice::NoticeKind;
use super::obligation::{Duty, Owed, Role, State, TaskName};
use super::stamp::Stamp;

pub use count::{CellCount, Summary};

/// The form of saved plans; another one is refused, never guessed at.
pub const FORM: u32 = 1;

/// What would change, and what applying it would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORM`]
    pub form: u32,
    /// When it was drawn; what counts from today counts from here.
    pub made: DateTime<Utc>,
    /// Who drew it: an operating system user.
    pub actor: String,
    /// Documents registered from this instant on were looked at.
    pub since: DateTime<Utc>,
    /// What the documents were compared with.
    pub before: Baseline,
    /// The rules, units and calendar it leads to.
    pub after: Stamp,
    /// Number of the register's last journal entry.
    pub position: i64,
    /// How many documents were looked at.
    pub looked: u64,
    /// How many change by more than the plan was asked for, and are not in it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub apart: u64,
    /// The documents that change, by number.
    pub changes: Vec<Change>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What a plan compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "baseline", rename_all = "kebab-case")]
pub enum Baseline {
    /// What each document was in fact routed to, by whatever rules were in force then.
    Register,
    /// Other rules, units and calendar.
    Rules {
        /// Theirs.
        stamp: Stamp,
    },
}

/// One document that would be routed otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number.
    pub document: DocumentId,
    /// Its newest revision.
    pub revision: RevisionId,
    /// Số, ký hiệu.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// The day it was registered.
    pub registered: NaiveDate,
    /// What became of it.
    pub was: Fate,
    /// What becomes of it.
    pub is: Fate,
    /// The rules that gave it to cells, or to nobody.
    pub rules_before: Vec<RuleId>,
    /// Those that do now.
    pub rules_after: Vec<RuleId>,
    /// What changes for which cells.
    pub groups: Vec<Group>,
    /// What happens to the hold that stands for a document without cells.
    pub hold: Option<HoldAct>,
    /// Why nothing at all is done about it, where that is so.
    pub kept: Option<Kept>,
    /// Fingerprint of everything the acts rest on; another one at the time of applying means that
    /// somebody acted in between.
    pub mark: String,
}

/// Cells for which the same changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The task; `None` where the document asks for one thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskName>,
    /// What is different.
    pub differences: Vec<Difference>,
    /// What they had to do.
    pub before: Option<Asked>,
    /// What they have to do now; what is applied.
    pub after: Option<Duty>,
    /// The cells.
    pub cells: Vec<Part>,
}

impl Group {
    /// The task as obligations name it.
    pub fn task_id(&self) -> TaskId {
        self.task.as_ref().map_or_else(TaskId::only, |task| task.id.clone())
    }
}

/// What a cell had to do, as far as a cell notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its role.
    pub role: Role,
    /// What it owed.
    pub owes: Vec<Owed>,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
}

impl From<&Duty> for Asked {
    fn from(duty: &Duty) -> Self {
        Self {
            role: duty.role,
            owes: duty.owes.clone(),
            acknowledge_due: duty.acknowledge_due,
            due: duty.due,
        }
    }
}

/// One cell's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The cell.
    pub cell: UnitId,
    /// What is done.
    #[serde(flatten)]
    pub act: Act,
    /// The addresses that are written to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<String>,
    /// The mail that is sent in place of the one that tells of the act alone: a cell that several tasks of a
    /// document change for, or that keeps some, gets one mail about all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<NoticeKind>,
}

impl Part {
    /// The kind of mail that is sent, if any is.
    pub fn mail(&self) -> Option<NoticeKind> {
        self.act.mail().map(|kind| self.instead.unwrap_or(kind))
    }
}

/// What is done for one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// An obligation is opened.
    Open,
    /// A withdrawn obligation is opened again.
    Reopen {
        /// Which.
        obligation: ObligationId,
    },
    /// A live obligation gets another duty.
    Change {
        /// Which.
        obligation: ObligationId,
    },
    /// A live obligation is withdrawn.
    Withdraw {
        /// Which.
        obligation: ObligationId,
    },
    /// Nothing.
    Keep {
        /// Why.
        kept: Kept,
    },
}

impl Act {
    /// The mail that tells of it.
    pub fn mail(self) -> Option<NoticeKind> {
        match self {
            Self::Open | Self::Reopen { .. } => Some(NoticeKind::Notice),
            Self::Change { .. } => Some(NoticeKind::Change),
            Self::Withdraw { .. } => Some(NoticeKind::Withdrawal),
            Self::Keep { .. } => None,
        }
    }
}

/// Why a change is shown and not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why", content = "state")]
pub enum Kept {
    /// No cell has anything left to do about the document.
    Settled,
    /// No rule matched it, and staff have dealt with it since.
    DealtWith,
    /// The cell has answered for good.
    Answered(State),
    /// The due instant has passed.
    Past,
    /// A person entered the due day, which outranks what rules and sources say.
    Entered,
    /// The cell does not exist any more.
    Gone,
    /// The register already stands so.
    Already,
}

/// What happens to the hold of a document that no rule gives to cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldAct {
    /// It is opened: no document falls into silence.
    Open,
    /// It is closed.
    Close,
}

impl Change {
    /// Whether applying does anything about this document.
    pub fn acts(&self) -> bool {
        self.hold.is_some() || self.parts().any(|(_, part)| !matches!(part.act, Act::Keep { .. }))
    }

    /// Every part with its group.
    pub fn parts(&self) -> impl Iterator<Item = (&Group, &Part)> {
        self.groups.iter().flat_map(|group| group.cells.iter().map(move |part| (group, part)))
    }
}

impl Plan {
    /// Whether there is anything to show. Beside the register itself only what can be applied counts: a
    /// document that is over keeps the routing it had.
    pub fn is_empty(&self) -> bool {
        match self.before {
            Baseline::Register => !self.changes.iter().any(Change::acts),
            Baseline::Rules { .. } => self.changes.is_empty(),
        }
    }

    /// SHA-256 over the whole plan, first 12 hex digits: its name in the journal and in the steps of its
    /// mails.
    pub fn id(&self) -> String {
        short_hash(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// The first 12 hex digits of a SHA-256.
pub fn short_hash(bytes: &[u8]) -> String {
    let mut hash = data_encoding::HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref());
    hash.truncate(12);
    hash
}
