//! Statuses: said, claimed, settled, listed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, limit, millis};
use super::{Conn, dialect, document, restoration};
use crate::app::ports::{
    ClaimRequest, ClaimedStatus, NewStatus, OriginId, StatusFilter, StatusRow, StatusSettled,
    StatusSettlement, StatusTally, StoreError,
};
use crate::domain::ids::{DocumentId, ExternalId, RevisionId, SourceId, StatusId};
use crate::domain::notice::Delivery;
use crate::domain::status::{Counts, StatusCode};

/// The columns of [`Row`], of a table called `s`.
macro_rules! columns {
    () => {
        "s.id, s.document, s.source, s.external_id, s.code, s.occasion, s.key, s.description, s.author,
         s.reason, s.at, s.delivery, s.send_at, s.tries, s.sent_at, s.reply"
    };
}

#[derive(FromRow)]
struct Row {
    id: i64,
    document: i64,
    source: String,
    external_id: String,
    code: String,
    occasion: String,
    key: String,
    description: String,
    author: Option<String>,
    reason: Option<String>,
    at: i64,
    delivery: String,
    send_at: i64,
    tries: i64,
    sent_at: Option<i64>,
    reply: Option<String>,
}

impl TryFrom<Row> for StatusRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "status", key: row.id };
        Ok(Self {
            id: StatusId(row.id),
            document: DocumentId(row.document),
            origin: OriginId { source: SourceId(row.source), external_id: ExternalId(row.external_id) },
            code: place.word("code", &row.code, StatusCode::parse)?,
            at: place.instant("at", row.at)?,
            delivery: place.word("delivery", &row.delivery, Delivery::parse)?,
            send_at: place.instant("send_at", row.send_at)?,
            tries: place.number("tries", row.tries)?,
            sent_at: place.instant_of("sent_at", row.sent_at)?,
            occasion: row.occasion,
            key: row.key,
            description: row.description,
            author: row.author,
            reason: row.reason,
            reply: row.reply,
        })
    }
}

/// Where a document came from; a message that only revokes or updates it is no origin to be told of.
pub(super) async fn origin_ids(conn: &mut Conn, id: DocumentId) -> Result<Vec<OriginId>, StoreError> {
    let rows: Vec<(String, String)> = query_as(dialect::ORIGIN_IDS).bind(id.0).fetch_all(conn).await?;
    let origin = |(source, id)| OriginId { source: SourceId(source), external_id: ExternalId(id) };
    Ok(rows.into_iter().map(origin).collect())
}

/// How the cells of a document's newest revision stand ([`Counts`] says what counts). A cell has received, or is
/// done, when all it is asked is; rows of nobody any more (withdrawn, excused) and those that owe nothing are left
/// out. Where no more than an acknowledgement is owed, having given it is being done.
pub(super) async fn counts(conn: &mut Conn, id: DocumentId) -> Result<Counts, StoreError> {
    let (asked, received, done): (i64, i64, i64) =
        query_as(dialect::COUNTS).bind(id.0).fetch_one(conn).await?;
    let place = Place { table: "obligation", key: id };
    Ok(Counts {
        asked: place.number("cell", asked)?,
        received: place.number("state", received)?,
        done: place.number("state", done)?,
    })
}

/// Enqueues one; `false` if the same was said before.
pub(super) async fn enqueue(conn: &mut Conn, new: &NewStatus) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO status (document, source, external_id, code, occasion, key, description, author, reason,
            at, delivery, send_at, tries, epoch)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $10, 0, 0) ON CONFLICT DO NOTHING",
    )
    .bind(new.document.0)
    .bind(new.origin.source.as_str())
    .bind(new.origin.external_id.as_str())
    .bind(new.code.digits())
    .bind(&new.occasion)
    .bind(&new.key)
    .bind(&new.description)
    .bind(&new.author)
    .bind(&new.reason)
    .bind(millis(new.at))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Claims the one to be told next, with what telling it needs; none of a register that was put back and is not released.
pub(super) async fn claim(
    conn: &mut Conn,
    request: &ClaimRequest,
    sources: &[SourceId],
) -> Result<Option<ClaimedStatus>, StoreError> {
    if restoration::holds_back(conn).await? {
        return Ok(None);
    }
    let id: Option<i64> = query_scalar(dialect::CLAIM_STATUS)
        .bind(&request.instance)
        .bind(millis(request.now))
        .bind(millis(request.lease_until))
        .bind(json(sources)?)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(id) = id else { return Ok(None) };
    let missing = |column| StoreError::Inconsistent { table: "status", column, key: id.to_string() };
    let status = get(&mut *conn, id).await?.ok_or_else(|| missing("id"))?;
    let (epoch, revision): (i64, i64) = query_as(
        "SELECT s.epoch, (SELECT max(r.id) FROM revision r WHERE r.document = s.document)
         FROM status s WHERE s.id = $1",
    )
    .bind(id)
    .fetch_one(&mut *conn)
    .await?;
    let revision =
        document::revision(conn, RevisionId(revision)).await?.ok_or_else(|| missing("document"))?;
    Ok(Some(ClaimedStatus { status, epoch, revision }))
}

async fn get(conn: &mut Conn, id: i64) -> Result<Option<StatusRow>, StoreError> {
    let row: Option<Row> = query_as(concat!("SELECT ", columns!(), " FROM status s WHERE s.id = $1"))
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.map(StatusRow::try_from).transpose()
}

/// Records an outcome; whether it counted.
pub(super) async fn settle(
    conn: &mut Conn,
    settlement: &StatusSettlement,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (delivery, send_at, sent_at, reply) = match &settlement.settled {
        StatusSettled::Told { receipt } => (Delivery::Sent, None, Some(now), receipt),
        StatusSettled::Retry { at, reason } => (Delivery::Queued, Some(*at), None, reason),
        StatusSettled::Failed { reason } => (Delivery::Failed, None, None, reason),
    };
    let done = query(
        "UPDATE status SET delivery = $3, send_at = coalesce($4, send_at), sent_at = $5, reply = $6,
            lease_until = NULL
         WHERE id = $1 AND epoch = $2 AND delivery = 'sending'",
    )
    .bind(settlement.id.0)
    .bind(settlement.epoch)
    .bind(delivery.as_str())
    .bind(send_at.map(millis))
    .bind(sent_at.map(millis))
    .bind(reply)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Frees every claim. What was on its way may have arrived; it is told again under the same key.
pub(super) async fn recover(conn: &mut Conn) -> Result<(), StoreError> {
    query("UPDATE status SET delivery = 'queued', lease_until = NULL WHERE delivery = 'sending'")
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts a failed or waiting one back, with all its tries before it.
pub(super) async fn requeue(
    conn: &mut Conn,
    id: StatusId,
    now: DateTime<Utc>,
) -> Result<Option<StatusRow>, StoreError> {
    let done = query(
        "UPDATE status SET delivery = 'queued', send_at = $2, tries = 0
         WHERE id = $1 AND delivery IN ('failed', 'queued')",
    )
    .bind(id.0)
    .bind(millis(now))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 { Ok(None) } else { get(conn, id.0).await }
}

/// Those of a document, oldest first.
pub(super) async fn of_document(conn: &mut Conn, id: DocumentId) -> Result<Vec<StatusRow>, StoreError> {
    let rows: Vec<Row> =
        query_as(concat!("SELECT ", columns!(), " FROM status s WHERE s.document = $1 ORDER BY s.id"))
            .bind(id.0)
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(StatusRow::try_from).collect()
}

/// Those that pass a filter, newest first.
pub(super) async fn list(conn: &mut Conn, filter: &StatusFilter) -> Result<Vec<StatusRow>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM status s WHERE ($1 IS NULL OR s.delivery = $1) AND ($2 IS NULL OR s.document = $2)
          ORDER BY s.id DESC LIMIT $3"
    ))
    .bind(filter.delivery.map(Delivery::as_str))
    .bind(filter.document.map(|id| id.0))
    .bind(limit(filter.limit))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(StatusRow::try_from).collect()
}

/// How many stand where, by source.
pub(super) async fn tally(conn: &mut Conn) -> Result<Vec<StatusTally>, StoreError> {
    let rows: Vec<(String, String, i64, i64, i64)> = query_as(
        "SELECT s.source, s.delivery, count(*), min(s.at),
            count(*) FILTER (WHERE s.delivery = 'failed' AND EXISTS (SELECT 1 FROM hold h
                WHERE h.source = s.source AND h.external_id = s.external_id AND h.kind = 'upstream'
                    AND h.closed IS NULL))
         FROM status s GROUP BY s.source, s.delivery ORDER BY s.source, s.delivery",
    )
    .fetch_all(conn)
    .await?;
    let tally = |(source, delivery, count, oldest, undecided): (String, String, i64, i64, i64)| {
        let place = Place { table: "status", key: "count" };
        Ok(StatusTally {
            source: SourceId(source),
            delivery: place.word("delivery", &delivery, Delivery::parse)?,
            count: place.number("count", count)?,
            oldest: place.instant("at", oldest)?,
            undecided: place.number("delivery", undecided)?,
        })
    };
    rows.into_iter().map(tally).collect()
}

/// The earliest instant one may be told: a waiting one's own, or the end of a lease.
pub(super) async fn next(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(
        "SELECT min(coalesce(lease_until, send_at)) FROM status WHERE delivery IN ('queued', 'sending')",
    )
    .fetch_one(conn)
    .await?;
    Place { table: "status", key: "min" }.instant_of("send_at", at)
}
