//! The mailer: renders a letter and hands it to a server.

use async_trait::async_trait;

use crate::domain::notice::Letter;

/// What the server made of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// 250 to the final dot; the reply, one line.
    Sent {
        /// The server's reply.
        reply: String,
    },
    /// Nothing was accepted; try again later (4xx, network, TLS).
    Retry {
        /// What happened.
        reason: String,
        /// The fault lies with the server or the way to it, not with this recipient: all others
        /// would meet it too.
        everyone: bool,
    },
    /// Refused for good (5xx), or the letter can never be sent.
    Failed {
        /// What happened.
        reason: String,
    },
    /// The dot was sent and no answer came: it may have been accepted.
    Ambiguous {
        /// What happened.
        reason: String,
    },
}

/// Sends letters.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// How many letters may be in flight at once; each has a connection of its own.
    fn sessions(&self) -> usize;

    /// Renders and sends one letter on the connection of `session` (below [`Mailer::sessions`]).
    /// Dropping the future drops that connection.
    async fn send(&self, session: usize, letter: &Letter) -> SendOutcome;

    /// Ends idle connections politely.
    async fn rest(&self);
}
