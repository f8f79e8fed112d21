//! Working days and office hours as confirmed data: holidays, swapped days, hours, zone.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// How "trước ngày D" is read (design §9.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BeforeDay {
    /// End of the last working day before D.
    #[default]
    Exclusive,
    /// End of D itself.
    Inclusive,
}

/// One confirmed year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Year {
    /// Holidays and days off given for a swap, with their names.
    pub off: BTreeMap<NaiveDate, String>,
    /// Rest days worked instead, with the reason.
    pub work: BTreeMap<NaiveDate, String>,
    /// Number of the notice that confirms the year, for example `12729/VPCP-KGVX`.
    pub basis: Option<String>,
}

/// The office's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// The named zone, for example Asia/Ho_Chi_Minh.
    pub zone: Tz,
    /// Working weekdays, Monday first.
    pub week: [bool; 7],
    /// Office hours of a working day, in order, not overlapping; never empty.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
    /// How "trước ngày D" is read.
    pub before_day: BeforeDay,
    /// Confirmed years. A year that is absent is counted by weekdays and fixed holidays only, and
    /// everything computed from it is marked provisional.
    pub years: BTreeMap<i32, Year>,
}

/// What a day is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Whether it is worked.
    pub working: bool,
    /// Why, in Vietnamese: `ngày làm việc`, `thứ Bảy`, `nghỉ: Quốc khánh`, `làm bù cho …`.
    pub why: String,
    /// The year is not confirmed.
    pub provisional: bool,
}

impl Calendar {
    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        Day { date, working: true, why: String::new(), provisional: false }
    }

    /// Whether a day is worked.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.day(date).working
    }

    /// The `n`-th working day after `from` (`from` itself is not counted, Bộ luật Dân sự Đ147);
    /// negative `n` counts back; zero is `from` if worked, else the next working day.
    pub fn add_working_days(&self, from: NaiveDate, n: i32) -> NaiveDate {
        let _ = n;
        from
    }

    /// Working days in (`from`, `to`], negative if `to` is earlier.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        let _ = (from, to);
        0
    }

    /// The date in the office's zone.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The instant of a local wall time.
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let _ = time;
        date.and_time(time).and_utc()
    }

    /// First minute of office hours on a day.
    pub fn opening(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date, NaiveTime::MIN)
    }

    /// 24:00 of a day (Bộ luật Dân sự Đ148): the due instant of "trong ngày D".
    pub fn end_of_day(&self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date, NaiveTime::MIN)
    }

    /// The due instant of "trước ngày D", by [`BeforeDay`].
    pub fn before_day(&self, date: NaiveDate) -> DateTime<Utc> {
        self.end_of_day(date)
    }

    /// `at` if it lies in office hours of a working day, else the next opening.
    pub fn next_office_instant(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at
    }

    /// A short hash of the calendar's data, stored beside every due instant computed from it.
    pub fn version(&self) -> String {
        String::new()
    }
}
