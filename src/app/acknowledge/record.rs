//! Recording an answer: row, evidence, journal and, where staff must decide, a hold; one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AnswerError, Outcome};
use crate::app::ports::{AnswerRecord, HoldKind, JournalEntry, JournalKind, NewHold, Store, StoreError, Tx};
use crate::app::report_up;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{HoldId, ObligationId};
use crate::domain::ladder::advise;
use crate::domain::obligation::{Answer, Duty, Effect, Grade, Obligation, TaskName};
use crate::domain::status::Voices;

/// An answer that is to be recorded.
#[derive(Debug, Clone)]
pub(super) struct Statement<'a> {
    /// The rows it is about.
    pub(super) obligations: Vec<ObligationId>,
    pub(super) answer: &'a Answer,
    pub(super) grade: Grade,
    pub(super) channel: &'static str,
    pub(super) actor: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
    pub(super) now: DateTime<Utc>,
}

/// Records an answer for every row it is about. Where it is recorded for one, that is what is told; what
/// is neither [`Outcome::Recorded`] nor [`Outcome::Closed`] leaves no trace.
///
/// # Errors
/// [`AnswerError::Unknown`], [`AnswerError::Store`]; nothing was recorded then.
pub(super) async fn record(
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    statement: &Statement<'_>,
) -> Result<Outcome, AnswerError> {
    let mut tx = store.begin().await?;
    let (outcome, writes) = enter(tx.as_mut(), store, (calendar, voices), statement).await?;
    if writes {
        tx.commit().await?;
    }
    Ok(outcome)
}

/// The same within a transaction of the caller's, who commits; whether anything was written.
///
/// # Errors
/// As [`record`].
pub(super) async fn enter(
    tx: &mut dyn Tx,
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    statement: &Statement<'_>,
) -> Result<(Outcome, bool), AnswerError> {
    let mut documents = BTreeSet::new();
    let mut outcomes = Vec::with_capacity(statement.obligations.len());
    let mut writes = false;
    for id in &statement.obligations {
        let row = tx.obligation(*id).await?.ok_or(AnswerError::Unknown)?;
        let (answered, effect) = row.answered(statement.answer, statement.grade, statement.now);
        // One writer at a time: what is read here is what stood before this transaction.
        let is_new = match effect {
            Effect::Already => false,
            Effect::Closed => !is_known(store, *id, statement).await?,
            Effect::Recorded => true,
        };
        if is_new {
            record_one(tx, calendar, statement, &answered, effect).await?;
            documents.insert(answered.document);
        }
        writes |= is_new;
        outcomes.push(match effect {
            Effect::Already => Outcome::Already,
            Effect::Closed => Outcome::Closed,
            Effect::Recorded => Outcome::Recorded(statement.grade),
        });
    }
    for document in documents {
        report_up::say(tx, voices, document, statement.now).await?;
    }
    let told = [Outcome::Recorded(statement.grade), Outcome::Closed];
    Ok((told.into_iter().find(|outcome| outcomes.contains(outcome)).unwrap_or(Outcome::Already), writes))
}

/// One row: its new form where it moved, the evidence, the journal and what staff must decide.
async fn record_one(
    tx: &mut dyn Tx,
    calendar: &Calendar,
    statement: &Statement<'_>,
    answered: &Obligation,
    effect: Effect,
) -> Result<(), AnswerError> {
    let duty = duty(tx, answered).await?;
    let mut hold = None;
    if effect == Effect::Recorded {
        let next = advise(answered, &duty.ladder, statement.now, calendar).next;
        let next_action = next.filter(|_| answered.state.is_live());
        tx.save_obligations(&[Obligation { next_action, ..answered.clone() }]).await?;
        hold = open_hold(tx, answered, duty.task.as_ref(), statement).await?;
    }
    tx.record_answer(&evidence(statement, answered)).await?;
    tx.append(&journal(statement, answered, duty.task.as_ref(), hold)).await?;
    Ok(())
}

async fn duty(tx: &mut dyn Tx, row: &Obligation) -> Result<Duty, StoreError> {
    let stored = tx.duty(row.duty).await?.ok_or_else(|| StoreError::Inconsistent {
        table: "obligation",
        column: "duty",
        key: row.id.to_string(),
    })?;
    Ok(stored.duty)
}

/// Whether the newest evidence says the very same, so that pressing again on a closed row adds nothing.
async fn is_known(
    store: &dyn Store,
    id: ObligationId,
    statement: &Statement<'_>,
) -> Result<bool, StoreError> {
    let answers = store.answers(id).await?;
    let same = |known: &AnswerRecord| known.answer == *statement.answer && known.grade >= statement.grade;
    Ok(answers.last().is_some_and(same))
}

/// A cell that declines or asks for more time waits for a decision of staff.
async fn open_hold(
    tx: &mut dyn Tx,
    row: &Obligation,
    task: Option<&TaskName>,
    statement: &Statement<'_>,
) -> Result<Option<(HoldId, HoldKind)>, AnswerError> {
    let (kind, reason) = match statement.answer {
        Answer::Declined { reason } => (HoldKind::Declined, reason.clone()),
        Answer::MoreTime { until, reason } => {
            (HoldKind::MoreTime, format!("xin gia hạn đến {}: {reason}", until.format("%d/%m/%Y")))
        }
        Answer::Received { .. } | Answer::Done { .. } => return Ok(None),
    };
    let revision = tx.revision(row.revision).await?.ok_or(AnswerError::Unknown)?;
    let hold = NewHold {
        kind,
        source: revision.document.source,
        external_id: revision.document.external_id,
        document: Some(row.document),
        unit: Some(row.cell.clone()),
        task: task.map(|task| task.id.clone()),
        reason: task.map_or(reason.clone(), |task| format!("việc “{}”: {reason}", task.name)),
        raw: None,
    };
    Ok(tx.open_hold(&hold, statement.now).await?.map(|id| (id, kind)))
}

fn evidence(statement: &Statement<'_>, row: &Obligation) -> AnswerRecord {
    AnswerRecord {
        obligation: row.id,
        revision: row.revision,
        answer: statement.answer.clone(),
        grade: statement.grade,
        channel: statement.channel.to_owned(),
        actor: statement.actor.clone(),
        reason: statement.reason.clone(),
        evidence: statement.evidence.clone(),
        at: statement.now,
    }
}

/// The journal carries the whole answer, so that the register can be rebuilt from it (T21); addresses
/// and agents of clients stay with the evidence.
fn journal(
    statement: &Statement<'_>,
    row: &Obligation,
    task: Option<&TaskName>,
    hold: Option<(HoldId, HoldKind)>,
) -> Vec<JournalEntry> {
    let entry = |kind, detail| JournalEntry {
        at: statement.now,
        kind,
        document: Some(row.document),
        obligation: Some(row.id),
        detail,
    };
    let mut answered = json!({
        "cell": row.cell,
        "revision": row.revision,
        "state": row.state.as_str(),
        "answer": statement.answer,
        "grade": statement.grade.as_str(),
        "channel": statement.channel,
        "actor": statement.actor,
        "reason": statement.reason,
    });
    if let (Some(task), Some(answered)) = (task, answered.as_object_mut()) {
        answered.insert("task".to_owned(), json!(task.name));
    }
    let mut entries = vec![entry(JournalKind::Answered, answered)];
    if let Some((id, kind)) = hold {
        let held = json!({ "hold": id, "kind": kind.as_str(), "cell": row.cell });
        entries.push(entry(JournalKind::Held, held));
    }
    entries
}
