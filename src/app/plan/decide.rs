//! From what differs to what is done about it: pure, from the difference and the rows of the register.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::app::enqueue;
use crate::app::office::Office;
use crate::app::ports::ObligationRow;
use crate::domain::change::{Difference, Fate, Shift, differences};
use crate::domain::deadline::Basis;
use crate::domain::ids::{DutyId, RevisionId, TaskId, UnitId};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Duty, State};
use crate::domain::plan::{Act, Asked, Group, HoldAct, Kept, Part, short_hash};

/// Obligations by task and cell.
pub(super) type Rows<'a> = BTreeMap<(TaskId, &'a UnitId), &'a ObligationRow>;

/// The obligations of one revision, by task and cell. Of a task that comes again the period that is live
/// stands for it, else the newest.
pub(super) fn by_key(rows: &[ObligationRow]) -> Rows<'_> {
    let mut keyed = Rows::new();
    for row in rows {
        let slot = keyed.entry((row.obligation.task.base(), &row.obligation.cell)).or_insert(row);
        let rank = |row: &ObligationRow| (row.obligation.state.is_live(), row.obligation.id);
        if rank(row) > rank(slot) {
            *slot = row;
        }
    }
    keyed
}

/// One document as the register has it.
pub(super) struct Standing<'a> {
    /// What it was in fact routed to.
    pub routed: Fate,
    /// Whether it waits for staff.
    pub held: bool,
    /// Its obligations.
    pub rows: Rows<'a>,
    /// Their duties.
    pub duties: &'a BTreeMap<DutyId, Duty>,
}

/// What the acts of a plan lead to.
pub(super) struct Aim<'a> {
    /// The office as it will be.
    pub office: &'a Office,
    /// The instant the plan is drawn.
    pub now: DateTime<Utc>,
    /// The instant the document was registered.
    pub registered: DateTime<Utc>,
}

impl Standing<'_> {
    /// Why nothing may be done about the document at all.
    pub(super) fn kept(&self) -> Option<Kept> {
        let mut rows = self.rows.values().map(|row| row.obligation.state);
        if self.held || rows.any(State::is_live) {
            None
        } else if self.routed.waits() {
            Some(Kept::DealtWith)
        } else if self.rows.is_empty() || self.routed == Fate::Nobody && self.all_withdrawn() {
            None
        } else {
            Some(Kept::Settled)
        }
    }

    fn all_withdrawn(&self) -> bool {
        self.rows.values().all(|row| row.obligation.state == State::Withdrawn)
    }

    /// The hold of a document that comes to have no cells, or has cells at last.
    pub(super) fn hold(&self, is: Fate, groups: &[Group]) -> Option<HoldAct> {
        let parts = || groups.iter().flat_map(|group| &group.cells);
        let opens = || parts().any(|part| matches!(part.act, Act::Open | Act::Reopen { .. }));
        match is {
            Fate::Unmatched => (!self.held).then_some(HoldAct::Open),
            Fate::Nobody => self.held.then_some(HoldAct::Close),
            Fate::Assigned => (self.held && opens()).then_some(HoldAct::Close),
        }
    }
}

/// Fingerprint of what the acts on `groups` rest on: the revision, and the rows of the cells that are acted
/// on. A cell that acknowledges in between changes nothing of what was shown.
pub(super) fn mark(revision: RevisionId, rows: &Rows<'_>, groups: &[Group]) -> String {
    let mut marked = Vec::new();
    for group in groups {
        let task = group.task_id();
        let acting = group.cells.iter().filter(|part| !matches!(part.act, Act::Keep { .. }));
        let row = |part: &Part| rows.get(&(task.clone(), &part.cell)).map(|row| seen(row));
        marked.extend(acting.map(|part| (task.0.clone(), &part.cell, row(part))));
    }
    short_hash(format!("{revision} {marked:?}").as_bytes())
}

/// What of a row an act depends on.
fn seen(row: &ObligationRow) -> String {
    let it = &row.obligation;
    let state = if it.state.is_live() { "live" } else { it.state.as_str() };
    format!("{} {state} {} {:?} {:?} {}", it.id, it.duty, it.acknowledge_due, it.due, was_told(row))
}

/// Whether the cell knows of its obligation; one that was never told needs no mail about a change.
fn was_told(row: &ObligationRow) -> bool {
    row.contact.is_reached()
}

/// The group of a shift, with what is done for each of its cells.
pub(super) fn group(shift: &Shift<'_>, standing: &Standing<'_>, kept: Option<Kept>, aim: &Aim<'_>) -> Group {
    let after = shift.after.map(|duty| renewed(duty, aim));
    let task = shift.task().map_or_else(TaskId::only, |task| task.id.clone());
    let part = |cell: &&UnitId| {
        let row = standing.rows.get(&(task.clone(), *cell)).copied();
        let act = match kept {
            Some(kept) => Act::Keep { kept },
            None => act(cell, (row, standing), after.as_ref(), aim),
        };
        Part { cell: (*cell).clone(), mails: mails(cell, act, row, aim), act, instead: None }
    };
    Group {
        task: shift.task().cloned(),
        differences: shift.differences.clone(),
        before: shift.before.map(Asked::from),
        cells: shift.cells.iter().map(part).collect(),
        after,
    }
}

/// One mail to a cell is enough, however many of its tasks change: the first of its parts that is told of
/// bears it. It tells of a change where the parts differ, or where a cell that is rid of one task still has
/// another; that a document is withdrawn hears only who is rid of all of it.
pub(super) fn once(groups: &mut [Group], rows: &Rows<'_>) {
    let mut kinds: BTreeMap<UnitId, BTreeSet<NoticeKind>> = BTreeMap::new();
    let mut withdrawn = BTreeSet::new();
    for part in groups.iter().flat_map(|group| &group.cells) {
        let kind = part.act.mail().filter(|_| !part.mails.is_empty());
        kinds.entry(part.cell.clone()).or_default().extend(kind);
        if let Act::Withdraw { obligation } = part.act {
            withdrawn.insert(obligation);
        }
    }
    let stay = rows.values().map(|row| &row.obligation);
    let stay = stay.filter(|row| row.state.is_live() && !withdrawn.contains(&row.id));
    let stay: BTreeSet<_> = stay.map(|row| &row.cell).collect();
    let mut told = BTreeSet::new();
    for part in groups.iter_mut().flat_map(|group| &mut group.cells) {
        part.mails.retain(|address| told.insert((part.cell.clone(), address.clone())));
        let several = kinds.get(&part.cell).is_some_and(|kinds| kinds.len() > 1);
        let keeps_some = part.act.mail() == Some(NoticeKind::Withdrawal) && stay.contains(&part.cell);
        if !part.mails.is_empty() && (several || keeps_some) {
            part.instead = Some(NoticeKind::Change).filter(|kind| part.act.mail() != Some(*kind));
        }
    }
}

/// The duty with its time to acknowledge counted from today: nobody can acknowledge in the past.
fn renewed(duty: &Duty, aim: &Aim<'_>) -> Duty {
    let calendar = &aim.office.calendar;
    let acknowledge_due = duty.acknowledge_due.map(|due| {
        let days = calendar.working_days_between(calendar.date_of(aim.registered), calendar.due_day(due));
        calendar.end_of_day(calendar.add_working_days(calendar.date_of(aim.now), days.max(0)))
    });
    Duty { acknowledge_due, ..duty.clone() }
}

fn act(
    cell: &UnitId,
    (row, standing): (Option<&ObligationRow>, &Standing<'_>),
    after: Option<&Duty>,
    aim: &Aim<'_>,
) -> Act {
    let row = row.map(|row| &row.obligation);
    let keep = |kept| Act::Keep { kept };
    match (after, row) {
        (None, None) => keep(Kept::Already),
        (None, Some(row)) if row.state.is_live() => Act::Withdraw { obligation: row.id },
        (None, Some(row)) => keep(Kept::Answered(row.state)),
        (Some(duty), _) if duty.due.is_some_and(|due| due <= aim.now) => keep(Kept::Past),
        (Some(_), None) if !exists(cell, aim) => keep(Kept::Gone),
        (Some(_), None) => Act::Open,
        (Some(_), Some(row)) if row.state == State::Withdrawn => Act::Reopen { obligation: row.id },
        (Some(_), Some(row)) if !row.state.is_live() => keep(Kept::Answered(row.state)),
        (Some(_), Some(row)) if is_entered(standing.duties.get(&row.duty)) => keep(Kept::Entered),
        (Some(duty), Some(row)) if already(standing.duties.get(&row.duty), duty) => keep(Kept::Already),
        (Some(_), Some(row)) => Act::Change { obligation: row.id },
    }
}

/// Whether a person entered the due day.
fn is_entered(duty: Option<&Duty>) -> bool {
    let why = duty.and_then(|duty| duty.due_why.as_ref());
    why.is_some_and(|why| why.basis == Some(Basis::Person))
}

fn exists(cell: &UnitId, aim: &Aim<'_>) -> bool {
    let today = aim.office.calendar.date_of(aim.now);
    aim.office.units.get(cell).is_some_and(|unit| unit.valid.covers(today))
}

/// Whether a live obligation already asks this. Its instant to acknowledge by is not compared: it was
/// counted from the day it opened.
fn already(now: Option<&Duty>, then: &Duty) -> bool {
    let differs = differences(now, Some(then));
    differs.iter().all(|difference| *difference == Difference::AcknowledgeDue)
}

fn mails(cell: &UnitId, act: Act, row: Option<&ObligationRow>, aim: &Aim<'_>) -> Vec<String> {
    let told = || row.is_some_and(was_told);
    let writes = match act {
        Act::Open | Act::Reopen { .. } => true,
        Act::Change { .. } | Act::Withdraw { .. } => told(),
        Act::Keep { .. } => false,
    };
    if writes { enqueue::addresses(cell, aim.office, aim.now) } else { Vec::new() }
}
