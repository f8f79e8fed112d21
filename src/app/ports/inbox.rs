//! The mailbox for answers: read over IMAP, message by message. What a message says is read by the adapter,
//! in its cage; what follows from it is the use case's.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::inbound::Received;

/// Why the mailbox cannot be read; the connection is given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// The server or the way to it.
    #[error("không nối được hộp thư nhận: {0}")]
    Unreachable(String),
    /// User name or password.
    #[error("hộp thư nhận từ chối đăng nhập: {0}")]
    Refused(String),
    /// A folder is not there and cannot be made.
    #[error("hộp thư nhận: thư mục “{folder}”: {reason}")]
    Folder {
        /// Which.
        folder: String,
        /// What the server says.
        reason: String,
    },
    /// The dialogue broke, or nothing came for too long.
    #[error("hộp thư nhận ngắt giữa chừng: {0}")]
    Broken(String),
}

/// Why a message is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is larger than is looked at, in bytes.
    TooLarge(u64),
    /// It has more parts than any letter.
    TooManyParts,
    /// Mails within mails within mails.
    TooDeep,
    /// It took too long, or the reader fell over it.
    TooHard,
    /// It is no mail at all.
    NoMail,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => write!(f, "thư lớn {} MB, quá mức được đọc", bytes / 1_000_000),
            Self::TooManyParts => f.write_str("thư có quá nhiều phần"),
            Self::TooDeep => f.write_str("thư lồng trong thư quá nhiều lớp"),
            Self::TooHard => f.write_str("thư có cấu trúc không đọc nổi"),
            Self::NoMail => f.write_str("không phải thư điện tử"),
        }
    }
}

/// The head of a message: enough to tell whether it can be about a mail of ours.
#[derive(Debug, Clone)]
pub struct Glance {
    /// Its size in bytes, as the server says.
    pub size: u64,
    /// What its headers say; no text, no report.
    pub head: Received,
    /// Whether it may carry a report of delivery.
    pub reports: bool,
}

/// A message that was read.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Tells it from every other: SHA-256 of its Message-ID and its body, hex.
    pub identity: String,
    /// Its first bytes, for the register.
    pub raw: Vec<u8>,
    /// What it says.
    pub content: Result<Box<Received>, Unreadable>,
}

/// The mailbox for answers.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// `user@host/folder`: names it in register, status and log.
    fn name(&self) -> &str;

    /// Connects, logs in, opens the folder, and sees to the folder for what was dealt with.
    ///
    /// # Errors
    /// [`InboxError`].
    async fn open(&self) -> Result<Box<dyn OpenInbox>, InboxError>;
}

/// An open connection. After an error it is dropped; whoever needs more opens another.
#[async_trait]
pub trait OpenInbox: Send {
    /// UIDVALIDITY: where it changes, UIDs known from before mean nothing.
    fn validity(&self) -> u32;

    /// UIDs of the messages after `uid`, ascending.
    ///
    /// # Errors
    /// [`InboxError`].
    async fn after(&mut self, uid: u32) -> Result<Vec<u32>, InboxError>;

    /// The head of a message; `None` where it is gone.
    ///
    /// # Errors
    /// [`InboxError`].
    async fn glance(&mut self, uid: u32) -> Result<Option<Glance>, InboxError>;

    /// Reads a message, bounded; marks nothing as seen. `None` where it is gone.
    ///
    /// # Errors
    /// [`InboxError`].
    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, InboxError>;

    /// Moves a message to the folder for what was dealt with. One that is gone is no error.
    ///
    /// # Errors
    /// [`InboxError`].
    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError>;

    /// Waits until something comes, at most so long.
    ///
    /// # Errors
    /// [`InboxError`]: also where the other side is gone without a word.
    async fn wait(&mut self, longest: Duration) -> Result<(), InboxError>;

    /// Takes leave.
    async fn close(self: Box<Self>);
}
