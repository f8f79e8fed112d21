//! Where mails of ours can be seen once a server has taken them: a mailbox that gets a copy of each, or the log of the
//! mail server. Asked before a mail is sent again that may have been accepted.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Why it cannot be looked at, one line, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SentError(pub String);

/// Whoever can say whether a mail was accepted.
#[async_trait]
pub trait Sent: Send + Sync {
    /// Where it looks, for people.
    fn name(&self) -> &str;

    /// Looks for a mail by its Message-ID (without angle brackets), tried at `since` at the earliest. What shows that a
    /// server took it, one line; `None` where nothing does, which may only mean: not yet.
    ///
    /// # Errors
    /// [`SentError`]: nothing is known then.
    async fn find(&self, message_id: &str, since: DateTime<Utc>) -> Result<Option<String>, SentError>;
}
