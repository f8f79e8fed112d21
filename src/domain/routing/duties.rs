//! From what the matched rules ask to duties: for one cell and one task the strictest role and the
//! earliest due win.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use super::{Assignment, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{self, Proposal};
use crate::domain::document::Document;
use crate::domain::ids::{TaskId, UnitId};
use crate::domain::obligation::{DueWhy, Duty, Owed, Role};
use crate::domain::rule::{Ask, DueSource, Rule};

/// What a matched rule asks of one group of cells.
pub(super) struct Asked<'a> {
    /// What it asks.
    pub(super) ask: Ask<'a>,
    /// The cells it chose.
    pub(super) cells: Vec<UnitId>,
}

impl Asked<'_> {
    fn task(&self) -> Option<&TaskId> {
        self.ask.task.map(|task| &task.id)
    }
}

/// Groups the cells, task by task, by what was asked of them.
pub(super) fn combine(
    matched: &[&Rule],
    asked: &[Asked<'_>],
    document: &Document,
    calendar: &Calendar,
    (now, ruleset): (DateTime<Utc>, &str),
) -> Outcome {
    let mut chosen_by: BTreeMap<(Option<&TaskId>, &UnitId), Vec<usize>> = BTreeMap::new();
    for (index, asked) in asked.iter().enumerate() {
        for cell in &asked.cells {
            chosen_by.entry((asked.task(), cell)).or_default().push(index);
        }
    }
    // What was asked first comes first, so that tasks keep the order of their plan.
    let mut groups: BTreeMap<Vec<usize>, Vec<UnitId>> = BTreeMap::new();
    for ((_, cell), asks) in chosen_by {
        groups.entry(asks).or_default().push(cell.clone());
    }
    if groups.is_empty() {
        return nobody(matched);
    }
    let assignments = groups
        .into_iter()
        .map(|(indexes, cells)| {
            let asks: Vec<_> = indexes.iter().filter_map(|index| asked.get(*index)).collect();
            let asks: Vec<Ask<'_>> = asks.into_iter().map(|asked| asked.ask).collect();
            Assignment { duty: duty(&asks, document, calendar, now, ruleset), cells }
        })
        .collect();
    Outcome::Assigned { assignments }
}

fn nobody(matched: &[&Rule]) -> Outcome {
    let reasoned = matched.iter().find_map(|rule| Some((rule, rule.nobody_because.clone()?)));
    reasoned.map_or(Outcome::Unmatched, |(rule, because)| Outcome::Nobody { rule: rule.id.clone(), because })
}

fn duty(
    asks: &[Ask<'_>],
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
    ruleset: &str,
) -> Duty {
    let mut strictest: Vec<Ask<'_>> = asks.to_vec();
    strictest.sort_by_key(|ask| std::cmp::Reverse(ask.role));
    let within = asks.iter().filter_map(|ask| ask.acknowledge_within).min();
    let today = calendar.date_of(now);
    let acknowledge_due =
        within.map(|days| calendar.end_of_day(calendar.add_working_days(today, i32::from(days))));
    let (due, due_why) = earliest_due(asks, document, calendar, now);
    let mut owes: Vec<Owed> = asks.iter().flat_map(|ask| ask.owes.iter().copied()).collect();
    owes.sort_unstable();
    owes.dedup();
    let lead = strictest.first();
    let mut rules: Vec<&Rule> = strictest.iter().map(|ask| ask.rule).collect();
    // One task may choose a cell twice, as lead and as one of all.
    rules.dedup_by_key(|rule| &rule.id);
    Duty {
        task: lead.and_then(|ask| ask.task).cloned(),
        role: lead.map_or(Role::Inform, |ask| ask.role),
        owes,
        rules: rules.iter().map(|rule| rule.id.clone()).collect(),
        rule_names: rules.iter().map(|rule| rule.name.clone()).collect(),
        acknowledge_due,
        due,
        due_why,
        ladder: lead.map(|ask| ask.ladder.clone()).unwrap_or_default(),
        grade: asks.iter().map(|ask| ask.grade).max().unwrap_or_default(),
        ruleset: ruleset.to_owned(),
    }
}

/// The earliest due instant any of them yields; without one, what the text proposes stays a proposal.
fn earliest_due(
    asks: &[Ask<'_>],
    document: &Document,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> (Option<DateTime<Utc>>, Option<DueWhy>) {
    let earliest = asks
        .iter()
        .filter_map(|ask| ask.due.iter().find_map(|source| yields(*source, document, calendar, now)))
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
