//! The sheet of a cell, in one statement: whoever opens a link waits for one hop to the engine and not for eight, and sees
//! one instant.

use serde::Deserialize;
use sqlx::FromRow;

use super::dialect::ids;
use super::sql::{Words, array, gathered, query_as, query_gathered};
use super::value::{Place, json};
use super::{Conn, answer, contact, obligation, request};
use crate::app::ports::{Sheet, StoreError};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::operation::Standing;

/// The first row of the cell of the row `$1` under its revision; the rest is gathered.
#[derive(FromRow)]
struct Row {
    document: i64,
    revision: i64,
    number: i64,
    content: String,
    standing: String,
    edits: Option<String>,
    sent: Option<i64>,
    tasks: String,
    answers: String,
    requests: String,
}

/// A row with the content of its duty.
#[derive(Deserialize)]
struct Task {
    row: obligation::Row,
    duty: String,
}

impl TryFrom<Task> for (Obligation, Duty) {
    type Error = StoreError;

    fn try_from(task: Task) -> Result<Self, StoreError> {
        let row = Obligation::try_from(task.row)?;
        let duty = Place { table: "duty", key: row.duty }.json("content", &task.duty)?;
        Ok((row, duty))
    }
}

/// The columns of [`Task`].
macro_rules! task {
    ($engine:ident) => {
        array!($engine, array!($engine, obligation::columns!()), ", u.content")
    };
}

macro_rules! sheet {
    ($engine:ident) => {
        concat!(
            "SELECT d.id AS document, r.id AS revision, r.number, r.content, d.standing,
                (SELECT x.content FROM difference x WHERE x.revision = r.id) AS edits,
                (SELECT ",
            contact::last_sent!(),
            " AND o.id = (SELECT min(f.id) FROM obligation f
                    WHERE f.revision = own.revision AND f.cell = own.cell)) AS sent,
                (SELECT ",
            gathered!($engine, task!($engine), "o.id"),
            " FROM obligation o JOIN duty u ON u.id = o.duty
                WHERE o.revision = own.revision AND o.cell = own.cell) AS tasks,
                (SELECT ",
            gathered!($engine, array!($engine, answer::columns!()), "a.id"),
            " FROM obligation o CROSS JOIN answer a
                WHERE o.revision = own.revision AND o.cell = own.cell AND a.obligation = o.id) AS answers,
                (SELECT ",
            gathered!($engine, array!($engine, request::columns!()), "r.id"),
            " FROM obligation o CROSS JOIN request r
                WHERE o.revision = own.revision AND o.cell = own.cell AND r.obligation = o.id) AS requests
             FROM obligation own JOIN revision r ON r.id = own.revision JOIN document d ON d.id = r.document
             WHERE own.id = $1"
        )
    };
}

const SHEET: Words = Words { sqlite: sheet!(sqlite), postgres: sheet!(postgres) };

macro_rules! answerable {
    ($engine:ident) => {
        concat!(
            "SELECT ",
            gathered!($engine, task!($engine), "o.id"),
            " FROM obligation o JOIN duty u ON u.id = o.duty WHERE o.id IN ",
            ids!($engine, "$1")
        )
    };
}

const ANSWERABLE: Words = Words { sqlite: answerable!(sqlite), postgres: answerable!(postgres) };

/// Rows with their duties.
pub(super) async fn answerable(
    conn: &mut Conn,
    ids: &[ObligationId],
) -> Result<Vec<(Obligation, Duty)>, StoreError> {
    let tasks: Vec<Task> = query_gathered(ANSWERABLE).bind(json(ids)?).fetch_all(conn).await?;
    tasks.into_iter().map(TryInto::try_into).collect()
}

/// The sheet of the cell of a row.
pub(super) async fn get(conn: &mut Conn, id: ObligationId) -> Result<Option<Sheet>, StoreError> {
    let row: Option<Row> = query_as(SHEET).bind(id.0).fetch_optional(conn).await?;
    row.map(|row| read(&row, id)).transpose()
}

fn read(row: &Row, id: ObligationId) -> Result<Sheet, StoreError> {
    let (of_document, of_revision) =
        (Place { table: "document", key: row.document }, Place { table: "revision", key: row.revision });
    let place = Place { table: "obligation", key: id };
    let tasks: Vec<Task> = place.json("duty", &row.tasks)?;
    let answers: Vec<answer::Row> = place.json("answer", &row.answers)?;
    let requests: Vec<request::Row> = place.json("request", &row.requests)?;
    let edits = row.edits.as_deref();
    Ok(Sheet {
        rows: tasks.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        answers: answers.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        requests: requests.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        sent: Place { table: "notice", key: id }.instant_of("sent_at", row.sent)?,
        number: of_revision.number("number", row.number)?,
        document: of_revision.json("content", &row.content)?,
        standing: of_document.word("standing", &row.standing, Standing::parse)?,
        edits: edits
            .map(|edits| Place { table: "difference", key: row.revision }.json("content", edits))
            .transpose()?,
    })
}
