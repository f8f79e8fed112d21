//! More time: what a cell may ask for, and what becomes of the row when staff grant or refuse it. The state
//! stays as it is; the old due instant counts until somebody has decided.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Obligation, State};
use crate::domain::calendar::Calendar;
use crate::domain::ids::DutyId;

/// Why more time cannot be asked for or granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unextendable {
    /// It has no due day that could move.
    NoDue,
    /// The day is not after the due day.
    NotLater {
        /// The due instant that holds.
        due: DateTime<Utc>,
    },
    /// The work has ended.
    Ended(State),
}

impl Obligation {
    /// Whether the row's due day may move to a later one.
    ///
    /// # Errors
    /// [`Unextendable`].
    pub fn may_extend(&self, until: NaiveDate, calendar: &Calendar) -> Result<(), Unextendable> {
        if !self.state.is_live() {
            return Err(Unextendable::Ended(self.state));
        }
        let due = self.due.ok_or(Unextendable::NoDue)?;
        if calendar.end_of_day(until) <= due {
            return Err(Unextendable::NotLater { due });
        }
        Ok(())
    }

    /// The row after more time was granted, under the duty that says so. Whoever stores it sets when the ladder
    /// looks again.
    #[must_use]
    pub fn extended(&self, duty: DutyId, due: DateTime<Utc>) -> Self {
        Self { duty, due: Some(due), extension_asked: None, ..self.clone() }
    }

    /// The row after more time was refused: as it was before it was asked for.
    #[must_use]
    pub fn unextended(&self) -> Self {
        Self { extension_asked: None, ..self.clone() }
    }

    /// The row after staff told a cell that the work is its own all the same. It comes back as acknowledged:
    /// whoever says "not ours" has read it.
    #[must_use]
    pub fn handed_back(&self, now: DateTime<Utc>) -> Self {
        Self { state: State::Acknowledged, since: now, ..self.clone() }
    }
}
