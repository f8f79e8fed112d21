//! Holds: what waits for a human, and what is kept until somebody has said.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, millis};
use super::{Conn, dialect, waiting};
use crate::app::ports::{Act, HoldKind, HoldRow, HoldTx, Matter, NewHold, Pending, StoreError, mentioned};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ExternalId, FileId, HoldId, SourceId, TaskId, UnitId};
use crate::domain::operation::Key;

/// Opens a hold; `None` if the same is already open (unique index `hold_open`).
async fn open(conn: &mut Conn, hold: &NewHold, now: DateTime<Utc>) -> Result<Option<HoldId>, StoreError> {
    let id: Option<i64> = query_scalar(dialect::OPEN_HOLD)
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
async fn close(
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
    let mut rows = query_as::<(Vec<u8>,)>("SELECT raw FROM hold WHERE closed IS NULL AND raw IS NOT NULL")
        .fetch(conn)?;
    while let Some((raw,)) = rows.try_next().await? {
        files.extend(mentioned(&raw));
    }
    Ok(files)
}

/// Closes one hold, by a person's decision or by itself; `false` if it is not open.
async fn release(
    conn: &mut Conn,
    id: HoldId,
    decided: Option<Act>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = query("UPDATE hold SET closed = $2, decided = $3 WHERE id = $1 AND closed IS NULL")
        .bind(id.0)
        .bind(millis(now))
        .bind(decided.map(Act::as_str))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The bytes that a hold keeps of a document that could not be read.
pub(super) async fn raw(conn: &mut Conn, id: HoldId) -> Result<Option<Vec<u8>>, StoreError> {
    let raw: Option<Option<Vec<u8>>> =
        query_scalar("SELECT raw FROM hold WHERE id = $1").bind(id.0).fetch_optional(conn).await?;
    Ok(raw.flatten())
}

/// Whether the last hold of a kind about a document of a source was dismissed.
async fn dismissed(
    conn: &mut Conn,
    kind: HoldKind,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<bool, StoreError> {
    let decided: Option<Option<String>> = query_scalar(
        "SELECT decided FROM hold WHERE source = $1 AND external_id = $2 AND kind = $3
         ORDER BY id DESC LIMIT 1",
    )
    .bind(source.as_str())
    .bind(external_id.as_str())
    .bind(kind.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(decided.flatten().as_deref() == Some(Act::Dismiss.as_str()))
}

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    source: String,
    external_id: String,
    document: Option<i64>,
    symbol: Option<String>,
    unit: Option<String>,
    reason: String,
    opened: i64,
    closed: Option<i64>,
    decided: Option<String>,
    matter: String,
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
            decided: row.decided.map(|word| place.word("decided", &word, Act::parse)).transpose()?,
            matter: place.word("matter", &row.matter, Matter::parse)?,
            source: SourceId(row.source),
            external_id: ExternalId(row.external_id),
            document: row.document.map(DocumentId),
            symbol: row.symbol.filter(|symbol| !symbol.is_empty()),
            unit: row.unit.map(UnitId),
            reason: row.reason,
        })
    }
}

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "SELECT h.id, h.kind, h.source, h.external_id, h.document, h.unit, h.reason, h.opened, h.closed, h.decided,
            (SELECT r.symbol FROM revision r WHERE r.document = h.document ORDER BY r.number DESC LIMIT 1) AS symbol,
            CASE
                WHEN h.kind IN ('ambiguous', 'operation') AND EXISTS (SELECT 1 FROM waiting w
                    WHERE w.source = h.source AND w.external_id = h.external_id AND w.ended IS NULL) THEN 'kept'
                WHEN h.kind = 'upstream' AND EXISTS (SELECT 1 FROM status s
                    WHERE s.source = h.source AND s.external_id = h.external_id AND s.delivery = 'failed')
                    THEN 'refused'
                WHEN h.kind = 'upstream' AND h.document IS NULL AND EXISTS (SELECT 1 FROM heard m
                    WHERE m.source = h.source AND m.external_id = h.external_id) THEN 'heard'
                ELSE 'nothing'
            END AS matter
         FROM hold h "
    };
}

/// Holds, open ones first, newest first.
pub(super) async fn list(conn: &mut Conn, only_open: bool) -> Result<Vec<HoldRow>, StoreError> {
    let sql = if only_open {
        concat!(columns!(), "WHERE h.closed IS NULL ORDER BY h.id DESC")
    } else {
        concat!(columns!(), "ORDER BY h.closed IS NOT NULL, h.id DESC")
    };
    let rows: Vec<Row> = query_as(sql).fetch_all(conn).await?;
    rows.into_iter().map(HoldRow::try_from).collect()
}

/// One hold, open or closed.
pub(super) async fn get(conn: &mut Conn, id: HoldId) -> Result<Option<HoldRow>, StoreError> {
    let row: Option<Row> =
        query_as(concat!(columns!(), "WHERE h.id = $1")).bind(id.0).fetch_optional(conn).await?;
    row.map(HoldRow::try_from).transpose()
}

/// The open hold of a kind about a document of a source.
async fn open_of(
    conn: &mut Conn,
    kind: HoldKind,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<Option<HoldId>, StoreError> {
    let id: Option<i64> = query_scalar(
        "SELECT id FROM hold WHERE kind = $1 AND source = $2 AND external_id = $3 AND closed IS NULL",
    )
    .bind(kind.as_str())
    .bind(source.as_str())
    .bind(external_id.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(id.map(HoldId))
}

#[async_trait]
impl HoldTx for SqlTx {
    async fn open_hold(&mut self, hold: &NewHold, now: DateTime<Utc>) -> Result<Option<HoldId>, StoreError> {
        open(self.conn(), hold, now).await
    }

    async fn close_holds(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        close(self.conn(), kind, source, external_id, now).await
    }

    async fn hold(&mut self, id: HoldId) -> Result<Option<HoldRow>, StoreError> {
        get(self.conn(), id).await
    }

    async fn open_hold_of(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Option<HoldId>, StoreError> {
        open_of(self.conn(), kind, source, external_id).await
    }

    async fn release_hold(&mut self, id: HoldId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        release(self.conn(), id, None, now).await
    }

    async fn decide_hold(&mut self, id: HoldId, act: Act, now: DateTime<Utc>) -> Result<bool, StoreError> {
        release(self.conn(), id, Some(act), now).await
    }

    async fn dismissed(
        &mut self,
        kind: HoldKind,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<bool, StoreError> {
        dismissed(self.conn(), kind, source, external_id).await
    }

    async fn wait(&mut self, pending: &Pending) -> Result<bool, StoreError> {
        waiting::wait(self.conn(), pending).await
    }

    async fn waiting_for(&mut self, key: &Key) -> Result<Vec<Pending>, StoreError> {
        waiting::waiting_for(self.conn(), key).await
    }

    async fn kept(
        &mut self,
        source: &SourceId,
        external_id: &ExternalId,
    ) -> Result<Vec<Pending>, StoreError> {
        waiting::kept(self.conn(), source, external_id).await
    }

    async fn end_wait(&mut self, pending: &Pending, now: DateTime<Utc>) -> Result<u64, StoreError> {
        waiting::end(self.conn(), pending, now).await
    }

    async fn decided(&mut self, content: &Document) -> Result<bool, StoreError> {
        waiting::decided(self.conn(), content).await
    }
}
