//! From matched rules to duties: for one cell the strictest role and the earliest due win.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use super::{Assignment, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{self, Proposal};
use crate::domain::document::Document;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{DueWhy, Duty, Owed};
use crate::domain::rule::{DueSource, Rule};

/// Groups the cells of all matched rules by the set of rules that chose them.
pub(super) fn combine(
    matched: &[(&Rule, Vec<UnitId>)],
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
    ruleset: &str,
) -> Outcome {
    let mut chosen_by: BTreeMap<&UnitId, Vec<usize>> = BTreeMap::new();
    for (index, (rule, cells)) in matched.iter().enumerate() {
        if rule.nobody_because.is_none() {
            for cell in cells {
                chosen_by.entry(cell).or_default().push(index);
            }
        }
    }
    let mut groups: BTreeMap<Vec<usize>, Vec<UnitId>> = BTreeMap::new();
    for (cell, rules) in chosen_by {
        groups.entry(rules).or_default().push(cell.clone());
    }
    if groups.is_empty() {
        return nobody(matched);
    }
    let assignments = groups
        .into_iter()
        .map(|(indexes, cells)| {
            let rules: Vec<_> = indexes.iter().filter_map(|index| matched.get(*index)).collect();
            let rules: Vec<&Rule> = rules.into_iter().map(|(rule, _)| *rule).collect();
            Assignment { duty: duty(&rules, document, calendar, now, ruleset), cells }
        })
        .collect();
    Outcome::Assigned { assignments }
}

fn nobody(matched: &[(&Rule, Vec<UnitId>)]) -> Outcome {
    let reasoned = matched.iter().find_map(|(rule, _)| Some((rule, rule.nobody_because.clone()?)));
    reasoned.map_or(Outcome::Unmatched, |(rule, because)| Outcome::Nobody { rule: rule.id.clone(), because })
}

fn duty(
    rules: &[&Rule],
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
    ruleset: &str,
) -> Duty {
    let mut strictest: Vec<&Rule> = rules.to_vec();
    strictest.sort_by_key(|rule| std::cmp::Reverse(rule.role));
    let within = rules.iter().filter_map(|rule| rule.acknowledge_within).min();
    let today = calendar.date_of(now);
    let acknowledge_due =
        within.map(|days| calendar.end_of_day(calendar.add_working_days(today, i32::from(days))));
    let (due, due_why) = earliest_due(rules, document, calendar, now);
    let mut owes: Vec<Owed> = rules.iter().flat_map(|rule| rule.owes.iter().copied()).collect();
    owes.sort_unstable();
    owes.dedup();
    let lead = strictest.first();
    Duty {
        role: lead.map_or(crate::domain::obligation::Role::Inform, |rule| rule.role),
        owes,
        rules: strictest.iter().map(|rule| rule.id.clone()).collect(),
        rule_names: strictest.iter().map(|rule| rule.name.clone()).collect(),
        acknowledge_due,
        due,
        due_why,
        ladder: lead.map(|rule| rule.ladder.clone()).unwrap_or_default(),
        grade: rules.iter().map(|rule| rule.grade).max().unwrap_or_default(),
        ruleset: ruleset.to_owned(),
    }
}

/// The earliest due instant any rule yields; without one, what the text proposes stays a proposal.
fn earliest_due(
    rules: &[&Rule],
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> (Option<DateTime<Utc>>, Option<DueWhy>) {
    let earliest = rules
        .iter()
        .filter_map(|rule| rule.due.iter().find_map(|source| yields(*source, document, calendar, now)))
        .min_by_key(|proposal| proposal.due);
    if let Some(found) = earliest {
        return (Some(found.due), Some(why(found, false, calendar)));
    }
    let guess = from_text(document, calendar, now);
    (None, guess.map(|guess| why(guess, true, calendar)))
}

fn why(proposal: Proposal, is_guess: bool, calendar: &Calendar) -> DueWhy {
    let phrase = Some(proposal.phrase).filter(|phrase| !phrase.is_empty());
    DueWhy { reading: proposal.reading, phrase, proposal: is_guess, calendar: calendar.version() }
}

fn yields(
    source: DueSource,
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Option<Proposal> {
    let received = calendar.date_of(document.received.unwrap_or(now));
    let counted = |day, reading: String| {
        Some(Proposal { due: calendar.end_of_day(day), phrase: String::new(), reading, doubt: None })
    };
    match source {
        DueSource::Document => {
            // A due day on or before the day of issue is a slip of the pen; any other doubt is told.
            let due = document.due.filter(|due| document.issued.is_none_or(|issued| issued < *due))?;
            Some(deadline::from_source(due, document.issued, calendar))
        }
        DueSource::Text => from_text(document, calendar, now),
        DueSource::Fixed(day) => counted(day, format!("ngày do quy tắc ấn định: {}", day.format("%d/%m/%Y"))),
        DueSource::WorkingDays(days) => {
            let day = calendar.add_working_days(received, i32::from(days));
            counted(day, format!("{days} ngày làm việc kể từ ngày nhận văn bản"))
        }
        DueSource::Days(days) => {
            let day = received.checked_add_days(Days::new(u64::from(days)))?;
            let day = calendar.add_working_days(day, 0);
            counted(day, format!("{days} ngày kể từ ngày nhận văn bản, lùi đến ngày làm việc"))
        }
    }
}

/// The earliest deadline phrase without a doubt.
fn from_text(document: &Document, calendar: &Calendar, now: DateTime<Utc>) -> Option<Proposal> {
    let received = calendar.date_of(document.received.unwrap_or(now));
    let texts = [Some(document.subject.as_str()), document.content.as_deref()];
    texts
        .into_iter()
        .flatten()
        .flat_map(|text| deadline::read(text, document.issued, received, calendar))
        .filter(|proposal| proposal.doubt.is_none())
        .min_by_key(|proposal| proposal.due)
}
