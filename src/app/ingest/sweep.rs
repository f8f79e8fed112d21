//! What is read again, and when: edits that the list does not show, and documents that could not be read.
//! A source whose lists drain hands over messages, which never change: of those only the ones that were
//! withheld or could not be read are read again, and not by the hour.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Poll;
use crate::app::ports::{Again, PollState, Source};

/// Once an hour what was received within two days is read again, unless that was done within half of it.
const HOURLY: TimeDelta = TimeDelta::hours(1);
const HOURLY_SPAN: TimeDelta = TimeDelta::hours(48);
const HOURLY_REST: TimeDelta = TimeDelta::minutes(30);
/// Once a night, after one o'clock, what was received within thirty days.
const NIGHT: TimeDelta = TimeDelta::hours(1);
const NIGHTLY_SPAN: TimeDelta = TimeDelta::days(30);
const NIGHTLY_REST: TimeDelta = TimeDelta::hours(12);

/// What the walk that begins now reads again.
pub(super) fn due(poll: &Poll<'_>, source: &dyn Source, state: &PollState, now: DateTime<Utc>) -> Vec<Again> {
    let (overlap, changes) = (poll.overlap, !source.drains());
    let mut again = vec![Again {
        received_from: state.cursor.watermark.map(|watermark| watermark - overlap.window),
        read_before: now - overlap.recheck,
        poison: false,
        kept: changes,
        walk: now,
    }];
    // What a sudden emptiness hides is looked for in whatever is left.
    if changes && (is_hourly(state, now) || state.watch.emptied.is_some()) {
        again.push(swept(now, HOURLY_SPAN, HOURLY_REST));
    }
    if is_nightly(poll, state, now) {
        let swept = swept(now, NIGHTLY_SPAN, NIGHTLY_REST);
        again.push(Again { poison: true, kept: changes, ..swept });
    }
    again
}

fn swept(now: DateTime<Utc>, span: TimeDelta, rest: TimeDelta) -> Again {
    let (received_from, read_before) = (Some(now - span), now - rest);
    Again { received_from, read_before, poison: false, kept: true, walk: now }
}

/// Notes which of them a walk that reached the end has done.
pub(super) fn done(poll: &Poll<'_>, state: &mut PollState, now: DateTime<Utc>) {
    if is_hourly(state, now) {
        state.watch.hourly = Some(now);
    }
    if is_nightly(poll, state, now) {
        state.watch.nightly = Some(night(poll, now));
    }
}

/// A clock that was set back does not put it off.
fn is_hourly(state: &PollState, now: DateTime<Utc>) -> bool {
    state.watch.hourly.is_none_or(|last| (now - last).abs() >= HOURLY)
}

fn is_nightly(poll: &Poll<'_>, state: &PollState, now: DateTime<Utc>) -> bool {
    state.watch.nightly != Some(night(poll, now))
}

/// The day whose night it is.
pub(super) fn night(poll: &Poll<'_>, now: DateTime<Utc>) -> NaiveDate {
    poll.office.calendar.date_of(now - NIGHT)
}

/// From when on documents must have been registered for their readers to be asked for in the walk that begins
/// now: every hour for the new ones, every night for all; `None` if for none.
pub(super) fn receipts(
    poll: &Poll<'_>,
    state: &PollState,
    now: DateTime<Utc>,
) -> Option<Option<DateTime<Utc>>> {
    if is_nightly(poll, state, now) {
        return Some(None);
    }
    is_hourly(state, now).then(|| Some(now - HOURLY_SPAN))
}
