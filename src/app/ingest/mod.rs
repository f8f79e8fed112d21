//! Poll a source and register what it holds: list, read what is new, and per page one transaction
//! that moves everything at once.
//!
//! The walk always goes to the end of the lists, so a late row with an old date is met; the cursor is
//! moved only by a walk without a gap. What was read is remembered by id, so the overlap costs no
//! second reading.

mod register;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::office::Office;
use super::policy::Policy;
use super::ports::{
    Broken, Cursor, HoldKind, Incoming, Listed, NewHold, PollState, ReadMark, Reading, Source, SourceError,
    Store, StoreError, Tx,
};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::secrecy::Withheld;

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
}

/// Walks a source to the end, registering page by page.
///
/// # Errors
/// [`PollError`]; pages registered before it stay, the cursor does not move, and the failure is
/// recorded in the source's poll state.
pub async fn poll(poll: &Poll<'_>, source: &dyn Source, now: DateTime<Utc>) -> Result<Polled, PollError> {
    let mut state = poll_state(poll.store, source.id()).await?;
    if let Some(not_before) = state.not_before.filter(|not_before| now < *not_before) {
        return Err(PollError::TooSoon(not_before));
    }
    state.started = Some(now);
    match walk(poll, source, &mut state, now).await {
        Ok(done) => Ok(done),
        Err(PollError::Source(error)) => {
            record_failure(poll, state, &error, now).await?;
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
        let batch = read(poll, source, &listing.rows, state, now).await?;
        let is_last = listing.next.is_none();
        if is_last {
            state.cursor = Cursor { watermark: newest.map(|at| at.min(now)) };
            succeed(state, &done, now);
        }
        if is_last || !batch.is_empty() {
            commit(poll, source.id(), batch, state, now, &mut done).await?;
        }
        match listing.next {
            Some(next) => page = Some(next),
            None => return Ok(done),
        }
    }
}

fn succeed(state: &mut PollState, done: &Polled, now: DateTime<Utc>) {
    state.good = Some(now);
    state.failing_since = None;
    state.error = None;
    state.failures = 0;
    state.not_before = None;
    state.rows_seen = done.listed;
}

/// What reading one page gave.
#[derive(Default)]
struct Batch {
    open: Vec<(Listed, Incoming)>,
    withheld: Vec<(ExternalId, Withheld)>,
    broken: Vec<(Listed, Broken)>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.open.is_empty() && self.withheld.is_empty() && self.broken.is_empty()
    }
}

async fn read(
    poll: &Poll<'_>,
    source: &dyn Source,
    rows: &[Listed],
    state: &PollState,
    now: DateTime<Utc>,
) -> Result<Batch, PollError> {
    let keys: Vec<_> =
        rows.iter().map(|row| (row.external_id.clone(), row.fingerprint.clone(), row.received)).collect();
    let window = state.cursor.watermark.map(|watermark| watermark - poll.overlap.window);
    let unread = poll.store.unread(source.id(), &keys, window, now - poll.overlap.recheck).await?;
    let mut batch = Batch::default();
    for row in rows.iter().filter(|row| unread.contains(&row.external_id)) {
        match source.read(row).await? {
            Reading::Open(incoming) => batch.open.push((row.clone(), *incoming)),
            Reading::Withheld(reason) => batch.withheld.push((row.external_id.clone(), reason)),
            Reading::Broken(broken) => batch.broken.push((row.clone(), broken)),
            Reading::Gone => {}
        }
    }
    Ok(batch)
}

/// One transaction: documents, obligations, notices, holds, what was read, and the cursor.
async fn commit(
    poll: &Poll<'_>,
    source: &SourceId,
    batch: Batch,
    state: &mut PollState,
    now: DateTime<Utc>,
    done: &mut Polled,
) -> Result<(), StoreError> {
    let mut tx = poll.store.begin().await?;
    let mut marks = Vec::new();
    let read = batch.open.len() + batch.withheld.len() + batch.broken.len();
    done.read += u64::try_from(read).unwrap_or(u64::MAX);
    for (row, incoming) in batch.open {
        let what = register::register(tx.as_mut(), poll, &incoming, now).await?;
        for kind in [HoldKind::Broken, HoldKind::Secret] {
            tx.close_holds(kind, source, &row.external_id, now).await?;
        }
        what.count(done);
        if what.is_new() {
            state.newest = Some(now);
        }
        marks.push(ReadMark { external_id: row.external_id, fingerprint: Some(row.fingerprint) });
    }
    for (external_id, reason) in batch.withheld {
        done.withheld += 1;
        let hold = hold(HoldKind::Secret, source, &external_id, reason.vietnamese().to_owned(), None);
        tx.open_hold(&hold, now).await?;
        marks.push(ReadMark { external_id, fingerprint: None });
    }
    for (row, broken) in batch.broken {
        done.broken += 1;
        let hold = hold(HoldKind::Broken, source, &row.external_id, broken.reason, broken.raw);
        tx.open_hold(&hold, now).await?;
        let fingerprint = hold.raw.is_some().then_some(row.fingerprint);
        marks.push(ReadMark { external_id: row.external_id, fingerprint });
    }
    tx.mark_read(source, &marks, now).await?;
    tx.save_poll(state).await?;
    tx.commit().await
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
        reason,
        raw,
    }
}

async fn record_failure(
    poll: &Poll<'_>,
    mut state: PollState,
    error: &SourceError,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    state.failing_since = state.failing_since.or(Some(now));
    state.failures += 1;
    state.error = Some(error.to_string());
    let refused = matches!(error, SourceError::Denied(_) | SourceError::OneTimePassword(_));
    state.not_before = refused.then(|| now + poll.overlap.after_refusal);
    // The walk may have moved the cursor in memory; what counts is what was committed.
    state.cursor = poll_state(poll.store, &SourceId(state.source.clone())).await?.cursor;
    let mut tx: Box<dyn Tx> = poll.store.begin().await?;
    tx.save_poll(&state).await?;
    tx.commit().await
}
