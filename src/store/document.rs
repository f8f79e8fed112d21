//! Documents, their revisions, raw bytes, traces and duties.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::dialect;
use super::sql::{query, query_as, query_scalar};
use super::value::{Place, json, millis, millis_of};
use crate::app::ports::{Registered, StoreError, StoredDuty, StoredRevision};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, DutyId, ExternalId, FileId, RevisionId, SourceId};
use crate::domain::obligation::Duty;
use crate::domain::operation::Standing;
use crate::domain::secrecy::Open;
use crate::domain::text;

#[derive(FromRow)]
struct RegisteredRow {
    id: i64,
    revision: i64,
    number: i64,
    fingerprint: String,
}

impl TryFrom<RegisteredRow> for Registered {
    type Error = StoreError;

    fn try_from(row: RegisteredRow) -> Result<Self, StoreError> {
        let place = Place { table: "revision", key: row.revision };
        Ok(Self {
            id: DocumentId(row.id),
            revision: RevisionId(row.revision),
            number: place.number("number", row.number)?,
            fingerprint: row.fingerprint,
        })
    }
}

#[derive(FromRow)]
struct RevisionRow {
    id: i64,
    document: i64,
    number: i64,
    content: String,
    registered: i64,
    asked: Option<i64>,
    standing: String,
    trace: Option<String>,
}

impl TryFrom<RevisionRow> for StoredRevision {
    type Error = StoreError;

    fn try_from(row: RevisionRow) -> Result<Self, StoreError> {
        let place = Place { table: "revision", key: row.id };
        Ok(Self {
            id: RevisionId(row.id),
            document_id: DocumentId(row.document),
            number: place.number("number", row.number)?,
            document: place.json("content", &row.content)?,
            registered: place.instant("registered", row.registered)?,
            asked: place.instant("asked", row.asked.unwrap_or(row.registered))?,
            standing: Place { table: "document", key: row.document }.word(
                "standing",
                &row.standing,
                Standing::parse,
            )?,
            trace: row.trace,
        })
    }
}

/// Revisions with content and trace that meet a condition, oldest first.
macro_rules! revisions {
    ($which:literal) => {
        concat!(
            "SELECT r.id, r.document, r.number, r.content, r.registered, r.asked, d.standing, t.content AS trace
             FROM revision r JOIN document d ON d.id = r.document LEFT JOIN trace t ON t.revision = r.id
             WHERE ",
            $which,
            " ORDER BY r.id"
        )
    };
}

/// What is known of a document: its newest revision.
pub(super) async fn registered(
    conn: &mut Conn,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<Option<Registered>, StoreError> {
    let row: Option<RegisteredRow> = query_as(
        "SELECT d.id, r.id AS revision, r.number, r.fingerprint
         FROM document d JOIN revision r ON r.document = d.id
         WHERE d.source = $1 AND d.external_id = $2
         ORDER BY r.number DESC LIMIT 1",
    )
    .bind(source.as_str())
    .bind(external_id.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(Registered::try_from).transpose()
}

/// Stores a new document, or a further revision of a known one, with its raw bytes.
pub(super) async fn register(
    conn: &mut Conn,
    known: Option<&Registered>,
    document: &Open<Document>,
    raw: &[u8],
    now: DateTime<Utc>,
) -> Result<Registered, StoreError> {
    let content = document.get();
    let (id, number) = match known {
        Some(known) => (known.id, known.number.saturating_add(1)),
        None => (insert_document(conn, content, now).await?, 1),
    };
    let fingerprint = content.fingerprint();
    let revision = insert_revision(conn, id, number, &fingerprint, content, now).await?;
    query("INSERT INTO raw (revision, content) VALUES ($1, $2)")
        .bind(revision.0)
        .bind(raw)
        .execute(conn)
        .await?;
    Ok(Registered { id, revision, number, fingerprint })
}

/// What the source sent of a revision.
pub(super) async fn raw(conn: &mut Conn, id: RevisionId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(query_scalar("SELECT content FROM raw WHERE revision = $1").bind(id.0).fetch_optional(conn).await?)
}

async fn insert_document(
    conn: &mut Conn,
    content: &Document,
    now: DateTime<Utc>,
) -> Result<DocumentId, StoreError> {
    let id = query_scalar(dialect::INSERT_DOCUMENT)
        .bind(content.source.as_str())
        .bind(content.external_id.as_str())
        .bind(millis(now))
        .fetch_one(conn)
        .await?;
    Ok(DocumentId(id))
}

async fn insert_revision(
    conn: &mut Conn,
    id: DocumentId,
    number: u32,
    fingerprint: &str,
    content: &Document,
    now: DateTime<Utc>,
) -> Result<RevisionId, StoreError> {
    let revision = query_scalar(dialect::INSERT_REVISION)
        .bind(id.0)
        .bind(i64::from(number))
        .bind(fingerprint)
        .bind(text::clean(&content.symbol))
        .bind(json(content)?)
        .bind(millis(now))
        .fetch_one(conn)
        .await?;
    Ok(RevisionId(revision))
}

/// Keeps the trace of a revision; a later one takes the place of an earlier.
pub(super) async fn keep_trace(conn: &mut Conn, revision: RevisionId, trace: &str) -> Result<(), StoreError> {
    query(
        "INSERT INTO trace (revision, content) VALUES ($1, $2)
         ON CONFLICT (revision) DO UPDATE SET content = excluded.content",
    )
    .bind(revision.0)
    .bind(trace)
    .execute(conn)
    .await?;
    Ok(())
}

/// The files that revisions refer to.
pub(super) async fn files(conn: &mut Conn) -> Result<BTreeSet<FileId>, StoreError> {
    let ids: Vec<String> = query_scalar(dialect::FILES).fetch_all(conn).await?;
    Ok(ids.into_iter().map(FileId).collect())
}

/// A revision with its content and trace.
pub(super) async fn revision(conn: &mut Conn, id: RevisionId) -> Result<Option<StoredRevision>, StoreError> {
    let row: Option<RevisionRow> = query_as(revisions!("r.id = $1")).bind(id.0).fetch_optional(conn).await?;
    row.map(StoredRevision::try_from).transpose()
}

/// Every revision of a document, oldest first.
pub(super) async fn revisions(
    conn: &mut Conn,
    document: DocumentId,
) -> Result<Vec<StoredRevision>, StoreError> {
    let rows: Vec<RevisionRow> =
        query_as(revisions!("r.document = $1")).bind(document.0).fetch_all(conn).await?;
    rows.into_iter().map(StoredRevision::try_from).collect()
}

/// A document's newest revision.
pub(super) async fn newest(
    conn: &mut Conn,
    document: DocumentId,
) -> Result<Option<(Registered, StoredRevision)>, StoreError> {
    let row: Option<RevisionRow> =
        query_as(revisions!("r.id = (SELECT max(id) FROM revision WHERE document = $1)"))
            .bind(document.0)
            .fetch_optional(conn)
            .await?;
    let Some(stored) = row.map(StoredRevision::try_from).transpose()? else { return Ok(None) };
    let registered = Registered {
        id: document,
        revision: stored.id,
        number: stored.number,
        fingerprint: stored.document.fingerprint(),
    };
    Ok(Some((registered, stored)))
}

/// Stores a duty.
pub(super) async fn open_duty(
    conn: &mut Conn,
    revision: RevisionId,
    duty: &Duty,
) -> Result<DutyId, StoreError> {
    let id = query_scalar("INSERT INTO duty (revision, content, again) VALUES ($1, $2, $3) RETURNING id")
        .bind(revision.0)
        .bind(json(duty)?)
        .bind(millis_of(duty.opens_again()))
        .fetch_one(conn)
        .await?;
    Ok(DutyId(id))
}

/// A duty.
pub(super) async fn duty(conn: &mut Conn, id: DutyId) -> Result<Option<StoredDuty>, StoreError> {
    let content: Option<String> =
        query_scalar("SELECT content FROM duty WHERE id = $1").bind(id.0).fetch_optional(conn).await?;
    let place = Place { table: "duty", key: id };
    content.map(|content| Ok(StoredDuty { id, duty: place.json("content", &content)? })).transpose()
}
