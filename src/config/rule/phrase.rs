//! The small phrases of rules: `"1 working day"`, `"document, else 15 working days"`,
//! `"due - 3 working days"`. English words, because they are keys and not prose.

use crate::config::fields::day;
use crate::domain::deadline::{Every, Recurrence};
use crate::domain::ladder::Anchor;
use crate::domain::rule::DueSource;

/// `N working day(s)`
pub fn working_days(text: &str) -> Option<u16> {
    match words(text).as_slice() {
        [number, "working", "day" | "days"] => number.parse().ok(),
        _ => None,
    }
}

/// `N working hour(s)`
fn working_hours(text: &str) -> Option<u16> {
    match words(text).as_slice() {
        [number, "working", "hour" | "hours"] => number.parse().ok(),
        _ => None,
    }
}

/// `N day(s)`
pub fn days(text: &str) -> Option<u16> {
    match words(text).as_slice() {
        [number, "day" | "days"] => number.parse().ok(),
        _ => None,
    }
}

/// Sources of a due, in order: `document`, `text`, `fixed 2026-03-15`, `15 working days`, `30 days`,
/// `monthly on 25`, joined by `, else `.
pub fn due(text: &str) -> Option<Vec<DueSource>> {
    let parts = text.split("else").map(|part| part.trim().trim_end_matches(',').trim_end());
    parts.map(due_source).collect()
}

fn due_source(text: &str) -> Option<DueSource> {
    match words(text).as_slice() {
        ["document"] => Some(DueSource::Document),
        ["text"] => Some(DueSource::Text),
        ["fixed", date] => day(date).map(DueSource::Fixed),
        _ => days(text)
            .map(DueSource::Days)
            .or_else(|| working_days(text).map(DueSource::WorkingDays))
            .or_else(|| recurring(text).map(DueSource::Recurring)),
    }
}

/// `weekly on fri`, `monthly on 25`, `quarterly on 15` (of the quarter's last month), `quarterly on 10 of month 1`,
/// `yearly on 12-15`. A day can be `last`.
fn recurring(text: &str) -> Option<Recurrence> {
    let of_month = |every, month: &str, day| {
        let most = if every == Every::Quarter { 3 } else { 12 };
        let month = month.parse().ok().filter(|month| (1..=most).contains(month))?;
        let longest = if every == Every::Year { longest(month) } else { 31 };
        Some(Recurrence { every, day: month_day(day).filter(|day| *day == LAST || *day <= longest)?, month })
    };
    match words(text).as_slice() {
        ["weekly", "on", day] => {
            let day = (1..).zip(WEEK).find(|(_, name)| name == day).map(|(number, _)| number)?;
            Some(Recurrence { every: Every::Week, day, month: 1 })
        }
        ["monthly", "on", day] => of_month(Every::Month, "1", day),
        ["quarterly", "on", day] => of_month(Every::Quarter, "3", day),
        ["quarterly", "on", day, "of", "month", month] => of_month(Every::Quarter, month, day),
        ["yearly", "on", date] => {
            let (month, day) = date.split_once('-')?;
            of_month(Every::Year, month, day)
        }
        _ => None,
    }
}

/// The days of a week, as the calendar writes them.
const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The last day of any month.
const LAST: u8 = 31;

fn month_day(text: &str) -> Option<u8> {
    if text == "last" { Some(LAST) } else { text.parse().ok().filter(|day| (1..=LAST).contains(day)) }
}

/// Days a month can have; 29 February comes in some years, and is the 28th in the others.
fn longest(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How far a step is from its anchor, in working days or in working hours; negative is before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Distance {
    /// Working days.
    pub days: i32,
    /// Working hours.
    pub hours: i32,
}

/// A step's anchor and its distance: `due`, `due - 3 working days`, `acknowledge + 1 working day`,
/// `notice + 2 working hours`.
pub fn step_time(text: &str) -> Option<(Anchor, Distance)> {
    let spaced = text.replace('+', " + ").replace(['-', '−', '–'], " - ");
    let words = words(&spaced);
    let (anchor, offset) = words.split_first()?;
    let anchor = match *anchor {
        "notice" => Anchor::Notice,
        "acknowledge" => Anchor::Acknowledge,
        "due" => Anchor::Due,
        _ => return None,
    };
    match offset {
        [] => Some((anchor, Distance::default())),
        [sign @ ("+" | "-"), rest @ ..] => {
            let rest = rest.join(" ");
            let signed = |number: u16| if *sign == "-" { -i32::from(number) } else { i32::from(number) };
            let days = || working_days(&rest).map(|days| Distance { days: signed(days), hours: 0 });
            // Nought hours would be read as "the day of": write that instead.
            let hours = working_hours(&rest).filter(|hours| *hours > 0);
            let hours = hours.map(|hours| Distance { days: 0, hours: signed(hours) });
            hours.or_else(days).map(|distance| (anchor, distance))
        }
        _ => None,
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_are_counted() {
        let cases = [
            ("1 working day", Some(1)),
            ("15  working days", Some(15)),
            ("15 days", None),
            ("working days", None),
            ("-1 working day", None),
            ("một working day", None),
        ];
        for (text, expected) in cases {
            assert_eq!(working_days(text), expected, "{text}");
        }
    }

    #[test]
    fn dues_name_their_sources_in_order() {
        let fixed = DueSource::Fixed(day("2026-03-15").unwrap());
        let monthly = |day| DueSource::Recurring(Recurrence { every: Every::Month, day, month: 1 });
        let recurs = |every, day, month| Some(vec![DueSource::Recurring(Recurrence { every, day, month })]);
        let cases = [
            ("document, else 15 working days", Some(vec![DueSource::Document, DueSource::WorkingDays(15)])),
            ("text else 30 days", Some(vec![DueSource::Text, DueSource::Days(30)])),
            ("fixed 2026-03-15", Some(vec![fixed])),
            ("weekly on fri", recurs(Every::Week, 5, 1)),
            ("weekly on friday", None),
            ("monthly on 25", recurs(Every::Month, 25, 1)),
            ("monthly on last", recurs(Every::Month, 31, 1)),
            ("quarterly on 15", recurs(Every::Quarter, 15, 3)),
            ("quarterly on 10 of month 1", recurs(Every::Quarter, 10, 1)),
            ("yearly on 12-15", recurs(Every::Year, 15, 12)),
            ("yearly on 02-29", recurs(Every::Year, 29, 2)),
            ("document, else monthly on 5", Some(vec![DueSource::Document, monthly(5)])),
            ("monthly on 32", None),
            ("monthly on 0", None),
            ("quarterly on 10 of month 4", None),
            ("yearly on 02-30", None),
            ("yearly on 15/12", None),
            ("monthly", None),
            ("document, else", None),
            ("fixed 2026-02-30", None),
            ("ngày 15", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(due(text), expected, "{text}");
        }
    }

    #[test]
    fn steps_count_from_an_anchor() {
        let days = |anchor, days| Some((anchor, Distance { days, hours: 0 }));
        let hours = |anchor, hours| Some((anchor, Distance { days: 0, hours }));
        let cases = [
            ("due", days(Anchor::Due, 0)),
            ("due - 3 working days", days(Anchor::Due, -3)),
            ("due+1 working day", days(Anchor::Due, 1)),
            ("acknowledge + 1 working day", days(Anchor::Acknowledge, 1)),
            ("notice + 2 working days", days(Anchor::Notice, 2)),
            ("notice + 2 working hours", hours(Anchor::Notice, 2)),
            ("due - 1 working hour", hours(Anchor::Due, -1)),
            ("due - 0 working hours", None),
            ("due + 2 hours", None),
            ("due - 3 days", None),
            ("due 3 working days", None),
            ("deadline - 1 working day", None),
        ];
        for (text, expected) in cases {
            assert_eq!(step_time(text), expected, "{text}");
        }
    }
}
