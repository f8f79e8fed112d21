//! Where accepted mails can be seen.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::Tls;
use crate::config::secret::Secret;
use crate::config::tagged::{self, Tagged};

/// `[mail.sent]`
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SentSettings {
    /// A mailbox that gets a copy of every mail.
    Imap(Box<SentImap>),
    /// The log of a Postfix on this machine.
    Log(SentLog),
}

impl SentSettings {
    /// How long after a doubt began a mail may still turn up.
    pub fn grace(&self) -> Duration {
        match self {
            Self::Imap(imap) => imap.grace,
            Self::Log(log) => log.grace,
        }
    }

    /// How long it is tried to look, where looking fails.
    pub fn patience(&self) -> Duration {
        match self {
            Self::Imap(imap) => imap.patience,
            Self::Log(log) => log.patience,
        }
    }
}

impl Tagged for SentSettings {
    const TYPES: &'static [&'static str] = &["imap", "log"];

    fn read<'de, D: Deserializer<'de>>(word: &str, rest: D) -> Option<Result<Self, D::Error>> {
        match word {
            "imap" => Some(SentImap::deserialize(rest).map(|imap| Self::Imap(Box::new(imap)))),
            "log" => Some(SentLog::deserialize(rest).map(Self::Log)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for SentSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

/// `[mail.sent] type = "imap"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentImap {
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
    /// The folder that gets the copies; opened read-only.
    #[serde(default = "folder")]
    pub folder: String,
    /// Time for each step of the dialogue.
    #[serde(default = "timeout", with = "crate::config::duration")]
    pub timeout: Duration,
    /// How long after a doubt began a copy may still turn up.
    #[serde(default = "grace", with = "crate::config::duration")]
    pub grace: Duration,
    /// How long it is tried to look, where looking fails, before the mail is sent again.
    #[serde(default = "patience", with = "crate::config::duration")]
    pub patience: Duration,
}

/// `[mail.sent] type = "log"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentLog {
    /// The log file.
    pub path: PathBuf,
    /// How long after a doubt began a line may still turn up.
    #[serde(default = "grace", with = "crate::config::duration")]
    pub grace: Duration,
    /// How long it is tried to look, where looking fails, before the mail is sent again.
    #[serde(default = "patience", with = "crate::config::duration")]
    pub patience: Duration,
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
fn timeout() -> Duration {
    Duration::from_secs(30)
}
fn grace() -> Duration {
    Duration::from_secs(2 * 60)
}
fn patience() -> Duration {
    Duration::from_secs(15 * 60)
}
