//! Requests of cells, and presses that were not counted.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::FromRow;

use super::dialect;
use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, json, millis, millis_of};
use crate::app::ports::{
    Asked, Decision, DoubtRow, NewDoubt, NewHold, NewRequest, RequestReader, RequestRow, RequestTx,
    StoreError, Verdict,
};
use crate::domain::hint::Correction;
use crate::domain::ids::{DocumentId, HoldId, ObligationId, RequestId, TaskId, UnitId};
use crate::domain::obligation::Duty;

/// A row; gathered, its fields come in the order of the columns.
#[derive(FromRow, Deserialize)]
pub(super) struct Row {
    id: i64,
    obligation: i64,
    document: i64,
    cell: String,
    hold: i64,
    until: Option<String>,
    suggested: Option<String>,
    reason: String,
    asked: i64,
    due: Option<i64>,
    verdict: Option<String>,
    given: Option<String>,
    moved: Option<i64>,
    actor: Option<String>,
    why: Option<String>,
    decided: Option<i64>,
}

impl TryFrom<Row> for RequestRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "request", key: row.id };
        let asks = match place.day_of("until", row.until.as_deref())? {
            Some(until) => Asked::MoreTime { until },
            None => Asked::Declined { suggested: row.suggested.map(UnitId) },
        };
        Ok(Self {
            id: RequestId(row.id),
            obligation: ObligationId(row.obligation),
            document: DocumentId(row.document),
            cell: UnitId(row.cell),
            hold: HoldId(row.hold),
            asks,
            reason: row.reason,
            asked: place.instant("asked", row.asked)?,
            due: place.instant_of("due", row.due)?,
            verdict: row.verdict.map(|word| place.word("verdict", &word, Verdict::parse)).transpose()?,
            given: place.day_of("given", row.given.as_deref())?,
            moved: place.instant_of("moved", row.moved)?,
            actor: row.actor,
            why: row.why,
            decided: place.instant_of("decided", row.decided)?,
        })
    }
}

/// The columns of [`Row`], of a request called `r` and its obligation `o`.
macro_rules! columns {
    () => {
        "r.id, r.obligation, o.document, o.cell, r.hold, r.until, r.suggested, r.reason, r.asked, r.due, r.verdict,
         r.given, r.moved, r.actor, r.why, r.decided"
    };
}
pub(super) use columns;

/// Requests with their obligations. `CROSS JOIN` keeps the engine from walking all obligations instead.
macro_rules! requests {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM request r CROSS JOIN obligation o WHERE o.id = r.obligation AND "
        )
    };
}

/// The columns of [`Doubt`].
macro_rules! doubts {
    () => {
        "SELECT d.obligation, o.document, o.cell, d.why, d.answer, d.evidence, d.first, d.last, d.presses
         FROM doubted d CROSS JOIN obligation o WHERE o.id = d.obligation AND "
    };
}

fn read(rows: Vec<Row>) -> Result<Vec<RequestRow>, StoreError> {
    rows.into_iter().map(RequestRow::try_from).collect()
}

#[async_trait]
impl<P: Pool> RequestReader for P {
    async fn request(&self, id: RequestId) -> Result<Option<RequestRow>, StoreError> {
        let row: Option<Row> = query_as(concat!(requests!(), "r.id = $1"))
            .bind(id.0)
            .fetch_optional(&mut self.reader().await?)
            .await?;
        row.map(RequestRow::try_from).transpose()
    }

    async fn request_under(&self, hold: HoldId) -> Result<Option<RequestRow>, StoreError> {
        let row: Option<Row> = query_as(concat!(requests!(), "r.hold = $1 ORDER BY r.id DESC LIMIT 1"))
            .bind(hold.0)
            .fetch_optional(&mut self.reader().await?)
            .await?;
        row.map(RequestRow::try_from).transpose()
    }

    async fn requests(&self, document: DocumentId) -> Result<Vec<RequestRow>, StoreError> {
        let rows: Vec<Row> = query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM revision v CROSS JOIN obligation o CROSS JOIN request r
             WHERE v.document = $1 AND o.revision = v.id AND r.obligation = o.id ORDER BY r.id"
        ))
        .bind(document.0)
        .fetch_all(&mut self.reader().await?)
        .await?;
        read(rows)
    }

    async fn corrections(&self, since: DateTime<Utc>) -> Result<Vec<Correction>, StoreError> {
        let rows: Vec<(i64, String, Option<String>, i64, String)> = query_as(
            "SELECT r.id, o.cell, r.suggested, r.asked, d.content
             FROM request r CROSS JOIN obligation o CROSS JOIN duty d
             WHERE o.id = r.obligation AND d.id = o.duty AND r.kind = 'declined' AND r.asked >= $1 AND r.verdict IS DISTINCT FROM 'refused'
             ORDER BY r.id",
        )
        .bind(millis(since))
        .fetch_all(&mut self.reader().await?)
        .await?;
        let correction = |(id, cell, suggested, asked, duty): (i64, String, Option<String>, i64, String)| {
            let place = Place { table: "request", key: id };
            let duty: Duty = place.json("duty", &duty)?;
            Ok(Correction {
                rules: duty.rules,
                names: duty.rule_names,
                cell: UnitId(cell),
                suggested: suggested.map(UnitId),
                at: place.instant("asked", asked)?,
            })
        };
        rows.into_iter().map(correction).collect()
    }

    async fn untold_requests(&self) -> Result<Vec<RequestRow>, StoreError> {
        let rows: Vec<Row> =
            query_as(concat!(requests!(), "r.verdict IS NULL AND r.told IS NULL ORDER BY r.id"))
                .fetch_all(&mut self.reader().await?)
                .await?;
        read(rows)
    }

    async fn unasked_doubts(&self, before: DateTime<Utc>) -> Result<Vec<DoubtRow>, StoreError> {
        let rows: Vec<Doubt> = query_as(concat!(
            doubts!(),
            "d.ended IS NULL AND d.asked IS NULL AND d.first <= $1 AND o.state IN ('open', 'acknowledged')
             ORDER BY d.first"
        ))
        .bind(millis(before))
        .fetch_all(&mut self.reader().await?)
        .await?;
        rows.into_iter().map(DoubtRow::try_from).collect()
    }

    async fn doubts(&self, document: Option<DocumentId>) -> Result<Vec<DoubtRow>, StoreError> {
        let rows: Vec<Doubt> = query_as(concat!(
            doubts!(),
            "d.ended IS NULL AND o.state IN ('open', 'acknowledged') AND coalesce($1, o.document) = o.document
             ORDER BY d.last DESC, d.obligation"
        ))
        .bind(document.map(|id| id.0))
        .fetch_all(&mut self.reader().await?)
        .await?;
        rows.into_iter().map(DoubtRow::try_from).collect()
    }
}

#[derive(FromRow)]
struct Doubt {
    obligation: i64,
    document: i64,
    cell: String,
    why: String,
    answer: String,
    evidence: String,
    first: i64,
    last: i64,
    presses: i64,
}

impl TryFrom<Doubt> for DoubtRow {
    type Error = StoreError;

    fn try_from(row: Doubt) -> Result<Self, StoreError> {
        let place = Place { table: "doubted", key: row.obligation };
        Ok(Self {
            obligation: ObligationId(row.obligation),
            document: DocumentId(row.document),
            cell: UnitId(row.cell),
            answer: place.json("answer", &row.answer)?,
            first: place.instant("first", row.first)?,
            last: place.instant("last", row.last)?,
            presses: place.number("presses", row.presses)?,
            why: row.why,
            evidence: row.evidence,
        })
    }
}

#[async_trait]
impl RequestTx for SqlTx {
    async fn open_request(&mut self, new: &NewRequest) -> Result<RequestId, StoreError> {
        let (until, suggested) = match &new.asks {
            Asked::MoreTime { until } => (Some(until.to_string()), None),
            Asked::Declined { suggested } => (None, suggested.as_ref().map(UnitId::as_str)),
        };
        let id: i64 = query_scalar(
            "INSERT INTO request (obligation, hold, kind, until, suggested, reason, asked, due)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        )
        .bind(new.obligation.0)
        .bind(new.hold.0)
        .bind(new.asks.as_str())
        .bind(until)
        .bind(suggested)
        .bind(&new.reason)
        .bind(millis(new.at))
        .bind(millis_of(new.due))
        .fetch_one(self.conn())
        .await?;
        Ok(RequestId(id))
    }

    async fn open_requests(&mut self, obligation: ObligationId) -> Result<Vec<RequestRow>, StoreError> {
        let rows: Vec<Row> =
            query_as(concat!(requests!(), "r.obligation = $1 AND r.verdict IS NULL ORDER BY r.id"))
                .bind(obligation.0)
                .fetch_all(self.conn())
                .await?;
        read(rows)
    }

    async fn open_request_under(&mut self, hold: HoldId) -> Result<Option<RequestRow>, StoreError> {
        let row: Option<Row> = query_as(concat!(requests!(), "r.hold = $1 AND r.verdict IS NULL"))
            .bind(hold.0)
            .fetch_optional(self.conn())
            .await?;
        row.map(RequestRow::try_from).transpose()
    }

    async fn open_hold_like(&mut self, hold: &NewHold) -> Result<Option<HoldId>, StoreError> {
        let id: Option<i64> = query_scalar(
            "SELECT id FROM hold WHERE source = $1 AND external_id = $2 AND kind = $3
                AND coalesce(unit, '') = $4 AND coalesce(task, '') = $5 AND closed IS NULL",
        )
        .bind(hold.source.as_str())
        .bind(hold.external_id.as_str())
        .bind(hold.kind.as_str())
        .bind(hold.unit.as_ref().map_or("", UnitId::as_str))
        .bind(hold.task.as_ref().map_or("", TaskId::as_str))
        .fetch_optional(self.conn())
        .await?;
        Ok(id.map(HoldId))
    }

    async fn decide_request(&mut self, id: RequestId, decision: &Decision) -> Result<bool, StoreError> {
        let done = query(
            "UPDATE request SET verdict = $2, given = $3, moved = $4, actor = $5, why = $6, decided = $7
             WHERE id = $1 AND verdict IS NULL",
        )
        .bind(id.0)
        .bind(decision.verdict.as_str())
        .bind(decision.given.map(|day| day.to_string()))
        .bind(millis_of(decision.moved))
        .bind(decision.actor.as_deref())
        .bind(decision.why.as_deref())
        .bind(millis(decision.at))
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn told_request(&mut self, id: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
        query("UPDATE request SET told = $2 WHERE id = $1")
            .bind(id.0)
            .bind(millis(now))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn asked_doubt(&mut self, obligation: ObligationId, now: DateTime<Utc>) -> Result<(), StoreError> {
        query("UPDATE doubted SET asked = $2 WHERE obligation = $1")
            .bind(obligation.0)
            .bind(millis(now))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn note_doubt(&mut self, doubt: &NewDoubt) -> Result<bool, StoreError> {
        let presses: i64 = query_scalar(
            "INSERT INTO doubted (obligation, why, answer, evidence, first, last, presses)
             VALUES ($1, $2, $3, $4, $5, $5, 1)
             ON CONFLICT (obligation) DO UPDATE SET last = excluded.last, presses = doubted.presses + 1
             RETURNING presses",
        )
        .bind(doubt.obligation.0)
        .bind(doubt.why)
        .bind(json(&doubt.answer)?)
        .bind(&doubt.evidence)
        .bind(millis(doubt.at))
        .fetch_one(self.conn())
        .await?;
        Ok(presses == 1)
    }

    async fn end_doubts(&mut self, ends: &[(ObligationId, DateTime<Utc>)]) -> Result<(), StoreError> {
        let ends: Vec<_> = ends.iter().map(|(id, at)| (id, millis(*at))).collect();
        query(dialect::END_DOUBTS).bind(json(&ends)?).execute(self.conn()).await?;
        Ok(())
    }
}
