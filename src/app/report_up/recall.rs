//! Recall: the sender wants a document back (13). On notice of it the receiver cancels the document and
//! says so (Nghị định 30/2020/NĐ-CP, Đ18.4b); whether to agree is decided by a person, never by us.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::say::{Word, enqueue, said};
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Act, HoldKind, HoldRow, JournalEntry, JournalKind, OriginId, Store, StoreError, Tx};
use crate::app::withdraw;
use crate::domain::ids::{DocumentId, HoldId};
use crate::domain::status::{StatusCode, Unsayable, may_say};

/// An answer to a recall.
#[derive(Clone, Copy)]
pub struct Recall<'a> {
    /// The hold that stands for it.
    pub hold: HoldId,
    /// Whether the document is given back.
    pub agrees: bool,
    /// Who decides.
    pub actor: &'a str,
    /// Why; goes upstream.
    pub reason: &'a str,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What answering did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The document.
    pub document: DocumentId,
    /// Obligations withdrawn.
    pub withdrawn: usize,
    /// Who is told.
    pub told: Vec<OriginId>,
}

/// Why a recall was not answered.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// No such hold is open, or it is about something else.
    #[error("không có yêu cầu lấy lại số {0} đang chờ; xem vanthu hold list")]
    NoRecall(HoldId),
    /// It was answered before.
    #[error("{0}")]
    Unsayable(#[from] Unsayable),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records a person's decision: agreed, the document's open work is withdrawn and its cells are told, and
/// 15 goes upstream; refused, all stays as it is and 16 goes upstream. One transaction.
///
/// # Errors
/// [`RecallError`]; nothing changed then.
pub async fn answer(
    store: &dyn Store,
    takes: &(dyn Fn(&OriginId) -> bool + Sync),
    recall: &Recall<'_>,
) -> Result<Answered, RecallError> {
    let mut tx = store.begin().await?;
    let hold = tx.hold(recall.hold).await?;
    let hold = hold
        .filter(|hold| hold.kind == HoldKind::Recall && hold.closed.is_none())
        .ok_or(RecallError::NoRecall(recall.hold))?;
    let document = hold.document.ok_or(RecallError::NoRecall(recall.hold))?;
    let withdrawn = if recall.agrees {
        withdraw::give_back(tx.as_mut(), document, (recall.office, recall.policy), recall.now).await?
    } else {
        0
    };
    let told = tell(tx.as_mut(), document, &hold, takes, recall).await?;
    let act = if recall.agrees { Act::Release } else { Act::Dismiss };
    tx.decide_hold(recall.hold, act, recall.now).await?;
    let detail = json!({
        "hold": recall.hold, "kind": hold.kind.as_str(), "act": act.as_str(), "agrees": recall.agrees, "reason": recall.reason,
        "actor": recall.actor,
    });
    let kind = JournalKind::Released;
    let entry = JournalEntry { at: recall.now, kind, document: Some(document), obligation: None, detail };
    tx.append(&[entry]).await?;
    tx.commit().await?;
    Ok(Answered { document, withdrawn, told })
}

/// The answer goes to whoever asked; the same document by another way was not asked back there.
async fn tell(
    tx: &mut dyn Tx,
    document: DocumentId,
    hold: &HoldRow,
    takes: &(dyn Fn(&OriginId) -> bool + Sync),
    recall: &Recall<'_>,
) -> Result<Vec<OriginId>, RecallError> {
    let code = if recall.agrees { StatusCode::ChangeAccepted } else { StatusCode::ChangeRefused };
    let mut origins = tx.origin_ids(document).await?;
    origins.retain(|origin| origin.source == hold.source && takes(origin));
    let known = tx.statuses_of(document).await?;
    let occasion = hold.external_id.as_str();
    let (description, by) = (recall.reason.to_owned(), Some((recall.actor, recall.reason)));
    let word = Word { code, occasion, description, by };
    for origin in &origins {
        may_say(&said(&known, origin, occasion), code)?;
        enqueue(tx, document, origin, &word, recall.now).await?;
    }
    Ok(origins)
}
