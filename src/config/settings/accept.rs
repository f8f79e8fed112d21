//! How changes of the office's files come into force.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::edition::Limit;

/// `[accept]`: how changes of rules, units, calendar and templates come into force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// How often to look for changes; `0s` waits for `vanthu reload` or SIGHUP.
    #[serde(with = "crate::config::duration")]
    pub watch: Duration,
    /// How long files must have rested before they are read.
    #[serde(with = "crate::config::duration")]
    pub quiet: Duration,
    /// How far back documents are routed anew to see what a change does.
    #[serde(with = "crate::config::duration")]
    pub window: Duration,
    /// Documents of the window that may be routed differently before a person must approve.
    #[serde(with = "crate::config::limit")]
    pub documents: Limit,
    /// Cells that may be concerned before a person must approve.
    #[serde(with = "crate::config::limit")]
    pub cells: Limit,
    /// Open obligations that the change would not give, or give otherwise, before a person must approve.
    #[serde(with = "crate::config::limit")]
    pub open: Limit,
}

impl Default for Accept {
    fn default() -> Self {
        Self {
            watch: Duration::from_secs(4),
            quiet: Duration::from_secs(2),
            window: Duration::from_secs(90 * 24 * 60 * 60),
            documents: Limit::Percent(20),
            cells: Limit::Percent(100),
            open: Limit::Percent(20),
        }
    }
}
