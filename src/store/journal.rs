//! The journal: append-only, numbered without gaps, each row bound to the one before it.
//!
//! `hash` = SHA-256, lower-case hex, over these seven, joined by line feeds: the previous row's hash
//! (64 zeros before the first), number, milliseconds, kind, document, obligation (`-` where there is
//! none) and the detail as stored. Only the last may hold a line feed, so no two rows can pass for each
//! other, and forty lines in any language can check an export. A chain cannot show that its end was
//! cut off; whoever keeps a last hash elsewhere can.

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use super::sql::{query, query_as};
use super::value::{Place, json, limit, millis};
use super::{Conn, dialect};
use crate::app::ports::{JournalEntry, JournalKind, JournalRow, StoreError};
use crate::domain::ids::{DocumentId, ObligationId};

/// Rows that [`verify`] holds in memory at once.
const STRIDE: i64 = 1000;

/// What a walk along the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Every row is as it was written.
    Whole {
        /// How many rows there are.
        rows: i64,
        /// The hash of the last one: what to keep elsewhere.
        last: String,
    },
    /// A row is missing.
    Missing {
        /// Its number.
        number: i64,
    },
    /// A row, or the one before it, is not what was written.
    Changed {
        /// Its number.
        number: i64,
    },
}

/// The end of the chain.
struct Tail {
    number: i64,
    hash: String,
}

impl Tail {
    fn beginning() -> Self {
        Self { number: 0, hash: "0".repeat(64) }
    }
}

/// A row as the chain sees it: texts as bytes, because a damaged one need not be UTF-8.
#[derive(FromRow)]
struct Link {
    number: i64,
    at: i64,
    kind: Vec<u8>,
    document: Option<i64>,
    obligation: Option<i64>,
    detail: Vec<u8>,
    hash: Vec<u8>,
}

impl Link {
    fn hash_after(&self, previous: &str) -> String {
        let id = |id: Option<i64>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in [previous.to_owned(), self.number.to_string(), self.at.to_string()] {
            hash.update(part.as_bytes());
            hash.update(b"\n");
        }
        for part in [&self.kind, id(self.document).as_bytes(), id(self.obligation).as_bytes()] {
            hash.update(part);
            hash.update(b"\n");
        }
        hash.update(&self.detail);
        data_encoding::HEXLOWER.encode(hash.finish().as_ref())
    }
}

async fn tail(conn: &mut Conn) -> Result<Tail, StoreError> {
    let last: Option<(i64, String)> =
        query_as("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(last.map_or_else(Tail::beginning, |(number, hash)| Tail { number, hash }))
}

/// The number of the last row; 0 where there is none.
pub(super) async fn position(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(tail(conn).await?.number)
}

/// Appends facts to the end of the chain.
pub(super) async fn append(conn: &mut Conn, entries: &[JournalEntry]) -> Result<(), StoreError> {
    let mut tail = tail(&mut *conn).await?;
    let mut source = Vec::with_capacity(entries.len());
    for entry in entries {
        let detail = json(&entry.detail)?;
        let link = Link {
            number: tail.number + 1,
            at: millis(entry.at),
            kind: entry.kind.as_str().into(),
            document: entry.document.map(|id| id.0),
            obligation: entry.obligation.map(|id| id.0),
            detail: detail.clone().into_bytes(),
            hash: Vec::new(),
        };
        tail = Tail { number: link.number, hash: link.hash_after(&tail.hash) };
        let about = (link.document, link.obligation);
        source.push((link.number, link.at, entry.kind.as_str(), about.0, about.1, detail, tail.hash.clone()));
    }
    query(dialect::APPEND).bind(json(&source)?).execute(conn).await?;
    Ok(())
}

/// Walks the chain from its first row and stops at the first that does not fit.
pub(super) async fn verify(conn: &mut Conn) -> Result<Verdict, StoreError> {
    let mut tail = Tail::beginning();
    loop {
        let links = links_after(&mut *conn, tail.number).await?;
        if links.is_empty() {
            return Ok(Verdict::Whole { rows: tail.number, last: tail.hash });
        }
        for link in links {
            let number = tail.number + 1;
            if link.number != number {
                return Ok(Verdict::Missing { number });
            }
            tail = Tail { number, hash: link.hash_after(&tail.hash) };
            if link.hash != tail.hash.as_bytes() {
                return Ok(Verdict::Changed { number });
            }
        }
    }
}

async fn links_after(conn: &mut Conn, number: i64) -> Result<Vec<Link>, StoreError> {
    let links = query_as(dialect::LINKS).bind(number).bind(STRIDE).fetch_all(conn).await?;
    Ok(links)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The value an outsider gets: `printf '%s\n…' | sha256sum`.
    #[test]
    fn hash_is_what_the_module_says() {
        let link = Link {
            number: 1,
            at: 1_768_462_200_000,
            kind: b"registered".to_vec(),
            document: Some(1),
            obligation: None,
            detail: br#"{"symbol":"16-KH/TU"}"#.to_vec(),
            hash: Vec::new(),
        };
        assert_eq!(
            link.hash_after(&Tail::beginning().hash),
            "9c5290d8beafe1a9885a76d46abf93bb7d6519c5dbf05b37c3c7dde71ffe6b46"
        );
    }
}
