//! Memory: what the pages remember of recent presses to tell machines from people, and the presses that wait for one
//! commit. It lives in the process only; losing it costs a scanner's second look, never an acknowledgement that a page
//! confirmed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::together::Together;
use crate::domain::ids::{HoldId, ObligationId};

/// Presses of one address for different obligations within this time look like a machine's.
const TOGETHER: TimeDelta = TimeDelta::seconds(10);
/// Wrong digits are counted over this time.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// So many tries within the window; then nobody may try until the oldest is over.
const TRIES: usize = 5;
/// Addresses remembered at once, about 6 MB: all that can press within [`TOGETHER`] on two processors. Past it every
/// press is doubted, which costs a person four digits and spares the daemon the memory.
const ADDRESSES: usize = 50_000;
/// Between two looks for addresses that may be forgotten: one walks them all.
const SWEEP: TimeDelta = TimeDelta::seconds(1);

/// Recent presses and tries.
#[derive(Debug, Default)]
pub struct Memory {
    recent: Mutex<Inner>,
    /// Presses on their way to one commit.
    pub(super) together: Together,
}

#[derive(Debug, Default)]
struct Inner {
    /// The last two obligations each address pressed for: enough to tell one from several.
    pressed: HashMap<IpAddr, Vec<(ObligationId, DateTime<Utc>)>>,
    /// When addresses were last forgotten.
    swept: DateTime<Utc>,
    tries: HashMap<Tried, Vec<DateTime<Utc>>>,
}

/// What digits are tried for; who tries one locks nobody out of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tried {
    /// A cell's answer.
    Answer(ObligationId),
    /// The office's decision.
    Decision(HoldId),
}

impl Memory {
    /// Remembers a press, and says whether the same address pressed for another obligation just before.
    pub fn presses_several(&self, client: IpAddr, obligation: ObligationId, now: DateTime<Utc>) -> bool {
        let mut inner = self.inner();
        inner.sweep(now);
        if inner.pressed.len() >= ADDRESSES {
            return true;
        }
        let presses = inner.pressed.entry(client).or_default();
        presses.retain(|(pressed, at)| *pressed != obligation && is_recent(*at, now));
        let several = !presses.is_empty();
        if presses.len() > 1 {
            presses.remove(0);
        }
        presses.push((obligation, now));
        several
    }

    /// Takes one try at the digits before it is judged, so that parallel guesses are counted too;
    /// answers how many are left after it.
    ///
    /// # Errors
    /// The instant from which there will be a try again.
    pub fn take_try(&self, tried: Tried, now: DateTime<Utc>) -> Result<usize, DateTime<Utc>> {
        let mut inner = self.inner();
        inner.tries.retain(|_, tries| {
            tries.retain(|at| now.signed_duration_since(*at) < WINDOW);
            !tries.is_empty()
        });
        let tries = inner.tries.entry(tried).or_default();
        if let (true, Some(oldest)) = (tries.len() >= TRIES, tries.first()) {
            return Err(*oldest + WINDOW);
        }
        tries.push(now);
        Ok(TRIES - tries.len())
    }

    /// Forgets the tries at something: the digits were right.
    pub fn forgive(&self, tried: Tried) {
        self.inner().tries.remove(&tried);
    }

    /// A poisoned lock holds whole values all the same: no method stops half-way through a change.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Forgets addresses that have not pressed of late; now and then, also when the clock was set back.
    fn sweep(&mut self, now: DateTime<Utc>) {
        if now.signed_duration_since(self.swept).abs() < SWEEP {
            return;
        }
        self.swept = now;
        self.pressed.retain(|_, presses| {
            presses.retain(|(_, at)| is_recent(*at, now));
            !presses.is_empty()
        });
    }
}

fn is_recent(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now.signed_duration_since(at) < TOGETHER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_770_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn one_address_for_two_obligations_at_once_is_noticed() {
        let (memory, here, there) = (Memory::default(), [192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert!(!memory.presses_several(here, ObligationId(1), at(0)));
        assert!(!memory.presses_several(here, ObligationId(1), at(1)), "the same link again");
        assert!(!memory.presses_several(there, ObligationId(2), at(1)), "somebody else");
        assert!(memory.presses_several(here, ObligationId(2), at(2)));
        assert!(memory.presses_several(here, ObligationId(2), at(3)), "and again");
        assert!(!memory.presses_several(here, ObligationId(3), at(13)), "ten seconds later");
    }

    #[test]
    fn addresses_are_forgotten_and_past_their_number_all_are_doubted() {
        let memory = Memory::default();
        let address = |n: usize| IpAddr::from(u32::try_from(n).unwrap().to_be_bytes());
        for n in 0..ADDRESSES {
            assert!(!memory.presses_several(address(n), ObligationId(1), at(0)), "{n}");
        }
        assert!(memory.presses_several(address(ADDRESSES), ObligationId(1), at(9)));
        assert!(
            !memory.presses_several(address(ADDRESSES), ObligationId(1), at(10)),
            "the others are forgotten"
        );
        assert_eq!(memory.inner().pressed.len(), 1);
    }

    #[test]
    fn five_tries_an_hour_and_right_digits_forgive() {
        let (memory, one) = (Memory::default(), Tried::Answer(ObligationId(1)));
        let decision = Tried::Decision(HoldId(1));
        let left: Vec<_> = (0..6).map(|n| memory.take_try(one, at(n))).collect();
        assert_eq!(left, [Ok(4), Ok(3), Ok(2), Ok(1), Ok(0), Err(at(3600))]);
        assert_eq!(memory.take_try(Tried::Answer(ObligationId(2)), at(6)), Ok(4), "another obligation");
        assert_eq!(memory.take_try(decision, at(6)), Ok(4), "a decision of the same number");
        assert_eq!(memory.take_try(one, at(3600)), Ok(0), "the oldest is over");
        memory.forgive(one);
        assert_eq!(memory.take_try(one, at(3600)), Ok(4));
    }
}
