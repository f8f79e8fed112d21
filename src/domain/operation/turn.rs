//! Turn: what a new content of a document means for each row of its cells. A change that matters asks
//! anew; any other leaves state, acknowledgement and ladder as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{Edit, Field, Weight};
use crate::domain::change::{Difference, assignments, shifts};
use crate::domain::ids::{ObligationId, TaskId, UnitId};
use crate::domain::obligation::{Duty, Obligation, State};
use crate::domain::routing::{Assignment, Outcome};

/// What becomes of the rows of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turn {
    /// Rows that go on as they are.
    pub kept: Vec<ObligationId>,
    /// Rows that go on under another duty: a change that only informs.
    pub given: Vec<(ObligationId, Duty)>,
    /// Live rows that end: the cell is asked no more, or is asked anew.
    pub withdrawn: Vec<ObligationId>,
    /// What is asked now: of new cells, and anew.
    pub opened: Vec<Assignment>,
    /// Whether all is asked anew, so that time counts from now.
    pub anew: bool,
}

/// What the rules make of the contents.
#[derive(Debug, Clone, Copy)]
pub struct Routes<'a> {
    /// Of the old one, as of the instant its dues count from.
    pub before: &'a Outcome,
    /// Of the new one, as of the same instant: what differs, the content made differ.
    pub after: &'a Outcome,
    /// Of the new one, as of now: what a cell is asked that is asked from now on.
    pub now: &'a Outcome,
}

/// Turns the rows of a document to its new content.
pub fn turn(rows: &[Obligation], edits: &[Edit], routes: Routes<'_>, material: &BTreeSet<Field>) -> Turn {
    let unrouted = assignments(routes.before).is_empty() && assignments(routes.now).is_empty();
    let weighs = |edit: &Edit| edit.field != Field::Due && edit.weight(material) == Weight::Material;
    if unrouted {
        // What staff assigned by hand is not the rules' to take back.
        Turn { kept: going(rows).map(|row| row.id).collect(), ..Turn::default() }
    } else if edits.iter().any(weighs) {
        anew(rows, routes)
    } else {
        by_cell(rows, routes, material)
    }
}

fn going(rows: &[Obligation]) -> impl Iterator<Item = &Obligation> {
    rows.iter().filter(|row| row.state != State::Withdrawn)
}

fn anew(rows: &[Obligation], routes: Routes<'_>) -> Turn {
    let live = rows.iter().filter(|row| row.state.is_live());
    Turn {
        withdrawn: live.map(|row| row.id).collect(),
        opened: assignments(routes.now).to_vec(),
        anew: true,
        ..Turn::default()
    }
}

/// What differs for a cell, and its duty now.
type Shifted<'a> = BTreeMap<(TaskId, &'a UnitId), (&'a [Difference], Option<&'a Duty>)>;

fn by_cell(rows: &[Obligation], routes: Routes<'_>, material: &BTreeSet<Field>) -> Turn {
    let all = shifts(routes.before, routes.after);
    let mut shifted: Shifted<'_> = BTreeMap::new();
    for shift in &all {
        let task = shift.task().map_or_else(TaskId::only, |task| task.id.clone());
        let what = (shift.differences.as_slice(), shift.after);
        shifted.extend(shift.cells.iter().map(|cell| ((task.clone(), *cell), what)));
    }
    let (mut turn, mut asked) = (Turn::default(), BTreeSet::new());
    for row in going(rows) {
        let ends = |base: TaskId| matches!(shifted.get(&(base, &row.cell)), Some((_, None)));
        if row.task.base() != row.task && row.state.is_live() && ends(row.task.base()) {
            turn.withdrawn.push(row.id);
            continue;
        }
        match shifted.remove(&(row.task.clone(), &row.cell)) {
            None => turn.kept.push(row.id),
            Some((_, None)) if row.state.is_live() => turn.withdrawn.push(row.id),
            Some((differences, Some(_))) if asks_anew(row, differences, material) => {
                asked.insert((row.task.clone(), row.cell.clone()));
                turn.withdrawn.extend(row.state.is_live().then_some(row.id));
            }
            Some((_, Some(duty))) if row.state.is_live() => turn.given.push((row.id, duty.clone())),
            Some(_) => turn.kept.push(row.id),
        }
    }
    let added = shifted.iter().filter(|(_, (differences, _))| differences.contains(&Difference::Added));
    asked.extend(added.map(|((task, cell), _)| (task.clone(), (*cell).clone())));
    turn.opened = only(routes, &asked);
    turn
}

/// A closed row is asked anew only where something else is asked; that the day moved is past it.
fn asks_anew(row: &Obligation, differences: &[Difference], material: &BTreeSet<Field>) -> bool {
    let field = |difference: &Difference| match difference {
        Difference::Due | Difference::AcknowledgeDue => Field::Due,
        _ => Field::Asks,
    };
    let counts = |field| row.state.is_live() || field == Field::Asks;
    differences.iter().map(field).any(|field| material.contains(&field) && counts(field))
}

/// What the cells in `asked` are asked from now on; where the rules would no longer ask it today, as of
/// the instant that counts for the document.
fn only(routes: Routes<'_>, asked: &BTreeSet<(TaskId, UnitId)>) -> Vec<Assignment> {
    let mut left = asked.clone();
    let mut opened = Vec::new();
    for assignment in assignments(routes.now).iter().chain(assignments(routes.after)) {
        let task = assignment.duty.task_id();
        let mine = assignment.cells.iter().filter(|cell| left.remove(&(task.clone(), (*cell).clone())));
        let cells: Vec<_> = mine.cloned().collect();
        if !cells.is_empty() {
            opened.push(Assignment { duty: assignment.duty.clone(), cells: cells.into() });
        }
    }
    opened
}
