//! What other bodies said, and which document they meant.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, millis};
use super::{Conn, dialect, operation};
use crate::app::ports::{Heard, OriginId, StoreError};
use crate::domain::document::Reference;
use crate::domain::ids::{DocumentId, ExternalId, SourceId};
use crate::domain::status::Status;
use crate::domain::text;

/// Keeps a message; one that is known stays as it is.
pub(super) async fn keep(conn: &mut Conn, heard: &Heard) -> Result<(), StoreError> {
    query(
        "INSERT INTO heard (source, external_id, document, content, heard) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(heard.origin.source.as_str())
    .bind(heard.origin.external_id.as_str())
    .bind(heard.document.map(|id| id.0))
    .bind(json(&heard.status)?)
    .bind(millis(heard.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// A message that is about no known document is about this one; what it says.
pub(super) async fn attribute(
    conn: &mut Conn,
    origin: &OriginId,
    document: DocumentId,
) -> Result<Option<Status>, StoreError> {
    let content: Option<String> = query_scalar(
        "UPDATE heard SET document = $3 WHERE source = $1 AND external_id = $2 AND document IS NULL
         RETURNING content",
    )
    .bind(origin.source.as_str())
    .bind(origin.external_id.as_str())
    .bind(document.0)
    .fetch_optional(conn)
    .await?;
    let place = Place { table: "heard", key: origin.external_id.as_str() };
    content.map(|content| place.json("content", &content)).transpose()
}

/// The documents a reference may mean. A key that is known decides; a key that is not may be one the
/// sender's system made up for its message, so body, symbol and date are tried too.
pub(super) async fn referred(conn: &mut Conn, about: &Reference) -> Result<Vec<DocumentId>, StoreError> {
    if let Some(key) = about.key.as_deref().filter(|key| !key.is_empty()) {
        let found = operation::called(&mut *conn, about.organ.as_deref(), key).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let (Some(organ), Some(symbol), Some(issued)) = (&about.organ, &about.symbol, about.issued) else {
        return Ok(Vec::new());
    };
    let found: Vec<i64> = query_scalar(dialect::REFERRED_BY_SYMBOL)
        .bind(organ)
        .bind(text::clean(symbol))
        .bind(day(issued))
        .fetch_all(conn)
        .await?;
    Ok(found.into_iter().map(DocumentId).collect())
}

/// A day as it stands in a revision's JSON.
fn day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[derive(FromRow)]
struct Row {
    source: String,
    external_id: String,
    document: Option<i64>,
    content: String,
    heard: i64,
}

impl TryFrom<Row> for Heard {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "heard", key: row.external_id.clone() };
        Ok(Self {
            status: place.json("content", &row.content)?,
            at: place.instant("heard", row.heard)?,
            document: row.document.map(DocumentId),
            origin: OriginId { source: SourceId(row.source), external_id: ExternalId(row.external_id) },
        })
    }
}

/// What was said about a document, oldest first.
pub(super) async fn list(conn: &mut Conn, id: DocumentId) -> Result<Vec<Heard>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT source, external_id, document, content, heard FROM heard WHERE document = $1
         ORDER BY heard, source, external_id",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Heard::try_from).collect()
}
