//! Recurring days: `định kỳ hằng tháng trước ngày 20`, `trước ngày 15/12 hằng năm`; also a day without a
//! month. Only the next one is proposed, and always with a doubt. Also the recurring days that a rule
//! sets, which are no guess.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Months, NaiveDate};
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use super::dates::{goes_on, number};
use super::{Context, Found};
use crate::domain::calendar::weekday_name;

#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static RECURRING: LazyLock<Regex> = LazyLock::new(|| {
    let every = |name| format!(r"(?:định\s+k[ỳì]\s*,?\s*)?(?:hằng|hàng|mỗi)\s+(?P<{name}>tháng|quý|quí|năm)");
    let cue = r"(?:(?P<before>trước)|(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+vào)?|(?P<on>vào)|không\s+quá)";
    let day = r"(?P<word>ngày\s+)?(?P<day>[0-9]{1,2})(?:(?:/|\s+tháng\s+)(?P<month>[0-9]{1,2}))?\b";
    let later = r"(?P<later>\s+(?:của\s+)?tháng\s+(?:sau|tới|kế\s+tiếp|tiếp\s+theo|liền\s+kề))?";
    let edge = r"(?:\s+(?:của\s+)?tháng\s+(?P<edge>đầu|cuối)(?:\s+của)?\s+qu[ýí](?:\s+(?:sau|tiếp))?)?";
    let (ahead, behind) = (every("ahead"), every("behind"));
    Regex::new(&format!(
        r"\b(?:{ahead}\b[^.;\n0-9]{{0,80}}?\s*)?\b{cue}\s+{day}{edge}{later}(?:\s+(?:của\s+)?{behind}\b)?"
    ))
    .unwrap()
});

/// How often a day comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// Hằng tuần.
    Week,
    /// Hằng tháng.
    Month,
    /// Hằng quý.
    Quarter,
    /// Hằng năm.
    Year,
}

/// A day that comes again: every Friday, the 25th of every month, the 15th of every quarter's last month, 15 December
/// of every year. A month that lacks the day has its last day instead (BLDS 2015 Đ148).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recurrence {
    /// How often.
    pub every: Every,
    /// Day of the month, 1 to 31; 31 is the last day of any month. Of a week, 1 is Monday and 7 Sunday.
    pub day: u8,
    /// Month of the quarter (1 to 3) or of the year (1 to 12); without meaning for a week or a month.
    pub month: u8,
}

impl Recurrence {
    /// The first such day after `from`, which itself does not count (BLDS 2015 Đ147).
    pub fn next_after(&self, from: NaiveDate) -> Option<NaiveDate> {
        if self.every == Every::Week {
            let same = |day: &NaiveDate| day.weekday().number_from_monday() == u32::from(self.day);
            return from.iter_days().skip(1).take(7).find(same);
        }
        let months = (0..=12).filter_map(|later| from.with_day(1)?.checked_add_months(Months::new(later)));
        months.filter(|first| self.has_month(first.month())).find_map(|first| {
            let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
            let day = first.with_day(u32::from(self.day)).unwrap_or(last);
            (day > from).then_some(day)
        })
    }

    fn has_month(&self, month: u32) -> bool {
        match self.every {
            Every::Week | Every::Month => true,
            Every::Quarter => (month - 1) % 3 + 1 == u32::from(self.month),
            Every::Year => month == u32::from(self.month),
        }
    }

    /// What it is, for people: `ngày 25 hằng tháng`.
    pub fn reading(&self) -> String {
        let (month, is_last) = (self.month, self.day == 31);
        let day = if is_last { "ngày cuối".to_owned() } else { format!("ngày {}", self.day) };
        match self.every {
            Every::Week => format!("{} hằng tuần", weekday(self.day)),
            Every::Month => format!("{day} hằng tháng"),
            Every::Quarter => format!("{day} tháng thứ {month} hằng quý"),
            Every::Year if is_last => format!("{day} tháng {month:02} hằng năm"),
            Every::Year => format!("{day}/{month:02} hằng năm"),
        }
    }
}

/// The name of the `n`-th day of a week.
fn weekday(n: u8) -> &'static str {
    let monday = NaiveDate::default().week(chrono::Weekday::Mon).first_day();
    weekday_name(monday + chrono::Days::new(u64::from(n.saturating_sub(1))))
}

/// A period that opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its due day.
    pub day: NaiveDate,
    /// Periods between the last one and this that are over already.
    pub passed_over: u32,
}

/// The period that opens after one that was due on `last`: the next whose due day has not passed on `today`.
/// `None` where no such day can be named.
pub fn next_period(recurrence: Recurrence, last: NaiveDate, today: NaiveDate) -> Option<Period> {
    let mut day = recurrence.next_after(last)?;
    let mut passed_over = 0;
    while day < today {
        day = recurrence.next_after(day)?;
        passed_over += 1;
    }
    Some(Period { day, passed_over })
}

pub(super) fn read(text: &str, context: &Context<'_>) -> Vec<Found> {
    RECURRING.captures_iter(text).filter_map(|captures| proposed(&captures, text, context)).collect()
}

fn proposed(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Found> {
    let range = captures.get(0)?.range();
    if goes_on(text.get(range.end..)?) {
        return None;
    }
    let every = captures.name("ahead").or_else(|| captures.name("behind")).map(|every| every.as_str());
    let every = captures.name("edge").map(|_| "quý").or(every);
    let (day, month) = (number(captures, "day")?, number(captures, "month"));
    // "trước 15" without anything is an hour or a number.
    if captures.name("word").is_none() && (month.is_none() || every.is_none()) {
        return None;
    }
    let before = captures.name("before").is_some();
    let doubt = match (every, month) {
        (Some(_), _) => "hạn định kỳ, đây mới là đề xuất cho kỳ tới",
        (None, None) if captures.name("on").is_none() => "không ghi tháng, tạm lấy tháng gần nhất",
        // A full date, or "vào ngày 15": not a matter of this reader.
        (None, _) => return None,
    };
    let fits = |date: &NaiveDate| match (every, month) {
        (Some("quý" | "quí"), None) => date.month() % 3 == quarter_month(captures),
        (_, Some(month)) => date.month() == month,
        (Some("năm"), None) => date.month() == 12,
        _ => true,
    };
    // "ngày 05 tháng sau" of a letter of March is 05/4, although 05/3 lies ahead too.
    let next = || context.base().with_day(1)?.checked_add_months(Months::new(1));
    let from = captures.name("later").and_then(|_| next()).unwrap_or_else(|| context.base());
    let mut found = days(day, from).filter(fits).find_map(|date| ahead(before, &range, date, context))?;
    found.doubts.push(doubt.to_owned());
    Some(found)
}

/// The proposal for one date of the series, unless it is already over on the document's own day.
fn ahead(before: bool, range: &Range<usize>, date: NaiveDate, context: &Context<'_>) -> Option<Found> {
    let found =
        if before { context.before(range.clone(), date) } else { context.within(range.clone(), date) };
    (context.calendar.due_day(found.due) >= context.base()).then_some(found)
}

/// Remainder by three of the month meant: the quarter's last unless its first is named.
fn quarter_month(captures: &Captures<'_>) -> u32 {
    u32::from(captures.name("edge").is_some_and(|edge| edge.as_str() == "đầu"))
}

/// That day of every month from the base on, for nine years: the next 29/02 is at most eight away.
fn days(day: u32, base: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let months = (0..108).filter_map(move |later| base.with_day(1)?.checked_add_months(Months::new(later)));
    months.filter_map(move |first| first.with_day(day)).filter(move |date| *date >= base)
}
