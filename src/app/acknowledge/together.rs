//! Together: presses that arrive while an earlier one is being made durable share the next commit. One is recorded as
//! before, in its own transaction, when nobody else presses; on a Monday morning a commit costs dozens of them one wait
//! for the disk.
//!
//! Whoever gets the turn records for all that wait, and each is told only after the commit. Whoever had the turn and is
//! given up (its client is gone) takes nobody down: its transaction is undone, and the others wait for the next turn.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::AnswerError;
use super::record::{Recorded, Statement, enter_all, record};
use crate::app::ports::Store;
use crate::domain::calendar::Calendar;
use crate::domain::status::Voices;

/// Statements committed together at most.
const MOST: usize = 64;

/// What came of a statement, or why nothing was recorded.
type Told = Result<Recorded, AnswerError>;

/// Statements that wait for a commit.
#[derive(Debug, Default)]
pub(super) struct Together {
    waiting: Mutex<VecDeque<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    statement: Statement,
    told: oneshot::Sender<Told>,
}

impl Together {
    /// Records a statement, with others that wait where there are any; what it returns is durable.
    ///
    /// # Errors
    /// As [`record`]; nothing was recorded then.
    pub(super) async fn record(
        &self,
        store: &dyn Store,
        desk: (&Calendar, &Voices),
        statement: Statement,
    ) -> Told {
        let mut told = self.queue(statement.clone());
        loop {
            tokio::select! {
                biased;
                ended = &mut told => match ended {
                    Ok(recorded) => return recorded,
                    Err(_) => told = self.queue(statement.clone()),
                },
                turn = self.turn.lock() => {
                    self.serve(store, desk).await;
                    drop(turn);
                }
            }
        }
    }

    fn queue(&self, statement: Statement) -> oneshot::Receiver<Told> {
        let (told, ended) = oneshot::channel();
        self.waiting().push_back(Waiting { statement, told });
        ended
    }

    /// Records what waits. Where one of several fails, each is tried by itself.
    async fn serve(&self, store: &dyn Store, desk: (&Calendar, &Voices)) {
        let taken = self.take();
        let statements: Vec<_> = taken.iter().map(|waiting| &waiting.statement).collect();
        let recorded = match statements.as_slice() {
            [] => return,
            [one] => vec![record(store, desk, one).await],
            several => match all(store, desk, several).await {
                Ok(recorded) => recorded.into_iter().map(Ok).collect(),
                Err(_) => each(store, desk, several).await,
            },
        };
        for (waiting, recorded) in taken.into_iter().zip(recorded) {
            // Its client is gone; what is recorded stays.
            waiting.told.send(recorded).ok();
        }
    }

    /// The oldest that waits, and those that may share its commit: all are judged by what stood before it, so no row is in
    /// it twice. Whoever gave up waiting is left out, or a press would be recorded hours later, with the next one.
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        waiting.retain(|waiting| !waiting.told.is_closed());
        let Some(first) = waiting.pop_front() else { return Vec::new() };
        let mut taken = vec![first];
        for next in std::mem::take(&mut *waiting) {
            let rows = &next.statement.obligations;
            let mut known = taken.iter().flat_map(|taken| &taken.statement.obligations);
            let joins = taken.len() < MOST && !known.any(|id| rows.contains(id));
            if joins { taken.push(next) } else { waiting.push_back(next) }
        }
        taken
    }

    /// A poisoned lock holds whole values all the same.
    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records several in one transaction.
async fn all(
    store: &dyn Store,
    desk: (&Calendar, &Voices),
    statements: &[&Statement],
) -> Result<Vec<Recorded>, AnswerError> {
    let mut tx = store.begin().await?;
    let (recorded, writes) = enter_all(tx.as_mut(), store, desk, statements).await?;
    if writes {
        tx.commit().await?;
    }
    Ok(recorded)
}

/// Records several, each in a transaction of its own.
async fn each(store: &dyn Store, desk: (&Calendar, &Voices), statements: &[&Statement]) -> Vec<Told> {
    let mut recorded = Vec::with_capacity(statements.len());
    for statement in statements {
        recorded.push(record(store, desk, statement).await);
    }
    recorded
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::domain::ids::ObligationId;
    use crate::domain::obligation::{Answer, Grade};

    fn statement(rows: &[i64], answer: Answer) -> Statement {
        Statement {
            obligations: rows.iter().copied().map(ObligationId).collect(),
            answer,
            grade: Grade::Clicked,
            channel: "link",
            actor: None,
            reason: None,
            evidence: None,
            now: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    /// The rows of each commit, for statements that wait in this order.
    fn commits(statements: Vec<Statement>) -> Vec<Vec<Vec<i64>>> {
        let together = Together::default();
        let waits: Vec<_> = statements.into_iter().map(|statement| together.queue(statement)).collect();
        let mut commits = Vec::new();
        loop {
            let taken = together.take();
            if taken.is_empty() {
                drop(waits);
                return commits;
            }
            let rows = |waiting: &Waiting| waiting.statement.obligations.iter().map(|id| id.0).collect();
            commits.push(taken.iter().map(rows).collect());
        }
    }

    #[test]
    fn a_row_is_once_in_a_commit_and_order_is_kept() {
        let received = |rows: &[i64]| statement(rows, Answer::Received { promised: None });
        let waiting = vec![received(&[1]), received(&[2, 3]), received(&[1]), received(&[3]), received(&[4])];
        assert_eq!(commits(waiting), [vec![vec![1], vec![2, 3], vec![4]], vec![vec![1], vec![3]]]);
    }

    #[test]
    fn whoever_gave_up_waiting_is_left_out() {
        let together = Together::default();
        drop(together.queue(statement(&[1], Answer::Received { promised: None })));
        assert!(together.take().is_empty());
        let waits = together.queue(statement(&[2], Answer::Received { promised: None }));
        assert_eq!(together.take().len(), 1);
        drop(waits);
    }

    #[test]
    fn a_commit_has_a_most() {
        let received = |row: i64| statement(&[row], Answer::Received { promised: None });
        let commits = commits((0..100).map(received).collect());
        assert_eq!(commits.iter().map(Vec::len).collect::<Vec<_>>(), [MOST, 100 - MOST]);
    }
}
