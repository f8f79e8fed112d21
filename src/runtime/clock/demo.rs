//! A clock for the demo and for tests.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::WallClock;
use crate::app::ports::Clock;

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
