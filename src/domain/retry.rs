//! Retries as a visible list of waits.

use std::time::Duration;

/// How long to wait before each further try; when the list ends, a human is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits(pub Vec<Duration>);

impl Waits {
    /// The wait after `tries` failed tries (1 = the first try failed); `None` when the list has ended.
    pub fn after(&self, tries: u32) -> Option<Duration> {
        let _ = tries;
        None
    }
}
