//! One worker: one connection, one mail in flight.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use super::feeder::ended;
use super::{Flow, Report, Work};
use crate::app::policy::Policy;
use crate::app::ports::{Claimed, Clearance, Clock, Mailer, SendOutcome, Settled, StoreError};
use crate::domain::notice::{Letter, NoticeKind};
use crate::domain::thread::Thread;

/// What all workers of one run share.
pub(super) struct Desk {
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) policy: Arc<Policy>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) queue: Mutex<mpsc::Receiver<Work>>,
    pub(super) flow: Arc<Flow>,
}

impl Desk {
    pub(super) async fn work(
        self: Arc<Self>,
        session: usize,
        reports: mpsc::Sender<Report>,
    ) -> Result<(), StoreError> {
        let mut clearance = Clearance::given();
        loop {
            let next = self.queue.lock().await.recv().await;
            let Some(Work { claimed, held, letter }) = next else {
                return Ok(());
            };
            let (settled, sha256) = if self.flow.must_end() {
                (Settled::Released, None)
            } else {
                let hold = self.flow.hold.clone();
                let cleared = clearance.while_held(Arc::new(move || hold.left(held)));
                let outcome = self.mailer.send(session, &letter, cleared).await;
                let sha256 = match &outcome {
                    SendOutcome::Sent { sha256, .. } => Some(sha256.clone()),
                    _ => None,
                };
                (self.judge(&claimed, outcome), sha256)
            };
            let opened = opened(&settled, *letter);
            let (durable, is_durable) = oneshot::channel();
            clearance = Clearance::after(is_durable);
            reports.send(Report { claimed, settled, sha256, opened, durable }).await.map_err(|_| ended())?;
        }
    }

    /// From the server's answer to what is recorded.
    fn judge(&self, claimed: &Claimed, outcome: SendOutcome) -> Settled {
        let now = self.clock.now();
        let tries = claimed.tries + 1;
        let wait = self.policy.waits.after(tries).and_then(|wait| chrono::Duration::from_std(wait).ok());
        match outcome {
            SendOutcome::Sent { reply, .. } => match &self.policy.sending.shadow {
                None => Settled::Sent { reply },
                Some(shadow) => {
                    Settled::Diverted { reply: format!("chạy thử, đã gửi đến {shadow}: {reply}") }
                }
            },
            SendOutcome::Failed { reason } => Settled::Failed { reason },
            SendOutcome::Ambiguous { reason } => {
                let wait = wait.unwrap_or_else(|| self.last_wait());
                Settled::Ambiguous { at: now + wait, reason }
            }
            // Held back because others may have it by now: no fault of a server.
            SendOutcome::Retry { .. } if self.flow.hold.is_lost() => Settled::Released,
            SendOutcome::Retry { reason, everyone: true } => {
                self.flow.down.send_replace(Some(reason.clone()));
                Settled::Retry { at: now + wait.unwrap_or_else(|| self.last_wait()), reason }
            }
            SendOutcome::Retry { reason, everyone: false } => match wait {
                Some(wait) => Settled::Retry { at: now + wait, reason },
                None => {
                    Settled::Failed { reason: format!("đã thử {tries} lần; lần cuối: {reason}") }
                }
            },
        }
    }

    /// A server that is down is no fault of the mail: it is never given up for that.
    fn last_wait(&self) -> chrono::Duration {
        let last = self.policy.waits.0.last().and_then(|wait| chrono::Duration::from_std(*wait).ok());
        last.unwrap_or(chrono::Duration::hours(1))
    }
}

/// The conversation that a letter opened, if it left or may have: its subject line stays as it was. An
/// escalation opens one that nothing follows.
pub(super) fn opened(settled: &Settled, letter: Letter) -> Option<Thread> {
    let left = matches!(settled, Settled::Sent { .. } | Settled::Ambiguous { .. } | Settled::Found { .. });
    let new = left && letter.first.is_none() && letter.kind != NoticeKind::Escalation;
    new.then_some(Thread { topic: letter.topic, started: letter.started, first: letter.message_id })
}
