//! Bulletin: a mail to whoever looks after the office's files, about the files and not about a document.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

use super::edition::Impact;
use super::notice::signed_id;

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
    /// Who wrote the files.
    pub author: String,
    /// The edition in force meanwhile, 64 hex digits.
    pub force: String,
    /// When the files were looked at; the Date header.
    pub at: DateTime<Utc>,
}

/// A planned Message-ID without angle brackets; `state` tells the state of the files from others.
pub fn message_id(state: &str, mailbox: &str, secret: &hmac::Key, domain: &str) -> String {
    signed_id(&format!("bulletin|{state}|{mailbox}"), secret, domain)
}
