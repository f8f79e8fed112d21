//! The clock: read once per tick by the runtime and handed down.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::reckoning::Doubt;

/// What time it is, and how long to sleep for it to be later.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// How long to sleep in real time until `at`; zero if it has passed. A fast clock answers less.
    fn sleep_until(&self, at: DateTime<Utc>) -> Duration;

    /// Why whoever sets this clock is not believed; `None` while they agree. Meanwhile nobody is reminded or chased.
    fn doubt(&self) -> Option<Doubt> {
        None
    }

    /// Whoever sets this clock is right: goes on from what they say.
    fn trust(&self) {}
}
