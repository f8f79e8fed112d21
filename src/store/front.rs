//! The front of what waits: from which instant on a mail may be due, as this process knows it.
//!
//! A server keeps the entries of rows that were claimed long ago in its indexes for as long as anybody's transaction might
//! still see those rows, and a claim that walks from the beginning passes over all of them: after an hour of sending beside
//! a forgotten transaction it takes a hundred times as long as its work. So a claim begins where earlier ones have left
//! nothing, less a margin for what other instances queue; now and then one walks it all, whatever was believed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::document::Urgency;

/// How far before the last claim, in milliseconds, others may still queue mails: for as long as a write may take (its
/// statements end after 60 s).
const MARGIN: i64 = 60_000;
/// A walk over everything is due after so long.
const WALK: Duration = Duration::from_secs(30);
/// Nor does it come before so many times what it took have passed.
const SHARE: u32 = 200;

/// Where to begin, in milliseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Front {
    /// For each priority at which anything may wait.
    pub(super) since: BTreeMap<i64, i64>,
    /// For the ends of leases.
    pub(super) lease: i64,
}

impl Front {
    /// Everything, at these priorities and those at which anything may be queued.
    pub(super) fn whole(priorities: impl IntoIterator<Item = i64>) -> Self {
        let all = Urgency::PRIORITIES.map(i64::from).chain(priorities);
        Self { since: all.map(|priority| (priority, i64::MIN)).collect(), lease: i64::MIN }
    }

    /// Whether a claim at `now` may rely on it: not when the clock was set back before it.
    pub(super) fn is_before(&self, now: i64) -> bool {
        self.lease < now && self.since.values().all(|since| *since < now)
    }

    /// Where the next claim may begin, after one at `now` from here took these (priority and instant), and at most `limit`.
    fn after(mut self, taken: &[(i64, i64)], now: i64, limit: usize) -> Self {
        let reached = now.saturating_sub(MARGIN);
        let last = match taken.iter().max() {
            None if limit == 0 => return self,
            last => last.filter(|_| taken.len() >= limit),
        };
        for (priority, since) in &mut self.since {
            let left = match last {
                None => reached,
                Some((ended, _)) if priority < ended => reached,
                Some((ended, at)) if priority == ended => reached.min(*at),
                Some(_) => *since,
            };
            *since = left.max(*since);
        }
        if last.is_none() {
            self.lease = self.lease.max(reached);
        }
        self
    }
}

/// What is known of the front, shared by all connections of a store.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    front: Option<Front>,
    /// When everything was walked last, and how long that took.
    walked: Option<(Instant, Duration)>,
    /// How often something was queued before it.
    queued: u64,
}

/// A look at the front, on which a claim goes.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// Where to begin; everything is to be walked if `None`.
    pub(super) front: Option<Front>,
    queued: u64,
    began: Instant,
}

/// What a claim found, to be known once it is durable.
#[derive(Debug)]
pub(super) struct Found {
    look: Look,
    next: Front,
    took: Duration,
}

impl Look {
    /// What a claim at `now` that began at `from` has found.
    pub(super) fn found(self, from: Front, taken: &[(i64, i64)], now: i64, limit: usize) -> Found {
        let took = self.began.elapsed();
        Found { next: from.after(taken, now, limit), look: self, took }
    }
}

impl Watch {
    /// Where a claim or a look for the next one begins.
    pub(super) fn look(&self) -> Look {
        let (known, began) = (self.known(), Instant::now());
        let due = known.walked.is_none_or(|(at, took)| began.duration_since(at) >= WALK.max(took * SHARE));
        Look { front: known.front.clone().filter(|_| !due), queued: known.queued, began }
    }

    /// Whether nothing was queued before the front since a look at it.
    pub(super) fn still_holds(&self, look: &Look) -> bool {
        self.known().queued == look.queued
    }

    /// Something is queued for an instant, at a priority or at one that is not known.
    pub(super) fn queue(&self, priority: Option<i64>, at: i64) {
        let mut known = self.known();
        known.queued += 1;
        let Some(front) = &mut known.front else { return };
        let since = front.since.iter_mut().filter(|(of, _)| priority.is_none_or(|priority| priority == **of));
        since.for_each(|(_, since)| *since = at.min(*since));
        if let Some(priority) = priority {
            front.since.entry(priority).or_insert(at);
        }
    }

    /// A claim is durable; what was queued meanwhile may lie before its end.
    pub(super) fn advance(&self, found: Found) {
        let Found { look, next, took } = found;
        let mut known = self.known();
        if known.queued != look.queued {
            return;
        }
        if look.front.is_none() {
            known.walked = Some((look.began, took));
        }
        known.front = Some(next);
    }

    /// A poisoned lock holds whole values all the same.
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;
    const LEFT: i64 = NOW - MARGIN;

    fn since(front: &Front) -> Vec<i64> {
        front.since.values().copied().collect()
    }

    #[test]
    fn a_claim_that_had_room_left_nothing_behind() {
        let front = Front::whole([5]).after(&[(5, 7)], NOW, 2);
        assert_eq!((since(&front), front.lease), (vec![LEFT; 5], LEFT));
        assert_eq!(front.clone().after(&[], NOW - 5, 2), front, "another claim, begun a little earlier");
        assert!(front.is_before(NOW - 5) && !front.is_before(LEFT), "a clock that was set back");
    }

    #[test]
    fn a_full_claim_says_nothing_about_what_comes_after_its_last() {
        let front = Front::whole([]).after(&[(2, 500), (0, 900), (2, 400)], NOW, 3);
        assert_eq!((since(&front), front.lease), (vec![LEFT, LEFT, 500, i64::MIN], i64::MIN));
        assert_eq!(front.clone().after(&[], NOW, 0), front, "nothing was asked for");
    }

    /// A watch that knows its front after a first claim.
    fn known() -> Watch {
        let watch = Watch::default();
        let look = watch.look();
        assert_eq!(look.front, None, "the first claim walks everything");
        watch.advance(look.found(Front::whole([]), &[], NOW, 2));
        watch
    }

    #[test]
    fn what_is_queued_before_the_front_moves_it_back() {
        let watch = known();
        let look = watch.look();
        watch.queue(None, 5);
        assert!(!watch.still_holds(&look));
        assert_eq!(since(&watch.look().front.unwrap()), [5; 4]);
        watch.advance(look.clone().found(look.front.unwrap(), &[], 2 * NOW, 2));
        assert_eq!(since(&watch.look().front.unwrap()), [5; 4], "a claim that had begun before");
        watch.queue(Some(7), NOW);
        watch.queue(Some(0), 4);
        assert_eq!(since(&watch.look().front.unwrap()), [4, 5, 5, 5, NOW]);
    }

    #[test]
    fn everything_is_walked_again_when_that_is_due() {
        let watch = known();
        assert!(watch.look().front.is_some());
        let (at, _) = watch.known().walked.unwrap();
        watch.known().walked = Some((at - WALK, Duration::ZERO));
        assert_eq!(watch.look().front, None);
        watch.known().walked = Some((at - WALK, Duration::from_secs(1)));
        assert!(watch.look().front.is_some(), "not before it has cost little");
    }
}
