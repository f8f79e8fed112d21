//! A mailbox that gets a copy of every mail, over IMAP: searched by the server, opened read-only.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::is_ours;
use crate::app::ports::{Sent, SentError};
use crate::mail::inbound::{Imap, ImapOptions, ImapSetupError, Searching};

/// A day more than asked: servers compare days in a zone of their own (RFC 3501 §6.4.4).
const MARGIN: TimeDelta = TimeDelta::days(1);

/// The mailbox.
pub struct SentMailbox {
    name: String,
    imap: Imap,
    /// Kept open between two questions.
    open: Mutex<Option<Searching>>,
}

impl SentMailbox {
    /// Checks names and prepares TLS; nothing is connected yet.
    ///
    /// # Errors
    /// [`ImapSetupError`].
    pub fn new(options: ImapOptions) -> Result<Self, ImapSetupError> {
        let name = format!("hộp thư {}@{}/{}", options.username, options.host, options.folder);
        Ok(Self { name, imap: Imap::new(options)?, open: Mutex::new(None) })
    }

    /// Connects, logs in, opens the folder and leaves: what `doctor` asks.
    ///
    /// # Errors
    /// What went wrong, on one line.
    pub async fn knock(&self) -> Result<(), String> {
        self.imap.search().await.map(drop).map_err(|error| error.to_string())
    }
}

#[async_trait]
impl Sent for SentMailbox {
    fn name(&self) -> &str {
        &self.name
    }

    async fn find(&self, message_id: &str, since: DateTime<Utc>) -> Result<Option<String>, SentError> {
        if !is_ours(message_id) {
            return Ok(None);
        }
        let day = (since - MARGIN).format("%d-%b-%Y");
        let query = format!("SINCE {day} HEADER Message-ID \"<{message_id}>\"");
        let failed = |error: crate::app::ports::InboxError| SentError(error.to_string());
        let mut kept = self.open.lock().await;
        // A line that was idle may be dead: one that was just opened has the last word.
        if let Some(mut open) = kept.take()
            && let Ok(found) = open.find(&query).await
        {
            *kept = Some(open);
            return Ok(found.map(told));
        }
        let mut open = self.imap.search().await.map_err(failed)?;
        let found = open.find(&query).await.map_err(failed)?;
        *kept = Some(open);
        Ok(found.map(told))
    }
}

fn told(uid: u32) -> String {
    format!("UID {uid}")
}
