//! Who has looked at a directive in its source.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as};
use super::value::{Place, json, millis, millis_of, signed};
use super::{Conn, dialect};
use crate::app::ports::{CellReceipt, ReceiptLook, StoreError, Watched};
use crate::domain::ids::{DocumentId, ExternalId, SourceId, UnitId};
use crate::domain::receipt::Times;

/// Whether the source shows that the cell of obligation `o` has looked at what the row asks. Says what
/// [`reaches`](crate::domain::receipt::reaches) says.
macro_rules! looked {
    () => {
        "EXISTS (SELECT 1 FROM receipt q JOIN revision v ON v.id = o.revision
            WHERE q.document = o.document AND q.cell = o.cell AND q.seen IS NOT NULL
                AND (v.number = 1 OR q.seen >= coalesce(v.asked, v.registered)))"
    };
}
pub(super) use looked;

#[derive(FromRow)]
struct Row {
    source: String,
    cell: Option<String>,
    received: Option<i64>,
    seen: Option<i64>,
    receivers: i64,
}

impl TryFrom<Row> for CellReceipt {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "receipt", key: row.cell.clone().unwrap_or_default() };
        Ok(Self {
            times: Times {
                received: place.instant_of("received", row.received)?,
                seen: place.instant_of("seen", row.seen)?,
            },
            receivers: place.number("receivers", row.receivers)?,
            source: SourceId(row.source),
            cell: row.cell.map(UnitId),
        })
    }
}

/// What is known of a document's receivers; those that are no cell, counted, come last.
pub(super) async fn list(conn: &mut Conn, document: DocumentId) -> Result<Vec<CellReceipt>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT source, cell, received, seen, receivers FROM (
            SELECT source, cell, received, seen, 1 AS receivers FROM receipt WHERE document = $1
            UNION ALL
            SELECT source, NULL, at, NULL, unmatched FROM receipt_look WHERE document = $1) AS looks
         ORDER BY source, cell IS NULL, cell",
    )
    .bind(document.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CellReceipt::try_from).collect()
}

/// What is known of a document's cells from one source.
pub(super) async fn of(
    conn: &mut Conn,
    document: DocumentId,
    source: &SourceId,
) -> Result<BTreeMap<UnitId, Times>, StoreError> {
    let rows: Vec<(String, Option<i64>, Option<i64>)> =
        query_as("SELECT cell, received, seen FROM receipt WHERE document = $1 AND source = $2")
            .bind(document.0)
            .bind(source.as_str())
            .fetch_all(conn)
            .await?;
    let times = |(cell, received, seen): (String, Option<i64>, Option<i64>)| {
        let place = Place { table: "receipt", key: &cell };
        let received = place.instant_of("received", received)?;
        let seen = place.instant_of("seen", seen)?;
        Ok((UnitId(cell), Times { received, seen }))
    };
    rows.into_iter().map(times).collect()
}

/// Keeps what a source showed; an instant that is known stays as it is.
pub(super) async fn keep(conn: &mut Conn, look: &ReceiptLook) -> Result<(), StoreError> {
    let cells: Vec<_> = look
        .cells
        .iter()
        .map(|(cell, times)| (cell, millis_of(times.received), millis_of(times.seen)))
        .collect();
    query(dialect::KEEP_RECEIPTS)
        .bind(look.document.0)
        .bind(look.source.as_str())
        .bind(json(&cells)?)
        .execute(&mut *conn)
        .await?;
    query(
        "INSERT INTO receipt_look (document, source, receivers, unmatched, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (document, source) DO UPDATE SET receivers = excluded.receivers,
            unmatched = excluded.unmatched, at = excluded.at",
    )
    .bind(look.document.0)
    .bind(look.source.as_str())
    .bind(signed(look.receivers))
    .bind(signed(look.unmatched))
    .bind(millis(look.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The documents of a source with open work, oldest first. Found by the live rows of their newest revision.
pub(super) async fn watched(
    conn: &mut Conn,
    source: &SourceId,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<Watched>, StoreError> {
    let rows: Vec<(i64, String)> = query_as(
        "SELECT o.document, o.external_id FROM origin o JOIN document d ON d.id = o.document
         WHERE o.source = $1 AND ($2 IS NULL OR d.registered >= $2) AND d.standing = 'in-force'
            AND EXISTS (SELECT 1 FROM obligation b
                WHERE b.revision = (SELECT max(id) FROM revision WHERE document = o.document)
                    AND b.state IN ('open', 'acknowledged'))
         ORDER BY o.id",
    )
    .bind(source.as_str())
    .bind(millis_of(since))
    .fetch_all(conn)
    .await?;
    let watched = |(document, id)| Watched { document: DocumentId(document), external_id: ExternalId(id) };
    Ok(rows.into_iter().map(watched).collect())
}
