//! How mails leave.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::config::defaults;
use crate::config::secret::Secret;
use crate::config::tagged::{self, Tagged};

/// `[mail.transport]`
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Transport {
    /// A server.
    Smtp(Smtp),
    /// `.eml` files in a folder: a dry run.
    File {
        /// The folder.
        folder: PathBuf,
    },
}

impl Tagged for Transport {
    const TYPES: &'static [&'static str] = &["smtp", "file"];

    fn read<'de, D: Deserializer<'de>>(word: &str, rest: D) -> Option<Result<Self, D::Error>> {
        /// What follows `type = "file"`.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            folder: PathBuf,
        }
        match word {
            "smtp" => Some(Smtp::deserialize(rest).map(Self::Smtp)),
            "file" => Some(File::deserialize(rest).map(|File { folder }| Self::File { folder })),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Transport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

/// `[mail.transport] type = "smtp"`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Host name; also the name its certificate must bear.
    pub host: String,
    /// Port: 465 for `implicit`, 587 for `starttls`.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// User name, where the server wants one.
    #[serde(default)]
    pub username: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// PEM file of a private certificate authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Connections at once.
    #[serde(default = "defaults::sessions")]
    pub sessions: usize,
    /// Time to connect and for each command.
    #[serde(default = "defaults::command_timeout", with = "crate::config::duration")]
    pub command_timeout: Duration,
    /// Time for the answer to the final dot; RFC 5321 §4.5.3.2.6 asks for 10 minutes.
    #[serde(default = "defaults::dot_timeout", with = "crate::config::duration")]
    pub dot_timeout: Duration,
    /// Name to say in EHLO; the host's own by default.
    #[serde(default)]
    pub hello: Option<String>,
}

/// How an SMTP connection is protected. There is no "if offered".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, or no mail.
    Starttls,
    /// No protection; to a loopback address only.
    Plain,
}
