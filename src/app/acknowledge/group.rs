//! Group: everything that one cell is asked under one revision. A link leads to a group, whichever of its
//! rows it was signed for, because a plan is one mail and one page.

use crate::app::ports::Sheet;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Duty, Grade, Obligation};

/// A sheet with at least one row.
#[derive(Debug, Clone)]
pub(super) struct Group {
    head: (Obligation, Duty),
    rest: Vec<(Obligation, Duty)>,
    /// All else that is known.
    pub(super) sheet: Sheet,
}

impl Group {
    /// The group of a sheet; none of an empty one.
    pub(super) fn of(mut sheet: Sheet) -> Option<Self> {
        let mut rows = std::mem::take(&mut sheet.rows).into_iter();
        Some(Self { head: rows.next()?, rest: rows.collect(), sheet })
    }

    /// The row that stands for all: what the page's note, the digits and the tries are bound to.
    pub(super) fn head(&self) -> &Obligation {
        &self.head.0
    }

    /// Every row with its duty, oldest first.
    pub(super) fn tasks(&self) -> impl Iterator<Item = &(Obligation, Duty)> {
        std::iter::once(&self.head).chain(&self.rest)
    }

    /// Every row, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Obligation> {
        self.tasks().map(|(row, _)| row)
    }

    /// The rows an answer is about: the one that is named, else all that still owe, else all. None if the
    /// one that is named is of another group.
    pub(super) fn meant(&self, task: Option<ObligationId>) -> Vec<&Obligation> {
        if let Some(task) = task {
            return self.rows().filter(|row| row.id == task).collect();
        }
        let live: Vec<_> = self.rows().filter(|row| row.state.is_live()).collect();
        if live.is_empty() { self.rows().collect() } else { live }
    }

    /// The strictest grade that the duties of some of its rows accept at least.
    pub(super) fn demanded(&self, meant: &[&Obligation]) -> Grade {
        let of = |(row, duty): &(Obligation, Duty)| {
            meant.iter().any(|meant| meant.id == row.id).then_some(duty.grade)
        };
        self.tasks().filter_map(of).max().unwrap_or(Grade::Upstream)
    }
}
