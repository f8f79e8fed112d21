//! Origins, standings, replacements, what waits, and rows that go on under a newer revision.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as, query_scalar};
use super::tally::telling;
use super::value::{Place, json, millis};
use super::{Conn, dialect};
use crate::app::ports::{Carry, KeptEdits, NewOrigin, Replacement, StoreError};
use crate::domain::ids::{DocumentId, ExternalId, ObligationId, RevisionId, SourceId, UnitId};
use crate::domain::operation::{Key, Origin, Standing};
use crate::domain::text;

#[derive(FromRow)]
struct OriginRow {
    id: i64,
    document: i64,
    content: String,
    seen: i64,
}

impl TryFrom<OriginRow> for Origin {
    type Error = StoreError;

    fn try_from(row: OriginRow) -> Result<Self, StoreError> {
        let place = Place { table: "origin", key: row.id };
        Ok(Self {
            document: DocumentId(row.document),
            content: place.json("content", &row.content)?,
            seen: place.instant("seen", row.seen)?,
        })
    }
}

/// What one id of a source brought.
pub(super) async fn origin(
    conn: &mut Conn,
    source: &SourceId,
    external_id: &ExternalId,
) -> Result<Option<Origin>, StoreError> {
    let row: Option<OriginRow> =
        query_as("SELECT id, document, content, seen FROM origin WHERE source = $1 AND external_id = $2")
            .bind(source.as_str())
            .bind(external_id.as_str())
            .fetch_optional(conn)
            .await?;
    row.map(Origin::try_from).transpose()
}

/// Everything that brought something about a document.
pub(super) async fn origins(conn: &mut Conn, document: DocumentId) -> Result<Vec<Origin>, StoreError> {
    let rows: Vec<OriginRow> =
        query_as("SELECT id, document, content, seen FROM origin WHERE document = $1 ORDER BY id")
            .bind(document.0)
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(Origin::try_from).collect()
}

/// The documents a key names; an operation, which changes what it finds, must name the sender just so.
pub(super) async fn keyed(conn: &mut Conn, key: &Key) -> Result<Vec<DocumentId>, StoreError> {
    let ids: Vec<i64> = query_scalar(
        "SELECT document FROM origin WHERE key = $2 AND organ = $1
             UNION SELECT document FROM origin WHERE own = $2 AND organ = $1 ORDER BY document",
    )
    .bind(&key.organ)
    .bind(&key.id)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// The documents a message may mean by a key: of the sender it names, where it names one, or of one that is
/// not known.
pub(super) async fn called(
    conn: &mut Conn,
    organ: Option<&str>,
    key: &str,
) -> Result<Vec<DocumentId>, StoreError> {
    let ids: Vec<i64> = query_scalar(
        "SELECT document FROM origin WHERE key = $2 AND ($1 IS NULL OR organ IN ($1, ''))
             UNION SELECT document FROM origin WHERE own = $2 AND ($1 IS NULL OR organ IN ($1, ''))
         ORDER BY document",
    )
    .bind(organ)
    .bind(key)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// The documents whose newest revision bears a symbol, without those that `other_than` delivered.
pub(super) async fn alike(
    conn: &mut Conn,
    symbol: &str,
    other_than: Option<&SourceId>,
) -> Result<Vec<DocumentId>, StoreError> {
    let mut ids: Vec<i64> = query_scalar(
        "SELECT DISTINCT r.document FROM revision r WHERE r.symbol = $1 AND r.symbol <> ''
            AND r.id = (SELECT max(id) FROM revision WHERE document = r.document)
            AND NOT EXISTS (SELECT 1 FROM origin o WHERE o.document = r.document AND o.source = $2)
         ORDER BY r.document DESC LIMIT 100",
    )
    .bind(text::clean(symbol))
    .bind(other_than.map(SourceId::as_str))
    .fetch_all(conn)
    .await?;
    ids.reverse();
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// Keeps what an id of a source brought.
pub(super) async fn keep_origin(conn: &mut Conn, origin: &NewOrigin<'_>) -> Result<(), StoreError> {
    let content = origin.content;
    query(
        "INSERT INTO origin (document, source, external_id, organ, key, content, raw, seen, own)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (source, external_id) DO UPDATE SET document = excluded.document, organ = excluded.organ,
            key = excluded.key, own = excluded.own, content = excluded.content, raw = excluded.raw, seen = excluded.seen",
    )
    .bind(origin.document.0)
    .bind(content.source.as_str())
    .bind(content.external_id.as_str())
    .bind(origin.key.map_or("", |key| key.organ.as_str()))
    .bind(origin.key.map(|key| key.id.as_str()))
    .bind(json(content)?)
    .bind(origin.raw)
    .bind(millis(origin.seen))
    .bind(own(origin))
    .execute(conn)
    .await?;
    Ok(())
}

/// What the delivery calls itself, where that is not what it calls the document.
fn own<'a>(origin: &NewOrigin<'a>) -> Option<&'a str> {
    let own = origin.content.exchange.key.as_deref();
    own.filter(|own| origin.key.is_some_and(|key| key.id != *own))
}

/// Records whether a document holds.
pub(super) async fn stand(
    conn: &mut Conn,
    document: DocumentId,
    standing: Standing,
) -> Result<(), StoreError> {
    query("UPDATE document SET standing = $2 WHERE id = $1")
        .bind(document.0)
        .bind(standing.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Records that a document took the place of another.
pub(super) async fn replace(conn: &mut Conn, replacement: Replacement) -> Result<bool, StoreError> {
    let done = query("INSERT INTO replacement (old, new) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(replacement.old.0)
        .bind(replacement.new.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// What a document took the place of, and what took its place.
pub(super) async fn replacements(
    conn: &mut Conn,
    document: DocumentId,
) -> Result<Vec<Replacement>, StoreError> {
    let rows: Vec<(i64, i64)> =
        query_as("SELECT old, new FROM replacement WHERE old = $1 OR new = $1 ORDER BY old, new")
            .bind(document.0)
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(old, new)| Replacement { old: DocumentId(old), new: DocumentId(new) })
        .collect())
}

/// Moves rows to a newer revision, with how often their cells were told so far, and what is not delivered.
pub(super) async fn carry(conn: &mut Conn, carry: &Carry<'_>) -> Result<(), StoreError> {
    let ids: Vec<_> = carry.rows.iter().map(|ObligationId(id)| id).collect();
    query(dialect::CARRY_ROWS).bind(carry.to.0).bind(json(&ids)?).execute(&mut *conn).await?;
    query(dialect::CARRY_NOTICES)
        .bind(carry.to.0)
        .bind(carry.document.0)
        .bind(json(carry.behind)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops the queued notices of some units about any revision of a document.
pub(super) async fn drop_queued_of(
    conn: &mut Conn,
    document: DocumentId,
    units: &BTreeSet<UnitId>,
    reason: &str,
) -> Result<u64, StoreError> {
    let done =
        query(dialect::DROP_QUEUED_OF).bind(document.0).bind(json(units)?).bind(reason).execute(conn).await?;
    Ok(done.rows_affected())
}

/// The units that a mail about a document told of their work, or may have.
pub(super) async fn told(conn: &mut Conn, document: DocumentId) -> Result<BTreeSet<UnitId>, StoreError> {
    let units: Vec<String> = query_scalar(concat!(
        "SELECT DISTINCT n.unit FROM revision r JOIN notice n ON n.revision = r.id
         WHERE r.document = $1 AND n.delivery IN ('sent', 'sending', 'ambiguous') AND ",
        telling!("n")
    ))
    .bind(document.0)
    .fetch_all(conn)
    .await?;
    Ok(units.into_iter().map(UnitId).collect())
}

/// Whether a change of a revision is still to be told to somebody.
pub(super) async fn untold_change(conn: &mut Conn, revision: RevisionId) -> Result<bool, StoreError> {
    let count: i64 = query_scalar(
        "SELECT count(*) FROM notice WHERE revision = $1 AND kind = 'change' AND delivery NOT IN ('sent', 'dropped')",
    )
    .bind(revision.0)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// Keeps what differs between a revision and the one it follows.
pub(super) async fn keep_edits(
    conn: &mut Conn,
    revision: RevisionId,
    edits: &KeptEdits,
) -> Result<(), StoreError> {
    query("INSERT INTO difference (revision, content) VALUES ($1, $2)")
        .bind(revision.0)
        .bind(json(edits)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// What differs between a revision and the one it follows.
pub(super) async fn edits(conn: &mut Conn, revision: RevisionId) -> Result<Option<KeptEdits>, StoreError> {
    let content: Option<String> = query_scalar("SELECT content FROM difference WHERE revision = $1")
        .bind(revision.0)
        .fetch_optional(conn)
        .await?;
    let place = Place { table: "difference", key: revision };
    content.map(|content| place.json("content", &content)).transpose()
}

/// Records the instant the dues of a revision count from.
pub(super) async fn count_from(
    conn: &mut Conn,
    revision: RevisionId,
    asked: DateTime<Utc>,
) -> Result<(), StoreError> {
    query("UPDATE revision SET asked = $2 WHERE id = $1")
        .bind(revision.0)
        .bind(millis(asked))
        .execute(conn)
        .await?;
    Ok(())
}
