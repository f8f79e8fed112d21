//! The walk through the lists of a source, and what it came to.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{Poll, PollError, Polled, attempt, brake, commit, compare, confirm, mend, news, receipts, sweep};
use crate::app::ports::{
    Again, Cursor, Listed, Listing, PageToken, PollState, Source, SourceError, StoreError,
};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::watch::Walked;

/// A walk to the end.
struct Walk {
    walked: Walked,
    /// The newest receipt among its rows.
    newest: Option<DateTime<Utc>>,
}

/// Walks to the end of the lists; once more at once if the source counted other than it listed, because rows
/// that shift while we page explain that only once.
pub(super) async fn through(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &mut PollState,
    now: DateTime<Utc>,
) -> Result<Polled, PollError> {
    let mut done = Polled::default();
    let again = sweep::due(poll, source, state, now);
    let mut walk = once(poll, source, state, &again, &mut done).await?;
    if state.watch.walks_again(walk.walked, now) {
        walk = once(poll, source, state, &again, &mut done).await?;
    }
    // Boxed: most walks do neither, and would carry the room for both.
    Box::pin(compare::compare(poll, source, state, now, &mut done)).await?;
    Box::pin(receipts::look(poll, source, state, now)).await?;
    conclude(poll, state, &walk, &mut done, now).await?;
    Ok(done)
}

async fn once(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &mut PollState,
    again: &[Again],
    done: &mut Polled,
) -> Result<Walk, PollError> {
    let now = state.started.unwrap_or_default();
    let mut walk = Walk { walked: Walked { drains: source.drains(), ..Walked::default() }, newest: None };
    let (mut page, mut unkept) = (None, Unkept::default());
    loop {
        let listing = list(poll, source, page.as_ref(), state).await?;
        if page.is_none() {
            walk.walked.counted = listing.total;
        }
        let rows = u64::try_from(listing.rows.len()).unwrap_or(u64::MAX);
        walk.walked.listed += rows;
        if listing.total.is_none() {
            walk.walked.uncounted += rows;
        }
        walk.newest = walk.newest.max(listing.rows.iter().filter_map(|row| row.received).max());
        let fresh = unread(poll, source.id(), &listing.rows, again).await?;
        for row in fresh.iter().copied() {
            unkept.pass(row, take(poll, source, row, state, now, done).await)?;
        }
        mend::close(poll, source, &listing.rows, now).await?;
        confirm::again(poll, source, &listing.rows, &fresh, done).await?;
        source.passed(&unkept.others(listing.rows)).await?;
        match listing.next {
            Some(next) => page = Some(next),
            None => break,
        }
    }
    done.listed = walk.walked.listed;
    match unkept.why {
        Some(error) => Err(error.into()),
        None => Ok(walk),
    }
}

/// Documents of a walk whose files could not be kept here: those behind them need not wait for room.
#[derive(Default)]
struct Unkept {
    ids: HashSet<ExternalId>,
    /// What the first of them met.
    why: Option<SourceError>,
}

impl Unkept {
    /// Notes a row that could not be kept; any other failure ends the walk.
    fn pass(&mut self, row: &Listed, taken: Result<(), PollError>) -> Result<(), PollError> {
        match taken {
            Err(PollError::Source(error @ SourceError::Unkept(_))) => {
                self.ids.insert(row.external_id.clone());
                self.why.get_or_insert(error);
                Ok(())
            }
            taken => taken,
        }
    }

    /// The other rows of a page.
    fn others(&self, mut rows: Vec<Listed>) -> Vec<Listed> {
        rows.retain(|row| !self.ids.contains(&row.external_id));
        rows
    }
}

/// A page; with the first one the clocks are compared.
async fn list(
    poll: &Poll<'_>,
    source: &dyn Source,
    page: Option<&PageToken>,
    state: &mut PollState,
) -> Result<Listing, PollError> {
    let before = poll.clock.now();
    let listing = attempt::list(source, page).await?;
    if let (None, Some(served)) = (page, source.served()) {
        state.watch.take_clock(served, before, poll.clock.now());
    }
    Ok(listing)
}

/// Reads a row and commits what came of it.
pub(super) async fn take(
    poll: &Poll<'_>,
    source: &dyn Source,
    row: &Listed,
    state: &mut PollState,
    now: DateTime<Utc>,
    done: &mut Polled,
) -> Result<(), PollError> {
    let reading = attempt::read(source, row).await?;
    let kept = confirm::is_kept(&reading);
    if attempt::caught(source.id(), commit(poll, row, reading, state, now, done)).await.transpose()?.is_some()
    {
        if kept {
            confirm::confirm(poll, source, row, done).await?;
        }
        return Ok(());
    }
    // Its transaction is undone; what remains is to say so.
    Ok(commit(poll, row, attempt::poisonous(), state, now, done).await?)
}

/// The rows of a page that must be read.
async fn unread<'a>(
    poll: &Poll<'_>,
    source: &SourceId,
    rows: &'a [Listed],
    again: &[Again],
) -> Result<Vec<&'a Listed>, StoreError> {
    let keys: Vec<_> =
        rows.iter().map(|row| (row.external_id.clone(), row.fingerprint.clone(), row.received)).collect();
    let mut unread = HashSet::new();
    for again in again {
        unread.extend(poll.store.unread(source, &keys, *again).await?);
    }
    // Some lists show a row twice.
    let mut taken = HashSet::new();
    let mut wanted =
        |row: &&'a Listed| unread.contains(&row.external_id) && taken.insert((&row.external_id, &row.handle));
    Ok(rows.iter().filter(|row| wanted(row)).collect())
}

/// What a walk that reached the end came to. The cursor follows what was served, and never runs ahead of it
/// or of now; after a walk that something was odd about it stays.
async fn conclude(
    poll: &Poll<'_>,
    state: &mut PollState,
    walk: &Walk,
    done: &mut Polled,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    done.good = state.watch.take(walk.walked, now);
    if done.good {
        state.cursor = Cursor { watermark: walk.newest.map(|at| at.min(now)).or(state.cursor.watermark) };
        state.good = Some(now);
    }
    state.watch.settled |= state.watch.emptied.is_none();
    state.failing_since = None;
    state.error = None;
    state.failures = 0;
    state.not_before = None;
    state.credentials = None;
    state.rows_seen = walk.walked.listed;
    state.watch.quiet = quiet(poll, state, now);
    sweep::done(poll, state, now);
    let mut tx = poll.store.begin().await?;
    brake::count(tx.as_mut(), poll, &SourceId(state.source.clone()), now).await?;
    let told = news::tell(tx.as_mut(), poll, state, now).await?;
    tx.save_poll(state).await?;
    tx.commit().await?;
    if told {
        (poll.opened)();
    }
    Ok(())
}

/// Since when nothing new has come, where that is too long in working hours.
fn quiet(poll: &Poll<'_>, state: &PollState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let since = state.newest.max(state.watch.first)?;
    let passed = poll.office.calendar.office_time(since, now);
    poll.care.quiet_after.filter(|most| passed >= *most).map(|_| since)
}
