//! Dump: the register row by row, for whoever judges it from outside. No key, no token, no text of a document; addresses
//! as the start of their hash.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::evidence::exported;
use super::ports::{AnswerRecord, NoticeFilter, NoticeRow, ObligationRow, Reader, StatusFilter, StoreError};
use crate::domain::chain::sha256;
use crate::domain::ids::DocumentId;

/// Rows of the journal read at once.
const STRIDE: u32 = 4000;

/// Digits of the hash of an address that are given.
const DIGITS: usize = 16;

/// Gives every row to `write`, table by table, the register's own first; returns how many. What is written meanwhile may be
/// in one table and not in another: of a dump that is to be judged no daemon is at work.
///
/// # Errors
/// The register's, and those of `write`.
pub async fn dump<E: From<StoreError>>(
    store: &dyn Reader,
    now: DateTime<Utc>,
    write: &mut (dyn FnMut(Value) -> Result<(), E> + Send),
) -> Result<u64, E> {
    let mut out = Out { write, rows: 0 };
    let head = store.head().await?;
    let schema = store.meta().await?.schema;
    out.row("register", json!({ "form": 1, "schema": schema, "made": now, "head": head }))?;
    let mut documents = store.documents(u32::MAX, now).await?;
    documents.reverse();
    for document in &documents {
        let row = json!({
            "id": document.id, "source": document.source, "external_id": document.external_id,
            "symbol": document.document.symbol, "standing": document.standing,
        });
        out.row("document", row)?;
        of_document(store, document.id, &mut out).await?;
    }
    for hold in store.holds(false).await?.iter().rev() {
        let row = json!({
            "id": hold.id, "kind": hold.kind.as_str(), "source": hold.source, "external_id": hold.external_id,
            "document": hold.document, "unit": hold.unit, "opened": hold.opened, "closed": hold.closed,
        });
        out.row("hold", row)?;
    }
    journal(store, head.rows, &mut out).await?;
    Ok(out.rows)
}

/// Where rows go.
struct Out<'a, E> {
    write: &'a mut (dyn FnMut(Value) -> Result<(), E> + Send),
    rows: u64,
}

impl<E> Out<'_, E> {
    fn row(&mut self, table: &str, mut row: Value) -> Result<(), E> {
        if let Some(row) = row.as_object_mut() {
            row.insert("table".to_owned(), json!(table));
        }
        self.rows += 1;
        (self.write)(row)
    }
}

async fn of_document<E: From<StoreError>>(
    store: &dyn Reader,
    id: DocumentId,
    out: &mut Out<'_, E>,
) -> Result<(), E> {
    for origin in store.origins(id).await? {
        let (source, external_id) = (&origin.content.source, &origin.content.external_id);
        out.row("origin", json!({ "document": id, "source": source, "external_id": external_id }))?;
    }
    for row in store.obligations(id, true).await? {
        out.row("obligation", obligation(&row))?;
        for known in store.answers(row.obligation.id).await? {
            out.row("answer", answer(&known))?;
        }
    }
    let notices = store.notices(&NoticeFilter { document: Some(id), ..NoticeFilter::default() }).await?;
    for notice in notices.iter().rev() {
        out.row("notice", mail(notice))?;
    }
    let statuses = store.statuses(&StatusFilter { document: Some(id), ..StatusFilter::default() }).await?;
    for status in statuses.iter().rev() {
        let row = json!({
            "id": status.id, "document": id, "source": status.origin.source, "code": status.code.digits(),
            "delivery": status.delivery,
        });
        out.row("status", row)?;
    }
    Ok(())
}

fn obligation(row: &ObligationRow) -> Value {
    let of = &row.obligation;
    json!({
        "id": of.id, "document": of.document, "revision": of.revision, "cell": of.cell, "task": of.task,
        "state": of.state.as_str(), "since": of.since, "due": of.due, "grade": of.grade.map(|grade| grade.as_str()),
        "contact": row.contact,
    })
}

/// An answer without what was said in own words; of the reason only whether there is one.
fn answer(known: &AnswerRecord) -> Value {
    json!({
        "obligation": known.obligation, "revision": known.revision, "answer": known.answer.as_str(),
        "grade": known.grade.as_str(), "channel": known.channel, "actor": known.actor,
        "reasoned": known.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty()),
        "at": known.at.timestamp_millis(),
    })
}

fn mail(notice: &NoticeRow) -> Value {
    let mut mailbox = sha256(&[notice.mailbox.to_lowercase().as_bytes()]);
    mailbox.truncate(DIGITS);
    json!({
        "id": notice.id, "document": notice.document, "revision": notice.revision, "unit": notice.unit,
        "kind": notice.kind, "step": notice.step, "mailbox": mailbox, "message_id": notice.message_id,
        "delivery": notice.delivery, "sent_at": notice.sent_at, "tries": notice.tries,
    })
}

/// The journal up to a row, as it stands.
async fn journal<E: From<StoreError>>(store: &dyn Reader, rows: i64, out: &mut Out<'_, E>) -> Result<(), E> {
    let mut after = i64::MIN;
    loop {
        let links = store.links(after, STRIDE).await?;
        let Some(last) = links.last() else { return Ok(()) };
        after = last.number;
        for link in links.iter().filter(|link| link.number <= rows) {
            out.row("journal", exported(link)?)?;
        }
        if after >= rows {
            return Ok(());
        }
    }
}
