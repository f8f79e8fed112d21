//! Copies of the register.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// `[backup]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The folder of copies, best on another disk.
    pub folder: PathBuf,
    /// How many stay.
    #[serde(default = "keep")]
    pub keep: usize,
    /// How old the newest may be before staff are told.
    #[serde(default = "warn_after", with = "crate::config::duration")]
    pub warn_after: Duration,
}

/// How many copies stay where nothing else is said: two weeks of one a night.
pub fn keep() -> usize {
    14
}

fn warn_after() -> Duration {
    Duration::from_secs(26 * 3600)
}
