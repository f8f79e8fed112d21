//! Editions of the office's files, text by text, and what became of them.

use sqlx::FromRow;

use super::Conn;
use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, limit, millis};
use crate::app::ports::{AcceptanceKind, AcceptanceRow, NewAcceptance, StoreError};
use crate::domain::edition::{self, Edition, EditionFile};

/// Keeps the texts of an edition; one that is known is left as it is.
pub(super) async fn keep(conn: &mut Conn, edition: &Edition) -> Result<(), StoreError> {
    for EditionFile { path, text } in edition.files() {
        let hash = edition::hash([text.as_str()].into_iter());
        query("INSERT INTO edition_text (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&hash)
            .bind(text)
            .execute(&mut *conn)
            .await?;
        query("INSERT INTO edition_file (edition, path, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(edition.hash())
            .bind(path)
            .bind(&hash)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// An edition by its whole name. One whose texts do not make its name was tampered with, and is refused.
pub(super) async fn get(conn: &mut Conn, hash: &str) -> Result<Option<Edition>, StoreError> {
    let rows: Vec<(String, String)> = query_as(
        "SELECT f.path, t.content FROM edition_file f JOIN edition_text t ON t.hash = f.text
         WHERE f.edition = $1",
    )
    .bind(hash)
    .fetch_all(conn)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let edition = Edition::new(rows.into_iter().map(|(path, text)| EditionFile { path, text }).collect());
    let place = Place { table: "edition_file", key: hash };
    if edition.hash() == hash { Ok(Some(edition)) } else { Err(place.bad("text")) }
}

/// Records a step and returns its number.
pub(super) async fn record(conn: &mut Conn, step: &NewAcceptance) -> Result<i64, StoreError> {
    let impact = step.impact.as_ref().map(json).transpose()?;
    let number = query_scalar(
        "INSERT INTO acceptance (at, kind, edition, author, impact, detail)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING number",
    )
    .bind(millis(step.at))
    .bind(step.kind.as_str())
    .bind(&step.edition)
    .bind(&step.author)
    .bind(impact)
    .bind(step.detail.as_deref())
    .fetch_one(conn)
    .await?;
    Ok(number)
}

#[derive(FromRow)]
struct Row {
    number: i64,
    at: i64,
    kind: String,
    edition: String,
    author: String,
    impact: Option<String>,
    detail: Option<String>,
}

impl TryFrom<Row> for AcceptanceRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "acceptance", key: row.number };
        Ok(Self {
            number: row.number,
            at: place.instant("at", row.at)?,
            kind: place.word("kind", &row.kind, AcceptanceKind::parse)?,
            impact: row.impact.as_deref().map(|text| place.json("impact", text)).transpose()?,
            edition: row.edition,
            author: row.author,
            detail: row.detail,
        })
    }
}

/// Steps, newest first.
pub(super) async fn list(
    conn: &mut Conn,
    kind: Option<AcceptanceKind>,
    most: u32,
) -> Result<Vec<AcceptanceRow>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT number, at, kind, edition, author, impact, detail FROM acceptance
         WHERE $1 IS NULL OR kind = $1 ORDER BY number DESC LIMIT $2",
    )
    .bind(kind.map(AcceptanceKind::as_str))
    .bind(limit(most))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(AcceptanceRow::try_from).collect()
}
