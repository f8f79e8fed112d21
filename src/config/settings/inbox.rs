//! The mailbox for answers: replies of cells, and mails that come back.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Tls;
use crate::config::secret::Secret;

/// Bytes in a megabyte, as people count them.
const MEGA: u64 = 1_000_000;

/// `[inbox]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// IMAP server; also the name its certificate must bear.
    pub host: String,
    /// Port: 993 for `implicit`, 143 for `starttls`.
    #[serde(default = "port")]
    pub port: u16,
    /// How the connection is protected.
    #[serde(default = "tls")]
    pub tls: Tls,
    /// User.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// PEM file of a private certificate authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The folder that is read.
    #[serde(default = "folder")]
    pub folder: String,
    /// The folder for what was dealt with; made where it is missing.
    #[serde(default = "handled")]
    pub handled: String,
    /// How often to look; the server tells of what comes in between where it can.
    #[serde(default = "poll", with = "crate::config::duration")]
    pub poll: Duration,
    /// Time for each step of the dialogue.
    #[serde(default = "timeout", with = "crate::config::duration")]
    pub timeout: Duration,
    /// Largest message that is read, in megabytes.
    #[serde(default = "largest_mb")]
    pub largest_mb: u64,
    /// How long the words of replies are kept.
    #[serde(default = "keep", with = "crate::config::duration")]
    pub keep: Duration,
    /// Every mail gets a return address of its own, `vanthu+k5f…@…`, by which what comes back is known.
    #[serde(default)]
    pub tagged: bool,
}

impl Inbox {
    /// Largest message that is read, in bytes.
    pub fn largest(&self) -> u64 {
        self.largest_mb.saturating_mul(MEGA)
    }
}

fn port() -> u16 {
    993
}
fn tls() -> Tls {
    Tls::Implicit
}
fn folder() -> String {
    "INBOX".to_owned()
}
fn handled() -> String {
    "vanthu".to_owned()
}
fn poll() -> Duration {
    Duration::from_secs(5 * 60)
}
fn timeout() -> Duration {
    Duration::from_secs(60)
}
fn largest_mb() -> u64 {
    25
}
fn keep() -> Duration {
    Duration::from_secs(90 * 24 * 3600)
}
