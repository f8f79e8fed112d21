//! Poll a source and register what it holds: list, read what is new, and per document one transaction
//! that moves everything at once. A page of directives in one transaction would keep every
//! acknowledgement and every outcome of a mail waiting for a second.
//!
//! The walk always goes to the end of the lists, so a late row with an old date is met; the cursor is
//! moved only by a walk without a gap. What was read is remembered by id, so the overlap costs no
//! second reading.

mod assign;
mod identify;
mod register;
mod revise;
mod wait;
mod withdraw;

pub use identify::{Choice, IdentifyError, identify};

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::office::Office;
use super::policy::Policy;
use super::ports::{
    Cursor, HoldKind, Listed, NewHold, PollState, ReadMark, Reading, Source, SourceError, Store, StoreError,
    Tx,
};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::status::StatusCode;

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
    /// Kept, but the source would not take the word for it.
    pub unconfirmed: u64,
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
    /// Called after each transaction that opened obligations: their mails need not wait for the walk.
    pub opened: &'a (dyn Fn() + Sync),
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
    match walk(poll, source, &mut state, now).await {
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

async fn walk(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &mut PollState,
    now: DateTime<Utc>,
) -> Result<Polled, PollError> {
    let mut done = Polled::default();
    let mut newest = state.cursor.watermark;
    let mut page = None;
    loop {
        let listing = source.list(page.as_ref()).await?;
        done.listed += u64::try_from(listing.rows.len()).unwrap_or(u64::MAX);
        newest = newest.max(listing.rows.iter().filter_map(|row| row.received).max());
        let fresh = unread(poll, source.id(), &listing.rows, state, now).await?;
        for row in fresh.iter().copied() {
            let reading = source.read(row).await?;
            let kept = is_kept(&reading);
            commit(poll, row, reading, state, now, &mut done).await?;
            if kept {
                confirm(source, row, &mut done).await?;
            }
        }
        confirm_again(poll, source, &listing.rows, &fresh, &mut done).await?;
        match listing.next {
            Some(next) => page = Some(next),
            None => break,
        }
    }
    state.cursor = Cursor { watermark: newest.map(|at| at.min(now)) };
    succeed(state, &done, now);
    let mut tx = poll.store.begin().await?;
    tx.save_poll(state).await?;
    tx.commit().await?;
    Ok(done)
}

fn succeed(state: &mut PollState, done: &Polled, now: DateTime<Utc>) {
    state.good = Some(now);
    state.failing_since = None;
    state.error = None;
    state.failures = 0;
    state.not_before = None;
    state.credentials = None;
    state.rows_seen = done.listed;
}

/// The rows of a page that must be read.
async fn unread<'a>(
    poll: &Poll<'_>,
    source: &SourceId,
    rows: &'a [Listed],
    state: &PollState,
    now: DateTime<Utc>,
) -> Result<Vec<&'a Listed>, StoreError> {
    let keys: Vec<_> =
        rows.iter().map(|row| (row.external_id.clone(), row.fingerprint.clone(), row.received)).collect();
    let window = state.cursor.watermark.map(|watermark| watermark - poll.overlap.window);
    let unread = poll.store.unread(source, &keys, window, now - poll.overlap.recheck).await?;
    Ok(rows.iter().filter(|row| unread.contains(&row.external_id)).collect())
}

/// Whether all of what was read is in the register once it is committed. A withheld document is not: it
/// stays in the source as if nobody had asked for it.
fn is_kept(reading: &Reading) -> bool {
    match reading {
        Reading::Open(_) | Reading::Status(_) => true,
        Reading::Broken(broken) => broken.raw.is_some(),
        Reading::Withheld(_) | Reading::Gone => false,
    }
}

/// Tells the source that a row is kept. One that says no to this row alone keeps nobody else waiting: the
/// row comes again.
async fn confirm(source: &dyn Source, row: &Listed, done: &mut Polled) -> Result<(), SourceError> {
    match source.confirm(row).await {
        Err(SourceError::Unexpected(reason)) => {
            tracing::warn!(source = %source.id(), document = %row.external_id, reason, "not confirmed");
            done.unconfirmed += 1;
            Ok(())
        }
        settled => settled,
    }
}

/// Rows that were kept and are listed all the same: the source missed that we have them.
async fn confirm_again(
    poll: &Poll<'_>,
    source: &dyn Source,
    rows: &[Listed],
    fresh: &[&Listed],
    done: &mut Polled,
) -> Result<(), PollError> {
    let fresh: HashSet<_> = fresh.iter().map(|row| &row.external_id).collect();
    let known: Vec<_> = rows.iter().map(|row| &row.external_id).filter(|id| !fresh.contains(id)).collect();
    if known.is_empty() {
        return Ok(());
    }
    let kept: HashSet<_> = poll.store.kept(source.id(), &known).await?.into_iter().collect();
    for row in rows.iter().filter(|row| kept.contains(&row.external_id)) {
        confirm(source, row, done).await?;
    }
    Ok(())
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
    let mut fingerprint = Some(row.fingerprint.clone());
    match reading {
        Reading::Open(incoming) => {
            let what = register::register(tx.as_mut(), poll, &incoming, now).await?;
            for kind in [HoldKind::Broken, HoldKind::Secret] {
                tx.close_holds(kind, &source, id, now).await?;
            }
            what.count(done);
            state.newest = what.is_new().then_some(now).or(state.newest);
        }
        Reading::Withheld(reason) => {
            done.withheld += 1;
            fingerprint = None;
            let reason = reason.vietnamese().to_owned();
            tx.open_hold(&hold(HoldKind::Secret, &source, id, reason, None), now).await?;
        }
        Reading::Broken(broken) => {
            done.broken += 1;
            fingerprint = fingerprint.filter(|_| broken.raw.is_some());
            tx.open_hold(&hold(HoldKind::Broken, &source, id, broken.reason, broken.raw), now).await?;
        }
        Reading::Status(status) => {
            let code = status.code().map_or("không có trong danh mục", StatusCode::vietnamese);
            let reason = format!("trạng thái {} ({code}) từ {}", status.digits, status.from);
            tx.open_hold(&hold(HoldKind::Upstream, &source, id, reason, None), now).await?;
        }
        Reading::Gone => return Ok(()),
    }
    done.read += 1;
    tx.mark_read(&source, &[ReadMark { external_id: id.clone(), fingerprint }], now).await?;
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
    // The walk may have moved the cursor in memory; what counts is what was committed.
    state.cursor = poll_state(poll.store, &SourceId(state.source.clone())).await?.cursor;
    let mut tx: Box<dyn Tx> = poll.store.begin().await?;
    tx.save_poll(&state).await?;
    tx.commit().await
}
