//! From what the matched rules ask to duties: for one cell and one task the strictest role and the
//! earliest due win.

use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::cells::Cells;
use super::due::{Due, earliest, yields};
use super::roster::{Parts, Roster, overlap};
use super::{Assignment, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::{self, Mention, Proposal};
use crate::domain::document::Document;
use crate::domain::ids::{TaskId, UnitId};
use crate::domain::obligation::{Duty, FIGURES, Owed, Role};
use crate::domain::rule::{Ask, DueSource, Rule};
use crate::domain::unit::Units;

/// What duties of one document are worked out from.
pub(super) struct Case<'a> {
    pub(super) document: &'a Document,
    pub(super) calendar: &'a Calendar,
    now: DateTime<Utc>,
    ruleset: &'a str,
    /// Day of receipt, by which durations are counted.
    pub(super) received: NaiveDate,
    /// The answers of the day.
    pub(super) roster: Arc<Roster>,
    /// [`Calendar::version`]
    pub(super) version: String,
    /// What the text proposes, read when first asked for: it is the costliest part of routing.
    proposed: OnceCell<Vec<Proposal>>,
    /// What sources of a due yielded: rules that overlap are asked once for each part of their cells.
    yielded: RefCell<Vec<(DueSource, Option<Rc<Due>>)>>,
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
        let version = roster.version.clone();
        let (proposed, yielded) = (OnceCell::new(), RefCell::default());
        Self { document, calendar, now, ruleset, received, roster, version, proposed, yielded }
    }

    /// The same document for cells that work by another calendar.
    fn by(&self, calendar: &'a Calendar) -> Self {
        let version = calendar.version();
        Self { version, ..Self::new(self.document, calendar, self.now, self.roster.clone(), self.ruleset) }
    }

    fn texts(&self) -> impl Iterator<Item = &'a str> {
        let document = self.document;
        [Some(document.subject.as_str()), document.content.as_deref()].into_iter().flatten()
    }

    fn proposals(&self) -> &[Proposal] {
        self.proposed.get_or_init(|| {
            let read = |text| deadline::read(text, self.document.issued, self.received, self.calendar);
            self.texts().flat_map(read).collect()
        })
    }

    /// What one source of a due yields.
    fn yielded(&self, source: DueSource) -> Option<Rc<Due>> {
        let known = self.yielded.borrow().iter().find(|(known, _)| *known == source).cloned();
        let (_, due) = known.unwrap_or_else(|| {
            let new = (source, yields(source, self).map(Rc::new));
            self.yielded.borrow_mut().push(new.clone());
            new
        });
        due
    }

    /// The earliest deadline phrase without a doubt.
    pub(super) fn proposed(&self) -> Option<Proposal> {
        let sure = self.proposals().iter().filter(|proposal| proposal.doubt.is_none());
        sure.min_by_key(|proposal| proposal.due).cloned()
    }

    /// The earliest phrase there is a doubt about.
    pub(super) fn doubted(&self) -> Option<Proposal> {
        self.proposals().iter().min_by_key(|proposal| proposal.due).cloned()
    }

    /// A deadline that was meant and could not be read.
    pub(super) fn unread(&self) -> Option<Mention> {
        let read = |text| deadline::unread(text, self.document.issued, self.received, self.calendar);
        self.texts().find_map(read)
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

/// Groups the cells, task by task, by what was asked of them, and by the calendar they work by.
pub(super) fn combine(rules: &[&Rule], asked: &[Matched<'_>], units: &Units, case: &Case<'_>) -> Outcome {
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
    let own: BTreeMap<_, _> =
        case.calendar.sectors.iter().map(|(sector, own)| (sector, case.by(own))).collect();
    let assignments = groups.into_iter().flat_map(|(indexes, cells)| {
        let asks: Vec<_> = indexes.iter().filter_map(|index| Some(asked.get(*index)?.ask)).collect();
        let parts = by_calendar(cells, case.calendar, units).into_iter();
        let case = |sector: Option<&String>| sector.and_then(|sector| own.get(sector)).unwrap_or(case);
        parts.map(|(sector, cells)| Assignment { duty: duty(&asks, case(sector)), cells }).collect::<Vec<_>>()
    });
    Outcome::Assigned { assignments: assignments.collect() }
}

/// Cells by the sector whose calendar they work by; `None` is the office's.
fn by_calendar<'a>(cells: Cells, calendar: &'a Calendar, units: &Units) -> Vec<(Option<&'a String>, Cells)> {
    if calendar.sectors.is_empty() {
        return vec![(None, cells)];
    }
    let sector = |cell: &UnitId| {
        let sector = units.get(cell)?.sector.as_ref()?;
        calendar.sectors.get_key_value(sector).map(|(sector, _)| sector)
    };
    let mut parts: BTreeMap<Option<&String>, Vec<UnitId>> = BTreeMap::new();
    for cell in &cells {
        parts.entry(sector(cell)).or_default().push(cell.clone());
    }
    parts.into_iter().map(|(sector, cells)| (sector, Cells::from(cells))).collect()
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
    let Some(numbers) = asking.iter().map(|one| one.target).collect::<Option<Vec<u32>>>() else {
        let cells: Vec<_> = asking.iter().map(|one| &one.cells).collect();
        return ((0..asking.len()).collect(), overlap(&cells));
    };
    // In one order whichever rule asked first, so that what was worked out once is found again.
    let sets: BTreeMap<u32, &Cells> =
        numbers.iter().copied().zip(asking.iter().map(|one| &one.cells)).collect();
    let (sorted, cells): (Vec<_>, Vec<_>) = sets.into_iter().unzip();
    let places = numbers.iter().filter_map(|number| sorted.binary_search(number).ok()).collect();
    (places, roster.overlap(&sorted, &cells))
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
        let due = due.as_ref().map(|due| due.proposal.due);
        (Reverse(ask.role), due.is_none(), due, &ask.rule.id)
    });
    let strictest: Vec<_> = strictest.into_iter().map(|(ask, _)| ask).collect();
    let within = asks.iter().filter_map(|ask| ask.acknowledge_within).min();
    let calendar = case.calendar;
    let today = calendar.date_of(case.now);
    let acknowledge_due =
        within.map(|days| calendar.end_of_day(calendar.add_working_days(today, i32::from(days))));
    let (due, due_why) = earliest(&dues, case);
    let mut owes: Vec<Owed> = asks.iter().flat_map(|ask| ask.owes.iter().copied()).collect();
    owes.sort_unstable();
    owes.dedup();
    let mut figures: Vec<String> = Vec::new();
    for name in strictest.iter().flat_map(|ask| ask.figures) {
        if figures.len() < FIGURES && !figures.contains(name) {
            figures.push(name.clone());
        }
    }
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
        ladder: lead.map(|ask| ask.ladder.frozen(case.document.urgency)).unwrap_or_default(),
        grade: asks.iter().map(|ask| ask.grade).max().unwrap_or_default(),
        figures,
        ruleset: case.ruleset.to_owned(),
    }
}

/// What the first source of a due that yields one yields.
fn due(ask: &Ask<'_>, case: &Case<'_>) -> Option<Rc<Due>> {
    ask.due.iter().find_map(|source| case.yielded(*source))
}
