//! The clock: read once per tick by the runtime and handed down.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What time it is, and how long to sleep for it to be later.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> DateTime<Utc>;

    /// How long to sleep in real time until `at`; zero if it has passed. A fast clock answers less.
    fn sleep_until(&self, at: DateTime<Utc>) -> Duration;
}
