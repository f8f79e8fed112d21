//! Identify: a person says whether a held document is one that is known, or another.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::register::{Case, Done};
use super::{Poll, Polled};
use crate::app::ports::{HoldKind, HoldRow, Incoming, JournalEntry, JournalKind, StoreError};
use crate::domain::ids::{DocumentId, HoldId};
use crate::domain::operation::Verdict;
use crate::domain::secrecy::judge_again;

/// What a person says of a document held as `ambiguous`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It is this one: a further origin of it.
    Same(DocumentId),
    /// It is another: registered by itself.
    Different,
}

/// Why a choice could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// There is no such open hold of kind `ambiguous`.
    #[error("mục tạm giữ số {0} không còn mở, hoặc không phải loại chờ xác định văn bản")]
    NotHeld(HoldId),
    /// The document it is said to be is not in the register.
    #[error("trong sổ không có văn bản #{0}")]
    NoDocument(DocumentId),
    /// Its text bears a secrecy mark by what is known today.
    #[error("văn bản có dấu hiệu độ mật, không được đưa vào sổ: {0}")]
    Secret(&'static str),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Settles a document held as `ambiguous`, in one transaction: registers it or adds it to the known one,
/// and closes the hold.
///
/// # Errors
/// [`IdentifyError`]; then nothing has changed.
pub async fn identify(
    poll: &Poll<'_>,
    hold: HoldId,
    choice: Choice,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Polled, IdentifyError> {
    let held = held(poll, hold).await?;
    let mut tx = poll.store.begin().await?;
    let pending = tx.undecided(&held.source, &held.external_id).await?;
    let pending = pending.ok_or(IdentifyError::NotHeld(hold))?;
    let verdict = match choice {
        Choice::Different => Verdict::New,
        Choice::Same(id) if tx.newest(id).await?.is_some() => Verdict::Onto(id),
        Choice::Same(id) => return Err(IdentifyError::NoDocument(id)),
    };
    tx.end_wait(&pending, now).await?;
    tx.release_hold(hold, now).await?;
    let document = judge_again(pending.content).map_err(|why| IdentifyError::Secret(why.vietnamese()))?;
    let incoming = Incoming { document, raw: pending.raw };
    let done = Case { poll, incoming: &incoming, now }.settle(tx.as_mut(), verdict).await?;
    tx.append(&[released(&held, choice, actor, now)]).await?;
    tx.commit().await?;
    Ok(counted(poll, &done))
}

async fn held(poll: &Poll<'_>, id: HoldId) -> Result<HoldRow, IdentifyError> {
    let holds = poll.store.holds(true).await?;
    let is_it = |hold: &HoldRow| hold.id == id && hold.kind == HoldKind::Ambiguous;
    holds.into_iter().find(is_it).ok_or(IdentifyError::NotHeld(id))
}

fn released(held: &HoldRow, choice: Choice, actor: &str, now: DateTime<Utc>) -> JournalEntry {
    let (word, document) = match choice {
        Choice::Same(id) => ("same", Some(id)),
        Choice::Different => ("different", None),
    };
    let detail = json!({
        "hold": held.id, "kind": held.kind.as_str(), "choice": word, "actor": actor,
        "origin": held.source, "external_id": held.external_id,
    });
    JournalEntry { at: now, kind: JournalKind::Released, document, obligation: None, detail }
}

fn counted(poll: &Poll<'_>, done: &Done) -> Polled {
    let mut polled = Polled::default();
    done.count(&mut polled);
    if polled.obligations > 0 {
        (poll.opened)();
    }
    polled
}
