//! Clocks: the wall clock, one set by the server that several instances share, and one that runs fast or is moved by
//! hand for the demo and for tests.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

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

/// How far a machine's clock may be off before somebody is told, in milliseconds.
const ODD: i64 = 5_000;

/// A clock set by that of a server, so that all instances on it have one time, whatever their machines say.
#[derive(Debug)]
pub struct ServerClock {
    own: Arc<dyn Clock>,
    /// How far the server is ahead of the own clock, in milliseconds.
    ahead: AtomicI64,
}

impl ServerClock {
    /// A clock that shows what `own` does until it is set.
    pub fn new(own: Arc<dyn Clock>) -> Self {
        Self { own, ahead: AtomicI64::new(0) }
    }

    /// On the server it is `time` now.
    pub fn set(&self, time: DateTime<Utc>) {
        let ahead = (time - self.own.now()).num_milliseconds();
        let before = self.ahead.swap(ahead, Ordering::AcqRel);
        if (ahead - before).abs() > ODD {
            tracing::warn!(
                seconds = ahead / 1000,
                "đồng hồ máy này lệch so với máy chủ của sổ; dùng giờ máy chủ của sổ"
            );
        }
    }
}

impl Clock for ServerClock {
    fn now(&self) -> DateTime<Utc> {
        self.own.now() + TimeDelta::milliseconds(self.ahead.load(Ordering::Acquire))
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        self.own.sleep_until(at - TimeDelta::milliseconds(self.ahead.load(Ordering::Acquire)))
    }
}

/// A clock that starts at a chosen instant, runs as many times as fast as the wall clock as it is told,
/// and can be moved forward by hand. Speed 0 stands still between moves.
#[derive(Debug)]
pub struct DemoClock {
    wall: WallClock,
    hand: Mutex<Hand>,
}

/// What the clock showed at one instant of the wall clock, and how fast it has run since.
#[derive(Debug, Clone, Copy)]
struct Hand {
    shown: DateTime<Utc>,
    at: DateTime<Utc>,
    speed: i32,
}

impl Hand {
    fn reads(self, wall: DateTime<Utc>) -> DateTime<Utc> {
        self.shown + (wall - self.at) * self.speed
    }
}

impl DemoClock {
    /// A clock that shows `origin` now.
    pub fn new(origin: DateTime<Utc>, speed: u16) -> Self {
        let wall = WallClock;
        let hand = Hand { shown: origin, at: wall.now(), speed: i32::from(speed) };
        Self { wall, hand: Mutex::new(hand) }
    }

    /// Moves the clock forward to `at`; a clock already past it stays.
    pub fn advance_to(&self, at: DateTime<Utc>) {
        let wall = self.wall.now();
        let mut hand = self.hand();
        *hand = Hand { shown: hand.reads(wall).max(at), at: wall, speed: hand.speed };
    }

    /// Lets it run on from what it shows, `speed` times as fast as the wall clock.
    pub fn run_at(&self, speed: u16) {
        let wall = self.wall.now();
        let mut hand = self.hand();
        *hand = Hand { shown: hand.reads(wall), at: wall, speed: i32::from(speed) };
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        let wall = self.wall.now();
        self.hand().reads(wall)
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Duration {
        let ahead = (at - self.now()).to_std().unwrap_or(Duration::ZERO);
        let speed = u32::try_from(self.hand().speed.max(1)).unwrap_or(1);
        ahead / speed
    }
}
