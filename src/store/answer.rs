//! Answers of cells, kept as evidence whatever they did to the obligation.

use sqlx::FromRow;

use super::Conn;
use super::sql::{query, query_as};
use super::value::{Place, json, millis};
use crate::app::ports::{AnswerRecord, StoreError};
use crate::domain::ids::{ObligationId, RevisionId};
use crate::domain::obligation::Grade;

/// Appends an answer.
pub(super) async fn record(conn: &mut Conn, answer: &AnswerRecord) -> Result<(), StoreError> {
    query(
        "INSERT INTO answer (obligation, revision, content, grade, channel, actor, reason, evidence, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(answer.obligation.0)
    .bind(answer.revision.0)
    .bind(json(&answer.answer)?)
    .bind(answer.grade.as_str())
    .bind(&answer.channel)
    .bind(answer.actor.as_deref())
    .bind(answer.reason.as_deref())
    .bind(answer.evidence.as_deref())
    .bind(millis(answer.at))
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
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
    let rows: Vec<Row> = query_as(
        "SELECT id, obligation, revision, content, grade, channel, actor, reason, evidence, at
         FROM answer WHERE obligation = $1 ORDER BY id",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(AnswerRecord::try_from).collect()
}
