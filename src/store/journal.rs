//! The journal: append-only, numbered without gaps, each row bound to the one before it as `domain::chain` says.
//!
//! A fact gets its number and its hash in the transaction that writes it, from the end of the chain as that transaction
//! sees it. There is one writer at a time, on a server too (each write begins with its turn), so the end cannot move
//! meanwhile: nothing is ever committed unchained, and two instances cannot fork the chain.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as};
use super::value::{Place, json, limit, millis};
use super::{Conn, dialect};
use crate::app::ports::{JournalEntry, JournalKind, JournalRow, StoreError};
use crate::domain::chain::{Head, Kept, Link, Verdict, Walk};
use crate::domain::ids::{DocumentId, ObligationId};

/// Rows that [`verify`] holds in memory at once.
const STRIDE: u32 = 4000;

/// A row as it stands, texts as bytes, because a damaged one need not be UTF-8.
#[derive(FromRow)]
struct Raw {
    number: i64,
    at: i64,
    kind: Vec<u8>,
    document: Option<i64>,
    obligation: Option<i64>,
    detail: Vec<u8>,
    hash: Vec<u8>,
}

impl From<Raw> for Link {
    fn from(raw: Raw) -> Self {
        let Raw { number, at, kind, document, obligation, detail, hash } = raw;
        Self { number, at, kind, document, obligation, detail, hash }
    }
}

/// The end of the chain.
pub(super) async fn head(conn: &mut Conn) -> Result<Head, StoreError> {
    let last: Option<(i64, String)> =
        query_as("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(last.map_or_else(Head::default, |(rows, hash)| Head { rows, hash }))
}

/// Appends facts to the end of the chain.
pub(super) async fn append(conn: &mut Conn, entries: &[JournalEntry]) -> Result<(), StoreError> {
    let mut head = match conn.journal.take() {
        Some(head) => head,
        None => head(&mut *conn).await?,
    };
    let mut source = Vec::with_capacity(entries.len());
    for entry in entries {
        let detail = json(&entry.detail)?;
        let link = Link {
            number: head.rows + 1,
            at: millis(entry.at),
            kind: entry.kind.as_str().into(),
            document: entry.document.map(|id| id.0),
            obligation: entry.obligation.map(|id| id.0),
            detail: detail.clone().into_bytes(),
            hash: Vec::new(),
        };
        head = Head { rows: link.number, hash: link.hash_after(&head.hash) };
        let about = (link.document, link.obligation);
        source.push((link.number, link.at, entry.kind.as_str(), about.0, about.1, detail, head.hash.clone()));
    }
    query(dialect::APPEND).bind(json(&source)?).execute(&mut *conn).await?;
    conn.journal = Some(head);
    Ok(())
}

/// Walks the chain from its first row and stops at the first that does not fit; `watch` hears how many did.
pub(super) async fn verify(
    conn: &mut Conn,
    kept: Vec<Kept>,
    watch: &(dyn Fn(i64) + Sync),
) -> Result<Verdict, StoreError> {
    let (mut walk, mut after) = (Walk::new(kept), i64::MIN);
    loop {
        let links = links(&mut *conn, after, STRIDE).await?;
        let Some(last) = links.last() else { return Ok(walk.end()) };
        after = last.number;
        for link in &links {
            if let Err(verdict) = walk.step(link) {
                return Ok(verdict);
            }
        }
        watch(walk.at().rows);
    }
}

/// Rows whose number is above `after`, as they stand, in order.
pub(super) async fn links(conn: &mut Conn, after: i64, at_most: u32) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<Raw> = query_as(dialect::LINKS).bind(after).bind(limit(at_most)).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Link::from).collect())
}

#[derive(FromRow)]
struct Row {
    number: i64,
    at: i64,
    kind: String,
    document: Option<i64>,
    obligation: Option<i64>,
    detail: String,
    hash: String,
}

impl TryFrom<Row> for JournalRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "journal", key: row.number };
        let at: DateTime<Utc> = place.instant("at", row.at)?;
        Ok(Self {
            number: row.number,
            at,
            kind: place.word("kind", &row.kind, JournalKind::parse)?,
            document: row.document.map(DocumentId),
            obligation: row.obligation.map(ObligationId),
            detail: place.json("detail", &row.detail)?,
            hash: row.hash,
        })
    }
}

/// Rows about a document, or all, whose number is above `after`.
pub(super) async fn list(
    conn: &mut Conn,
    document: Option<DocumentId>,
    after: i64,
    at_most: u32,
) -> Result<Vec<JournalRow>, StoreError> {
    let sql = match document {
        Some(_) => {
            "SELECT number, at, kind, document, obligation, detail, hash FROM journal
             WHERE document = $3 AND number > $1 ORDER BY number LIMIT $2"
        }
        None => {
            "SELECT number, at, kind, document, obligation, detail, hash FROM journal
             WHERE $3 IS NULL AND number > $1 ORDER BY number LIMIT $2"
        }
    };
    let rows: Vec<Row> =
        query_as(sql).bind(after).bind(limit(at_most)).bind(document.map(|id| id.0)).fetch_all(conn).await?;
    rows.into_iter().map(JournalRow::try_from).collect()
}
