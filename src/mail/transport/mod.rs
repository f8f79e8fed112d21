//! Where mails go: to a server, into a folder (a dry run), or onto a list (tests).

mod folder;
mod memory;
mod smtp;

use std::path::PathBuf;

use super::compose::Mail;
use crate::app::ports::{Clearance, SendOutcome};
use crate::tls::TlsError;

pub use folder::Folder;
pub use memory::Outbox;
pub use smtp::{Login, Security, Smtp, SmtpOptions};

/// Why a mail was not finished.
const NO_CLEARANCE: &str = "chưa ghi được kết quả của thư trước";

/// Which way out, and how.
#[derive(Debug, Clone)]
pub enum TransportOptions {
    /// A server.
    Smtp(SmtpOptions),
    /// `.eml` files in a folder.
    Folder(PathBuf),
    /// A list in memory.
    Memory(Outbox),
}

/// Why a way out cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TransportSetupError {
    /// No protection is asked for towards another host.
    #[error(
        "mail.transport.tls = \"plain\" chỉ dùng được với máy chủ trên chính máy này (127.0.0.1, ::1, localhost), không phải \"{0}\"; đề nghị dùng \"implicit\" hoặc \"starttls\""
    )]
    PlainNotLoopback(String),
    /// The host cannot be the name in a certificate.
    #[error("mail.transport.host = \"{0}\": không phải tên máy hay địa chỉ IP")]
    Host(String),
    /// The name for EHLO cannot stand in a command.
    #[error("mail.transport.hello = \"{0}\": không phải tên máy")]
    Hello(String),
    /// The private authority's file, or TLS itself.
    #[error("mail.transport.ca_file hoặc TLS: {0}")]
    Tls(#[from] TlsError),
}

/// What became of a mail whose clearance will never come: the register failed, so nothing may leave.
fn withheld() -> SendOutcome {
    SendOutcome::Retry { reason: NO_CLEARANCE.to_owned(), everyone: true }
}

/// A way out. A closed set, so an enum: every arm is a real one, usable in tests and in service.
#[derive(Debug)]
pub enum Transport {
    /// A server.
    Smtp(Smtp),
    /// A folder.
    Folder(Folder),
    /// A list.
    Memory(Outbox),
}

impl Transport {
    /// Sets up a way out; nothing is connected yet.
    ///
    /// # Errors
    /// [`TransportSetupError`]
    pub fn new(options: TransportOptions) -> Result<Self, TransportSetupError> {
        Ok(match options {
            TransportOptions::Smtp(options) => Self::Smtp(Smtp::new(options)?),
            TransportOptions::Folder(folder) => Self::Folder(Folder::new(folder)),
            TransportOptions::Memory(outbox) => Self::Memory(outbox),
        })
    }

    /// How many mails may be in flight at once.
    pub fn sessions(&self) -> usize {
        match self {
            Self::Smtp(smtp) => smtp.sessions(),
            Self::Folder(_) | Self::Memory(_) => 1,
        }
    }

    /// Hands over one mail, which is not finished before `clearance` is given.
    pub async fn send(&self, session: usize, mail: &Mail, mut clearance: Clearance) -> SendOutcome {
        match self {
            Self::Smtp(smtp) => smtp.send(session, mail, clearance).await,
            Self::Folder(_) | Self::Memory(_) if !clearance.is_given().await => withheld(),
            Self::Folder(folder) => folder.send(mail).await,
            Self::Memory(outbox) => outbox.send(mail),
        }
    }

    /// Ends idle connections politely.
    pub async fn rest(&self) {
        match self {
            Self::Smtp(smtp) => smtp.rest().await,
            Self::Folder(_) | Self::Memory(_) => {}
        }
    }

    /// Tries the way without sending anything.
    ///
    /// # Errors
    /// What went wrong, on one line.
    pub async fn knock(&self) -> Result<(), String> {
        match self {
            Self::Smtp(smtp) => smtp.knock().await,
            Self::Folder(folder) => folder.knock().await,
            Self::Memory(_) => Ok(()),
        }
    }
}
