//! Clocks: the wall clock, and one that runs fast or is moved by hand for the demo and for tests.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::app::ports::Clock;

/// The wall clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        (at - self.now()).to_std().unwrap_or(Duration::ZERO)
    }
}

/// A clock that starts at a chosen instant, runs `speed` times as fast as the wall clock, and can be
/// moved forward by hand. Speed 0 stands still between moves.
#[derive(Debug)]
pub struct DemoClock {
    wall: WallClock,
    begun: DateTime<Utc>,
    origin_ms: AtomicI64,
    speed: u32,
}

impl DemoClock {
    /// A clock that shows `origin` now.
    pub fn new(origin: DateTime<Utc>, speed: u32) -> Self {
        let wall = WallClock;
        Self { begun: wall.now(), wall, origin_ms: AtomicI64::new(origin.timestamp_millis()), speed }
    }

    /// Moves the clock forward to `at`; a clock already past it stays.
    pub fn advance_to(&self, at: DateTime<Utc>) {
        let ahead = (at - self.now()).num_milliseconds().max(0);
        self.origin_ms.fetch_add(ahead, Ordering::AcqRel);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        let run = (self.wall.now() - self.begun).num_milliseconds() * i64::from(self.speed);
        let at = self.origin_ms.load(Ordering::Acquire).saturating_add(run);
        DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH)
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        let ahead = (at - self.now()).to_std().unwrap_or(Duration::ZERO);
        match self.speed {
            0 => ahead,
            speed => ahead / speed,
        }
    }
}
