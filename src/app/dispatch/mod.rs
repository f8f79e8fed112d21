//! Dispatch: claim due notices, write and send them, record the outcome.
//!
//! Each worker has one connection and one mail in flight, and finishes the next one only after the
//! outcome of the last is durable: a crash can repeat at most one mail per worker, and repeats it
//! with the same Message-ID. Outcomes that arrive together are committed together.
//!
//! Of the mails to one mailbox one is in flight, and the others wait for its outcome: they leave in
//! order, and a mailbox about which a server never answers holds one connection, not all of them.

mod detour;
mod doubt;
mod feeder;
mod gate;
mod hold;
mod settler;
mod worker;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, Notify, mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::office::Office;
use super::policy::Policy;
use super::ports::{Claimed, Clock, Mailer, Settled, Store, StoreError, Tenure};
use crate::domain::notice::Letter;
use crate::domain::thread::Thread;
pub use doubt::Witness;
use hold::{Held, Hold, lease};
use worker::Desk;

/// Claims in flight are renewed so many times in their time while a server is slow.
const RENEWALS: u32 = 4;
/// How soon what must be recorded is tried again while the register is away.
const AGAIN: Duration = Duration::from_secs(1);

/// What a run of the dispatcher did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dispatched {
    /// Accepted by the server.
    pub sent: u64,
    /// To be tried again.
    pub retried: u64,
    /// Given up; staff are told.
    pub failed: u64,
    /// Overtaken by events.
    pub dropped: u64,
    /// May have been accepted; will be tried again.
    pub ambiguous: u64,
    /// May have been accepted, and was seen among the mails that were.
    pub found: u64,
    /// Handed back untried.
    pub released: u64,
    /// Must wait for office hours, or for their turn.
    pub postponed: u64,
    /// Kept back because of where they would go.
    pub held: u64,
    /// Accepted for the address every mail goes to while the office tries things out.
    pub diverted: u64,
    /// Nothing was looked at: the register was put back and nobody has released it.
    pub restoring: bool,
    /// Set when the server, not a recipient, was at fault: wait before the next run.
    pub down: Option<String>,
}

/// Everything dispatching needs.
pub struct Dispatch<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The way out.
    pub mailer: &'a Arc<dyn Mailer>,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Arc<Policy>,
    /// The time, read once per mail: a run may take long when a server is slow.
    pub clock: &'a Arc<dyn Clock>,
    /// Name of this instance, new at every start.
    pub instance: &'a str,
    /// Who can say whether a mail was accepted; without one it is sent again.
    pub witness: Option<Witness<'a>>,
    /// For how long what was claimed stays ours.
    pub tenure: &'a Arc<dyn Tenure>,
}

/// Waits for all workers; the first that fails fails the run.
async fn all(mut workers: JoinSet<Result<(), StoreError>>) -> Result<(), StoreError> {
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| StoreError::Engine(format!("bộ gửi thư dừng đột ngột: {error}")))??;
    }
    Ok(())
}

/// A letter on its way to a worker.
struct Work {
    claimed: Claimed,
    held: Held,
    letter: Box<Letter>,
}

/// An outcome on its way to the register, with whom to tell when it is durable.
struct Report {
    claimed: Claimed,
    settled: Settled,
    /// SHA-256 of the mail as the server took it over, if it did.
    sha256: Option<String>,
    /// The conversation that this mail opened, if it left.
    opened: Option<Thread>,
    durable: oneshot::Sender<()>,
}

/// What the parts of one run know of each other.
struct Flow {
    /// Asked to end: finish what is in flight, take nothing new.
    stop: watch::Receiver<bool>,
    /// Why the server fails everybody, once it does.
    down: watch::Sender<Option<String>>,
    /// Set when the register is full or away: what is in flight is still recorded, nothing new is begun.
    lack: watch::Sender<Option<StoreError>>,
    /// For how long claims hold.
    hold: Arc<Hold>,
    /// Letters handed to workers and not yet durably settled.
    in_flight: AtomicUsize,
    /// Mailboxes with a letter in flight.
    busy: std::sync::Mutex<HashSet<String>>,
    /// Rung when a mailbox is no longer busy.
    freed: Notify,
}

impl Flow {
    fn new(stop: watch::Receiver<bool>, tenure: &Arc<dyn Tenure>) -> Self {
        Self {
            stop,
            hold: Arc::new(Hold::new(tenure.clone())),
            down: watch::Sender::new(None),
            lack: watch::Sender::new(None),
            in_flight: AtomicUsize::new(0),
            busy: std::sync::Mutex::default(),
            freed: Notify::new(),
        }
    }

    /// Makes a mailbox busy; `false` if it is already.
    fn reserve(&self, mailbox: &str) -> bool {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(mailbox.to_owned())
    }

    /// The outcome of a mailbox's letter is durable.
    fn free(&self, mailbox: &str) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(mailbox);
        self.freed.notify_one();
    }

    fn must_end(&self) -> bool {
        *self.stop.borrow()
            || self.down.borrow().is_some()
            || self.lack.borrow().is_some()
            || self.hold.is_lost()
    }

    /// Takes a failure that passes for the end of the run, not of what is in flight; gives back any other.
    fn bears(&self, error: StoreError) -> Result<(), StoreError> {
        match error {
            StoreError::Full(_) | StoreError::Away(_) => {
                self.lack.send_replace(Some(error));
                Ok(())
            }
            other => Err(other),
        }
    }

    fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) == 0
    }
}

impl Dispatch<'_> {
    /// Sends everything that is due. Returns when nothing is due and nothing in flight, when the
    /// server fails everybody, or when `stop` becomes true; mails in flight are finished first.
    ///
    /// # Errors
    /// [`StoreError`]; claims not settled come back when their lease ends. [`StoreError::Full`] and [`StoreError::Away`] only
    /// after what was in flight is recorded: in the room kept back for it, or as soon as the server is back.
    pub async fn drain(&self, stop: &watch::Receiver<bool>) -> Result<Dispatched, StoreError> {
        let sessions = self.mailer.sessions().max(1);
        let flow = Arc::new(Flow::new(stop.clone(), self.tenure));
        let (work, queue) = mpsc::channel(sessions);
        let (reports, inbox) = mpsc::channel(sessions * 2);
        let desk = Arc::new(Desk {
            mailer: self.mailer.clone(),
            policy: self.policy.clone(),
            clock: self.clock.clone(),
            queue: Mutex::new(queue),
            flow: flow.clone(),
        });
        // Tasks of their own, so that letters are composed on every core; they end with this future.
        let mut workers = JoinSet::new();
        for session in 0..sessions {
            workers.spawn(desk.clone().work(session, reports.clone()));
        }
        let run = async {
            let feeder = self.feed(work, reports, &flow);
            let ((), (), done) = tokio::try_join!(all(workers), feeder, self.settle(inbox, &flow))?;
            Ok::<_, StoreError>(done)
        };
        let mut done = tokio::select! {
            done = run => done?,
            error = self.keep_renewing(&flow.hold) => return Err(error),
        };
        if let Some(error) = flow.lack.borrow().clone() {
            return Err(error);
        }
        done.down = flow.down.borrow().clone();
        self.mailer.rest().await;
        Ok(done)
    }

    /// Renews this instance's claims for as long as it is polled; returns only on a failure that does not pass.
    async fn keep_renewing(&self, hold: &Hold) -> StoreError {
        let often = self.tenure.lease() / RENEWALS;
        let mut pause = often;
        loop {
            tokio::time::sleep(pause).await;
            pause = often;
            let term = self.tenure.term();
            let renewed = async {
                let mut tx = self.store.begin().await?;
                tx.renew(self.instance, self.clock.now() + lease(self.tenure.as_ref())).await?;
                tx.commit().await
            };
            match renewed.await {
                Ok(()) => hold.renewed(term),
                Err(StoreError::Full(_)) if self.store.relieve().await => {}
                Err(StoreError::Away(_)) => pause = AGAIN,
                Err(error) => return error,
            }
        }
    }
}
