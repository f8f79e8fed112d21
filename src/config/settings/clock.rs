//! The clock of the machine.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[clock]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClockSettings {
    /// A file that is touched whenever the machine's clock was set right by a time server: systemd-timesyncd's, or one that
    /// a job of chrony's touches. A leap is believed once it was touched since.
    pub set_right: PathBuf,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self { set_right: "/run/systemd/timesync/synchronized".into() }
    }
}
