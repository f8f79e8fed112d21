//! What a lost register had done, by the copy of its journal: found again, counted.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json as value;
use sqlx::FromRow;

use super::chronicle::{Answered, Opened, Posted};
use super::pool::Pool;
use super::sql::{query, query_as, query_scalar};
use super::tx::SqlTx;
use super::value::{Place, json, millis};
use super::{Conn, dialect, journal};
use crate::app::ports::{
    JournalEntry, JournalKind, RecallReader, RecallTx, RecalledAnswer, RecalledTally, StoreError, Unmatched,
};
use crate::domain::ids::{DocumentId, ExternalId, ObligationId, SourceId, UnitId};
use crate::domain::obligation::Grade;

/// Waiting mails that are looked at together.
const WAITING: i64 = 5000;

/// Whether anything is recalled of mails.
async fn is_idle(conn: &mut Conn) -> Result<bool, StoreError> {
    let any: i64 =
        query_scalar("SELECT count(*) FROM (SELECT 1 FROM recalled WHERE kind <> 'answered' LIMIT 1) AS x")
            .fetch_one(conn)
            .await?;
    Ok(any == 0)
}

#[derive(FromRow)]
struct Wanted {
    id: i64,
    document: i64,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    fingerprint: String,
    about: Option<String>,
}

/// A mail that is recalled.
struct Memory {
    id: i64,
    document: i64,
    kind: String,
    post: Posted,
}

/// Of mails that are about to leave, or wait to, those that the lost register had sent are sent; those that it was to send,
/// or may have, take the Message-ID they had, and count as doubtful. Returns the ids of the former.
pub(super) async fn recognise(
    conn: &mut Conn,
    ids: &[i64],
    now: DateTime<Utc>,
) -> Result<BTreeSet<i64>, StoreError> {
    if ids.is_empty() || is_idle(conn).await? {
        return Ok(BTreeSet::new());
    }
    let wanted: Vec<Wanted> = query_as(dialect::WANTED).bind(json(ids)?).fetch_all(&mut *conn).await?;
    let memories = memories(conn, &wanted).await?;
    let opened = about_all(conn, &wanted).await?;
    let (mut sent, mut applied) = (BTreeMap::<i64, Vec<i64>>::new(), Vec::new());
    for notice in &wanted {
        let own = |memory: &&Memory| {
            memory.post.unit == notice.unit && memory.post.mailbox.eq_ignore_ascii_case(&notice.mailbox)
        };
        let own: Vec<_> = memories.iter().filter(own).collect();
        if let Some(known) = told(notice, &own, &opened) {
            mark_sent(conn, notice.id, known).await?;
            sent.entry(notice.document).or_default().push(notice.id);
            applied.push(known.id);
        } else if let Some(known) = own.iter().find(|memory| same(notice, memory)) {
            query("UPDATE notice SET message_id = $2, doubtful = coalesce(doubtful, $3) WHERE id = $1")
                .bind(notice.id)
                .bind(&known.post.message_id)
                .bind(millis(now))
                .execute(&mut *conn)
                .await?;
        }
    }
    query(dialect::APPLIED).bind(json(&applied)?).bind(millis(now)).execute(&mut *conn).await?;
    journal::append(conn, &entries(&sent, now)).await?;
    Ok(sent.into_values().flatten().collect())
}

/// What the journal says of them.
fn entries(sent: &BTreeMap<i64, Vec<i64>>, now: DateTime<Utc>) -> Vec<JournalEntry> {
    let entry = |(document, ids): (&i64, &Vec<i64>)| JournalEntry {
        at: now,
        kind: JournalKind::Settled,
        document: Some(DocumentId(*document)),
        obligation: None,
        detail: value!({ "sent": ids, "recalled": true }),
    };
    sent.iter().map(entry).collect()
}

async fn memories(conn: &mut Conn, wanted: &[Wanted]) -> Result<Vec<Memory>, StoreError> {
    let documents: BTreeSet<_> = wanted.iter().map(|notice| notice.document).collect();
    let rows: Vec<(i64, i64, String, String, String)> =
        query_as(dialect::RECALLED_OF).bind(json(&documents)?).fetch_all(conn).await?;
    let units: BTreeSet<_> = wanted.iter().map(|notice| notice.unit.as_str()).collect();
    let ours = rows.into_iter().filter(|(.., unit)| units.contains(unit.as_str()));
    ours.map(|(id, document, kind, content, _)| {
        let post = Place { table: "recalled", key: id }.json("content", &content)?;
        Ok(Memory { id, document, kind, post })
    })
    .collect()
}

/// The obligations that mails are about, by what they are about.
async fn about_all(conn: &mut Conn, wanted: &[Wanted]) -> Result<BTreeMap<i64, Opened>, StoreError> {
    let ids: BTreeSet<_> = wanted.iter().flat_map(steps).map(|(id, _)| id).collect();
    let rows: Vec<(i64, String, String, String, String)> =
        query_as(dialect::OPENED).bind(json(&ids)?).fetch_all(conn).await?;
    let opened =
        |(obligation, source, id, cell, task)| (obligation, Opened { obligation, source, id, cell, task });
    Ok(rows.into_iter().map(opened).collect())
}

fn steps(notice: &Wanted) -> Vec<(i64, i64)> {
    notice.about.as_deref().and_then(|about| serde_json::from_str(about).ok()).unwrap_or_default()
}

/// The same mail: same kind and step about the same content.
fn same(notice: &Wanted, memory: &Memory) -> bool {
    let Posted { kind, step, fingerprint, .. } = &memory.post;
    memory.document == notice.document
        && *kind == notice.kind
        && *step == notice.step
        && *fingerprint == notice.fingerprint
}

/// The mail by which the reader was told all that a notice would tell: the same; a change to the same content, where the
/// register meets that as a first one; or of ladder steps mails that told of each of them, whatever day they bore.
fn told<'a>(notice: &Wanted, own: &[&'a Memory], opened: &BTreeMap<i64, Opened>) -> Option<&'a Memory> {
    let sent = || own.iter().copied().filter(|memory| memory.kind == "sent");
    let changed = |memory: &&Memory| {
        notice.kind == "notice"
            && memory.post.kind == "change"
            && memory.post.fingerprint == notice.fingerprint
    };
    if let Some(known) = sent().find(|memory| same(notice, memory) || changed(memory)) {
        return Some(known);
    }
    let steps = steps(notice);
    if steps.is_empty() || !["reminder", "chase", "escalation"].contains(&notice.kind.as_str()) {
        return None;
    }
    let tells = |memory: &&Memory, (id, step): (i64, i64)| {
        let Some(row) = opened.get(&id) else { return false };
        memory.post.about.iter().any(|(known, taken)| {
            let alike = (&known.source, &known.id, &known.cell, &known.task)
                == (&row.source, &row.id, &row.cell, &row.task);
            alike && *taken == step
        })
    };
    let first = sent().find(|memory| steps.first().is_some_and(|step| tells(memory, *step)))?;
    steps.iter().all(|step| sent().any(|memory| tells(&memory, *step))).then_some(first)
}

async fn mark_sent(conn: &mut Conn, id: i64, known: &Memory) -> Result<(), StoreError> {
    let reply = known.post.reply.as_deref().unwrap_or_default();
    query(
        "UPDATE notice SET delivery = 'sent', sent_at = $2, reply = $3, message_id = $4, lease_until = NULL
         WHERE id = $1",
    )
    .bind(id)
    .bind(known.post.at)
    .bind(format!("đã gửi trước khi phục hồi, theo bản chép nhật ký: {reply}"))
    .bind(&known.post.message_id)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct AnswerRow {
    id: i64,
    external_id: String,
    unit: String,
    content: String,
    target: i64,
}

impl TryFrom<AnswerRow> for RecalledAnswer {
    type Error = StoreError;

    fn try_from(row: AnswerRow) -> Result<Self, StoreError> {
        let place = Place { table: "recalled", key: row.id };
        let Answered { answer, grade, channel, actor, reason, at, .. } =
            place.json("content", &row.content)?;
        Ok(Self {
            id: row.id,
            external_id: ExternalId(row.external_id),
            cell: UnitId(row.unit),
            target: ObligationId(row.target),
            answer: serde_json::from_value(answer).map_err(|_| place.bad("content"))?,
            grade: place.word("content", &grade, Grade::parse)?,
            channel,
            actor,
            reason,
            at: place.instant("at", at)?,
        })
    }
}

#[async_trait]
impl<P: Pool> RecallReader for P {
    async fn recalled(&self) -> Result<Vec<RecalledTally>, StoreError> {
        let rows: Vec<(String, i64, i64)> =
            query_as("SELECT kind, count(*), count(applied) FROM recalled GROUP BY kind ORDER BY kind")
                .fetch_all(&mut self.reader().await?)
                .await?;
        let tally = |(kind, all, found): (String, i64, i64)| RecalledTally {
            kind,
            all: all.unsigned_abs(),
            found: found.unsigned_abs(),
        };
        Ok(rows.into_iter().map(tally).collect())
    }

    async fn recalled_answers(&self, limit: u32) -> Result<Vec<RecalledAnswer>, StoreError> {
        let rows: Vec<AnswerRow> = query_as(dialect::RECALLED_ANSWERS)
            .bind(i64::from(limit))
            .fetch_all(&mut self.reader().await?)
            .await?;
        rows.into_iter().map(RecalledAnswer::try_from).collect()
    }

    async fn unmatched(&self, limit: u32) -> Result<Vec<Unmatched>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, i64, String)> = query_as(
            "SELECT id, kind, source, external_id, unit, at, content FROM recalled
             WHERE applied IS NULL AND kind IN ('sent', 'doubtful', 'answered', 'other') ORDER BY id LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&mut self.reader().await?)
        .await?;
        let row = |(id, kind, source, external_id, unit, at, content)| {
            Ok(Unmatched {
                kind,
                source: SourceId(source),
                external_id: ExternalId(external_id),
                unit: UnitId(unit),
                at: Place { table: "recalled", key: id }.instant("at", at)?,
                content,
            })
        };
        rows.into_iter().map(row).collect()
    }

    async fn formerly(&self, lost: ObligationId) -> Result<Option<ObligationId>, StoreError> {
        let id: Option<i64> =
            query_scalar(dialect::FORMERLY).bind(lost.0).fetch_optional(&mut self.reader().await?).await?;
        Ok(id.map(ObligationId))
    }

    async fn uncopied(&self) -> Option<String> {
        self.chronicle().and_then(|chronicle| chronicle.trouble())
    }

    async fn copy_on(&self) -> bool {
        match self.chronicle() {
            Some(chronicle) => {
                chronicle.catch_up().await;
                true
            }
            None => false,
        }
    }
}

#[async_trait]
impl RecallTx for SqlTx {
    async fn recognise(&mut self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let conn = self.conn();
        let ids: Vec<i64> = query_scalar(
            "SELECT id FROM notice WHERE delivery IN ('queued', 'ambiguous', 'held') ORDER BY id LIMIT $1",
        )
        .bind(WAITING)
        .fetch_all(&mut *conn)
        .await?;
        Ok(recognise(conn, &ids, now).await?.len() as u64)
    }

    async fn found_again(&mut self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        query("UPDATE recalled SET applied = $2 WHERE id = $1 AND applied IS NULL")
            .bind(id)
            .bind(millis(now))
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn is_recalled(&mut self, source: &SourceId, external_id: &ExternalId) -> Result<bool, StoreError> {
        let known: i64 = query_scalar(
            "SELECT count(*) FROM (SELECT 1 FROM recalled WHERE source = $1 AND external_id = $2 LIMIT 1) AS x",
        )
        .bind(source.as_str())
        .bind(external_id.as_str())
        .fetch_one(self.conn())
        .await?;
        Ok(known > 0)
    }
}
