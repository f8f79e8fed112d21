//! From what the matched rules ask to duties: for one cell and one task the strictest role and the
//! earliest due win.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::cells::Cells;
use super::roster::{Parts, Roster, overlap};
use super::{Assignment, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{self, Proposal};
use crate::domain::document::Document;
use crate::domain::ids::TaskId;
use crate::domain::obligation::{DueWhy, Duty, Owed, Role};
use crate::domain::rule::{Ask, DueSource, Rule};

/// What duties of one document are worked out from.
pub(super) struct Case<'a> {
    document: &'a Document,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    ruleset: &'a str,
    /// Day of receipt, by which durations are counted.
    pub(super) received: NaiveDate,
    /// The answers of the day.
    pub(super) roster: Arc<Roster>,
    /// What the text proposes, read when first asked for: it is the costliest part of routing.
    proposed: OnceCell<Option<Proposal>>,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        document: &'a Document,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
        roster: Arc<Roster>,
        ruleset: &'a str,
    ) -> Self {
        let received = calendar.date_of(document.received.unwrap_or(now));
        Self { document, calendar, now, ruleset, received, roster, proposed: OnceCell::new() }
    }

    /// The earliest deadline phrase without a doubt.
    fn proposed(&self) -> Option<Proposal> {
        self.proposed.get_or_init(|| self.read_text()).clone()
    }

    fn read_text(&self) -> Option<Proposal> {
        let document = self.document;
        let texts = [Some(document.subject.as_str()), document.content.as_deref()];
        texts
            .into_iter()
            .flatten()
            .flat_map(|text| deadline::read(text, document.issued, self.received, self.calendar))
            .filter(|proposal| proposal.doubt.is_none())
            .min_by_key(|proposal| proposal.due)
    }
}

/// What a matched rule asks of one group of cells.
pub(super) struct Matched<'a> {
    /// What it asks.
    pub(super) ask: Ask<'a>,
    /// Number of its targets, where they are the same for every document.
    pub(super) target: Option<u32>,
    /// The cells it chose.
    pub(super) cells: Cells,
}

impl Matched<'_> {
    fn task(&self) -> Option<&TaskId> {
        self.ask.task.map(|task| &task.id)
    }
}

/// Groups the cells, task by task, by what was asked of them.
pub(super) fn combine(rules: &[&Rule], asked: &[Matched<'_>], case: &Case<'_>) -> Outcome {
    let mut groups: Vec<(Vec<usize>, Cells)> = Vec::new();
    for indexes in tasks(asked) {
        let asking: Vec<_> = indexes.iter().filter_map(|index| asked.get(*index)).collect();
        let (places, parts) = parts(&asking, &case.roster);
        for (sets, cells) in parts.iter() {
            let chosen_by = indexes.iter().zip(&places).filter(|(_, place)| sets.contains(place));
            groups.push((chosen_by.map(|(index, _)| *index).collect(), cells.clone()));
        }
    }
    if groups.is_empty() {
        return nobody(rules);
    }
    // What was asked first comes first, so that tasks keep the order of their plan.
    groups.sort_by(|(left, _), (right, _)| left.cmp(right));
    let assignments = groups.into_iter().map(|(indexes, cells)| {
        let asks: Vec<_> = indexes.iter().filter_map(|index| Some(asked.get(*index)?.ask)).collect();
        Assignment { duty: duty(&asks, case), cells }
    });
    Outcome::Assigned { assignments: assignments.collect() }
}

/// What was asked, by number, task by task; what belongs to no task stands together.
fn tasks(asked: &[Matched<'_>]) -> Vec<Vec<usize>> {
    let mut tasks: Vec<(Option<&TaskId>, Vec<usize>)> = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        match tasks.iter_mut().find(|(task, _)| *task == one.task()) {
            Some((_, indexes)) => indexes.push(index),
            None => tasks.push((one.task(), vec![index])),
        }
    }
    tasks.into_iter().map(|(_, indexes)| indexes).collect()
}

/// How the cells that were chosen overlap. The same targets are one set; gives for each choice the place of
/// its set.
fn parts(asking: &[&Matched<'_>], roster: &Roster) -> (Vec<usize>, Parts) {
    let mut sets: Vec<&Matched<'_>> = Vec::new();
    let mut places = Vec::with_capacity(asking.len());
    for one in asking {
        let same = |set: &&Matched<'_>| set.target.is_some() && set.target == one.target;
        places.push(sets.iter().position(same).unwrap_or_else(|| {
            sets.push(one);
            sets.len() - 1
        }));
    }
    let cells: Vec<_> = sets.iter().map(|one| &one.cells).collect();
    let numbers: Option<Vec<u32>> = sets.iter().map(|one| one.target).collect();
    let parts = numbers.map_or_else(|| overlap(&cells), |numbers| roster.overlap(&numbers, &cells));
    (places, parts)
}

fn nobody(matched: &[&Rule]) -> Outcome {
    let reasoned = matched.iter().find_map(|rule| Some((rule, rule.nobody_because.clone()?)));
    reasoned.map_or(Outcome::Unmatched, |(rule, because)| Outcome::Nobody { rule: rule.id.clone(), because })
}

/// The duty of cells of which all this is asked. The order of the rules takes no part in it: among those
/// with the strictest role the one with the earliest due gives the ladder, and the first by code of those.
fn duty(asks: &[Ask<'_>], case: &Case<'_>) -> Duty {
    let dues: Vec<_> = asks.iter().map(|ask| due(ask, case)).collect();
    let mut strictest: Vec<_> = asks.iter().copied().zip(&dues).collect();
    strictest.sort_by_key(|(ask, due)| {
        let due = due.as_ref().map(|due| due.due);
        (Reverse(ask.role), due.is_none(), due, &ask.rule.id)
    });
    let strictest: Vec<_> = strictest.into_iter().map(|(ask, _)| ask).collect();
    let within = asks.iter().filter_map(|ask| ask.acknowledge_within).min();
    let calendar = case.calendar;
    let today = calendar.date_of(case.now);
    let acknowledge_due =
        within.map(|days| calendar.end_of_day(calendar.add_working_days(today, i32::from(days))));
    let (due, due_why) = earliest(dues, case);
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
        ruleset: case.ruleset.to_owned(),
    }
}

/// What the first source of a due that yields one yields.
fn due(ask: &Ask<'_>, case: &Case<'_>) -> Option<Proposal> {
    ask.due.iter().find_map(|source| yields(*source, case))
}

/// The earliest due instant of all; without one, what the text proposes stays a proposal.
fn earliest(dues: Vec<Option<Proposal>>, case: &Case<'_>) -> (Option<DateTime<Utc>>, Option<DueWhy>) {
    let dues = dues.into_iter().flatten();
    let earliest = dues.min_by(|left, right| (left.due, &left.reading).cmp(&(right.due, &right.reading)));
    if let Some(found) = earliest {
        return (Some(found.due), Some(why(found, false, case)));
    }
    (None, case.proposed().map(|guess| why(guess, true, case)))
}

fn why(proposal: Proposal, is_guess: bool, case: &Case<'_>) -> DueWhy {
    let phrase = Some(proposal.phrase).filter(|phrase| !phrase.is_empty());
    let calendar = case.roster.version.clone();
    DueWhy { reading: proposal.reading, phrase, proposal: is_guess, calendar }
}

fn yields(source: DueSource, case: &Case<'_>) -> Option<Proposal> {
    let (document, calendar, received) = (case.document, case.calendar, case.received);
    let counted = |day, reading: String| {
        Some(Proposal { due: calendar.end_of_day(day), phrase: String::new(), reading, doubt: None })
    };
    match source {
        DueSource::Document => {
            // A due day on or before the day of issue is a slip of the pen; any other doubt is told.
            let due = document.due.filter(|_| !document.due_is_doubtful())?;
            Some(deadline::from_source(due, document.issued, calendar))
        }
        DueSource::Text => case.proposed(),
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
        DueSource::Recurring(recurrence) => {
            let day = recurrence.next_after(received)?;
            counted(day, format!("kỳ tới sau ngày nhận văn bản, {}", recurrence.reading()))
        }
    }
}
