//! Polling: how far each source was read, how it goes, and which of its rows are known.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, millis, millis_of, signed};
use super::{Conn, dialect};
use crate::app::ports::{Again, Cursor, PollState, ReadMark, StoreError, TRIES};
use crate::domain::ids::{ExternalId, SourceId};

#[derive(FromRow)]
struct Row {
    source: String,
    watermark: Option<i64>,
    started: Option<i64>,
    good: Option<i64>,
    failing_since: Option<i64>,
    error: Option<String>,
    failures: i64,
    not_before: Option<i64>,
    credentials: Option<String>,
    rows_seen: i64,
    newest: Option<i64>,
    watch: Option<String>,
}

impl TryFrom<Row> for PollState {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "poll", key: &row.source };
        Ok(Self {
            cursor: Cursor { watermark: place.instant_of("watermark", row.watermark)? },
            started: place.instant_of("started", row.started)?,
            good: place.instant_of("good", row.good)?,
            failing_since: place.instant_of("failing_since", row.failing_since)?,
            failures: place.number("failures", row.failures)?,
            not_before: place.instant_of("not_before", row.not_before)?,
            credentials: row.credentials,
            rows_seen: place.number("rows_seen", row.rows_seen)?,
            newest: place.instant_of("newest", row.newest)?,
            watch: row
                .watch
                .as_deref()
                .map(|text| place.json("watch", text))
                .transpose()?
                .unwrap_or_default(),
            error: row.error,
            source: row.source,
        })
    }
}

/// How polling goes, by source.
pub(super) async fn list(conn: &mut Conn) -> Result<Vec<PollState>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT source, watermark, started, good, failing_since, error, failures, not_before, credentials,
            rows_seen, newest, watch
         FROM poll ORDER BY source",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(PollState::try_from).collect()
}

/// Records how polling a source goes.
pub(super) async fn save(conn: &mut Conn, state: &PollState) -> Result<(), StoreError> {
    query(
        "INSERT INTO poll
            (source, watermark, started, good, failing_since, error, failures, not_before, rows_seen, newest,
             credentials, watch)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (source) DO UPDATE SET watermark = excluded.watermark, started = excluded.started,
            good = excluded.good, failing_since = excluded.failing_since, error = excluded.error,
            failures = excluded.failures, not_before = excluded.not_before,
            rows_seen = excluded.rows_seen, newest = excluded.newest, credentials = excluded.credentials,
            watch = excluded.watch",
    )
    .bind(&state.source)
    .bind(millis_of(state.cursor.watermark))
    .bind(millis_of(state.started))
    .bind(millis_of(state.good))
    .bind(millis_of(state.failing_since))
    .bind(state.error.as_deref())
    .bind(i64::from(state.failures))
    .bind(millis_of(state.not_before))
    .bind(signed(state.rows_seen))
    .bind(millis_of(state.newest))
    .bind(state.credentials.as_deref())
    .bind(json(&state.watch)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Which rows of a list must be read, in the list's order.
pub(super) async fn unread(
    conn: &mut Conn,
    source: &SourceId,
    rows: &[(ExternalId, String, Option<DateTime<Utc>>)],
    again: Again,
) -> Result<Vec<ExternalId>, StoreError> {
    let listed: Vec<_> =
        rows.iter().map(|(id, fingerprint, received)| (id, fingerprint, millis_of(*received))).collect();
    let ids: Vec<String> = query_scalar(dialect::UNREAD)
        .bind(source.as_str())
        .bind(json(&listed)?)
        .bind(millis_of(again.received_from))
        .bind(millis(again.read_before))
        .bind(i64::from(TRIES))
        .bind(i64::from(again.poison))
        .bind(millis(again.walk))
        .bind(i64::from(again.kept))
        .fetch_all(conn)
        .await?;
    Ok(ids.into_iter().map(ExternalId).collect())
}

/// Of `rows` those that were kept.
pub(super) async fn kept(
    conn: &mut Conn,
    source: &SourceId,
    rows: &[&ExternalId],
) -> Result<Vec<ExternalId>, StoreError> {
    let ids: Vec<String> =
        query_scalar(dialect::KEPT).bind(source.as_str()).bind(json(&rows)?).fetch_all(conn).await?;
    Ok(ids.into_iter().map(ExternalId).collect())
}

/// Records what became of reading rows.
pub(super) async fn mark_read(
    conn: &mut Conn,
    source: &SourceId,
    marks: &[ReadMark],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |mark: &ReadMark| (mark.external_id.clone(), mark.fingerprint.clone(), i64::from(mark.broken));
    let rows: Vec<_> = marks.iter().map(row).collect();
    query(dialect::MARK_READ)
        .bind(source.as_str())
        .bind(millis(now))
        .bind(json(&rows)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets a row that was given up be tried once more at the next poll.
pub(super) async fn try_again(
    conn: &mut Conn,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<(), StoreError> {
    query("UPDATE reading SET tries = $3 WHERE source = $1 AND external_id = $2 AND tries > $3")
        .bind(source.as_str())
        .bind(external_id.as_str())
        .bind(i64::from(TRIES.saturating_sub(1)))
        .execute(conn)
        .await?;
    Ok(())
}
