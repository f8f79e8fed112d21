//! Holds: what waits for a human.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::Conn;
use super::value::{Place, millis};
use crate::app::ports::{HoldKind, HoldRow, NewHold, StoreError, mentioned};
use crate::domain::ids::{DocumentId, ExternalId, FileId, HoldId, SourceId, TaskId, UnitId};

/// Opens a hold; `None` if the same is already open (unique index `hold_open`).
pub(super) async fn open(
    conn: &mut Conn,
    hold: &NewHold,
    now: DateTime<Utc>,
) -> Result<Option<HoldId>, StoreError> {
    let id: Option<i64> = query_scalar(
        "INSERT INTO hold (kind, source, external_id, document, unit, task, reason, raw, opened)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(hold.kind.as_str())
    .bind(hold.source.as_str())
    .bind(hold.external_id.as_str())
    .bind(hold.document.map(|id| id.0))
    .bind(hold.unit.as_ref().map(UnitId::as_str))
    .bind(hold.task.as_ref().map(TaskId::as_str))
    .bind(&hold.reason)
    .bind(hold.raw.as_deref())
    .bind(millis(now))
    .fetch_optional(conn)
    .await?;
    Ok(id.map(HoldId))
}

/// Closes the open holds of a kind about a document of a source.
pub(super) async fn close(
    conn: &mut Conn,
    kind: HoldKind,
    source: &SourceId,
    external_id: &ExternalId,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = query(
        "UPDATE hold SET closed = $4
         WHERE kind = $1 AND source = $2 AND external_id = $3 AND closed IS NULL",
    )
    .bind(kind.as_str())
    .bind(source.as_str())
    .bind(external_id.as_str())
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The files that what is kept of open holds mentions.
pub(super) async fn files(conn: &mut Conn) -> Result<BTreeSet<FileId>, StoreError> {
    let mut files = BTreeSet::new();
    let mut rows =
        query_scalar::<_, Vec<u8>>("SELECT raw FROM hold WHERE closed IS NULL AND raw IS NOT NULL")
            .fetch(conn);
    while let Some(raw) = rows.try_next().await? {
        files.extend(mentioned(&raw));
    }
    Ok(files)
}

/// Closes one hold; `false` if it is not open.
pub(super) async fn release(conn: &mut Conn, id: HoldId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = query("UPDATE hold SET closed = $2 WHERE id = $1 AND closed IS NULL")
        .bind(id.0)
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    source: String,
    external_id: String,
    document: Option<i64>,
    unit: Option<String>,
    reason: String,
    opened: i64,
    closed: Option<i64>,
}

impl TryFrom<Row> for HoldRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "hold", key: row.id };
        Ok(Self {
            id: HoldId(row.id),
            kind: place.word("kind", &row.kind, HoldKind::parse)?,
            opened: place.instant("opened", row.opened)?,
            closed: place.instant_of("closed", row.closed)?,
            source: SourceId(row.source),
            external_id: ExternalId(row.external_id),
            document: row.document.map(DocumentId),
            unit: row.unit.map(UnitId),
            reason: row.reason,
        })
    }
}

/// Holds, open ones first, newest first.
pub(super) async fn list(conn: &mut Conn, only_open: bool) -> Result<Vec<HoldRow>, StoreError> {
    let sql = if only_open {
        "SELECT id, kind, source, external_id, document, unit, reason, opened, closed
         FROM hold WHERE closed IS NULL ORDER BY id DESC"
    } else {
        "SELECT id, kind, source, external_id, document, unit, reason, opened, closed
         FROM hold ORDER BY closed IS NOT NULL, id DESC"
    };
    let rows: Vec<Row> = query_as(sql).fetch_all(conn).await?;
    rows.into_iter().map(HoldRow::try_from).collect()
}
