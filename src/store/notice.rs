//! Notices: enqueued, dropped, put back, listed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::sql::{query, query_as};
use super::value::{Place, json, limit, millis};
use super::{Conn, dialect};
use crate::app::ports::{NewNotice, NoticeFilter, NoticeRow, StoreError};
use crate::domain::ids::{DocumentId, NoticeId, RevisionId, UnitId};
use crate::domain::notice::{Delivery, NoticeKind};

/// Enqueues notices; those whose key is known are left out. Returns how many were new.
pub(super) async fn enqueue(
    conn: &mut Conn,
    document: DocumentId,
    notices: &[NewNotice],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let row = |new: &NewNotice| {
        let NewNotice { key, message_id, send_at, priority, about } = new;
        let what = (key.revision, key.unit.clone(), key.kind.as_str(), key.step.clone(), key.mailbox.clone());
        let about = if about.is_empty() { None } else { Some(json(about)?) };
        let sent = (message_id.clone(), millis(*send_at), *priority, about);
        Ok::<_, StoreError>((what.0, what.1, what.2, what.3, what.4, sent.0, sent.1, sent.2, sent.3))
    };
    let source = notices.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    for new in notices {
        conn.queues(Some(i64::from(new.priority)), millis(new.send_at));
    }
    let done =
        query(dialect::ENQUEUE).bind(document.0).bind(millis(now)).bind(json(&source)?).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Drops queued and held notices of revisions older than `before`, or of all. One that may have been accepted
/// (ambiguous) or is on its way (sending) is not ours to call unsent; its letter decides when written.
pub(super) async fn drop_queued(
    conn: &mut Conn,
    document: DocumentId,
    before: Option<RevisionId>,
    reason: &str,
) -> Result<u64, StoreError> {
    let done = query(
        "UPDATE notice SET delivery = 'dropped', reply = $3
         WHERE delivery IN ('queued', 'held') AND kind <> 'digest'
            AND revision IN (SELECT id FROM revision WHERE document = $1 AND id < $2)",
    )
    .bind(document.0)
    .bind(before.map_or(i64::MAX, |id| id.0))
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Puts a failed or queued notice, or one held because of its domain, back at the head, with all its tries
/// before it.
pub(super) async fn requeue(conn: &mut Conn, id: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    conn.queues(None, millis(now));
    let done = query(
        "UPDATE notice SET delivery = 'queued', send_at = $2, tries = 0
         WHERE id = $1 AND (delivery IN ('failed', 'queued')
            OR delivery = 'held' AND id IN (SELECT notice FROM outside))",
    )
    .bind(id.0)
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(FromRow)]
struct ListRow {
    id: i64,
    document: i64,
    revision: i64,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    message_id: String,
    delivery: String,
    send_at: i64,
    tries: i64,
    sent_at: Option<i64>,
    reply: Option<String>,
}

impl TryFrom<ListRow> for NoticeRow {
    type Error = StoreError;

    fn try_from(row: ListRow) -> Result<Self, StoreError> {
        let place = Place { table: "notice", key: row.id };
        Ok(Self {
            id: NoticeId(row.id),
            document: DocumentId(row.document),
            revision: RevisionId(row.revision),
            kind: place.word("kind", &row.kind, NoticeKind::parse)?,
            delivery: place.word("delivery", &row.delivery, Delivery::parse)?,
            send_at: place.instant("send_at", row.send_at)?,
            tries: place.number("tries", row.tries)?,
            sent_at: place.instant_of("sent_at", row.sent_at)?,
            unit: UnitId(row.unit),
            step: row.step,
            mailbox: row.mailbox,
            message_id: row.message_id,
            reply: row.reply,
        })
    }
}

/// Notices that pass a filter, newest first.
pub(super) async fn list(conn: &mut Conn, filter: &NoticeFilter) -> Result<Vec<NoticeRow>, StoreError> {
    let rows: Vec<ListRow> = query_as(
        "SELECT id, document, revision, unit, kind, step, mailbox, message_id, delivery, send_at, tries,
            sent_at, reply
         FROM notice
         WHERE ($1 IS NULL OR id = $1) AND ($3 IS NULL OR delivery = $3)
            AND ($2 IS NULL OR revision IN (SELECT id FROM revision WHERE document = $2))
         ORDER BY id DESC LIMIT $4",
    )
    .bind(filter.id.map(|id| id.0))
    .bind(filter.document.map(|id| id.0))
    .bind(filter.delivery.map(Delivery::as_str))
    .bind(limit(filter.limit))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(NoticeRow::try_from).collect()
}
