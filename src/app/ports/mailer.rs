//! The mailer: renders a letter and hands it to a server.

use std::fmt::{self, Debug, Formatter};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

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

/// For how long the claim of a mail still holds; zero once another instance may have it.
pub type Left = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Leave to finish a mail. All of a dialogue before the content can be repeated without harm, so it
/// may run while the outcome of the mail before is still being recorded; the content waits for this. It is asked for at
/// the last moment, and refused to a mail that another instance may have taken over by then.
pub struct Clearance {
    word: Word,
    left: Option<Left>,
}

impl Debug for Clearance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clearance").field("word", &self.word).finish_non_exhaustive()
    }
}

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
        Self { word: Word::Given, left: None }
    }

    /// Given when `recorded` is told.
    pub fn after(recorded: oneshot::Receiver<()>) -> Self {
        Self { word: Word::Awaited(recorded), left: None }
    }

    /// The same for a mail whose claim holds for so long.
    #[must_use]
    pub fn while_held(self, left: Left) -> Self {
        Self { left: Some(left), ..self }
    }

    /// Waits for it; false if it never will be given: whoever was to give it is gone, or the claim has run out, and the
    /// mail must not be finished. A refusal stays one.
    pub async fn is_given(&mut self) -> bool {
        if let Word::Awaited(recorded) = &mut self.word {
            let recorded = tokio::select! {
                recorded = recorded => recorded.is_ok(),
                () = lapse(self.left.as_ref()) => false,
            };
            self.word = if recorded { Word::Given } else { Word::Never };
        }
        if self.left.as_ref().is_some_and(|left| left().is_zero()) {
            self.word = Word::Never;
        }
        matches!(self.word, Word::Given)
    }
}

/// Waits until a claim has run out; one that is renewed meanwhile takes longer.
async fn lapse(left: Option<&Left>) {
    let Some(left) = left else { return pending().await };
    loop {
        match left() {
            Duration::ZERO => return,
            Duration::MAX => pending().await,
            left => tokio::time::sleep(left).await,
        }
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
    use std::sync::Mutex;

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

    #[tokio::test(start_paused = true)]
    async fn a_claim_that_has_run_out_is_never_cleared() {
        let left = Arc::new(Mutex::new(Duration::from_secs(5)));
        let held = |clearance: Clearance| {
            let left = left.clone();
            clearance.while_held(Arc::new(move || *left.lock().unwrap()))
        };
        let mut clearance = held(Clearance::given());
        assert!(clearance.is_given().await);
        *left.lock().unwrap() = Duration::ZERO;
        assert!(!clearance.is_given().await, "asked at the last moment");
        *left.lock().unwrap() = Duration::from_secs(5);
        assert!(!clearance.is_given().await, "and refused for good");

        let (_recorded, wait) = oneshot::channel();
        let mut waits = held(Clearance::after(wait));
        let lapses = async {
            tokio::time::sleep(Duration::from_secs(4)).await;
            // Renewed in time, and then no more.
            tokio::time::sleep(Duration::from_secs(4)).await;
            *left.lock().unwrap() = Duration::ZERO;
        };
        let began = tokio::time::Instant::now();
        let (given, ()) = tokio::join!(waits.is_given(), lapses);
        assert!(!given && began.elapsed() == Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
