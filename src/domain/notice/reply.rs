//! What a mail has to say about an answer of its cell.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What a mail has to say about an answer of its cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// The day by which the cell promised to be done has passed.
    Lapsed {
        /// That day.
        promised: NaiveDate,
    },
    /// Its link was pressed in a way that looked like a machine's, and was not counted.
    Doubted {
        /// When first.
        at: DateTime<Utc>,
    },
    /// More time was granted.
    Granted {
        /// The last day now.
        until: NaiveDate,
        /// The due instant before.
        before: Option<DateTime<Utc>>,
        /// Why, where staff said so.
        why: Option<String>,
    },
    /// More time was refused.
    Refused {
        /// The day that was asked for.
        asked: NaiveDate,
        /// Why.
        why: Option<String>,
    },
    /// The cell said that the work is not its own, and staff that it is.
    HandedBack {
        /// Why.
        why: Option<String>,
    },
}
