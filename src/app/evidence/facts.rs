//! What happened beside the journal: what was asked of whom, mails with the servers' replies, answers, requests and
//! what was told upstream; one JSON object a line.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{BundleFile, file, lines, pretty};
use crate::app::office::Office;
use crate::app::ports::{
    AnswerRecord, NoticeFilter, NoticeRow, ObligationRow, Reader, StatusFilter, StoreError,
};
use crate::domain::ids::{DocumentId, DutyId};

/// Adds those files.
pub(super) async fn add(
    store: &dyn Reader,
    office: &Office,
    id: DocumentId,
    files: &mut Vec<BundleFile>,
) -> Result<(), StoreError> {
    let rows = store.obligations(id, true).await?;
    let mut duties: BTreeMap<DutyId, Value> = BTreeMap::new();
    let mut answers = Vec::new();
    for row in &rows {
        let duty = row.obligation.duty;
        if let (false, Some(stored)) = (duties.contains_key(&duty), store.duty(duty).await?) {
            duties.insert(duty, to_value(&stored.duty)?);
        }
        answers.extend(store.answers(row.obligation.id).await?.iter().map(|known| answer(row, known)));
    }
    let notices = store.notices(&NoticeFilter { document: Some(id), ..NoticeFilter::default() }).await?;
    let statuses = store.statuses(&StatusFilter { document: Some(id), ..StatusFilter::default() }).await?;
    let duties: BTreeMap<String, Value> =
        duties.into_iter().map(|(id, duty)| (id.to_string(), duty)).collect();
    files.push(file("duties.json", pretty(&duties)?));
    files.push(file("obligations.jsonl", lines(rows.iter().map(|row| obligation(row, office)))));
    files.push(file("answers.jsonl", lines(answers)));
    files.push(file("mails.jsonl", lines(notices.iter().rev().map(mail))));
    files.push(file("requests.jsonl", lines(values(&store.requests(id).await?)?)));
    files.push(file("statuses.jsonl", lines(values(&statuses)?)));
    Ok(())
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Engine(error.to_string()))
}

fn values<T: serde::Serialize>(rows: &[T]) -> Result<Vec<Value>, StoreError> {
    rows.iter().map(to_value).collect()
}

fn obligation(row: &ObligationRow, office: &Office) -> Value {
    let of = &row.obligation;
    let name = office.units.name_on(&of.cell, office.calendar.date_of(of.opened));
    json!({
        "obligation": of.id, "revision": of.revision, "duty": of.duty, "task": of.task, "cell": of.cell,
        "name": name, "state": of.state.as_str(), "since": of.since, "opened": of.opened,
        "acknowledge_due": of.acknowledge_due, "due": of.due, "grade": of.grade.map(|grade| grade.as_str()),
        "promised": of.promised, "contact": row.contact,
    })
}

/// The facts of an answer as the journal has them, and beside them what was said in own words.
fn answer(row: &ObligationRow, known: &AnswerRecord) -> Value {
    json!({
        "obligation": known.obligation, "cell": row.obligation.cell, "revision": known.revision,
        "at": known.at.timestamp_millis(), "answer": known.answer.without_words(), "words": known.answer.words(),
        "grade": known.grade.as_str(), "channel": known.channel, "actor": known.actor, "reason": known.reason,
    })
}

fn mail(notice: &NoticeRow) -> Value {
    json!({
        "notice": notice.id, "revision": notice.revision, "unit": notice.unit, "kind": notice.kind,
        "step": notice.step, "mailbox": notice.mailbox, "message_id": notice.message_id,
        "delivery": notice.delivery, "send_at": notice.send_at, "sent_at": notice.sent_at,
        "tries": notice.tries, "reply": notice.reply,
    })
}
