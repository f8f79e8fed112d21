//! How far and how well each source is read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::ExternalId;
use crate::domain::watch::{Concern, Odd, Watch};

/// How far a source was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The newest `received` of a walk that was read to its end without a gap.
    pub watermark: Option<DateTime<Utc>>,
}

/// How polling a source goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PollState {
    /// The source.
    pub source: String,
    /// The cursor.
    pub cursor: Cursor,
    /// When a walk last began.
    pub started: Option<DateTime<Utc>>,
    /// When a walk last reached the end without a gap.
    pub good: Option<DateTime<Utc>>,
    /// Since when it has been failing.
    pub failing_since: Option<DateTime<Utc>>,
    /// The last failure in words.
    pub error: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before (after a refusal).
    pub not_before: Option<DateTime<Utc>>,
    /// What the source was asked with when it refused, see [`Source::credentials`](crate::app::ports::Source);
    /// nobody's business but the poll's.
    #[serde(skip)]
    pub credentials: Option<String>,
    /// Rows the last good walk saw.
    pub rows_seen: u64,
    /// When the last new document was registered.
    pub newest: Option<DateTime<Utc>>,
    /// What is odd about walks that succeed, and what that is judged by.
    pub watch: Watch,
}

impl PollState {
    /// Everything that is odd about reading this source; a poll that fails comes first.
    pub fn concerns(&self) -> Vec<Concern> {
        let failing = self.failing_since.map(|since| Concern {
            odd: Odd::Failing,
            since,
            detail: self.error.clone().unwrap_or_else(|| "không rõ nguyên nhân".to_owned()),
        });
        failing.into_iter().chain(self.watch.concerns()).collect()
    }
}

/// What became of reading a row; keeps a later walk from reading it again.
#[derive(Debug, Clone)]
pub struct ReadMark {
    /// Its id.
    pub external_id: ExternalId,
    /// Fingerprint of the list row; `None` for a withheld document.
    pub fingerprint: Option<String>,
    /// Whether it could not be read. After [`TRIES`] readings in a row like this it is left alone.
    pub broken: bool,
}

/// How often in a row a row that cannot be read is tried; after that once a night, until it is read or its
/// list row changes.
pub const TRIES: u32 = 3;

/// Which of the rows read before are read once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    /// Those received from then on; all if `None`.
    pub received_from: Option<DateTime<Utc>>,
    /// Those last read before then.
    pub read_before: DateTime<Utc>,
    /// Those too that could not be read [`TRIES`] times.
    pub poison: bool,
    /// Those too that were kept, because what they show may have changed.
    pub kept: bool,
    /// When the walk began: what could not be read in it is not tried twice in it.
    pub walk: DateTime<Utc>,
}
