//! The mailer: renders a letter and hands it to a server.

use async_trait::async_trait;
use tokio::sync::oneshot;

use crate::domain::bulletin::Bulletin;
use crate::domain::notice::Letter;

/// What the server made of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// 250 to the final dot; the reply, one line.
    Sent {
        /// The server's reply.
        reply: String,
        /// SHA-256 of the mail as it was handed over, headers and body, 64 hex digits.
        sha256: String,
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

/// Leave to finish a mail. All of a dialogue before the final dot can be repeated without harm, so it
/// may run while the outcome of the mail before is still being recorded; the dot waits for this.
#[derive(Debug)]
pub struct Clearance(Word);

/// What is known of a clearance. An answer is kept, because a channel may be asked for it only once.
#[derive(Debug)]
enum Word {
    Given,
    Awaited(oneshot::Receiver<()>),
    Never,
}

impl Clearance {
    /// Given: nothing goes before this mail.
    pub fn given() -> Self {
        Self(Word::Given)
    }

    /// Given when `recorded` is told.
    pub fn after(recorded: oneshot::Receiver<()>) -> Self {
        Self(Word::Awaited(recorded))
    }

    /// Waits for it; the answer stays the same ever after. False if it never will be given: whoever was to
    /// give it is gone, and the mail must not be finished.
    pub async fn is_given(&mut self) -> bool {
        if let Word::Awaited(recorded) = &mut self.0 {
            self.0 = if recorded.await.is_ok() { Word::Given } else { Word::Never };
        }
        matches!(self.0, Word::Given)
    }
}

/// Sends letters.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// How many letters may be in flight at once; each has a connection of its own.
    fn sessions(&self) -> usize;

    /// Renders and sends one letter on the connection of `session` (below [`Mailer::sessions`]).
    /// Nothing is sent that a server could accept before `clearance` is given. Dropping the future
    /// drops that connection.
    async fn send(&self, session: usize, letter: &Letter, clearance: Clearance) -> SendOutcome;

    /// Sends a mail about the office's files, while no letter is under way.
    async fn announce(&self, bulletin: &Bulletin) -> SendOutcome;

    /// Ends idle connections politely.
    async fn rest(&self);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_answer_stays_the_same() {
        for given in [true, false] {
            let (recorded, wait) = oneshot::channel();
            let mut clearance = Clearance::after(wait);
            if given {
                recorded.send(()).unwrap();
            } else {
                drop(recorded);
            }
            assert_eq!([clearance.is_given().await, clearance.is_given().await], [given, given]);
        }
    }
}
