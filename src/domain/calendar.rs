//! Working days and office hours as confirmed data: holidays, swapped days, hours, zone.

mod clock;
mod count;
mod draft;
mod hours;
mod lunar;
mod wanting;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest;
use chrono::{Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;

pub use clock::moment;
pub use draft::{Draft, DraftDay};
pub use hours::{HoursDay, Part};
pub use lunar::solar_day;
pub use wanting::{Wanting, YearStanding, wanted, wanting_sentence};

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

/// One year, confirmed by a person or still a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Year {
    /// Holidays and days off given for a swap, with their names.
    pub off: BTreeMap<NaiveDate, String>,
    /// Rest days worked instead, with the reason.
    pub work: BTreeMap<NaiveDate, String>,
    /// Working days given off, each with the rest day that is worked for it (hoán đổi).
    pub swaps: BTreeMap<NaiveDate, NaiveDate>,
    /// Days of which only a part is worked, with the reason.
    pub half: BTreeMap<NaiveDate, (Part, String)>,
    /// Number of the notice that confirms the year, for example `12729/VPCP-KGVX`.
    pub basis: Option<String>,
    /// The day of that notice.
    pub basis_date: Option<NaiveDate>,
    /// Where it can be read.
    pub basis_link: Option<String>,
    /// Who confirmed the year.
    pub confirmed_by: Option<String>,
    /// Nobody has confirmed it: what is counted over it may move.
    pub draft: bool,
}

/// The office's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// The named zone, for example Asia/Ho_Chi_Minh.
    pub zone: Tz,
    /// Working weekdays, Monday first.
    pub week: [bool; 7],
    /// Working weekdays of which only the morning is worked.
    pub mornings: [bool; 7],
    /// Office hours of a working day, in order, not overlapping; never empty.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
    /// How "trước ngày D" is read.
    pub before_day: BeforeDay,
    /// Years with a file. A year that is absent is counted by weekdays and fixed holidays only, and
    /// everything computed from it, as from a draft, is provisional.
    pub years: BTreeMap<i32, Year>,
    /// Calendars of sectors that differ from this one: enterprises need not follow swaps, and some work on
    /// Saturday morning. They have no sectors of their own.
    pub sectors: BTreeMap<String, Calendar>,
}

/// What a day is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Whether it is worked, be it in part.
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
    Worked(&'a str),
    /// Off, for this day that is worked.
    SwapOff(NaiveDate),
    /// Worked, for this day that is off.
    SwapWork(NaiveDate),
    Partly(Part, &'a str),
}

impl Calendar {
    /// The calendar by which a sector works: its own where it has one.
    pub fn of_sector(&self, sector: Option<&str>) -> &Self {
        sector.and_then(|sector| self.sectors.get(sector)).unwrap_or(self)
    }

    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let why = match self.why(date) {
            Why::Weekday if self.part(date) != Part::Whole => {
                format!("làm việc {}", self.part(date).vietnamese())
            }
            Why::Weekday => "ngày làm việc".to_owned(),
            Why::Rest => weekday_name(date).to_owned(),
            Why::Off(name) => format!("nghỉ: {name}"),
            Why::Worked(reason) => format!("làm bù: {reason}"),
            Why::SwapOff(worked) => {
                format!("nghỉ: hoán đổi, làm bù {} {}", weekday_name(worked), shown(worked))
            }
            Why::SwapWork(off) => format!("làm bù: thay cho {} {}", weekday_name(off), shown(off)),
            Why::Partly(part, reason) => format!("chỉ làm {}: {reason}", part.vietnamese()),
        };
        Day { date, working: self.is_working(date), why, provisional: self.is_provisional(date, date) }
    }

    /// Whether a day is worked, be it in part.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        !matches!(self.why(date), Why::Rest | Why::Off(_) | Why::SwapOff(_))
    }

    /// Which part of a worked day is worked; without meaning for a day of rest.
    pub fn part(&self, date: NaiveDate) -> Part {
        match self.why(date) {
            Why::Partly(part, _) => part,
            Why::Weekday if self.mornings[weekday_index(date)] => Part::Morning,
            _ => Part::Whole,
        }
    }

    /// A short hash of the calendar's data, stored beside every due instant computed from it: the first
    /// 12 hex digits of SHA-256 over a canonical text of the zone, week, hours, reading and years.
    pub fn version(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.canonical().as_bytes());
        HEXLOWER.encode(hash.as_ref()).chars().take(12).collect()
    }

    /// Everything a count depends on, one fact per line, in a fixed order.
    fn canonical(&self) -> String {
        let Self { zone, week, mornings, hours, before_day, years, sectors } = self;
        let mut text = format!("{zone} {week:?} {before_day:?} {hours:?}\n");
        // Writing to a String cannot fail.
        for (number, year) in years {
            writeln!(text, "{number} {:?} {:?} {:?}", year.basis, year.off, year.work).unwrap_or_default();
            if !(year.swaps.is_empty() && year.half.is_empty()) {
                writeln!(text, "{number} {:?} {:?}", year.swaps, year.half).unwrap_or_default();
            }
        }
        if mornings.contains(&true) {
            writeln!(text, "{mornings:?}").unwrap_or_default();
        }
        for (sector, calendar) in sectors {
            writeln!(text, "{sector}: {}", calendar.canonical()).unwrap_or_default();
        }
        text
    }

    /// Why a day is worked or not. A swap is announced after the holiday it moves, so what is worked outranks
    /// what is off should a day stand in both.
    fn why(&self, date: NaiveDate) -> Why<'_> {
        let year = self.years.get(&date.year());
        let worked = year.and_then(|year| year.work.get(&date));
        let off = year.map_or_else(|| fixed_holiday(date), |year| year.off.get(&date).map(String::as_str));
        let half = || year.and_then(|year| year.half.get(&date));
        let given = || year.and_then(|year| year.swaps.get(&date));
        match (worked, off) {
            (Some(reason), _) => return Why::Worked(reason),
            (None, Some(name)) => return Why::Off(name),
            (None, None) => {}
        }
        if let Some(worked) = given() {
            return Why::SwapOff(*worked);
        }
        if let Some((part, reason)) = half() {
            return Why::Partly(*part, reason);
        }
        if self.week[weekday_index(date)] {
            return Why::Weekday;
        }
        self.swapped_for(date).map_or(Why::Rest, Why::SwapWork)
    }

    /// The day given off for a rest day that is worked. A swap may cross the turn of the year (off on
    /// 31/12/2018 for work on 05/01/2019), so the years beside are asked too.
    fn swapped_for(&self, date: NaiveDate) -> Option<NaiveDate> {
        let years = self.years.range(date.year() - 1..=date.year() + 1);
        let mut swaps = years.flat_map(|(_, year)| &year.swaps);
        swaps.find(|(_, worked)| **worked == date).map(|(off, _)| *off)
    }
}

fn fixed_holiday(date: NaiveDate) -> Option<&'static str> {
    let same = |(month, day, _): &&(u32, u32, &str)| (*month, *day) == (date.month(), date.day());
    FIXED.iter().find(same).map(|(_, _, name)| *name)
}

fn shown(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
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
