//! What came back of our own mails, and the health of the mailboxes they went to.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::Conn;
use super::sql::{query, query_as, query_scalar};
use super::tally::telling;
use super::value::{Place, json, millis};
use crate::app::ports::{Bounce, StoreError, Written};
use crate::domain::ids::{DocumentId, NoticeId, RevisionId, UnitId};
use crate::domain::mailbox::{Health, Record};
use crate::domain::notice::{NoticeKey, NoticeKind};

/// Message-IDs asked for at most: more references than any mail program keeps.
const MOST_IDS: usize = 64;

#[derive(FromRow)]
struct WrittenRow {
    id: i64,
    document: i64,
    revision: i64,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    about: Option<String>,
}

impl TryFrom<WrittenRow> for Written {
    type Error = StoreError;

    fn try_from(row: WrittenRow) -> Result<Self, StoreError> {
        let place = Place { table: "notice", key: row.id };
        Ok(Self {
            id: NoticeId(row.id),
            document: DocumentId(row.document),
            about: row.about.map(|about| place.json("about", &about)).transpose()?.unwrap_or_default(),
            key: NoticeKey {
                revision: RevisionId(row.revision),
                unit: UnitId(row.unit),
                kind: place.word("kind", &row.kind, NoticeKind::parse)?,
                step: row.step,
                mailbox: row.mailbox,
            },
        })
    }
}

/// Notices that may have left, in the order of their ids. One statement for each id, because the partial index
/// serves no list; a reply names a handful.
pub(super) async fn written(conn: &mut Conn, message_ids: &[String]) -> Result<Vec<Written>, StoreError> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for id in message_ids.iter().take(MOST_IDS) {
        if !seen.insert(id) {
            continue;
        }
        let rows: Vec<WrittenRow> = query_as(
            "SELECT id, document, revision, unit, kind, step, mailbox, about FROM notice
             WHERE message_id = $1 AND delivery NOT IN ('queued', 'held', 'dropped') ORDER BY id",
        )
        .bind(id)
        .fetch_all(&mut *conn)
        .await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// The addresses of a step, lower case.
pub(super) async fn addressed(conn: &mut Conn, key: &NoticeKey) -> Result<BTreeSet<String>, StoreError> {
    let addresses: Vec<String> = query_scalar(
        "SELECT mailbox FROM notice WHERE revision = $1 AND unit = $2 AND kind = $3 AND step = $4
            AND delivery <> 'dropped'",
    )
    .bind(key.revision.0)
    .bind(key.unit.as_str())
    .bind(key.kind.as_str())
    .bind(&key.step)
    .fetch_all(conn)
    .await?;
    Ok(addresses.iter().map(|address| address.to_lowercase()).collect())
}

/// Records a bounce, once.
pub(super) async fn bounce(conn: &mut Conn, bounce: &Bounce) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO bounced (notice, status, reason, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(bounce.notice.0)
    .bind(bounce.status.to_string())
    .bind(&bounce.reason)
    .bind(millis(bounce.at))
    .execute(&mut *conn)
    .await?;
    let is_new = done.rows_affected() == 1;
    if is_new {
        untold(conn, bounce.notice).await?;
    }
    Ok(is_new)
}

/// Rows that moved to a newer revision since a notice was sent count it as having told their cell.
async fn untold(conn: &mut Conn, notice: NoticeId) -> Result<(), StoreError> {
    query(concat!(
        "UPDATE obligation SET told = told - 1 WHERE told > 0 AND (revision, cell) IN (
            SELECT r.id, n.unit FROM notice n JOIN revision r ON r.document = n.document AND r.id > n.revision
            WHERE n.id = $1 AND n.delivery = 'sent' AND ",
        telling!("n"),
        ")"
    ))
    .bind(notice.0)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    address: String,
    health: String,
    since: i64,
    days: String,
    reason: String,
    reported: i64,
}

impl TryFrom<Row> for Record {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "mailbox", key: row.address.clone() };
        Ok(Self {
            health: place.word("health", &row.health, Health::parse)?,
            since: place.instant("since", row.since)?,
            days: place.json("days", &row.days)?,
            reported: place.instant("reported", row.reported)?,
            reason: row.reason,
            address: row.address,
        })
    }
}

/// What is known of an address.
pub(super) async fn get(conn: &mut Conn, address: &str) -> Result<Option<Record>, StoreError> {
    let row: Option<Row> = query_as("SELECT * FROM mailbox WHERE address = $1")
        .bind(address.to_lowercase())
        .fetch_optional(conn)
        .await?;
    row.map(Record::try_from).transpose()
}

/// Keeps what is known of an address.
pub(super) async fn save(conn: &mut Conn, record: &Record) -> Result<(), StoreError> {
    query(
        "INSERT INTO mailbox (address, health, since, days, reason, reported) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (address) DO UPDATE SET health = excluded.health, since = excluded.since,
            days = excluded.days, reason = excluded.reason, reported = excluded.reported",
    )
    .bind(&record.address)
    .bind(record.health.as_str())
    .bind(millis(record.since))
    .bind(json(&record.days)?)
    .bind(&record.reason)
    .bind(millis(record.reported))
    .execute(conn)
    .await?;
    Ok(())
}

/// The addresses that no mail is sent to.
pub(super) async fn dead(conn: &mut Conn) -> Result<BTreeSet<String>, StoreError> {
    let addresses: Vec<String> =
        query_scalar("SELECT address FROM mailbox WHERE health <> 'ok' AND health = 'dead'")
            .fetch_all(conn)
            .await?;
    Ok(addresses.into_iter().collect())
}

/// Failing mailboxes to which a mail left after their last report, of which nothing came back by `before`.
pub(super) async fn recovered(conn: &mut Conn, before: DateTime<Utc>) -> Result<Vec<Record>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT * FROM mailbox m WHERE m.health <> 'ok' AND m.health = 'failing' AND EXISTS (
            SELECT 1 FROM notice n WHERE lower(n.mailbox) = m.address AND n.delivery = 'sent'
                AND n.sent_at > m.reported AND n.sent_at < $1
                AND NOT EXISTS (SELECT 1 FROM bounced b WHERE b.notice = n.id))",
    )
    .bind(millis(before))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Record::try_from).collect()
}

/// Every mailbox that was ever reported on, the worst first.
pub(super) async fn list(conn: &mut Conn) -> Result<Vec<Record>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT * FROM mailbox
         ORDER BY CASE health WHEN 'dead' THEN 0 WHEN 'failing' THEN 1 ELSE 2 END, address",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Record::try_from).collect()
}
