//! Deadlines read from Vietnamese text, as proposals with their phrase quoted; which one wins and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;

/// A due instant somebody or something proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The instant (UTC).
    pub due: DateTime<Utc>,
    /// The phrase, verbatim, or the name of the field it came from.
    pub phrase: String,
    /// How it was read, in Vietnamese, one sentence.
    pub reading: String,
    /// What makes it doubtful, if anything: before the issue date, provisional year, …
    pub doubt: Option<String>,
}

/// Every deadline phrase of `text`, in order of appearance (domain study §6.7).
///
/// `issued` and `received` anchor durations and dates without a year.
pub fn read(
    text: &str,
    issued: Option<NaiveDate>,
    received: NaiveDate,
    calendar: &Calendar,
) -> Vec<Proposal> {
    let _ = (text, issued, received, calendar);
    Vec::new()
}
