//! Deliveries that wait for their original or for a person's word.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, millis};
use crate::app::ports::{Pending, StoreError, Why};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ExternalId, SourceId};
use crate::domain::operation::Key;

#[derive(FromRow)]
struct Row {
    id: i64,
    organ: String,
    key: Option<String>,
    document: Option<i64>,
    content: String,
    raw: Vec<u8>,
    arrived: i64,
}

impl TryFrom<Row> for Pending {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "waiting", key: row.id };
        let organ = row.organ;
        Ok(Self {
            why: row.key.map_or(Why::Person, |id| Why::Original(Key { organ, id })),
            document: row.document.map(DocumentId),
            content: place.json("content", &row.content)?,
            raw: row.raw,
            arrived: place.instant("arrived", row.arrived)?,
        })
    }
}

/// Keeps a delivery; `false` if the same waits already.
pub(super) async fn wait(conn: &mut Conn, pending: &Pending) -> Result<bool, StoreError> {
    let key = key(pending);
    let done = query(
        "INSERT INTO waiting (source, external_id, organ, key, document, content, raw, arrived)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(pending.content.source.as_str())
    .bind(pending.content.external_id.as_str())
    .bind(key.map_or("", |key| key.organ.as_str()))
    .bind(key.map(|key| key.id.as_str()))
    .bind(pending.document.map(|id| id.0))
    .bind(json(&pending.content)?)
    .bind(&pending.raw)
    .bind(millis(pending.arrived))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The operations that wait for the document of a key.
pub(super) async fn waiting_for(conn: &mut Conn, key: &Key) -> Result<Vec<Pending>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT id, organ, key, document, content, raw, arrived FROM waiting
         WHERE organ = $1 AND key = $2 AND ended IS NULL ORDER BY id",
    )
    .bind(&key.organ)
    .bind(&key.id)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Pending::try_from).collect()
}

/// What waits of a delivery of a source, oldest first.
pub(super) async fn kept(
    conn: &mut Conn,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<Vec<Pending>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT id, organ, key, document, content, raw, arrived FROM waiting
         WHERE source = $1 AND external_id = $2 AND ended IS NULL ORDER BY id",
    )
    .bind(source.as_str())
    .bind(external_id.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Pending::try_from).collect()
}

/// Whether a person has decided about this very delivery, which waited.
pub(super) async fn decided(conn: &mut Conn, content: &Document) -> Result<bool, StoreError> {
    let count: i64 = query_scalar(
        "SELECT count(*) FROM waiting w
         WHERE w.source = $1 AND w.external_id = $2 AND w.content = $3 AND w.ended IS NOT NULL
            AND (SELECT h.decided FROM hold h WHERE h.source = $1 AND h.external_id = $2
                    AND h.kind IN ('ambiguous', 'operation')
                 ORDER BY h.id DESC LIMIT 1) IS NOT NULL",
    )
    .bind(content.source.as_str())
    .bind(content.external_id.as_str())
    .bind(json(content)?)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// Ends the waiting of a delivery for one document, or for a person's word; how much else of the same
/// delivery still waits.
pub(super) async fn end(conn: &mut Conn, pending: &Pending, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let (source, external_id) = (&pending.content.source, &pending.content.external_id);
    query(
        "UPDATE waiting SET ended = $4
         WHERE source = $1 AND external_id = $2 AND coalesce(key, '') = $3 AND ended IS NULL",
    )
    .bind(source.as_str())
    .bind(external_id.as_str())
    .bind(key(pending).map_or("", |key| key.id.as_str()))
    .bind(millis(now))
    .execute(&mut *conn)
    .await?;
    let left: i64 =
        query_scalar("SELECT count(*) FROM waiting WHERE source = $1 AND external_id = $2 AND ended IS NULL")
            .bind(source.as_str())
            .bind(external_id.as_str())
            .fetch_one(conn)
            .await?;
    Place { table: "waiting", key: external_id }.number("ended", left)
}

fn key(pending: &Pending) -> Option<&Key> {
    match &pending.why {
        Why::Original(key) => Some(key),
        Why::Person => None,
    }
}
