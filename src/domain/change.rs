//! Change: how two routings of one document differ, task by task and cell by cell. Pure, and quick where nothing differs,
//! because a plan compares every document of months and most of them stay as they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::{TaskId, UnitId};
use super::obligation::{Duty, TaskName};
use super::routing::{Assignment, Outcome};

/// What becomes of a document as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Cells must act.
    Assigned,
    /// A rule says that nobody is to act.
    Nobody,
    /// No rule assigns it: staff decide.
    Unmatched,
}

impl Fate {
    /// The fate that follows from what the rules make of a document.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Assigned { .. } => Self::Assigned,
            Outcome::Nobody { .. } => Self::Nobody,
            Outcome::Unmatched => Self::Unmatched,
        }
    }

    /// Whether a document of this fate waits for staff.
    pub fn waits(self) -> bool {
        self == Self::Unmatched
    }
}

/// What is different for a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// It had nothing to do, and has now.
    Added,
    /// It has nothing to do any more.
    Removed,
    /// Another role.
    Role,
    /// Other things are owed.
    Owes,
    /// Another due instant.
    Due,
    /// Another instant to acknowledge by.
    AcknowledgeDue,
    /// Another grade is demanded.
    Grade,
}

/// What differs between two duties in what a cell has to do. Ladders are not compared: an open obligation
/// keeps the ladder it opened with. Nor are names of rules and the words that explain a due instant.
pub fn differences(before: Option<&Duty>, after: Option<&Duty>) -> Vec<Difference> {
    let (before, after) = match (before, after) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => return vec![Difference::Added],
        (Some(_), None) => return vec![Difference::Removed],
        (Some(before), Some(after)) => (before, after),
    };
    let all = [
        (Difference::Role, before.role != after.role),
        (Difference::Owes, before.owes != after.owes),
        (Difference::Due, before.due != after.due),
        (Difference::AcknowledgeDue, before.acknowledge_due != after.acknowledge_due),
        (Difference::Grade, before.grade != after.grade),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(difference, _)| difference).collect()
}

/// Cells with the same duty before and the same after, both the same task, where the two differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift<'a> {
    /// What they had to do.
    pub before: Option<&'a Duty>,
    /// What they have to do now.
    pub after: Option<&'a Duty>,
    /// What is different; never empty.
    pub differences: Vec<Difference>,
    /// The cells, by code.
    pub cells: Vec<&'a UnitId>,
}

impl Shift<'_> {
    /// The task that differs.
    pub fn task(&self) -> Option<&TaskName> {
        self.after.or(self.before).and_then(|duty| duty.task.as_ref())
    }

    /// Whether nothing but instants differs, and those because they were counted by another calendar.
    pub fn is_of_calendar(&self) -> bool {
        let version = |duty: Option<&Duty>| Some(duty?.due_why.as_ref()?.calendar.clone());
        let instants = [Difference::Due, Difference::AcknowledgeDue];
        let moves = self.differences.contains(&Difference::Due);
        self.differences.iter().all(|what| instants.contains(what))
            && (!moves || version(self.before) != version(self.after))
    }
}

/// The shifts from one outcome to another; empty if no cell notices anything.
pub fn shifts<'a>(before: &'a Outcome, after: &'a Outcome) -> Vec<Shift<'a>> {
    let (before, after) = (assignments(before), assignments(after));
    if same(before, after) {
        return Vec::new();
    }
    let (was, is) = (by_key(before), by_key(after));
    let mut groups: BTreeMap<(Option<usize>, Option<usize>), Vec<&UnitId>> = BTreeMap::new();
    let gone = was.iter().filter(|(key, _)| !is.contains_key(*key));
    for ((_, cell), index) in gone {
        groups.entry((Some(*index), None)).or_default().push(cell);
    }
    for (key, index) in &is {
        groups.entry((was.get(key).copied(), Some(*index))).or_default().push(key.1);
    }
    let duty = |all: &'a [Assignment], index: Option<usize>| Some(&all.get(index?)?.duty);
    let shift = |((old, new), cells)| {
        let (before, after) = (duty(before, old), duty(after, new));
        Shift { before, after, differences: differences(before, after), cells }
    };
    groups.into_iter().map(shift).filter(|shift| !shift.differences.is_empty()).collect()
}

/// The groups of cells of an outcome.
pub fn assignments(outcome: &Outcome) -> &[Assignment] {
    match outcome {
        Outcome::Assigned { assignments } => assignments,
        Outcome::Nobody { .. } | Outcome::Unmatched => &[],
    }
}

/// The quick look: group by group alike.
fn same(before: &[Assignment], after: &[Assignment]) -> bool {
    let alike = |(one, two): (&Assignment, &Assignment)| {
        one.duty.task_id() == two.duty.task_id()
            && one.cells == two.cells
            && differences(Some(&one.duty), Some(&two.duty)).is_empty()
    };
    before.len() == after.len() && before.iter().zip(after).all(alike)
}

/// The group of every cell, for each task that it is asked.
fn by_key(assignments: &[Assignment]) -> BTreeMap<(TaskId, &UnitId), usize> {
    let mut groups = BTreeMap::new();
    for (index, group) in assignments.iter().enumerate() {
        let task = group.duty.task_id();
        groups.extend(group.cells.iter().map(|cell| ((task.clone(), cell), index)));
    }
    groups
}

#[cfg(test)]
mod tests;
