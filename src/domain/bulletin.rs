//! Bulletin: a mail to whoever looks after the office's files, about the files or about a source, and not
//! about a document.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Wanting;
use super::edition::Impact;
use super::notice::signed_id;
use super::watch::Concern;

/// What it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The files are broken.
    Broken {
        /// The findings as people read them.
        findings: String,
    },
    /// An edition waits for a person's word.
    Waiting {
        /// Its name, 64 hex digits.
        edition: String,
        /// What it changes.
        impact: Impact,
    },
    /// Something is odd about reading a source, or is so no longer.
    Source(SourceNews),
    /// Calendars of years that nobody has confirmed.
    Calendar(CalendarNews),
}

/// Calendars that wait for a person, as told in one month: it is told again every month until they are
/// confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarNews {
    /// The month, `2026-11`.
    pub month: String,
    /// The years.
    pub wanting: Vec<Wanting>,
}

impl CalendarNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        let years = self.wanting.iter().map(|one| format!("{}{:?}", one.year, one.standing));
        format!("calendar|{}|{}", self.month, years.collect::<Vec<_>>().join(","))
    }
}

/// What is odd about reading a source, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNews {
    /// The source.
    pub source: String,
    /// What, since when, and its figures.
    pub concern: Concern,
    /// Whether it is over.
    pub over: bool,
}

impl SourceNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        let Self { source, concern, over } = self;
        format!("{source}|{}|{}|{over}", concern.odd.as_str(), concern.since.timestamp_millis())
    }
}

/// One mail to one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// Its number.
    pub id: i64,
    /// Planned Message-ID, without angle brackets; a repeat bears the same.
    pub message_id: String,
    /// The one address it goes to.
    pub to: String,
    /// What it tells.
    pub news: News,
    /// Who wrote the files; empty in news of a source.
    pub author: String,
    /// The edition in force meanwhile, 64 hex digits; empty in news of a source.
    pub force: String,
    /// When the files were looked at, or the source was judged; the Date header.
    pub at: DateTime<Utc>,
}

/// A planned Message-ID without angle brackets; `state` tells the state of the files from others.
pub fn message_id(state: &str, mailbox: &str, secret: &hmac::Key, domain: &str) -> String {
    signed_id(&format!("bulletin|{state}|{mailbox}"), secret, domain)
}
