//! Group: everything that one cell is asked under one revision. A link leads to a group, whichever of its
//! rows it was signed for, because a plan is one mail and one page.

use crate::app::ports::{Store, StoreError};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Obligation;

/// At least one row of one cell and one revision, oldest first.
pub(super) struct Group {
    head: Obligation,
    rest: Vec<Obligation>,
}

impl Group {
    /// All that is asked of the cell of a row under its revision.
    pub(super) async fn of(store: &dyn Store, row: Obligation) -> Result<Self, StoreError> {
        Ok(Self::among(store.asked_of(row.revision, &row.cell).await?, row))
    }

    /// The rows of one cell and one revision, one of which is known, oldest first.
    pub(super) fn among(rows: Vec<Obligation>, known: Obligation) -> Self {
        let mut rows = rows.into_iter();
        match rows.next() {
            Some(head) => Self { head, rest: rows.collect() },
            None => Self { head: known, rest: Vec::new() },
        }
    }

    /// The row that stands for all: what the page's note, the digits and the tries are bound to.
    pub(super) fn head(&self) -> &Obligation {
        &self.head
    }

    /// Every row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Obligation> {
        std::iter::once(&self.head).chain(&self.rest)
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
}
