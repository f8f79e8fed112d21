//! A promise: the day by which a cell said it would be done. When it passes and the work is not done, the
//! acknowledgement has lapsed: the ladder goes on as if nobody had answered, and the next mail says so.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Obligation, State};
use crate::domain::calendar::Calendar;

impl Obligation {
    /// The promised day, where it has passed by `today` and the work is not done.
    pub fn lapsed(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.promised.filter(|day| self.state == State::Acknowledged && *day < today)
    }

    /// When the promise lapses: the opening of the office on the first working day after it; `None` where
    /// nothing was promised or the row is not acknowledged.
    pub fn lapses(&self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let day = self.promised.filter(|_| self.state == State::Acknowledged)?;
        Some(calendar.opening(calendar.add_working_days(day, 1)))
    }
}
