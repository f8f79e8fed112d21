//! Working days and office hours as confirmed data: holidays, swapped days, hours, zone.

mod clock;
mod count;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest;
use chrono::{Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;

pub(super) use clock::{local_instant, wall_time};

/// Holidays on a fixed solar date (Bộ luật Lao động 2019, Đ112), the only ones known of a year nobody
/// has confirmed. Tết, Giỗ Tổ, the second day of 2/9 and swapped days are announced year by year.
const FIXED: [(u32, u32, &str); 4] = [
    (1, 1, "Tết Dương lịch"),
    (4, 30, "Ngày Chiến thắng"),
    (5, 1, "Ngày Quốc tế lao động"),
    (9, 2, "Quốc khánh"),
];

/// Vietnamese weekday names, Monday first.
const WEEKDAYS: [&str; 7] = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"];

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
    /// Why, in Vietnamese: `ngày làm việc`, `thứ Bảy`, `nghỉ: Quốc khánh`, `làm bù: …`.
    pub why: String,
    /// The year is not confirmed.
    pub provisional: bool,
}

/// The reason for a day, borrowed: counting asks for thousands of days and prints few.
enum Why<'a> {
    Weekday,
    Rest,
    Off(&'a str),
    Swapped(&'a str),
}

impl Calendar {
    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let why = match self.why(date) {
            Why::Weekday => "ngày làm việc".to_owned(),
            Why::Rest => weekday_name(date).to_owned(),
            Why::Off(name) => format!("nghỉ: {name}"),
            Why::Swapped(reason) => format!("làm bù: {reason}"),
        };
        Day { date, working: self.is_working(date), why, provisional: self.is_provisional(date, date) }
    }

    /// Whether a day is worked.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        matches!(self.why(date), Why::Weekday | Why::Swapped(_))
    }

    /// Whether a year touched by [`from`, `to`] is not confirmed, so that a count over it may move.
    pub fn is_provisional(&self, from: NaiveDate, to: NaiveDate) -> bool {
        let (first, last) = if from <= to { (from, to) } else { (to, from) };
        (first.year()..=last.year()).any(|year| !self.years.contains_key(&year))
    }

    /// A short hash of the calendar's data, stored beside every due instant computed from it: the first
    /// 12 hex digits of SHA-256 over a canonical text of the zone, week, hours, reading and years.
    pub fn version(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.canonical().as_bytes());
        HEXLOWER.encode(hash.as_ref()).chars().take(12).collect()
    }

    /// Everything a count depends on, one fact per line, in a fixed order.
    fn canonical(&self) -> String {
        let mut text = format!("{} {:?} {:?} {:?}\n", self.zone, self.week, self.before_day, self.hours);
        for (number, year) in &self.years {
            // Writing to a String cannot fail.
            writeln!(text, "{number} {:?} {:?} {:?}", year.basis, year.off, year.work).unwrap_or_default();
        }
        text
    }

    /// Why a day is worked or not. A swap is announced after the holiday it moves, so `work` outranks
    /// `off` should a day stand in both.
    fn why(&self, date: NaiveDate) -> Why<'_> {
        let year = self.years.get(&date.year());
        let swapped = year.and_then(|year| year.work.get(&date));
        let off = year.map_or_else(|| fixed_holiday(date), |year| year.off.get(&date).map(String::as_str));
        match (swapped, off) {
            (Some(reason), _) => Why::Swapped(reason),
            (None, Some(name)) => Why::Off(name),
            (None, None) if self.week[weekday_index(date)] => Why::Weekday,
            (None, None) => Why::Rest,
        }
    }
}

fn fixed_holiday(date: NaiveDate) -> Option<&'static str> {
    let same = |(month, day, _): &&(u32, u32, &str)| (*month, *day) == (date.month(), date.day());
    FIXED.iter().find(same).map(|(_, _, name)| *name)
}

/// The Vietnamese name of a day's weekday: `thứ Hai` … `Chủ nhật`.
pub fn weekday_name(date: NaiveDate) -> &'static str {
    WEEKDAYS[weekday_index(date)]
}

fn weekday_index(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests;
