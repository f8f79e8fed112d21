//! Counting working days, and the list that explains a count.

use chrono::{Days, NaiveDate};

use super::{Calendar, Day};

/// How far a search for a working day goes. No real year rests that long; a calendar without any
/// working weekday, which the configuration refuses, ends here instead of running on.
pub(super) const HORIZON: usize = 400;

impl Calendar {
    /// The `n`-th working day after `from` (`from` itself is not counted, Bộ luật Dân sự Đ147);
    /// negative `n` counts back; zero is `from` if worked, else the next working day.
    pub fn add_working_days(&self, from: NaiveDate, n: i32) -> NaiveDate {
        if n == 0 {
            return if self.is_working(from) { from } else { self.step(from, true) };
        }
        let mut date = from;
        for _ in 0..n.unsigned_abs() {
            let next = self.step(date, n > 0);
            if next == date {
                break;
            }
            date = next;
        }
        date
    }

    /// Every day [`add_working_days`](Self::add_working_days) passes, in the order of counting; the
    /// last one is its answer. `from` is listed only for `n` = 0, where it may be the answer.
    pub fn explain(&self, from: NaiveDate, n: i32) -> Vec<Day> {
        let end = self.add_working_days(from, n);
        if n < 0 {
            return days_back(from)
                .skip(1)
                .take_while(|date| *date >= end)
                .map(|date| self.day(date))
                .collect();
        }
        let skipped = usize::from(n != 0);
        from.iter_days().skip(skipped).take_while(|date| *date <= end).map(|date| self.day(date)).collect()
    }

    /// The days in (`from`, `to`], or in (`to`, `from`], forward in time; at most a bit more than a year of them.
    pub fn days_between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Day> {
        let (first, last) = if from <= to { (from, to) } else { (to, from) };
        let days = first.iter_days().skip(1).take(HORIZON).take_while(|date| *date <= last);
        days.map(|date| self.day(date)).collect()
    }

    /// Working days in (`from`, `to`]; if `to` is earlier, those in (`to`, `from`], negative.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let counted = from.iter_days().skip(1).take_while(|date| *date <= to);
        i32::try_from(counted.filter(|date| self.is_working(*date)).count()).unwrap_or(i32::MAX)
    }

    /// The nearest working day after (or before) `date`; `date` itself where there is none.
    fn step(&self, date: NaiveDate, forward: bool) -> NaiveDate {
        let found = if forward {
            date.iter_days().skip(1).take(HORIZON).find(|day| self.is_working(*day))
        } else {
            days_back(date).skip(1).take(HORIZON).find(|day| self.is_working(*day))
        };
        found.unwrap_or(date)
    }
}

fn days_back(from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(from), |date| date.checked_sub_days(Days::new(1)))
}
