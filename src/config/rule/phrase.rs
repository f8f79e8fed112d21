//! The small phrases of rules: `"1 working day"`, `"document, else 15 working days"`,
//! `"due - 3 working days"`. English words, because they are keys and not prose.

use crate::config::fields::day;
use crate::domain::ladder::Anchor;
use crate::domain::rule::DueSource;

/// `N working day(s)`
pub fn working_days(text: &str) -> Option<u16> {
    match words(text).as_slice() {
        [number, "working", "day" | "days"] => number.parse().ok(),
        _ => None,
    }
}

/// Sources of a due, in order: `document`, `text`, `fixed 2026-03-15`, `15 working days`, `30 days`,
/// joined by `, else `.
pub fn due(text: &str) -> Option<Vec<DueSource>> {
    let parts = text.split("else").map(|part| part.trim().trim_end_matches(',').trim_end());
    parts.map(due_source).collect()
}

fn due_source(text: &str) -> Option<DueSource> {
    match words(text).as_slice() {
        ["document"] => Some(DueSource::Document),
        ["text"] => Some(DueSource::Text),
        ["fixed", date] => day(date).map(DueSource::Fixed),
        [number, "day" | "days"] => number.parse().ok().map(DueSource::Days),
        _ => working_days(text).map(DueSource::WorkingDays),
    }
}

/// A step's anchor and its offset in working days: `due`, `due - 3 working days`,
/// `acknowledge + 1 working day`, `notice + 2 working days`.
pub fn step_time(text: &str) -> Option<(Anchor, i32)> {
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
        [] => Some((anchor, 0)),
        [sign @ ("+" | "-"), rest @ ..] => {
            let days = i32::from(working_days(&rest.join(" "))?);
            Some((anchor, if *sign == "-" { -days } else { days }))
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
        let cases = [
            ("document, else 15 working days", Some(vec![DueSource::Document, DueSource::WorkingDays(15)])),
            ("text else 30 days", Some(vec![DueSource::Text, DueSource::Days(30)])),
            ("fixed 2026-03-15", Some(vec![fixed])),
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
        let cases = [
            ("due", Some((Anchor::Due, 0))),
            ("due - 3 working days", Some((Anchor::Due, -3))),
            ("due+1 working day", Some((Anchor::Due, 1))),
            ("acknowledge + 1 working day", Some((Anchor::Acknowledge, 1))),
            ("notice + 2 working days", Some((Anchor::Notice, 2))),
            ("due - 3 days", None),
            ("due 3 working days", None),
            ("deadline - 1 working day", None),
        ];
        for (text, expected) in cases {
            assert_eq!(step_time(text), expected, "{text}");
        }
    }
}
