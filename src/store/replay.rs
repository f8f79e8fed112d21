//! The history in pages: every document with its newest revision, as it was when it was routed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::sql::{query_as, query_scalar};
use super::value::{Place, limit, millis};
use crate::app::ports::{Replayed, StoreError};
use crate::domain::ids::{DocumentId, RevisionId};

#[derive(FromRow)]
struct Row {
    document: i64,
    revision: i64,
    content: String,
    registered: i64,
    asked: i64,
    trace: Option<String>,
    held: bool,
}

impl TryFrom<Row> for Replayed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "revision", key: row.revision };
        Ok(Self {
            document_id: DocumentId(row.document),
            revision: RevisionId(row.revision),
            document: place.json("content", &row.content)?,
            registered: place.instant("registered", row.registered)?,
            asked: place.instant("asked", row.asked)?,
            trace: row.trace,
            held: row.held,
        })
    }
}

/// The newest revision of each document in force, where it was registered at or after `$1`; a `FROM` clause. What
/// lay in a source before its first walk, and was not released since, is no history of the rules.
macro_rules! newest {
    () => {
        "FROM document d
         JOIN revision r ON r.document = d.id AND r.registered >= $1
            AND r.id = (SELECT max(id) FROM revision WHERE document = d.id)
            AND d.standing = 'in-force'
            AND NOT EXISTS (SELECT 1 FROM braked b
                            WHERE b.document = d.id AND b.why = 'baseline' AND b.state <> 'released')"
    };
}

/// A page of the history, by document.
pub(super) async fn page(
    conn: &mut Conn,
    since: DateTime<Utc>,
    after: Option<DocumentId>,
    at_most: u32,
) -> Result<Vec<Replayed>, StoreError> {
    let rows: Vec<Row> = query_as(concat!(
        "SELECT d.id AS document, r.id AS revision, r.content, r.registered,
            coalesce(r.asked, r.registered) AS asked, t.content AS trace,
            EXISTS (SELECT 1 FROM hold h WHERE h.source = d.source AND h.external_id = d.external_id
                    AND h.kind = 'unmatched' AND h.closed IS NULL) AS held ",
        newest!(),
        " LEFT JOIN trace t ON t.revision = r.id WHERE d.id > $2 ORDER BY d.id LIMIT $3"
    ))
    .bind(millis(since))
    .bind(after.map_or(0, |id| id.0))
    .bind(limit(at_most))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Replayed::try_from).collect()
}

/// How many documents the pages from `since` on hold.
pub(super) async fn size(conn: &mut Conn, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let count: i64 =
        query_scalar(concat!("SELECT count(*) ", newest!())).bind(millis(since)).fetch_one(conn).await?;
    Place { table: "revision", key: "count" }.number("registered", count)
}
