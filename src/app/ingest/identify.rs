//! Identify: a person says what a delivery that waits is: one document of the register, or one of its own.

use chrono::{DateTime, Utc};

use super::register::{Case, Done};
use super::withdraw;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{HoldRow, Incoming, Pending, StoreError, Tx, Why};
use crate::app::report_up;
use crate::domain::document::{Document, Operation};
use crate::domain::ids::DocumentId;
use crate::domain::operation::{Key, Verdict};
use crate::domain::secrecy::judge_again;

/// What a person says of a delivery that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Choice {
    /// It is about this one: a further origin of it, or an operation on it.
    Same(DocumentId),
    /// It is a document of its own.
    Own,
}

/// Why a choice could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// The document it is said to be is not in the register, or is the very one that is to replace it.
    #[error("trong sổ không có văn bản #{0} nào khác")]
    NoDocument(DocumentId),
    /// Its text bears a secrecy mark by what is known today.
    #[error("văn bản có dấu hiệu độ mật, không được đưa vào sổ: {0}")]
    Secret(&'static str),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Identified {
    /// Obligations opened.
    pub(in crate::app) opened: u64,
    /// How much else of the same delivery still waits.
    pub(in crate::app) left: u64,
}

/// Settles a delivery that waits, inside the caller's transaction.
///
/// # Errors
/// [`IdentifyError`]; then the transaction must be dropped.
pub(in crate::app) async fn identify(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    pending: Pending,
    choice: Choice,
    now: DateTime<Utc>,
) -> Result<Identified, IdentifyError> {
    let left = tx.end_wait(&pending, now).await?;
    let content = taken(tx, &pending, choice).await?;
    let document = judge_again(content).map_err(|why| IdentifyError::Secret(why.vietnamese()))?;
    let incoming = Incoming { document, raw: pending.raw.clone() };
    let case = Case { office, policy, incoming: &incoming, silent: false, now };
    let done = match choice {
        Choice::Same(id) => same(tx, &case, &pending, id).await?,
        // What takes the place of another is registered already and only stops waiting for it.
        Choice::Own if pending.document.is_some() => Done::default(),
        Choice::Own => case.settle(tx, Verdict::New).await?,
    };
    let content = incoming.document.get();
    if let Some(known) = tx.origin(&content.source, &content.external_id).await? {
        report_up::say(tx, &policy.voices, known.document, now).await?;
    }
    Ok(Identified { opened: done.obligations, left })
}

/// The content as it is taken now that a person has said what it is.
async fn taken(tx: &mut dyn Tx, pending: &Pending, choice: Choice) -> Result<Document, StoreError> {
    let mut content = pending.content.clone();
    match (choice, content.operation) {
        (Choice::Same(_), Operation::Unknown) => content.operation = Operation::Update,
        (Choice::Own, Operation::Revoke | Operation::Update | Operation::Unknown) => {
            let own = Key::own(&content);
            let is_taken = match &own {
                Some(key) => !tx.keyed(key).await?.is_empty(),
                None => false,
            };
            // A revocation bears the key of what it revokes: that one may still come.
            if is_taken || content.operation == Operation::Revoke {
                content.exchange.key = None;
            }
            content.operation = Operation::New;
        }
        _ => {}
    }
    Ok(content)
}

async fn same(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    pending: &Pending,
    id: DocumentId,
) -> Result<Done, IdentifyError> {
    if tx.newest(id).await?.is_none() || pending.document == Some(id) {
        return Err(IdentifyError::NoDocument(id));
    }
    if let (Some(new), Why::Original(key)) = (pending.document, &pending.why) {
        let organs = Key::replaced(&pending.content).into_iter().find(|(named, _)| named == key);
        let organs = organs.map(|(_, organs)| organs.to_vec()).unwrap_or_default();
        withdraw::replace(tx, case, (id, new), &organs).await?;
        return Ok(Done::default());
    }
    let verdict = match case.document().operation {
        Operation::Revoke => Verdict::Revoke(id),
        _ => Verdict::Onto(id),
    };
    Ok(case.settle(tx, verdict).await?)
}

/// A person says that the bodies an operation names are the office itself: it is carried out in full.
///
/// # Errors
/// [`StoreError`]; then the transaction must be dropped.
pub(in crate::app) async fn reach_all(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    hold: &HoldRow,
    now: DateTime<Utc>,
) -> Result<(), IdentifyError> {
    let Some(origin) = tx.origin(&hold.source, &hold.external_id).await? else { return Ok(()) };
    let document = judge_again(origin.content).map_err(|why| IdentifyError::Secret(why.vietnamese()))?;
    let incoming = Incoming { document, raw: Vec::new() };
    let mut ours = policy.clone();
    let exchange = &incoming.document.get().exchange;
    ours.operations.organs.extend(exchange.receivers.iter().map(|change| change.organ.clone()));
    let case = Case { office, policy: &ours, incoming: &incoming, silent: false, now };
    let content = incoming.document.get();
    match (content.operation, hold.document) {
        (Operation::Replace, Some(old)) => withdraw::replaced(tx, &case, (old, origin.document), &[]).await?,
        _ => withdraw::receivers(tx, &case, origin.document, content).await?,
    }
    Ok(())
}
