//! What an answer asks of staff: the hold they see, the request they decide, and its end where the work ends
//! before they do.

use super::AnswerError;
use super::record::Statement;
use crate::app::ports::{Asked, Decision, HoldKind, NewHold, NewRequest, StoreError, Tx, Verdict};
use crate::domain::ids::HoldId;
use crate::domain::obligation::{Answer, Obligation, TaskName};

/// A cell that declines or asks for more time waits for a decision of staff. Whoever asks for more time once
/// more asks for this instead of that.
pub(super) async fn open(
    tx: &mut dyn Tx,
    (row, task): (&Obligation, Option<&TaskName>),
    statement: &Statement,
) -> Result<Option<(HoldId, HoldKind)>, AnswerError> {
    let (kind, asks, reason) = match &statement.answer {
        Answer::Declined { reason, suggested } => {
            (HoldKind::Declined, Asked::Declined { suggested: suggested.clone() }, reason)
        }
        Answer::MoreTime { until, reason } => (HoldKind::MoreTime, Asked::MoreTime { until: *until }, reason),
        Answer::Received { .. } | Answer::Done { .. } => return Ok(None),
    };
    let words = words(&asks, task, reason);
    let Some(hold) = hold(tx, row, (kind, task, words), statement).await? else { return Ok(None) };
    let new = NewRequest {
        obligation: row.id,
        hold,
        asks,
        reason: reason.clone(),
        due: row.due,
        at: statement.now,
    };
    tx.open_request(&new).await?;
    Ok(Some((hold, kind)))
}

/// Ends what waits for staff about a row that asks nothing of them any more.
pub(super) async fn overtake(
    tx: &mut dyn Tx,
    row: &Obligation,
    statement: &Statement,
) -> Result<(), StoreError> {
    for open in tx.open_requests(row.id).await? {
        tx.decide_request(open.id, &Decision::by_itself(Verdict::Overtaken, statement.now)).await?;
        tx.release_hold(open.hold, statement.now).await?;
    }
    Ok(())
}

/// The hold for staff: a new one, or the one that is open about the same, whose request it takes the place of.
async fn hold(
    tx: &mut dyn Tx,
    row: &Obligation,
    (kind, task, reason): (HoldKind, Option<&TaskName>, String),
    statement: &Statement,
) -> Result<Option<HoldId>, AnswerError> {
    let revision = tx.revision(row.revision).await?.ok_or(AnswerError::Unknown)?;
    let hold = NewHold {
        kind,
        source: revision.document.source,
        external_id: revision.document.external_id,
        document: Some(row.document),
        unit: Some(row.cell.clone()),
        task: task.map(|task| task.id.clone()),
        reason,
        raw: None,
    };
    if let Some(id) = tx.open_hold(&hold, statement.now).await? {
        return Ok(Some(id));
    }
    let Some(open) = tx.open_hold_like(&hold).await? else { return Ok(None) };
    if let Some(earlier) = tx.open_request_under(open).await? {
        tx.decide_request(earlier.id, &Decision::by_itself(Verdict::Replaced, statement.now)).await?;
    }
    tx.hold_reason(open, &hold.reason).await?;
    Ok(Some(open))
}

/// Why it waits, for staff.
fn words(asks: &Asked, task: Option<&TaskName>, reason: &str) -> String {
    let words = match asks {
        Asked::MoreTime { until } => format!("xin gia hạn đến {}: {reason}", until.format("%d/%m/%Y")),
        Asked::Declined { .. } => reason.to_owned(),
    };
    task.map_or(words.clone(), |task| format!("việc “{}”: {words}", task.name))
}
