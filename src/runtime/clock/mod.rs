//! Clocks: the wall clock, one that does not follow its leaps, one set by the server that several instances share, and
//! one that runs fast or is moved by hand for the demo and for tests.

mod demo;
mod server;
mod steady;
mod timekeeper;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::app::ports::Clock;

pub use demo::DemoClock;
pub use server::ServerClock;
pub use steady::SteadyClock;
pub(in crate::runtime) use steady::up;
pub use timekeeper::{Timekeeper, kept_doubt};

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
