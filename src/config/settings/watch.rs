//! What is taken care of when sources are read: when silence is odd, how much may be told at once, and who
//! outside is told that reading goes well.

use std::time::Duration;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::config::secret::Secret;
use crate::domain::brake::Baseline;

/// `[watch]`: when a source that can be read is odd all the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Watching {
    /// Working hours without a new document after which a source counts as quiet; `0s` never.
    #[serde(with = "crate::config::duration")]
    pub quiet_after: Duration,
    /// Sources that bring less, or more.
    #[serde(rename = "source")]
    pub sources: Vec<WatchedSource>,
}

impl Default for Watching {
    fn default() -> Self {
        // Two working days of eight hours.
        Self { quiet_after: Duration::from_secs(16 * 3600), sources: Vec::new() }
    }
}

impl Watching {
    /// The working hours for one source.
    pub fn quiet_after(&self, source: &str) -> Duration {
        let own = self.sources.iter().find(|own| own.id == source);
        own.map_or(self.quiet_after, |own| own.quiet_after)
    }
}

/// `[[watch.source]]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchedSource {
    /// Id of the source.
    pub id: String,
    /// Working hours without a new document.
    #[serde(with = "crate::config::duration")]
    pub quiet_after: Duration,
}

/// `[brake]`: how much may be told without a person's word.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Braking {
    /// What becomes of documents that lie in a source when it is read for the first time.
    pub baseline: Baseline,
    /// The first day whose documents count as new then; the instant of the first poll by default.
    pub baseline_from: Option<NaiveDate>,
    /// New directives an hour; by default 60.
    pub directives: Option<u64>,
    /// First mails an hour; by default six for every cell, and at least 300.
    pub mails: Option<u64>,
}

/// `[heartbeat]`: an address outside that is called after every good poll, so that somebody else notices when
/// that stops.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Heartbeat {
    /// Called when all sources are read well. A secret: whoever knows it can feign life.
    pub url: Option<Secret>,
    /// Addresses for single sources.
    #[serde(rename = "source")]
    pub sources: Vec<SourceHeartbeat>,
}

/// `[[heartbeat.source]]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceHeartbeat {
    /// Id of the source.
    pub id: String,
    /// Called when this source was read well.
    pub url: Secret,
}
