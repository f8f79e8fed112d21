//! Answers of cells, kept as evidence whatever they did to the obligation.

use serde::Deserialize;
use sqlx::FromRow;

use super::sql::{query, query_as};
use super::value::{Place, json, millis};
use super::{Conn, dialect};
use crate::app::ports::{AnswerRecord, StoreError};
use crate::domain::ids::{ObligationId, RevisionId};
use crate::domain::obligation::Grade;

/// Appends answers, in order.
pub(super) async fn record(conn: &mut Conn, answers: &[AnswerRecord]) -> Result<(), StoreError> {
    let rows = answers.iter().map(|answer| {
        let said = (json(&answer.answer)?, answer.grade.as_str(), &answer.channel);
        let by = (&answer.actor, &answer.reason, &answer.evidence);
        let of = (answer.obligation, answer.revision);
        Ok((of.0, of.1, said.0, said.1, said.2, by.0, by.1, by.2, millis(answer.at)))
    });
    let rows: Vec<_> = rows.collect::<Result<_, StoreError>>()?;
    query(dialect::RECORD_ANSWERS).bind(json(&rows)?).execute(conn).await?;
    Ok(())
}

/// The columns of [`Row`], of an answer called `a`.
macro_rules! columns {
    () => {
        "a.id, a.obligation, a.revision, a.content, a.grade, a.channel, a.actor, a.reason, a.evidence, a.at"
    };
}
pub(super) use columns;

/// A row; gathered, its fields come in the order of the columns.
#[derive(FromRow, Deserialize)]
pub(super) struct Row {
    id: i64,
    obligation: i64,
    revision: i64,
    content: String,
    grade: String,
    channel: String,
    actor: Option<String>,
    reason: Option<String>,
    evidence: Option<String>,
    at: i64,
}

impl TryFrom<Row> for AnswerRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "answer", key: row.id };
        Ok(Self {
            obligation: ObligationId(row.obligation),
            revision: RevisionId(row.revision),
            answer: place.json("content", &row.content)?,
            grade: place.word("grade", &row.grade, Grade::parse)?,
            at: place.instant("at", row.at)?,
            channel: row.channel,
            actor: row.actor,
            reason: row.reason,
            evidence: row.evidence,
        })
    }
}

/// The answers to an obligation, oldest first.
pub(super) async fn list(conn: &mut Conn, id: ObligationId) -> Result<Vec<AnswerRecord>, StoreError> {
    let of_row = concat!("SELECT ", columns!(), " FROM answer a WHERE a.obligation = $1 ORDER BY a.id");
    let rows: Vec<Row> = query_as(of_row).bind(id.0).fetch_all(conn).await?;
    rows.into_iter().map(AnswerRecord::try_from).collect()
}
