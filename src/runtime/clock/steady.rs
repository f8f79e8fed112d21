//! The clock of one machine: what people and programs set, without its leaps.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustix::time::{ClockId, clock_gettime};

use super::WallClock;
use crate::app::ports::Clock;
use crate::domain::reckoning::{Doubt, Reading, Reckoning};

/// A clock that follows the machine's but for its leaps, until somebody says that they are right.
#[derive(Debug)]
pub struct SteadyClock {
    reckoning: Mutex<Reckoning>,
}

impl SteadyClock {
    /// One that believes the machine.
    pub fn new() -> Self {
        Self { reckoning: Mutex::new(Reckoning::begin(reading())) }
    }

    /// One that goes on from what was reckoned by another process since this machine was started.
    pub fn resume(kept: Reckoning) -> Self {
        let now = reading();
        let reckoning = if kept.precedes(now) { kept } else { Reckoning::begin(now) };
        let clock = Self { reckoning: Mutex::new(reckoning) };
        clock.now();
        clock
    }

    /// It cannot be earlier than an instant that was written down.
    pub fn not_before(&self, told: DateTime<Utc>) {
        self.reckoning().not_before(told);
    }

    /// What the machine's clock shows.
    pub fn machine(&self) -> DateTime<Utc> {
        self.read().machine()
    }

    /// The reckoning as it stands, to be kept.
    pub fn read(&self) -> Reckoning {
        let mut reckoning = self.reckoning();
        reckoning.read(reading());
        *reckoning
    }

    fn reckoning(&self) -> MutexGuard<'_, Reckoning> {
        self.reckoning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for SteadyClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        let mut reckoning = self.reckoning();
        // Read under the lock, so that readings come in their order.
        reckoning.read(reading())
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        (at - self.now()).to_std().unwrap_or(Duration::ZERO)
    }

    fn doubt(&self) -> Option<Doubt> {
        self.read().doubt()
    }

    fn trust(&self) {
        self.reckoning().trust(reading());
    }
}

fn reading() -> Reading {
    Reading { wall: WallClock.now(), up: up() }
}

/// How long this machine has been up, its sleep included; goes on while a process is stopped.
pub(in crate::runtime) fn up() -> Duration {
    Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
}

/// How long this machine has been up and awake.
pub(super) fn awake() -> Duration {
    Duration::try_from(clock_gettime(ClockId::Monotonic)).unwrap_or_default()
}

/// How long this machine has slept since it was started.
pub(super) fn slept() -> Duration {
    up().saturating_sub(awake())
}
