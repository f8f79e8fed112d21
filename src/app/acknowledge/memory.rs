//! Memory: what the pages remember of recent presses to tell machines from people. It lives in the
//! process only; losing it costs a scanner's second look, never an acknowledgement.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ids::{HoldId, ObligationId};

/// Presses of one address for different obligations within this time look like a machine's.
const TOGETHER: TimeDelta = TimeDelta::seconds(10);
/// Wrong digits are counted over this time.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// So many tries within the window; then nobody may try until the oldest is over.
const TRIES: usize = 5;
/// Addresses remembered at once. Past it every press is doubted, which costs a person four digits and
/// spares the daemon the memory.
const ADDRESSES: usize = 10_000;

/// Recent presses and tries.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The last two obligations each address pressed for: enough to tell one from several.
    pressed: HashMap<IpAddr, Vec<(ObligationId, DateTime<Utc>)>>,
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
        inner.pressed.retain(|_, presses| {
            presses.retain(|(_, at)| now.signed_duration_since(*at) < TOGETHER);
            !presses.is_empty()
        });
        if inner.pressed.len() >= ADDRESSES {
            return true;
        }
        let presses = inner.pressed.entry(client).or_default();
        presses.retain(|(pressed, _)| *pressed != obligation);
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
