//! A person's word about an edition that waits.

use chrono::{DateTime, Utc};

use crate::app::ports::{AcceptanceKind, AcceptanceRow, NewAcceptance, Store, StoreError};

/// A person's word.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// The edition's name or its beginning, in hex digits.
    pub edition: &'a str,
    /// Let it in, or turn it down.
    pub approve: bool,
    /// Who decides: an operating system user.
    pub actor: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

/// Why there is nothing to decide.
#[derive(Debug, thiserror::Error)]
pub enum Undecided {
    /// No edition waits.
    #[error("không có bản nào đang chờ duyệt")]
    Nothing,
    /// Another one does.
    #[error("bản đang chờ duyệt là {0}, không phải bản này")]
    Another(String),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records the word; the daemon acts on it. Returns the edition's whole name.
///
/// # Errors
/// [`Undecided`]
pub async fn decide(
    store: &dyn Store,
    decision: Decision<'_>,
    now: DateTime<Utc>,
) -> Result<String, Undecided> {
    let last = store.acceptances(None, 1).await?.pop();
    let Some(waiting) = last.filter(|last| is_open(last, decision.approve)) else {
        return Err(Undecided::Nothing);
    };
    if decision.edition.is_empty() || !waiting.edition.starts_with(&decision.edition.to_lowercase()) {
        return Err(Undecided::Another(crate::domain::edition::short(&waiting.edition).to_owned()));
    }
    let kind = if decision.approve { AcceptanceKind::Approved } else { AcceptanceKind::Rejected };
    let step = NewAcceptance {
        at: now,
        kind,
        edition: waiting.edition.clone(),
        author: decision.actor.to_owned(),
        impact: waiting.impact,
        detail: decision.reason.map(str::to_owned),
    };
    let mut tx = store.begin().await?;
    tx.record_acceptance(&step).await?;
    tx.commit().await?;
    Ok(waiting.edition)
}

/// What was turned down may still be let in, and what was let in turned down until the daemon has acted.
fn is_open(last: &AcceptanceRow, approve: bool) -> bool {
    match last.kind {
        AcceptanceKind::Waiting => true,
        AcceptanceKind::Rejected => approve,
        AcceptanceKind::Approved => !approve,
        AcceptanceKind::Accepted | AcceptanceKind::Refused | AcceptanceKind::Returned => false,
    }
}
