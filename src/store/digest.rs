//! Digests, appointments and counts over a window.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tally::{reached, telling};
use super::tx::SqlTx;
use super::value::{Place, json, millis};
use super::{Conn, contact, dialect};
use crate::app::ports::{DigestReader, DigestTx, ObligationRow, Round, StoreError, Waiting};
use crate::domain::ids::{DocumentId, NoticeId, ObligationId, UnitId};
use crate::domain::obligation::State;
use crate::domain::tally::{Counted, Window};

#[async_trait]
impl<P: Pool> DigestReader for P {
    async fn round_made(&self, round: Round, day: NaiveDate) -> Result<bool, StoreError> {
        let made: i64 = query_scalar("SELECT count(*) FROM round WHERE name = $1 AND day = $2")
            .bind(round.as_str())
            .bind(day.to_string())
            .fetch_one(&mut self.reader().await?)
            .await?;
        Ok(made > 0)
    }

    async fn open_of(&self, cell: &UnitId) -> Result<Vec<ObligationRow>, StoreError> {
        contact::open_of(&mut self.reader().await?, cell).await
    }

    async fn dated_of(&self, cell: &UnitId, since: DateTime<Utc>) -> Result<Vec<ObligationRow>, StoreError> {
        contact::dated_of(&mut self.reader().await?, cell, since).await
    }

    async fn sequences(&self, ids: &[ObligationId]) -> Result<BTreeMap<ObligationId, u32>, StoreError> {
        sequences(&mut self.reader().await?, ids).await
    }

    async fn feed_generation(&self, cell: &UnitId) -> Result<u32, StoreError> {
        let generation: Option<i64> = query_scalar("SELECT generation FROM feed WHERE cell = $1")
            .bind(cell.as_str())
            .fetch_optional(&mut self.reader().await?)
            .await?;
        Place { table: "feed", key: cell }.number("generation", generation.unwrap_or_default())
    }

    async fn counted(&self, window: Window) -> Result<Vec<Counted>, StoreError> {
        counted(&mut self.reader().await?, window).await
    }
}

#[async_trait]
impl DigestTx for SqlTx {
    async fn begin_round(
        &mut self,
        round: Round,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = query("INSERT INTO round (name, day, made) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(round.as_str())
            .bind(day.to_string())
            .bind(millis(now))
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn open(&mut self) -> Result<Vec<ObligationRow>, StoreError> {
        contact::open(self.conn()).await
    }

    async fn waiting(&mut self, priority: u8) -> Result<Vec<Waiting>, StoreError> {
        let rows: Vec<(i64, String, Option<String>)> = query_as(
            "SELECT id, unit, about FROM notice
             WHERE delivery = 'queued' AND priority > $1
                AND kind IN ('reminder', 'chase', 'digest')
             ORDER BY id",
        )
        .bind(i64::from(priority))
        .fetch_all(self.conn())
        .await?;
        let read = |(id, unit, about): (i64, String, Option<String>)| {
            let place = Place { table: "notice", key: id };
            let about = about.map(|about| place.json("about", &about)).transpose()?.unwrap_or_default();
            Ok(Waiting { notice: NoticeId(id), cell: UnitId(unit), about })
        };
        rows.into_iter().map(read).collect()
    }

    async fn fold(&mut self, notices: &[NoticeId], reason: &str) -> Result<u64, StoreError> {
        let done = query(dialect::FOLD).bind(json(notices)?).bind(reason).execute(self.conn()).await?;
        Ok(done.rows_affected())
    }

    async fn renew_feed(&mut self, cell: &UnitId, now: DateTime<Utc>) -> Result<u32, StoreError> {
        let generation: i64 = query_scalar(
            "INSERT INTO feed (cell, generation, renewed) VALUES ($1, 1, $2)
             ON CONFLICT (cell) DO UPDATE SET generation = feed.generation + 1, renewed = excluded.renewed
             RETURNING generation",
        )
        .bind(cell.as_str())
        .bind(millis(now))
        .fetch_one(self.conn())
        .await?;
        Place { table: "feed", key: cell }.number("generation", generation)
    }
}

async fn sequences(conn: &mut Conn, ids: &[ObligationId]) -> Result<BTreeMap<ObligationId, u32>, StoreError> {
    let rows: Vec<(i64, i64)> = query_as(dialect::SEQUENCES).bind(json(ids)?).fetch_all(conn).await?;
    let read = |(id, sequence): (i64, i64)| {
        let place = Place { table: "obligation", key: id };
        Ok((ObligationId(id), place.number("sequence", sequence)?))
    };
    rows.into_iter().map(read).collect()
}

#[derive(FromRow)]
struct Row {
    id: i64,
    cell: String,
    document: i64,
    state: String,
    opened: i64,
    since: i64,
    heard: Option<i64>,
    acknowledge_due: Option<i64>,
    due: Option<i64>,
    reached: i64,
}

impl TryFrom<Row> for Counted {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "obligation", key: row.id };
        let state = place.word("state", &row.state, State::parse)?;
        let since = place.instant("since", row.since)?;
        let heard = place.instant_of("at", row.heard)?;
        Ok(Self {
            state,
            since,
            // What the source shows, and what staff settled, is heard of without an answer.
            heard: heard.or((state != State::Open).then_some(since)),
            opened: place.instant("opened", row.opened)?,
            acknowledge_due: place.instant_of("acknowledge_due", row.acknowledge_due)?,
            due: place.instant_of("due", row.due)?,
            reached: row.reached != 0,
            document: DocumentId(row.document),
            cell: UnitId(row.cell),
        })
    }
}

/// Says what [`Counted::is_in`] says, so that years of ended rows stay in the engine.
async fn counted(conn: &mut Conn, window: Window) -> Result<Vec<Counted>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT o.id, o.cell, o.document, o.state, o.opened, o.since, o.acknowledge_due, o.due,
            (SELECT min(a.at) FROM answer a WHERE a.obligation = o.id) AS heard, CAST(CASE WHEN ",
        reached!(),
        " THEN 1 ELSE 0 END AS BIGINT) AS reached
        FROM obligation o
        WHERE o.state <> 'withdrawn' AND o.opened < $2
            AND (o.state IN ('open', 'acknowledged') OR o.since >= $1)
            AND o.revision IN (SELECT max(id) FROM revision GROUP BY document)
        ORDER BY o.id"
    ))
    .bind(millis(window.since))
    .bind(millis(window.until))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Counted::try_from).collect()
}
