//! Group: everything that one cell is asked under one revision. A link leads to a group, whichever of its
//! rows it was signed for, because a plan is one mail and one page.

use super::AnswerError;
use crate::app::ports::{Store, StoreError};
use crate::domain::ids::{DocumentId, ObligationId, RevisionId, UnitId};
use crate::domain::obligation::{Obligation, State};

/// At least one row of one cell and one revision, oldest first.
pub(super) struct Group {
    head: Obligation,
    rest: Vec<Obligation>,
}

impl Group {
    /// The rows a link leads to. One that was withdrawn because the document changed leads on to what the
    /// same cell is asked under the newest revision, so that an old mail answers for what is asked now
    /// (T42).
    pub(super) async fn follow(store: &dyn Store, id: ObligationId) -> Result<Self, AnswerError> {
        let row = store.obligation(id).await?.ok_or(AnswerError::Unknown)?.obligation;
        if row.state == State::Withdrawn
            && let Some(newest) = Self::newest(store, row.document, &row.cell).await?
        {
            return Ok(newest);
        }
        Ok(Self::of(store, row.revision, &row.cell).await?.unwrap_or(Self { head: row, rest: Vec::new() }))
    }

    async fn newest(
        store: &dyn Store,
        document: DocumentId,
        cell: &UnitId,
    ) -> Result<Option<Self>, StoreError> {
        let rows = store.obligations(document, false).await?.into_iter().map(|row| row.obligation);
        Ok(Self::new(rows.filter(|row| row.cell == *cell)))
    }

    async fn of(store: &dyn Store, revision: RevisionId, cell: &UnitId) -> Result<Option<Self>, StoreError> {
        let rows = store.asked_of(revision, cell).await?;
        Ok(Self::new(rows.into_iter()))
    }

    fn new(mut rows: impl Iterator<Item = Obligation>) -> Option<Self> {
        Some(Self { head: rows.next()?, rest: rows.collect() })
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
