//! What became of the office's files, change by change.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::edition::Impact;

/// What became of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcceptanceKind {
    /// The edition came into force.
    Accepted,
    /// It changes so much that a person must look first; the one before stays in force.
    Waiting,
    /// A person let it in; the daemon accepts it next.
    Approved,
    /// A person turned it down; the one before stays in force until the files change.
    Rejected,
    /// The files are broken; the last good edition stays in force.
    Refused,
    /// The files say again what is in force.
    Returned,
}

impl AcceptanceKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Accepted, Self::Waiting, Self::Approved, Self::Rejected, Self::Refused, Self::Returned];

    /// The word in SQL, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Returned => "returned",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A step to record.
#[derive(Debug, Clone)]
pub struct NewAcceptance {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: AcceptanceKind,
    /// The edition, 64 hex digits; of refused files the hash of the findings.
    pub edition: String,
    /// Who wrote the files, or who decided: an operating system user.
    pub author: String,
    /// What it changes, where that was looked at.
    pub impact: Option<Impact>,
    /// A person's reason, or the findings as people read them.
    pub detail: Option<String>,
}

/// A recorded step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcceptanceRow {
    /// Its number, growing.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: AcceptanceKind,
    /// The edition, 64 hex digits; of refused files the hash of the findings.
    pub edition: String,
    /// Who wrote the files, or who decided.
    pub author: String,
    /// What it changes, where that was looked at.
    pub impact: Option<Impact>,
    /// A person's reason, or the findings as people read them.
    pub detail: Option<String>,
}
