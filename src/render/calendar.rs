//! A year of the calendar as people look at it: how it stands, twelve months with their marks, the breaks, and
//! how many days are worked.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

use crate::domain::calendar::{Calendar, Part, YearStanding, weekday_name};

/// Months beside each other.
const ABREAST: usize = 3;
/// Columns of a month: seven days of three.
const WIDTH: usize = 21;
const HEADING: &str = "T2 T3 T4 T5 T6 T7 CN ";

/// A year with the calendar it stands in.
#[derive(Debug, Clone, Copy)]
pub struct YearText<'a> {
    calendar: &'a Calendar,
    first: NaiveDate,
}

/// Days of rest in a row with a holiday among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Why, each reason once.
    pub reasons: Vec<String>,
}

impl<'a> YearText<'a> {
    /// A year; `None` where chrono cannot name it.
    pub fn new(calendar: &'a Calendar, year: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, 1, 1).map(|first| Self { calendar, first })
    }

    fn year(&self) -> i32 {
        self.first.year()
    }

    fn days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.first.iter_days().take_while(|day| day.year() == self.year())
    }

    /// Working days of each month; a half day counts as one half.
    pub fn worked(&self) -> [f32; 12] {
        let mut months = [0.0; 12];
        for day in self.days().filter(|day| self.calendar.is_working(*day)) {
            if let Some(month) = months.get_mut(day.month0() as usize) {
                *month += if self.calendar.part(day) == Part::Whole { 1.0 } else { 0.5 };
            }
        }
        months
    }

    /// The breaks of the year, weekends beside them included. One that reaches over the turn of the year is
    /// shown whole.
    pub fn breaks(&self) -> Vec<Break> {
        let mut breaks: Vec<Break> = Vec::new();
        for day in self.days().filter(|day| self.reason(*day).is_some()) {
            if breaks.last().is_some_and(|last| last.to >= day) {
                continue;
            }
            let rests = |day: &NaiveDate| !self.calendar.is_working(*day);
            let back = std::iter::successors(Some(day), |day| day.checked_sub_days(Days::new(1)));
            let from = back.take(60).take_while(rests).last().unwrap_or(day);
            let to = day.iter_days().take(60).take_while(rests).last().unwrap_or(day);
            let mut reasons: Vec<String> = Vec::new();
            for reason in from.iter_days().take_while(|day| *day <= to).filter_map(|day| self.reason(day)) {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            breaks.push(Break { from, to, reasons });
        }
        breaks
    }

    /// Why a day is off although its weekday is worked, or is a holiday.
    fn reason(&self, day: NaiveDate) -> Option<String> {
        let why = self.calendar.day(day).why;
        let why = why.strip_prefix("nghỉ: ")?;
        // "Tết Nguyên đán (mùng 1)" and "(mùng 2)" are one reason.
        Some(why.split(" (").next().unwrap_or(why).to_owned())
    }

    fn heading(&self) -> String {
        let year = self.year();
        let Some(known) = self.calendar.years.get(&year) else {
            return format!(
                "LỊCH NĂM {year}: CHƯA CÓ. Chỉ tính cuối tuần và bốn ngày lễ cố định; lập bằng `vanthu calendar draft {year}`."
            );
        };
        if self.calendar.standing(year) == YearStanding::Draft {
            return format!(
                "LỊCH NĂM {year}: BẢN NHÁP, chưa ai xác nhận; hạn tính theo đây chỉ là tạm tính."
            );
        }
        let date = known.basis_date.map(|day| format!(" ngày {}", date(day))).unwrap_or_default();
        let by = known.confirmed_by.as_ref().map(|by| format!(", {by} đối chiếu")).unwrap_or_default();
        let link = known.basis_link.as_ref().map(|link| format!("\n{link}")).unwrap_or_default();
        format!("LỊCH NĂM {year}: đã xác nhận theo {}{date}{by}{link}", known.basis.as_deref().unwrap_or("–"))
    }

    /// The lines of a month: its name, the weekdays, then weeks.
    fn month(&self, month: u32) -> Vec<String> {
        let Some(first) = self.first.with_month(month) else { return Vec::new() };
        let mut lines = vec![format!("{:^WIDTH$}", format!("Tháng {month}")), HEADING.to_owned()];
        let mut line = "   ".repeat(first.weekday().num_days_from_monday() as usize);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        for day in first.iter_days().take_while(|day| *day < next) {
            line.push_str(&format!("{:>2}{}", day.day(), self.mark(day)));
            if day.weekday().num_days_from_monday() == 6 {
                lines.push(std::mem::take(&mut line));
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn mark(&self, day: NaiveDate) -> char {
        let why = self.calendar.day(day).why;
        match self.calendar.is_working(day) {
            false if why.starts_with("nghỉ") => '*',
            true if why.starts_with("làm bù") => '+',
            true if self.calendar.part(day) != Part::Whole => '½',
            _ => ' ',
        }
    }

    fn months(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let months: Vec<_> = (1..=12).map(|month| self.month(month)).collect();
        for row in months.chunks(ABREAST) {
            let height = row.iter().map(Vec::len).max().unwrap_or_default();
            for line in 0..height {
                let cells = row.iter().map(|month| month.get(line).map_or("", String::as_str));
                let cells: Vec<_> = cells.map(|cell| format!("{cell:<WIDTH$}")).collect();
                writeln!(f, "{}", cells.join("  ").trim_end())?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for YearText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.heading())?;
        self.months(f)?;
        writeln!(f, "* nghỉ lễ, nghỉ bù, hoán đổi   + làm bù   ½ làm nửa ngày\n\nNghỉ lễ, Tết:")?;
        for one in self.breaks() {
            let days = (one.to - one.from).num_days() + 1;
            let span = match days {
                1 => named(one.from),
                _ => format!("{} đến {}, {days} ngày liền", named(one.from), named(one.to)),
            };
            writeln!(f, "  {span}: {}", one.reasons.join("; "))?;
        }
        for (title, word) in [("Làm bù", "làm bù"), ("Chỉ làm nửa ngày", "chỉ làm")] {
            let days = self.days().map(|day| self.calendar.day(day));
            let days: Vec<_> = days.filter(|day| day.working && day.why.starts_with(word)).collect();
            if !days.is_empty() {
                writeln!(f, "{title}:")?;
            }
            for day in days {
                let why = day.why.split_once(": ").map_or("", |(_, why)| why);
                writeln!(f, "  {}: {why}", named(day.date))?;
            }
        }
        let worked = self.worked();
        let number = |days: f32| days.to_string().replace('.', ",");
        let each: Vec<_> =
            (1..).zip(worked).map(|(month, days)| format!("th.{month} {}", number(days))).collect();
        write!(f, "Ngày làm việc: {}; cả năm {}", each.join("; "), number(worked.iter().sum()))
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn named(day: NaiveDate) -> String {
    format!("{} {}", weekday_name(day), day.format("%d/%m"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveTime;

    use super::*;
    use crate::domain::calendar::{BeforeDay, Draft, Year};

    const WEEK: [bool; 7] = [true, true, true, true, true, false, false];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(year: Year) -> Calendar {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Calendar {
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            week: WEEK,
            mornings: [false; 7],
            hours: vec![(time(7), time(11)), (time(13), time(17))],
            before_day: BeforeDay::Exclusive,
            years: BTreeMap::from([(2026, year)]),
            sectors: BTreeMap::new(),
        }
    }

    fn year() -> Year {
        let off = Draft::new(2026, WEEK).unwrap().off;
        Year {
            off: off.into_iter().map(|day| (day.date, day.name)).collect(),
            swaps: BTreeMap::from([(day("2026-01-02"), day("2026-01-10"))]),
            half: BTreeMap::from([(day("2026-02-13"), (Part::Morning, "nghỉ sớm trước Tết".to_owned()))]),
            basis: Some("12729/VPCP-KGVX".to_owned()),
            basis_date: Some(day("2025-12-25")),
            confirmed_by: Some("Đ/c An".to_owned()),
            ..Year::default()
        }
    }

    #[test]
    fn a_year_as_people_look_at_it() {
        let calendar = calendar(year());
        insta::assert_snapshot!(YearText::new(&calendar, 2026).unwrap());
    }

    #[test]
    fn drafts_and_missing_years_say_so() {
        let calendar = calendar(Year { draft: true, ..year() });
        let first =
            |year| YearText::new(&calendar, year).unwrap().to_string().lines().next().unwrap().to_owned();
        insta::assert_snapshot!([first(2026), first(2031)].join("\n"), @r"
        LỊCH NĂM 2026: BẢN NHÁP, chưa ai xác nhận; hạn tính theo đây chỉ là tạm tính.
        LỊCH NĂM 2031: CHƯA CÓ. Chỉ tính cuối tuần và bốn ngày lễ cố định; lập bằng `vanthu calendar draft 2031`.
        ");
    }
}
