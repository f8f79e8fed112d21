//! Poll a source and register what it holds: list, read what is new, and per document one transaction
//! that moves everything at once. A page of directives in one transaction would keep every
//! acknowledgement and every outcome of a mail waiting for a second.
//!
//! The walk always goes to the end of the lists, so a late row with an old date is met; the cursor is
//! moved only by a walk that nothing was odd about. What was read is remembered by id, so the overlap
//! costs no second reading.
//!
//! - `walk`: through the lists, once or twice, and what it came to; `sweep`: what is read again when.
//! - `compare`: what the lists did not show, every night; `receipts`: who has looked at what in the source.
//! - `mend`: holds of what was put right since.
//! - `attempt`: a net under whatever a source or a document may do to us; `confirm`: what the source is told.
//! - `register`: one document into the register; `brake`: whether anybody may be told of it at once.
//! - `news`: what of all this is mailed to whoever looks after the office.

mod assign;
mod attempt;
mod brake;
mod compare;
mod confirm;
mod hear;
mod identify;
mod mend;
mod news;
mod receipts;
mod register;
mod revise;
mod sweep;
mod unread;
mod wait;
mod walk;
mod withdraw;

pub use identify::IdentifyError;

pub(super) use assign::assign_stored;
pub(super) use hear::attribute;
pub(super) use identify::{Choice, identify, reach_all};

use chrono::{DateTime, Duration, TimeDelta, Utc};
use serde::Serialize;

use super::office::Office;
use super::policy::Policy;
use super::ports::{
    Clock, HoldKind, Listed, NewHold, PollState, ReadMark, Reading, Source, SourceError, Store, StoreError,
    Tx,
};
use super::report_up;
use crate::domain::brake::{Baseline, Limits};
use crate::domain::ids::{ExternalId, SourceId};

/// How often and how far back rows are read again.
#[derive(Debug, Clone, Copy)]
pub struct Overlap {
    /// Rows received within this time before the watermark are read again now and then.
    pub window: Duration,
    /// How often.
    pub recheck: Duration,
    /// How long a source that refused us is left alone.
    pub after_refusal: Duration,
}

/// What is taken care of beside reading.
#[derive(Debug, Clone, Default)]
pub struct Care {
    /// New directives an hour that may be told without a person's word; by the size of the office, if `None`.
    pub directives: Option<u64>,
    /// First mails an hour, likewise.
    pub mails: Option<u64>,
    /// What becomes of what lay in the source before.
    pub baseline: Baseline,
    /// From when on a document is new; the first poll, if `None`.
    pub baseline_from: Option<DateTime<Utc>>,
    /// After how many working hours without a new document the source counts as quiet.
    pub quiet_after: Option<TimeDelta>,
    /// Whom to tell by mail of what is odd.
    pub owner: Option<String>,
}

/// What a poll did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Polled {
    /// Rows listed.
    pub listed: u64,
    /// Documents read in full.
    pub read: u64,
    /// New documents or revisions registered.
    pub registered: u64,
    /// Of these, those that obliged at least one cell.
    pub directives: u64,
    /// Obligations opened.
    pub obligations: u64,
    /// Withheld for secrecy.
    pub withheld: u64,
    /// Held because they could not be read.
    pub broken: u64,
    /// Held because no rule matched.
    pub unmatched: u64,
    /// Registered in silence, because they lay in the source before its first walk.
    pub silent: u64,
    /// Registered, but kept back from their cells because too much came at once.
    pub braked: u64,
    /// Kept, but the source would not take the word for it.
    pub unconfirmed: u64,
    /// Whether the walk met all there is, as far as anyone can tell.
    pub good: bool,
}

/// Why a poll stopped.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// The source; already recorded in its poll state.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Not asked: a refusal is recent, and asking again would be hammering.
    #[error("chưa hỏi lại nguồn trước {0}: lần trước bị từ chối")]
    TooSoon(DateTime<Utc>),
}

/// Everything a poll needs besides the source.
pub struct Poll<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// How far back to read again.
    pub overlap: Overlap,
    /// What is taken care of beside reading.
    pub care: &'a Care,
    /// The time, for comparing the source's clock.
    pub clock: &'a dyn Clock,
    /// Called after each transaction that opened obligations: their mails need not wait for the walk.
    pub opened: &'a (dyn Fn() + Sync),
}

impl Poll<'_> {
    /// How much may be told within an hour.
    fn limits(&self, now: DateTime<Utc>) -> Limits {
        let today = self.office.calendar.date_of(now);
        Limits::of_office(self.care.directives, self.care.mails, self.office.units.cells_on(today).count())
    }
}

/// Walks a source to the end, registering document by document.
///
/// # Errors
/// [`PollError`]; documents registered before it stay, the cursor does not move, and the failure is
/// recorded in the source's poll state.
pub async fn poll(poll: &Poll<'_>, source: &dyn Source, now: DateTime<Utc>) -> Result<Polled, PollError> {
    let mut state = poll_state(poll.store, source.id()).await?;
    let refused = state.credentials.as_ref() == Some(&source.credentials());
    if let Some(not_before) = state.not_before.filter(|not_before| refused && now < *not_before) {
        return Err(PollError::TooSoon(not_before));
    }
    state.started = Some(now);
    state.watch.first.get_or_insert(now);
    match walk::through(poll, source, &mut state, now).await {
        Ok(done) => Ok(done),
        Err(PollError::Source(error)) => {
            record_failure(poll, source, state, &error, now).await?;
            Err(error.into())
        }
        Err(error) => Err(error),
    }
}

async fn poll_state(store: &dyn Store, source: &SourceId) -> Result<PollState, StoreError> {
    let known = store.polls().await?.into_iter().find(|state| state.source == source.as_str());
    Ok(known.unwrap_or_else(|| PollState { source: source.0.clone(), ..PollState::default() }))
}

/// One transaction: the document with its obligations and notices, or its hold, and that it was read.
async fn commit(
    poll: &Poll<'_>,
    row: &Listed,
    reading: Reading,
    state: &mut PollState,
    now: DateTime<Utc>,
    done: &mut Polled,
) -> Result<(), StoreError> {
    let mut tx = poll.store.begin().await?;
    let source = SourceId(state.source.clone());
    let id = &row.external_id;
    let opened = done.obligations;
    let mut unread = false;
    let mut fingerprint = Some(row.fingerprint.clone());
    match reading {
        Reading::Open(incoming) => {
            let what = brake::register(tx.as_mut(), poll, &incoming, state, now).await?;
            for kind in [HoldKind::Broken, HoldKind::Secret] {
                tx.close_holds(kind, &source, id, now).await?;
            }
            if let Some(known) = tx.origin(&source, id).await? {
                report_up::say(tx.as_mut(), &poll.policy.voices, known.document, now).await?;
            }
            what.count(done);
            state.newest = what.is_new().then_some(now).or(state.newest);
        }
        Reading::Withheld(reason) => {
            done.withheld += 1;
            fingerprint = None;
            // Who has looked at it in its source need not look again; what was open once is another matter.
            let seen = tx.dismissed(HoldKind::Secret, &source, id).await?;
            if !seen || tx.origin(&source, id).await?.is_some() {
                let reason = reason.vietnamese().to_owned();
                tx.open_hold(&hold(HoldKind::Secret, &source, id, reason, None), now).await?;
            }
        }
        Reading::Broken(broken) => {
            done.broken += 1;
            // Who was told of it and settled it elsewhere is not told again.
            unread = !tx.dismissed(HoldKind::Broken, &source, id).await?;
            if unread {
                fingerprint = fingerprint.filter(|_| broken.raw.is_some());
                tx.open_hold(&hold(HoldKind::Broken, &source, id, broken.reason, broken.raw), now).await?;
            }
        }
        Reading::Status(status) => {
            hear::hear(tx.as_mut(), &source, row, &status, now).await?;
        }
        Reading::Gone => return Ok(()),
    }
    done.read += 1;
    tx.mark_read(&source, &[ReadMark { external_id: id.clone(), fingerprint, broken: unread }], now).await?;
    tx.save_poll(state).await?;
    tx.commit().await?;
    if done.obligations > opened {
        (poll.opened)();
    }
    Ok(())
}

fn hold(
    kind: HoldKind,
    source: &SourceId,
    external_id: &ExternalId,
    reason: String,
    raw: Option<Vec<u8>>,
) -> NewHold {
    NewHold {
        kind,
        source: source.clone(),
        external_id: external_id.clone(),
        document: None,
        unit: None,
        task: None,
        reason,
        raw,
    }
}

async fn record_failure(
    poll: &Poll<'_>,
    source: &dyn Source,
    mut state: PollState,
    error: &SourceError,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    state.failing_since = state.failing_since.or(Some(now));
    state.failures += 1;
    state.error = Some(error.to_string());
    let refused = matches!(error, SourceError::Denied(_) | SourceError::OneTimePassword(_));
    state.not_before = refused.then(|| now + poll.overlap.after_refusal);
    state.credentials = refused.then(|| source.credentials());
    let mut tx: Box<dyn Tx> = poll.store.begin().await?;
    news::tell(tx.as_mut(), poll, &mut state, now).await?;
    tx.save_poll(&state).await?;
    tx.commit().await?;
    (poll.opened)();
    Ok(())
}
