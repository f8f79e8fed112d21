//! Wall time and instants: where days end, offices open and clocks change.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::count::HORIZON;
use super::{BeforeDay, Calendar};

impl Calendar {
    /// The date in the office's zone.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        wall_time(self.zone, at).date()
    }

    /// The day a due instant is shown as: its date, but 00:00 counts as 24:00 of the day before, so
    /// that [`end_of_day`](Self::end_of_day) of D is read as D.
    pub fn due_day(&self, due: DateTime<Utc>) -> NaiveDate {
        self.date_of(due.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(due))
    }

    /// The instant of a local wall time; where a clock change makes it happen twice, the first time;
    /// where it never happens, the first minute after the gap.
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        local_instant(self.zone, date.and_time(time))
    }

    /// First minute of office hours on a day, worked or not.
    pub fn opening(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date, self.hours_on(date).next().map_or(NaiveTime::MIN, |(open, _)| open))
    }

    /// 24:00 of a day (Bộ luật Dân sự Đ148): the due instant of "trong ngày D". It is the same instant
    /// as 00:00 of the day after; show it by [`due_day`](Self::due_day), as day D.
    pub fn end_of_day(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date.succ_opt().unwrap_or(date), NaiveTime::MIN)
    }

    /// The due instant of "trước ngày D", by [`BeforeDay`].
    pub fn before_day(&self, date: NaiveDate) -> DateTime<Utc> {
        match self.before_day {
            BeforeDay::Exclusive => self.end_of_day(self.add_working_days(date, -1)),
            BeforeDay::Inclusive => self.end_of_day(date),
        }
    }

    /// `at` if it lies in office hours of a working day, else the next opening (the afternoon's, at
    /// noon). The closing minute is outside.
    pub fn next_office_instant(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let worked = self.date_of(at).iter_days().take(HORIZON).filter(|date| self.is_working(*date));
        let spans = worked.flat_map(|date| self.hours_on(date).map(move |(open, close)| (date, open, close)));
        let mut spans =
            spans.map(|(date, open, close)| (self.instant(date, open), self.instant(date, close)));
        spans.find(|(_, close)| *close > at).map_or(at, |(open, _)| open.max(at))
    }

    /// Office hours of working days between two instants; zero if `to` is not later. Only the last
    /// `HORIZON` days of a longer span are counted.
    pub fn office_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let (first, last) = (self.date_of(from), self.date_of(to));
        let days = std::iter::successors(Some(last), NaiveDate::pred_opt).take(HORIZON);
        let worked = days.take_while(|day| *day >= first).filter(|day| self.is_working(*day));
        let spans = worked.flat_map(|day| self.hours_on(day).map(move |(open, close)| (day, open, close)));
        let inside = spans.map(|(day, open, close)| {
            let (open, close) = (self.instant(day, open).max(from), self.instant(day, close).min(to));
            (close - open).max(TimeDelta::zero())
        });
        inside.sum()
    }
}

/// An instant as people say it in a zone: `10:21 ngày 16/03/2026`.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    wall_time(zone, at).format("%H:%M ngày %d/%m/%Y").to_string()
}

/// The wall time of an instant in any zone.
pub(in crate::domain) fn wall_time(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    let utc = at.naive_utc();
    // `with_timezone` would panic at the last instants chrono can name.
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
}

/// The instant of a wall time in any zone, by the rule of [`Calendar::instant`].
pub(in crate::domain) fn local_instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => after_gap(zone, local),
    }
}

/// The first minute that exists after a wall time that does not. The longest gap on record is one day
/// (Samoa, 30/12/2011).
fn after_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let minutes = (1..=25 * 60).filter_map(|n| local.checked_add_signed(TimeDelta::minutes(n)));
    let mut instants = minutes.filter_map(|later| zone.from_local_datetime(&later).earliest());
    instants.next().map_or_else(|| local.and_utc(), |at| at.to_utc())
}
