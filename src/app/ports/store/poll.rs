//! How far and how well each source is read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::ExternalId;

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
}

/// What became of reading a row; keeps a later walk from reading it again.
#[derive(Debug, Clone)]
pub struct ReadMark {
    /// Its id.
    pub external_id: ExternalId,
    /// Fingerprint of the list row; `None` for a withheld document.
    pub fingerprint: Option<String>,
}
