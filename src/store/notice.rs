//! Notices: the outbox, its claims and their outcomes.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, query, query_as, query_scalar};

use super::obligation::{self, columns};
use super::value::{Place, json, limit, millis};
use super::{Conn, dialect};
use crate::app::ports::{
    ClaimRequest, Claimed, NewNotice, NoticeFilter, NoticeRow, Settled, Settlement, StoreError,
};
use crate::domain::ids::{DocumentId, NoticeId, RevisionId, UnitId};
use crate::domain::notice::{Delivery, NoticeKey, NoticeKind};

/// Enqueues notices; those whose key is known are left out. Returns how many were new.
pub(super) async fn enqueue(
    conn: &mut Conn,
    document: DocumentId,
    notices: &[NewNotice],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let source: Vec<_> = notices
        .iter()
        .map(|NewNotice { key, message_id, send_at, priority }| {
            let what = (key.revision, &key.unit, key.kind.as_str(), &key.step, &key.mailbox);
            (what.0, what.1, what.2, what.3, what.4, message_id, millis(*send_at), priority)
        })
        .collect();
    let done =
        query(dialect::ENQUEUE).bind(document.0).bind(millis(now)).bind(json(&source)?).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Drops queued notices of revisions older than `before`, or of all. One that may have been accepted
/// (ambiguous) or is on its way (sending) is not ours to call unsent; its letter decides when written.
pub(super) async fn drop_queued(
    conn: &mut Conn,
    document: DocumentId,
    before: Option<RevisionId>,
    reason: &str,
) -> Result<u64, StoreError> {
    let done = query(
        "UPDATE notice SET delivery = 'dropped', reply = $3
         WHERE delivery = 'queued' AND revision IN (SELECT id FROM revision WHERE document = $1 AND id < $2)",
    )
    .bind(document.0)
    .bind(before.map_or(i64::MAX, |id| id.0))
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// A claimed notice; its obligation's columns follow, NULL where the unit has none.
struct ClaimedRow {
    id: i64,
    epoch: i64,
    document: i64,
    revision: i64,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    message_id: String,
    tries: i64,
    sent_before: i64,
    obligation: Option<obligation::Row>,
}

impl<'r> FromRow<'r, SqliteRow> for ClaimedRow {
    fn from_row(row: &'r SqliteRow) -> Result<Self, sqlx::Error> {
        let obliged: Option<i64> = row.try_get("id")?;
        Ok(Self {
            id: row.try_get("n_id")?,
            epoch: row.try_get("n_epoch")?,
            document: row.try_get("n_document")?,
            revision: row.try_get("n_revision")?,
            unit: row.try_get("n_unit")?,
            kind: row.try_get("n_kind")?,
            step: row.try_get("n_step")?,
            mailbox: row.try_get("n_mailbox")?,
            message_id: row.try_get("n_message_id")?,
            tries: row.try_get("n_tries")?,
            sent_before: row.try_get("n_sent_before")?,
            obligation: obliged.map(|_| obligation::Row::from_row(row)).transpose()?,
        })
    }
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = StoreError;

    fn try_from(row: ClaimedRow) -> Result<Self, StoreError> {
        let place = Place { table: "notice", key: row.id };
        Ok(Self {
            id: NoticeId(row.id),
            epoch: row.epoch,
            document: DocumentId(row.document),
            tries: place.number("tries", row.tries - 1)?,
            sent_before: place.number("sent_before", row.sent_before)?,
            obligation: row.obligation.map(TryInto::try_into).transpose()?,
            key: NoticeKey {
                revision: RevisionId(row.revision),
                unit: UnitId(row.unit),
                kind: place.word("kind", &row.kind, NoticeKind::parse)?,
                step: row.step,
                mailbox: row.mailbox,
            },
            message_id: row.message_id,
        })
    }
}

/// Notices just claimed, in the order to send them. Mails "before" are those about any revision of the
/// document, to the same unit at the same address.
pub(super) const CLAIMED: &str = concat!(
    "SELECT n.id AS n_id, n.epoch AS n_epoch, n.document AS n_document, n.revision AS n_revision,
        n.unit AS n_unit, n.kind AS n_kind, n.step AS n_step, n.mailbox AS n_mailbox,
        n.message_id AS n_message_id, n.tries AS n_tries,
        (SELECT count(*) FROM revision r JOIN notice s ON s.revision = r.id AND s.unit = n.unit
         WHERE r.document = n.document AND s.mailbox = n.mailbox AND s.delivery = 'sent') AS n_sent_before, ",
    columns!(),
    " FROM notice n LEFT JOIN obligation o ON o.revision = n.revision AND o.cell = n.unit WHERE ",
    dialect::claimed!(),
    " ORDER BY n.priority, n.send_at, n.id"
);

/// Claims notices that are due and reads what their letters need.
pub(super) async fn claim(conn: &mut Conn, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
    let ids: Vec<i64> = query_scalar(dialect::CLAIM)
        .bind(&request.instance)
        .bind(millis(request.now))
        .bind(millis(request.lease_until))
        .bind(i64::from(request.limit))
        .fetch_all(&mut *conn)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ClaimedRow> = query_as(CLAIMED).bind(json(&ids)?).fetch_all(conn).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// The columns an outcome writes: delivery, send_at, sent_at, reply, and how many tries to take back.
type Outcome<'a> = (&'static str, Option<i64>, Option<i64>, Option<&'a str>, i64);

fn outcome(settled: &Settled, now: DateTime<Utc>) -> Outcome<'_> {
    let (delivery, send_at, reply) = match settled {
        Settled::Sent { reply } => (Delivery::Sent, None, Some(reply)),
        Settled::Retry { at, reason } => (Delivery::Queued, Some(*at), Some(reason)),
        Settled::Failed { reason } => (Delivery::Failed, None, Some(reason)),
        Settled::Ambiguous { at, reason } => (Delivery::Ambiguous, Some(*at), Some(reason)),
        Settled::Dropped { reason } => (Delivery::Dropped, None, Some(reason)),
        Settled::Released => (Delivery::Queued, None, None),
    };
    let sent_at = (delivery == Delivery::Sent).then(|| millis(now));
    let untried = matches!(settled, Settled::Dropped { .. } | Settled::Released);
    (delivery.as_str(), send_at.map(millis), sent_at, reply.map(String::as_str), i64::from(untried))
}

/// Records outcomes. For each, in order, whether it counted: a second one for the same notice, like one
/// of an older epoch, does not.
pub(super) async fn settle(
    conn: &mut Conn,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<Vec<bool>, StoreError> {
    let mut seen = HashSet::new();
    let source: Vec<_> = settlements
        .iter()
        .filter(|settlement| seen.insert(settlement.id))
        .map(|settlement| {
            let (delivery, send_at, sent_at, reply, untried) = outcome(&settlement.settled, now);
            (settlement.id, settlement.epoch, delivery, send_at, sent_at, reply, untried)
        })
        .collect();
    let counted: Vec<i64> = query_scalar(dialect::SETTLE).bind(json(&source)?).fetch_all(conn).await?;
    let mut counted: HashSet<_> = counted.into_iter().map(NoticeId).collect();
    Ok(settlements.iter().map(|settlement| counted.remove(&settlement.id)).collect())
}

/// Puts a failed or queued notice back at the head, with all its tries before it.
pub(super) async fn requeue(conn: &mut Conn, id: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE notice SET delivery = 'queued', send_at = $2, tries = 0
         WHERE id = $1 AND delivery IN ('failed', 'queued')",
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

/// The earliest `send_at` of what waits.
pub(super) const NEXT_SEND: &str = concat!(
    dialect::levels!(),
    " SELECT min((SELECT min(n.send_at) FROM notice n
                  WHERE n.delivery IN ('queued', 'ambiguous') AND n.priority = level.priority))
      FROM level WHERE level.priority IS NOT NULL"
);

/// The earliest end of a lease and the earliest ladder.
pub(super) const NEXT_OTHER: &str = "
SELECT (SELECT min(lease_until) FROM notice WHERE delivery = 'sending'),
    (SELECT min(next_action) FROM obligation
     WHERE next_action IS NOT NULL AND state IN ('open', 'acknowledged'))";

async fn next_send(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = query_scalar(NEXT_SEND).fetch_one(conn).await?;
    Place { table: "notice", key: "min" }.instant_of("send_at", at)
}

/// How many notices stand in each delivery state, and the oldest instant of those that are due.
pub(super) async fn outbox(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<(Vec<(Delivery, u64)>, Option<DateTime<Utc>>), StoreError> {
    let counts: Vec<(String, i64)> =
        query_as("SELECT delivery, count(*) FROM notice GROUP BY delivery ORDER BY delivery")
            .fetch_all(&mut *conn)
            .await?;
    let place = Place { table: "notice", key: "count" };
    let counts = counts.into_iter().map(|(delivery, count)| {
        Ok((place.word("delivery", &delivery, Delivery::parse)?, place.number("delivery", count)?))
    });
    let counts = counts.collect::<Result<_, StoreError>>()?;
    Ok((counts, next_send(conn).await?.filter(|at| *at <= now)))
}

/// The next instant anything wants attention: a waiting notice, a lease that runs out, a ladder.
pub(super) async fn next_wake(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let (lease, ladder): (Option<i64>, Option<i64>) = query_as(NEXT_OTHER).fetch_one(&mut *conn).await?;
    let lease = Place { table: "notice", key: "min" }.instant_of("lease_until", lease)?;
    let ladder = Place { table: "obligation", key: "min" }.instant_of("next_action", ladder)?;
    Ok([next_send(conn).await?, lease, ladder].into_iter().flatten().min())
}
