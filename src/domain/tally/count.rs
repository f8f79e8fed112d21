//! What is counted over a stretch of time: how things stand at its end, and how they stood at its beginning.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::owes_past;
use crate::domain::ids::{DocumentId, UnitId};
use crate::domain::obligation::State;

/// A stretch of time: from its beginning up to, not including, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its beginning.
    pub since: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
}

/// What is counted of one obligation.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The cell.
    pub cell: UnitId,
    /// The document.
    pub document: DocumentId,
    /// Where it stands.
    pub state: State,
    /// When it opened.
    pub opened: DateTime<Utc>,
    /// When that state was entered.
    pub since: DateTime<Utc>,
    /// When the cell was first heard of about it; `None` where it never was.
    pub heard: Option<DateTime<Utc>>,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// Whether the cell was reached.
    pub reached: bool,
}

impl Counted {
    /// Where it stood at an instant; `None` before it opened.
    fn state_at(&self, at: DateTime<Utc>) -> Option<State> {
        if at < self.opened {
            return None;
        }
        if self.since <= at {
            return Some(self.state);
        }
        let heard = self.heard.is_some_and(|heard| heard <= at);
        Some(if heard { State::Acknowledged } else { State::Open })
    }

    /// Whether it was owed at some time in the window. What a cell was released from because the document was
    /// taken back is nobody's doing and in no count.
    pub fn is_in(&self, window: Window) -> bool {
        let ended = !self.state.is_live() && self.since < window.since;
        self.state != State::Withdrawn && self.opened < window.until && !ended
    }

    /// It alone, as it stood at an instant.
    fn counts_at(&self, at: DateTime<Utc>) -> Counts {
        let Some(state) = self.state_at(at) else { return Counts::default() };
        let late = self.reached && owes_past(state, (self.acknowledge_due, self.due), at);
        Counts {
            all: 1,
            sent: u64::from(self.reached),
            acknowledged: u64::from(matches!(state, State::Acknowledged | State::Done)),
            done: u64::from(state == State::Done),
            late: u64::from(late),
            unreached: u64::from(state.is_live() && !self.reached),
            set_aside: u64::from(matches!(state, State::Declined | State::Excused)),
        }
    }
}

/// Obligations by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All.
    pub all: u64,
    /// Their cells were told.
    pub sent: u64,
    /// Acknowledged, be it by being done.
    pub acknowledged: u64,
    /// Done.
    pub done: u64,
    /// Late, by [`is_late`](super::is_late).
    pub late: u64,
    /// Still owed, and the cell was never reached.
    pub unreached: u64,
    /// Declined by the cell or excused by staff.
    pub set_aside: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.done += other.done;
        self.late += other.late;
        self.unreached += other.unreached;
        self.set_aside += other.set_aside;
    }
}

/// How things stand at the end of a window, and how they stood at its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// At the end.
    pub now: Counts,
    /// At the beginning.
    pub before: Counts,
}

impl Moved {
    /// Adds one row.
    pub(super) fn add(&mut self, row: &Counted, window: Window) {
        self.now += row.counts_at(window.until);
        self.before += row.counts_at(window.since);
    }

    /// What was opened in the window.
    pub fn opened(&self) -> u64 {
        self.now.all.saturating_sub(self.before.all)
    }

    /// How many more are late than at the beginning; negative when it got better.
    pub fn late_change(&self) -> i64 {
        i64::try_from(self.now.late).unwrap_or(i64::MAX) - i64::try_from(self.before.late).unwrap_or(i64::MAX)
    }
}
