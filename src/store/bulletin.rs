//! Bulletins: enqueued with the step they tell of, sent, settled.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::FromRow;

use super::Conn;
use super::sql::{query, query_as};
use super::value::{Place, json, millis};
use crate::app::ports::{About, AcceptanceKind, BulletinSettled, DueBulletin, NewBulletin, StoreError};
use crate::domain::bulletin::{
    Bulletin, CalendarNews, HintNews, News, RequestNews, RestNews, RestoringNews, SourceNews, WeeklyNews,
};
use crate::domain::language::Language;
use crate::domain::notice::Delivery;

/// Enqueues one; `false` if the same is known.
pub(super) async fn enqueue(conn: &mut Conn, bulletin: &NewBulletin) -> Result<bool, StoreError> {
    let (acceptance, force, news, at) = match &bulletin.about {
        About::Files { acceptance, force } => (Some(*acceptance), force.as_str(), None, None),
        About::Source(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Calendar(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Request(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Hint(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Rest(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Weekly(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
        About::Restoring(news, at) => (None, "", Some(json(news)?), Some(millis(*at))),
    };
    let done = query(
        "INSERT INTO bulletin
            (acceptance, state, force, mailbox, message_id, delivery, send_at, tries, news, at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(acceptance)
    .bind(&bulletin.state)
    .bind(force)
    .bind(&bulletin.mailbox)
    .bind(&bulletin.message_id)
    .bind(millis(bulletin.send_at))
    .bind(news)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// News in the column of that name; each has a field that no other has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Source(SourceNews),
    Calendar(CalendarNews),
    Request(RequestNews),
    Hint(HintNews),
    Rest(RestNews),
    Weekly(Box<WeeklyNews>),
    Restoring(RestoringNews),
}

#[derive(FromRow)]
struct Row {
    id: i64,
    message_id: String,
    mailbox: String,
    force: String,
    tries: i64,
    at: i64,
    kind: Option<String>,
    edition: Option<String>,
    author: Option<String>,
    impact: Option<String>,
    detail: Option<String>,
    news: Option<String>,
}

impl TryFrom<Row> for DueBulletin {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place { table: "bulletin", key: row.id };
        let kind =
            row.kind.as_deref().map(|kind| place.word("kind", kind, AcceptanceKind::parse)).transpose()?;
        let news = match (row.news, kind) {
            (Some(news), _) => match place.json("news", &news)? {
                Kept::Source(news) => News::Source(news),
                Kept::Calendar(news) => News::Calendar(news),
                Kept::Rest(news) => News::Rest(news),
                Kept::Weekly(news) => News::Weekly(*news),
                Kept::Restoring(news) => News::Restoring(news),
                Kept::Request(news) => News::Request(news),
                Kept::Hint(news) => News::Hint(news),
            },
            (None, Some(AcceptanceKind::Waiting)) => {
                let impact = row.impact.as_deref().map(|text| place.json("impact", text)).transpose()?;
                let edition = row.edition.unwrap_or_default();
                News::Waiting { edition, impact: impact.unwrap_or_default() }
            }
            (None, _) => News::Broken { findings: row.detail.unwrap_or_default() },
        };
        let bulletin = Bulletin {
            id: row.id,
            message_id: row.message_id,
            to: row.mailbox,
            language: Language::default(),
            news,
            author: row.author.unwrap_or_default(),
            force: row.force,
            at: place.instant("at", row.at)?,
        };
        Ok(Self { bulletin, tries: place.number("tries", row.tries)? })
    }
}

/// Those that are due, oldest first.
pub(super) async fn due(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<DueBulletin>, StoreError> {
    let rows: Vec<Row> = query_as(
        "SELECT b.id, b.message_id, b.mailbox, b.force, b.tries, coalesce(a.at, b.at) AS at, a.kind,
            a.edition, a.author, a.impact, a.detail, b.news
         FROM bulletin b LEFT JOIN acceptance a ON a.number = b.acceptance
         WHERE b.delivery = 'queued' AND b.send_at <= $1 ORDER BY b.id",
    )
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(DueBulletin::try_from).collect()
}

/// Records what became of a try.
pub(super) async fn settle(conn: &mut Conn, settled: &BulletinSettled) -> Result<(), StoreError> {
    let sent_at = (settled.delivery == Delivery::Sent).then(|| millis(settled.at));
    query(
        "UPDATE bulletin SET delivery = $2, send_at = $3, sent_at = $4, reply = $5, tries = tries + 1
         WHERE id = $1 AND delivery = 'queued'",
    )
    .bind(settled.id)
    .bind(settled.delivery.as_str())
    .bind(millis(settled.at))
    .bind(sent_at)
    .bind(&settled.reply)
    .execute(conn)
    .await?;
    Ok(())
}
