//! Mail in: the mailbox for answers over IMAP (RFC 3501, IDLE of RFC 2177, MOVE of RFC 6851), and messages
//! read within a cage.
//!
//! The library waits for ever; here every step has an end, after which the connection is dropped.

mod dial;
mod html;
mod read;
mod search;
mod session;
mod status;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use secrecy::SecretString;

use super::transport::Security;
use crate::app::ports::{Inbox, InboxError, OpenInbox};
use crate::tls::{self, TlsError, Trust};

pub use read::{EXCERPT, glance, identity, read};
pub use search::Searching;

/// Where the mailbox for answers is and how it is read.
#[derive(Debug, Clone)]
pub struct ImapOptions {
    /// Host name; also the name its certificate must bear.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User.
    pub username: String,
    /// Password.
    pub password: SecretString,
    /// PEM file of a private certificate authority.
    pub ca_file: Option<PathBuf>,
    /// The folder that is read.
    pub folder: String,
    /// The folder for what was dealt with.
    pub handled: String,
    /// Time for each step.
    pub patience: Duration,
}

/// Why the mailbox cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ImapSetupError {
    /// The host cannot be the name in a certificate.
    #[error("inbox.host = \"{0}\": không phải tên máy hay địa chỉ IP")]
    Host(String),
    /// The private authority's file, or TLS itself.
    #[error("inbox: {0}")]
    Tls(#[from] TlsError),
}

/// The mailbox for answers on a server.
#[derive(Debug)]
pub struct Imap {
    name: String,
    options: ImapOptions,
    server: ServerName<'static>,
    tls: Arc<ClientConfig>,
}

impl Imap {
    /// Checks names and prepares TLS; nothing is connected yet.
    ///
    /// # Errors
    /// [`ImapSetupError`]; names the setting.
    pub fn new(options: ImapOptions) -> Result<Self, ImapSetupError> {
        let server = ServerName::try_from(options.host.clone())
            .map_err(|_| ImapSetupError::Host(options.host.clone()))?;
        let encrypted = options.security != Security::Plain;
        let tls = Arc::new(tls::client(&Trust::of(options.ca_file.as_deref(), encrypted))?);
        let name = format!("{}@{}/{}", options.username, options.host, options.folder);
        Ok(Self { name, options, server, tls })
    }
}

#[async_trait]
impl Inbox for Imap {
    fn name(&self) -> &str {
        &self.name
    }

    async fn open(&self) -> Result<Box<dyn OpenInbox>, InboxError> {
        Ok(Box::new(self.dial().await?))
    }
}
