//! Recording an answer: row, evidence, journal and, where staff must decide, a hold; one transaction.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AnswerError, Outcome};
use crate::app::ports::{AnswerRecord, HoldKind, JournalEntry, JournalKind, NewHold, Store, StoreError, Tx};
use crate::domain::calendar::Calendar;
use crate::domain::ids::{HoldId, ObligationId};
use crate::domain::ladder::advise;
use crate::domain::obligation::{Answer, Effect, Grade, Obligation};

/// An answer that is to be recorded.
#[derive(Debug, Clone)]
pub(super) struct Statement<'a> {
    pub(super) obligation: ObligationId,
    pub(super) answer: &'a Answer,
    pub(super) grade: Grade,
    pub(super) channel: &'static str,
    pub(super) actor: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
    pub(super) now: DateTime<Utc>,
}

/// Records an answer. Anything but [`Outcome::Recorded`] and [`Outcome::Closed`] leaves no trace.
///
/// # Errors
/// [`AnswerError::Unknown`], [`AnswerError::Store`]; nothing was recorded then.
pub(super) async fn record(
    store: &dyn Store,
    calendar: &Calendar,
    statement: &Statement<'_>,
) -> Result<Outcome, AnswerError> {
    let mut tx = store.begin().await?;
    let row = tx.obligation(statement.obligation).await?.ok_or(AnswerError::Unknown)?;
    let (answered, effect) = row.answered(statement.answer, statement.grade, statement.now);
    let outcome = match effect {
        Effect::Already => return Ok(Outcome::Already),
        // One writer at a time: what is read here is what stood before this transaction.
        Effect::Closed if is_known(store, statement).await? => return Ok(Outcome::Closed),
        Effect::Closed => Outcome::Closed,
        Effect::Recorded => {
            let next = scheduled(&mut *tx, &answered, calendar, statement.now).await?;
            tx.save_obligations(&[next]).await?;
            Outcome::Recorded(statement.grade)
        }
    };
    let hold = match effect {
        Effect::Recorded => open_hold(&mut *tx, &answered, statement).await?,
        Effect::Already | Effect::Closed => None,
    };
    tx.record_answer(&evidence(statement, &answered)).await?;
    tx.append(&journal(statement, &answered, hold)).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// The row with the next instant its ladder wants to look; none once it is closed.
async fn scheduled(
    tx: &mut dyn Tx,
    row: &Obligation,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Obligation, AnswerError> {
    let duty = tx.duty(row.duty).await?.ok_or_else(|| StoreError::Inconsistent {
        table: "obligation",
        column: "duty",
        key: row.id.to_string(),
    })?;
    let next = advise(row, &duty.duty.ladder, now, calendar).next;
    Ok(Obligation { next_action: next.filter(|_| row.state.is_live()), ..row.clone() })
}

/// Whether the newest evidence says the very same, so that pressing again on a closed row adds nothing.
async fn is_known(store: &dyn Store, statement: &Statement<'_>) -> Result<bool, StoreError> {
    let answers = store.answers(statement.obligation).await?;
    let same = |known: &AnswerRecord| known.answer == *statement.answer && known.grade >= statement.grade;
    Ok(answers.last().is_some_and(same))
}

/// A cell that declines or asks for more time waits for a decision of staff.
async fn open_hold(
    tx: &mut dyn Tx,
    row: &Obligation,
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
        reason,
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
    hold: Option<(HoldId, HoldKind)>,
) -> Vec<JournalEntry> {
    let entry = |kind, detail| JournalEntry {
        at: statement.now,
        kind,
        document: Some(row.document),
        obligation: Some(row.id),
        detail,
    };
    let answered = json!({
        "cell": row.cell,
        "revision": row.revision,
        "state": row.state.as_str(),
        "answer": statement.answer,
        "grade": statement.grade.as_str(),
        "channel": statement.channel,
        "actor": statement.actor,
        "reason": statement.reason,
    });
    let mut entries = vec![entry(JournalKind::Answered, answered)];
    if let Some((id, kind)) = hold {
        let held = json!({ "hold": id, "kind": kind.as_str(), "cell": row.cell });
        entries.push(entry(JournalKind::Held, held));
    }
    entries
}
