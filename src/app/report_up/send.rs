//! Send: what a văn thư says in person, because no machine may (02, 04), or before the machine would.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::say::{Word, enqueue, said};
use crate::app::ports::{JournalEntry, JournalKind, OriginId, StatusRow, Store, StoreError, Tx};
use crate::domain::ids::{DocumentId, StatusId};
use crate::domain::notice::Delivery;
use crate::domain::status::{StatusCode, Unsayable, may_say};

/// A status in a person's words.
#[derive(Debug, Clone, Copy)]
pub struct ByHand<'a> {
    /// About which document.
    pub document: DocumentId,
    /// The code.
    pub code: StatusCode,
    /// Only to this source; to every origin that takes statuses if `None`.
    pub source: Option<&'a str>,
    /// Who says it.
    pub actor: &'a str,
    /// Why; goes upstream with it.
    pub reason: &'a str,
    /// When.
    pub now: DateTime<Utc>,
}

/// Why a status was not enqueued.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// None of the document's origins takes statuses.
    #[error("nguồn của văn bản này không nhận trạng thái; xem cột “Trạng thái” của vanthu doctor")]
    Nowhere,
    /// It may not follow what was said.
    #[error("{0}")]
    Unsayable(#[from] Unsayable),
    /// 15 and 16 answer a question; there is another verb for that.
    #[error("{} là lời đáp một yêu cầu lấy lại; hãy dùng vanthu upstream answer", .0.digits())]
    Answer(StatusCode),
    /// No such status, or one that is under way or was told.
    #[error("trạng thái số {0} không ở tình trạng gửi lại được")]
    NotWaiting(StatusId),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Enqueues what a person says, for each of the document's origins that `takes` statuses; returns those.
///
/// # Errors
/// [`SendError`]; nothing was enqueued then.
pub async fn send(
    store: &dyn Store,
    takes: &(dyn Fn(&OriginId) -> bool + Sync),
    said_by: &ByHand<'_>,
) -> Result<Vec<OriginId>, SendError> {
    if said_by.code.is_answer() {
        return Err(SendError::Answer(said_by.code));
    }
    let mut tx = store.begin().await?;
    let mut origins = tx.origin_ids(said_by.document).await?;
    origins
        .retain(|origin| takes(origin) && said_by.source.is_none_or(|only| origin.source.as_str() == only));
    if origins.is_empty() {
        return Err(SendError::Nowhere);
    }
    let known = tx.statuses_of(said_by.document).await?;
    let numbers = tx.counts(said_by.document).await?.sentence();
    let description = [said_by.reason, &numbers].into_iter().filter(|part| !part.is_empty());
    let word = Word {
        code: said_by.code,
        occasion: "",
        description: description.collect::<Vec<_>>().join(". "),
        by: Some((said_by.actor, said_by.reason)),
    };
    for origin in &origins {
        may_say(&said(&known, origin, ""), said_by.code)?;
        enqueue(tx.as_mut(), said_by.document, origin, &word, said_by.now).await?;
    }
    tx.commit().await?;
    Ok(origins)
}

/// Puts a status that failed back to be told, unless a later one was said meanwhile.
///
/// # Errors
/// [`SendError`]; nothing changed then.
pub async fn retry(
    store: &dyn Store,
    id: StatusId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<StatusRow, SendError> {
    let mut tx = store.begin().await?;
    let row = tx.requeue_status(id, now).await?.ok_or(SendError::NotWaiting(id))?;
    let mut known = tx.statuses_of(row.document).await?;
    known.retain(|other| other.id != id);
    may_say(&said(&known, &row.origin, &row.occasion), row.code)?;
    tx.append(&[requeued(&row, actor, now)]).await?;
    tx.commit().await?;
    Ok(row)
}

/// Puts back everything that an origin refused about a document, but for what was overtaken meanwhile.
///
/// # Errors
/// [`StoreError`].
pub(in crate::app) async fn again(
    tx: &mut dyn Tx,
    document: DocumentId,
    origin: &OriginId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Vec<StatusId>, StoreError> {
    let known = tx.statuses_of(document).await?;
    let mut put_back = Vec::new();
    for row in known.iter().filter(|row| row.origin == *origin && row.delivery == Delivery::Failed) {
        let others: Vec<_> = known.iter().filter(|other| other.id != row.id).cloned().collect();
        let sayable = may_say(&said(&others, origin, &row.occasion), row.code).is_ok();
        if sayable && tx.requeue_status(row.id, now).await?.is_some() {
            tx.append(&[requeued(row, actor, now)]).await?;
            put_back.push(row.id);
        }
    }
    Ok(put_back)
}

fn requeued(row: &StatusRow, actor: &str, now: DateTime<Utc>) -> JournalEntry {
    let detail =
        json!({"status": row.code.digits(), "source": row.origin.source, "again": row.id, "actor": actor});
    let (kind, document) = (JournalKind::Enqueued, Some(row.document));
    JournalEntry { at: now, kind, document, obligation: None, detail }
}
