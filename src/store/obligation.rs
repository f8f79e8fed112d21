//! Obligations: opened, changed, found.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, millis, millis_of};
use super::{Conn, dialect};
use crate::app::ports::{NewObligation, StoreError};
use crate::domain::ids::{DocumentId, DutyId, ObligationId, RevisionId, TaskId, UnitId};
use crate::domain::obligation::{Grade, Obligation, State};

/// The columns of [`Row`], of a table called `o`.
macro_rules! columns {
    () => {
        "o.id, o.document, o.revision, o.duty, o.cell, o.task, o.state, o.opened, o.since, o.acknowledge_due, o.due,
         o.grade, o.promised, o.extension_asked, o.step, o.next_action"
    };
}
pub(super) use columns;

/// A row of the table; gathered, its fields come in the order of the columns.
#[derive(FromRow, Deserialize)]
pub(super) struct Row {
    id: i64,
    document: i64,
    revision: i64,
    duty: i64,
    cell: String,
    task: String,
    state: String,
    opened: i64,
    since: i64,
    acknowledge_due: Option<i64>,
    due: Option<i64>,
    grade: Option<String>,
    promised: Option<String>,
    extension_asked: Option<String>,
    step: i64,
    next_action: Option<i64>,
}

impl Row {
    /// Its key.
    pub(super) fn id(&self) -> i64 {
        self.id
    }
}

impl TryFrom<Row> for Obligation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "obligation", key: row.id };
        Ok(Self {
            id: ObligationId(row.id),
            document: DocumentId(row.document),
            revision: RevisionId(row.revision),
            duty: DutyId(row.duty),
            cell: UnitId(row.cell),
            task: TaskId(row.task),
            state: place.word("state", &row.state, State::parse)?,
            opened: place.instant("opened", row.opened)?,
            since: place.instant("since", row.since)?,
            acknowledge_due: place.instant_of("acknowledge_due", row.acknowledge_due)?,
            due: place.instant_of("due", row.due)?,
            grade: row.grade.map(|grade| place.word("grade", &grade, Grade::parse)).transpose()?,
            promised: place.day_of("promised", row.promised.as_deref())?,
            extension_asked: place.day_of("extension_asked", row.extension_asked.as_deref())?,
            step: place.number("step", row.step)?,
            next_action: place.instant_of("next_action", row.next_action)?,
        })
    }
}

/// Opens rows; returns those that were new.
pub(super) async fn open(
    conn: &mut Conn,
    document: DocumentId,
    revision: RevisionId,
    new: &[NewObligation],
    now: DateTime<Utc>,
) -> Result<Vec<(ObligationId, UnitId)>, StoreError> {
    let source: Vec<_> = new
        .iter()
        .map(|row| {
            let dues = (millis_of(row.acknowledge_due), millis_of(row.due));
            (row.duty, &row.cell, &row.task, dues.0, dues.1, millis_of(row.next_action))
        })
        .collect();
    let opened: Vec<(i64, String)> = query_as(dialect::OPEN_OBLIGATIONS)
        .bind(document.0)
        .bind(revision.0)
        .bind(millis(now))
        .bind(json(&source)?)
        .fetch_all(conn)
        .await?;
    Ok(opened.into_iter().map(|(id, cell)| (ObligationId(id), UnitId(cell))).collect())
}

/// Stores the new form of rows; a row that does not exist is an error, not a silence.
pub(super) async fn save(conn: &mut Conn, rows: &[Obligation]) -> Result<(), StoreError> {
    let source: Vec<_> = rows
        .iter()
        .map(|row| {
            let dues = (millis_of(row.acknowledge_due), millis_of(row.due));
            let learnt = (row.grade.map(Grade::as_str), row.promised, row.extension_asked);
            let next = millis_of(row.next_action);
            let state = row.state.as_str();
            (row.id, state, millis(row.since), dues.0, dues.1, learnt.0, learnt.1, learnt.2, row.step, next)
        })
        .collect();
    let saved = query(dialect::SAVE_OBLIGATIONS).bind(json(&source)?).execute(conn).await?.rows_affected();
    if saved == rows.len() as u64 {
        return Ok(());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id.to_string()).collect();
    Err(StoreError::Inconsistent { table: "obligation", column: "id", key: ids.join(" ") })
}

/// Stores the new form of rows together with their duty and opening.
pub(super) async fn reassign(conn: &mut Conn, rows: &[Obligation]) -> Result<(), StoreError> {
    save(&mut *conn, rows).await?;
    let source: Vec<_> = rows.iter().map(|row| (row.id, row.duty, millis(row.opened))).collect();
    query(dialect::REASSIGN).bind(json(&source)?).execute(conn).await?;
    Ok(())
}

/// One row, to be changed.
pub(super) async fn find(conn: &mut Conn, id: ObligationId) -> Result<Option<Obligation>, StoreError> {
    let row: Option<Row> = query_as(concat!("SELECT ", columns!(), " FROM obligation o WHERE o.id = $1"))
        .bind(id.0)
        .fetch_optional(conn)
        .await?;
    row.map(Obligation::try_from).transpose()
}

/// The rows of a cell under a revision, oldest first.
pub(super) async fn asked_of(
    conn: &mut Conn,
    revision: RevisionId,
    cell: &UnitId,
) -> Result<Vec<Obligation>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM obligation o WHERE o.revision = $1 AND o.cell = $2 ORDER BY o.id"
    ))
    .bind(revision.0)
    .bind(cell.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Obligation::try_from).collect()
}

/// Live rows of a document under revisions other than `except`.
pub(super) async fn live(
    conn: &mut Conn,
    document: DocumentId,
    except: Option<RevisionId>,
) -> Result<Vec<Obligation>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM revision r JOIN obligation o ON o.revision = r.id
          WHERE r.document = $1 AND r.id IS DISTINCT FROM $2 AND o.state IN ('open', 'acknowledged')
          ORDER BY o.id"
    ))
    .bind(document.0)
    .bind(except.map(|id| id.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Obligation::try_from).collect()
}

/// Cells with a live row. Walks the table, which midnight and a reload can afford; an index would cost
/// every directive.
pub(super) async fn live_cells(conn: &mut Conn) -> Result<Vec<UnitId>, StoreError> {
    let cells: Vec<String> = query_scalar(
        "SELECT DISTINCT cell FROM obligation WHERE state IN ('open', 'acknowledged') ORDER BY cell",
    )
    .fetch_all(conn)
    .await?;
    Ok(cells.into_iter().map(UnitId).collect())
}

/// Live rows of a cell.
pub(super) async fn live_of(conn: &mut Conn, cell: &UnitId) -> Result<Vec<Obligation>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM obligation o WHERE o.cell = $1 AND o.state IN ('open', 'acknowledged') ORDER BY o.id"
    ))
    .bind(cell.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Obligation::try_from).collect()
}

/// The row of a cell for a task under a revision.
pub(super) async fn of_cell(
    conn: &mut Conn,
    revision: RevisionId,
    task: &TaskId,
    cell: &UnitId,
) -> Result<Option<Obligation>, StoreError> {
    let row: Option<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM obligation o WHERE o.revision = $1 AND o.cell = $2 AND o.task = $3"
    ))
    .bind(revision.0)
    .bind(cell.as_str())
    .bind(task.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(Obligation::try_from).transpose()
}
