//! Steps that were taken, and rows that rest.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::dialect::ids;
use super::sql::{Words, query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, json, millis, millis_of};
use super::{Conn, dialect};
use crate::app::ports::{LadderTx, NewNotice, Stepped, StoreError, Table, Told};
use crate::domain::ids::{DocumentId, ObligationId, RespiteId, RevisionId, UnitId};
use crate::domain::ladder::{Recipient, StepKind};
use crate::domain::notice::{Delivery, told_at};
use crate::domain::obligation::{Instants, Respite, RespiteKind};

/// Rows of [`RespiteRow`] that have not ended.
macro_rules! respite {
    () => {
        "SELECT id, obligation, kind, author, reason, since, until, floor, acknowledge_before, due_before,
            acknowledge_after, due_after, ended
         FROM respite WHERE ended IS NULL"
    };
}

#[derive(FromRow)]
struct StepRow {
    obligation: i64,
    at: i64,
    step: i64,
    kind: String,
    recipient: String,
    unit: String,
}

impl TryFrom<StepRow> for Stepped {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let place = Place { table: "stepped", key: row.obligation };
        Ok(Self {
            obligation: ObligationId(row.obligation),
            at: place.instant("at", row.at)?,
            step: place.number("step", row.step)?,
            kind: place.word("kind", &row.kind, StepKind::parse)?,
            recipient: place.word("recipient", &row.recipient, Recipient::parse)?,
            unit: UnitId(row.unit),
        })
    }
}

#[derive(FromRow)]
struct RespiteRow {
    id: i64,
    obligation: i64,
    kind: String,
    author: String,
    reason: String,
    since: i64,
    until: i64,
    floor: Option<i64>,
    acknowledge_before: Option<i64>,
    due_before: Option<i64>,
    acknowledge_after: Option<i64>,
    due_after: Option<i64>,
    ended: Option<i64>,
}

impl TryFrom<RespiteRow> for Respite {
    type Error = StoreError;

    fn try_from(row: RespiteRow) -> Result<Self, StoreError> {
        let place = Place { table: "respite", key: row.id };
        Ok(Self {
            id: RespiteId(row.id),
            obligation: ObligationId(row.obligation),
            kind: place.word("kind", &row.kind, RespiteKind::parse)?,
            author: row.author,
            reason: row.reason,
            since: place.instant("since", row.since)?,
            until: place.instant("until", row.until)?,
            floor: place.instant_of("floor", row.floor)?,
            before: Instants {
                acknowledge: place.instant_of("acknowledge_before", row.acknowledge_before)?,
                due: place.instant_of("due_before", row.due_before)?,
            },
            after: Instants {
                acknowledge: place.instant_of("acknowledge_after", row.acknowledge_after)?,
                due: place.instant_of("due_after", row.due_after)?,
            },
            ended: place.instant_of("ended", row.ended)?,
        })
    }
}

/// The steps that were taken for the rows of the JSON array `$1`.
macro_rules! stepped {
    ($ids:expr) => {
        concat!(
            "SELECT obligation, at, step, kind, recipient, unit FROM stepped WHERE obligation IN ",
            $ids,
            " ORDER BY at, obligation, step"
        )
    };
}

const STEPPED: Words =
    Words { sqlite: stepped!(ids!(sqlite, "$1")), postgres: stepped!(ids!(postgres, "$1")) };

/// The steps that were taken for rows, oldest first.
pub(super) async fn stepped(conn: &mut Conn, rows: &[ObligationId]) -> Result<Vec<Stepped>, StoreError> {
    let rows: Vec<StepRow> = query_as(STEPPED).bind(json(rows)?).fetch_all(conn).await?;
    rows.into_iter().map(Stepped::try_from).collect()
}

/// What unit `$1` above was to be told of after `$2` and up to `$3`, by the newest revision of each document.
pub(super) const TOLD_ABOVE: &str =
    "SELECT DISTINCT (SELECT max(r.id) FROM revision r WHERE r.document = o.document) AS revision, s.kind
     FROM stepped s JOIN obligation o ON o.id = s.obligation
     WHERE s.unit = $1 AND s.at > $2 AND s.at <= $3 AND s.recipient <> 'cell' ORDER BY revision";

/// The mails to unit `$1` about documents whose steps were told to it from `$2` on.
pub(super) const TABLES: &str = "SELECT n.step, n.revision, n.mailbox, n.delivery FROM notice n
     WHERE n.unit = $1 AND n.kind = 'escalation' AND n.revision IN
        (SELECT r.id FROM stepped s JOIN obligation o ON o.id = s.obligation JOIN revision r ON r.document = o.document
         WHERE s.unit = $1 AND s.at >= $2 AND s.recipient <> 'cell')
     ORDER BY n.step, n.id";

macro_rules! resting {
    ($ids:expr) => {
        concat!(respite!(), " AND obligation IN ", $ids, " ORDER BY obligation")
    };
}

/// The rows of the JSON array `$1` that rest.
pub(super) const RESTING: Words =
    Words { sqlite: resting!(ids!(sqlite, "$1")), postgres: resting!(ids!(postgres, "$1")) };

/// What a unit above was to be told of between two instants, by the newest revision of each document.
pub(super) async fn told_above(
    conn: &mut Conn,
    unit: &UnitId,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Told>, StoreError> {
    let rows: Vec<(i64, String)> = query_as(TOLD_ABOVE)
        .bind(unit.as_str())
        .bind(millis(after))
        .bind(millis(until))
        .fetch_all(conn)
        .await?;
    let mut all: Vec<Told> = Vec::new();
    for (revision, kind) in rows {
        let place = Place { table: "stepped", key: revision };
        let (revision, kind) = (RevisionId(revision), place.word("kind", &kind, StepKind::parse)?);
        match all.last_mut().filter(|told| told.revision == revision) {
            Some(told) => told.kind = told.kind.max(kind),
            None => all.push(Told { revision, kind }),
        }
    }
    Ok(all)
}

/// The mails to a unit above whose steps were taken from an instant on, oldest first.
pub(super) async fn tables(
    conn: &mut Conn,
    unit: &UnitId,
    since: DateTime<Utc>,
) -> Result<Vec<Table>, StoreError> {
    let rows: Vec<(String, i64, String, String)> =
        query_as(TABLES).bind(unit.as_str()).bind(millis(since)).fetch_all(conn).await?;
    let mut tables = Vec::with_capacity(rows.len());
    for (step, revision, mailbox, delivery) in rows {
        let place = Place { table: "notice", key: revision };
        let delivery = place.word("delivery", &delivery, Delivery::parse)?;
        // Those of older registers name a day; they have long left.
        let Some(at) = told_at(&step).filter(|at| *at >= since) else { continue };
        tables.push(Table { at, revision: RevisionId(revision), mailbox, delivery });
    }
    Ok(tables)
}

/// The rows of these that rest; of none, all that do.
pub(super) async fn resting(conn: &mut Conn, rows: &[ObligationId]) -> Result<Vec<Respite>, StoreError> {
    let found: Vec<RespiteRow> = match rows.is_empty() {
        true => query_as(concat!(respite!(), " ORDER BY obligation")).fetch_all(conn).await?,
        false => query_as(RESTING).bind(json(rows)?).fetch_all(conn).await?,
    };
    found.into_iter().map(Respite::try_from).collect()
}

#[async_trait]
impl LadderTx for SqlTx {
    async fn record_steps(&mut self, steps: &[Stepped]) -> Result<(), StoreError> {
        let row = |step: &Stepped| {
            let words = (step.kind.as_str(), step.recipient.as_str());
            (step.obligation, millis(step.at), step.step, words.0, words.1, step.unit.as_str().to_owned())
        };
        let rows: Vec<_> = steps.iter().map(row).collect();
        query(dialect::RECORD_STEPS).bind(json(&rows)?).execute(self.conn()).await?;
        Ok(())
    }

    async fn overtake(
        &mut self,
        document: DocumentId,
        newer: &[NewNotice],
        reason: &str,
    ) -> Result<u64, StoreError> {
        let row = |notice: &NewNotice| {
            let NewNotice { key, about, .. } = notice;
            let rows: Vec<_> = about.iter().map(|(obligation, _)| obligation.0).collect();
            (key.unit.clone(), key.mailbox.clone(), key.kind.as_str(), key.step.clone(), rows)
        };
        let rows: Vec<_> = newer.iter().filter(|notice| !notice.about.is_empty()).map(row).collect();
        if rows.is_empty() {
            return Ok(0);
        }
        let statement = query(dialect::OVERTAKE).bind(document.0).bind(json(&rows)?).bind(reason);
        Ok(statement.execute(self.conn()).await?.rows_affected())
    }

    async fn rest(&mut self, respite: &Respite) -> Result<Option<RespiteId>, StoreError> {
        let id: Option<i64> = query_scalar(
            "INSERT INTO respite (obligation, kind, author, reason, since, until, floor, acknowledge_before,
                due_before, acknowledge_after, due_after)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (obligation) WHERE ended IS NULL DO NOTHING RETURNING id",
        )
        .bind(respite.obligation.0)
        .bind(respite.kind.as_str())
        .bind(&respite.author)
        .bind(&respite.reason)
        .bind(millis(respite.since))
        .bind(millis(respite.until))
        .bind(millis_of(respite.floor))
        .bind(millis_of(respite.before.acknowledge))
        .bind(millis_of(respite.before.due))
        .bind(millis_of(respite.after.acknowledge))
        .bind(millis_of(respite.after.due))
        .fetch_optional(self.conn())
        .await?;
        Ok(id.map(RespiteId))
    }

    async fn resting(&mut self, rows: &[ObligationId]) -> Result<Vec<Respite>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        resting(self.conn(), rows).await
    }

    async fn rouse(&mut self, id: RespiteId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let ended = query("UPDATE respite SET ended = $2 WHERE id = $1 AND ended IS NULL")
            .bind(id.0)
            .bind(millis(now))
            .execute(self.conn())
            .await?;
        Ok(ended.rows_affected() == 1)
    }
}
