//! From rows of the journal to lines with facts in words that outlive the register.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::FromRow;

use super::line::{Answered, Fact, Numbers, Opened, Posted, Row};
use crate::app::ports::StoreError;
use crate::store::Conn;
use crate::store::dialect;
use crate::store::sql::query_as;
use crate::store::value::json;

/// A row of the journal.
#[derive(FromRow)]
pub(super) struct JournalRow {
    pub(super) number: i64,
    at: i64,
    kind: String,
    document: Option<i64>,
    obligation: Option<i64>,
    detail: String,
    pub(super) hash: String,
}

#[derive(FromRow)]
struct OpenedRow {
    id: i64,
    source: String,
    external_id: String,
    cell: String,
    task: String,
}

impl From<OpenedRow> for Opened {
    fn from(row: OpenedRow) -> Self {
        Self { obligation: row.id, source: row.source, id: row.external_id, cell: row.cell, task: row.task }
    }
}

#[derive(FromRow)]
struct PostedRow {
    id: i64,
    source: String,
    external_id: String,
    fingerprint: String,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    message_id: String,
    at: i64,
    reply: Option<String>,
    about: Option<String>,
}

#[derive(FromRow)]
struct AnswerRow {
    obligation: i64,
    content: String,
    grade: String,
    channel: String,
    actor: Option<String>,
    reason: Option<String>,
    at: i64,
}

/// The greatest numbers there are.
pub(super) async fn greatest(conn: &mut Conn) -> Result<Numbers, StoreError> {
    let (notice, obligation, document, revision, hold): (i64, i64, i64, i64, i64) = query_as(
        "SELECT (SELECT coalesce(max(id), 0) FROM notice), (SELECT coalesce(max(id), 0) FROM obligation),
            (SELECT coalesce(max(id), 0) FROM document), (SELECT coalesce(max(id), 0) FROM revision),
            (SELECT coalesce(max(id), 0) FROM hold)",
    )
    .fetch_one(conn)
    .await?;
    Ok(Numbers { notice, obligation, document, revision, hold })
}

/// Rows as lines, the last of them with everything that was opened and planned since `seen`; and what is seen now.
pub(super) async fn lines(
    conn: &mut Conn,
    rows: Vec<JournalRow>,
    seen: Numbers,
) -> Result<(Vec<Row>, Numbers), StoreError> {
    let given = greatest(conn).await?;
    let told = told(conn, &rows).await?;
    let mut fresh = opened_since(conn, seen.obligation).await?;
    fresh.extend(planned_since(conn, seen.notice).await?);
    let last = rows.len().saturating_sub(1);
    let line = |(place, row): (usize, JournalRow)| {
        let mut facts = told.of(&row);
        if place == last {
            facts.append(&mut fresh);
        }
        let seen = if place == last { given } else { seen };
        let JournalRow { number, at, kind, document, obligation, detail, hash } = row;
        Row { number, at, kind, document, obligation, detail, hash, facts, seen, given }
    };
    Ok((rows.into_iter().enumerate().map(line).collect(), given))
}

/// What rows of the journal refer to.
struct Told {
    posts: BTreeMap<i64, Posted>,
    answers: Vec<AnswerRow>,
    opened: BTreeMap<i64, Opened>,
}

/// The notices that a row tells of as sent, and as perhaps sent.
fn settled(row: &JournalRow) -> (Vec<i64>, Vec<i64>) {
    if row.kind != "settled" {
        return (Vec::new(), Vec::new());
    }
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let ids = |word: &str| {
        let listed = detail.get(word).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_i64).collect()
    };
    (ids("sent"), ids("ambiguous"))
}

async fn told(conn: &mut Conn, rows: &[JournalRow]) -> Result<Told, StoreError> {
    let mut notices = BTreeSet::new();
    for row in rows {
        let (sent, doubtful) = settled(row);
        notices.extend(sent.into_iter().chain(doubtful));
    }
    let answered = rows.iter().filter(|row| row.kind == "answered");
    let obligations: BTreeSet<_> = answered.filter_map(|row| row.obligation).collect();
    let posts = query_as(dialect::POSTED).bind(json(&notices)?).fetch_all(&mut *conn).await?;
    let posts = posts_of(conn, posts).await?;
    let opened = opened(conn, &obligations).await?;
    let answers = match obligations.is_empty() {
        true => Vec::new(),
        false => query_as(dialect::SAID).bind(json(&obligations)?).fetch_all(conn).await?,
    };
    Ok(Told { posts, answers, opened })
}

impl Told {
    fn of(&self, row: &JournalRow) -> Vec<Fact> {
        let (sent, doubtful) = settled(row);
        let post = |id: &i64| self.posts.get(id).cloned();
        let mut facts: Vec<_> = sent.iter().filter_map(post).map(Fact::Sent).collect();
        facts.extend(doubtful.iter().filter_map(post).map(Fact::Doubtful));
        facts.extend(self.answer(row).map(Fact::Answered));
        facts
    }

    /// The answer as the evidence has it: the journal tells of it without the cell's own words.
    fn answer(&self, row: &JournalRow) -> Option<Answered> {
        let id = row.obligation.filter(|_| row.kind == "answered")?;
        let said = self.answers.iter().rfind(|said| said.obligation == id && said.at == row.at)?;
        Some(Answered {
            obligation: self.opened.get(&id)?.clone(),
            answer: serde_json::from_str(&said.content).ok()?,
            grade: said.grade.clone(),
            channel: said.channel.clone(),
            actor: said.actor.clone(),
            reason: said.reason.clone(),
            at: row.at,
        })
    }
}

async fn opened(conn: &mut Conn, ids: &BTreeSet<i64>) -> Result<BTreeMap<i64, Opened>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<OpenedRow> = query_as(dialect::OPENED).bind(json(ids)?).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

async fn opened_since(conn: &mut Conn, id: i64) -> Result<Vec<Fact>, StoreError> {
    let rows: Vec<OpenedRow> = query_as(
        "SELECT o.id, d.source, d.external_id, o.cell, o.task
         FROM obligation o JOIN document d ON d.id = o.document WHERE o.id > $1 ORDER BY o.id",
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Fact::Opened(row.into())).collect())
}

async fn planned_since(conn: &mut Conn, id: i64) -> Result<Vec<Fact>, StoreError> {
    let rows: Vec<PostedRow> = query_as(
        "SELECT n.id, d.source, d.external_id, r.fingerprint, n.unit, n.kind, n.step, n.mailbox, n.message_id,
            n.send_at AS at, NULL AS reply, n.about
         FROM notice n JOIN revision r ON r.id = n.revision JOIN document d ON d.id = n.document
         WHERE n.id > $1 ORDER BY n.id",
    )
    .bind(id)
    .fetch_all(&mut *conn)
    .await?;
    Ok(posts_of(conn, rows).await?.into_values().map(Fact::Planned).collect())
}

/// Mails with what they are about in words.
async fn posts_of(conn: &mut Conn, rows: Vec<PostedRow>) -> Result<BTreeMap<i64, Posted>, StoreError> {
    let about = |row: &PostedRow| -> Vec<(i64, i64)> {
        row.about.as_deref().and_then(|about| serde_json::from_str(about).ok()).unwrap_or_default()
    };
    let ids = rows.iter().flat_map(about).map(|(id, _)| id).collect();
    let known = opened(conn, &ids).await?;
    let post = |row: PostedRow| {
        let steps = about(&row).into_iter();
        let about = steps.filter_map(|(id, step)| Some((known.get(&id)?.clone(), step))).collect();
        let posted = Posted {
            source: row.source,
            id: row.external_id,
            fingerprint: row.fingerprint,
            unit: row.unit,
            kind: row.kind,
            step: row.step,
            mailbox: row.mailbox,
            message_id: row.message_id,
            at: row.at,
            reply: row.reply,
            about,
        };
        (row.id, posted)
    };
    Ok(rows.into_iter().map(post).collect())
}
