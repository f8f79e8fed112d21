//! The work shared by several instances of the daemon over one register. Mails to cells and statuses upstream are
//! claimed one by one; of everything else each job is done by one instance, which holds a lease on it. Every instance
//! asks for every job at each beat, so the work of one that died is taken up when its leases have run out.
//!
//! A lease ends by the server's clock. Here its end is reckoned by a clock that nobody sets, from before it was asked
//! for, and a second early: whoever cannot reach the server stops before another may begin.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::Instant;

use super::clock::{ServerClock, up};
use super::loops::{LONGEST_SLEEP, stopped};
use super::pulse::Pulse;
use super::seat::Seat;
use crate::app::ports::{Clock as _, Store, StoreError, Tenure, Term};
use crate::config::settings::lease;
use crate::domain::ids::SourceId;

/// Leases are renewed so many times in their time, and free ones asked for: work is taken up one lease and one beat after a
/// death.
const BEATS: u32 = 6;
/// How soon they are asked for again where that failed.
const AGAIN: Duration = Duration::from_secs(2);
/// How much earlier than the server an instance takes its lease for ended.
const MARGIN: Duration = Duration::from_secs(1);

/// Looking at ladders.
pub const CHASE: &str = "chase";
/// Telling upstream.
pub const REPORT_UP: &str = "report-up";
/// Reading the mailbox for answers.
pub const INBOX: &str = "inbox";
/// What is done once a day and after changes of units.
pub const REORGANISE: &str = "reorganise";
/// The mails to the office itself, which the dispatcher sends between those to cells.
pub const BULLETINS: &str = "bulletins";
/// The mails to cells, where they have a pace: what leaves elsewhere is known too late to be counted.
pub const POST: &str = "post";

/// Polling a source.
pub fn polling(source: &SourceId) -> String {
    format!("poll:{source}")
}

/// Every job of a daemon with these sources.
fn jobs<'a>(sources: impl Iterator<Item = &'a SourceId>) -> Vec<String> {
    let common = [CHASE, REPORT_UP, INBOX, REORGANISE, BULLETINS].map(str::to_owned);
    sources.map(polling).chain(common).collect()
}

/// What this instance may do, and for how long what it has claimed stays its own.
#[derive(Debug)]
pub struct Share {
    /// How long a lease holds without renewal.
    lease: Duration,
    /// Whom it shares with; `None` where it is alone and may do everything.
    others: Option<Others>,
    held: watch::Sender<Held>,
    /// Set while what is in force cannot be had here: then no job is asked for.
    stands_by: AtomicBool,
}

#[derive(Debug)]
struct Others {
    instance: String,
    jobs: Vec<String>,
    clock: Arc<ServerClock>,
    /// Keeps the instance's name, if it is one that outlives the process.
    _seat: Option<Seat>,
}

/// The jobs held, until an instant.
#[derive(Debug, Clone, Default)]
struct Held {
    jobs: BTreeSet<String>,
    until: Option<Instant>,
    /// The same on the clock that runs on while the machine sleeps.
    awake_until: Duration,
    /// The epoch of the instance's own lease.
    epoch: i64,
}

impl Held {
    fn has(&self, job: &str) -> bool {
        self.jobs.contains(job) && self.is_current()
    }

    fn is_current(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() < until) && up() < self.awake_until
    }
}

impl Share {
    /// The only instance there is.
    pub fn alone() -> Self {
        Self {
            lease: lease(),
            others: None,
            held: watch::Sender::default(),
            stands_by: AtomicBool::new(false),
        }
    }

    /// One of several, which holds nothing yet.
    pub fn among<'a>(
        instance: &str,
        sources: impl Iterator<Item = &'a SourceId>,
        clock: Arc<ServerClock>,
        seat: Option<Seat>,
    ) -> Self {
        let others = Others { instance: instance.to_owned(), jobs: jobs(sources), clock, _seat: seat };
        Self { others: Some(others), ..Self::alone() }
    }

    /// With one more job that only one may do.
    #[must_use]
    pub fn with_job(mut self, job: &str) -> Self {
        if let Some(others) = &mut self.others {
            others.jobs.push(job.to_owned());
        }
        self
    }

    /// With leases of this length.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    fn beat_time(&self) -> Duration {
        self.lease / BEATS
    }

    /// How long an instance takes a lease for its own.
    fn trusted(&self) -> Duration {
        self.lease.saturating_sub(MARGIN)
    }

    /// Lets this instance have jobs, or none but its own claims from the next beat on.
    pub fn may_act(&self, may: bool) {
        self.stands_by.store(!may, Ordering::Release);
    }

    /// Whether there may be other instances.
    pub fn is_shared(&self) -> bool {
        self.others.is_some()
    }

    /// Whether this instance does a job.
    pub fn has(&self, job: &str) -> bool {
        self.others.is_none() || self.held.borrow().has(job)
    }

    /// Renews what is held, takes what is free, frees what the dead had claimed, and sets the clock by the server's.
    ///
    /// # Errors
    /// [`StoreError`]; what was held ends at its time.
    pub async fn beat(&self, store: &dyn Store) -> Result<(), StoreError> {
        let Some(others) = &self.others else { return Ok(()) };
        let (asked, awake) = (Instant::now(), up());
        let was_cut_off = !self.held.borrow().is_current();
        store.require_known().await?;
        if let Some(time) = store.server_time().await? {
            others.clock.set(time);
        }
        let now = others.clock.now();
        let time = TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX);
        let mut held = Held {
            until: Some(asked + self.trusted()),
            awake_until: awake + self.trusted(),
            ..Held::default()
        };
        let mut tx = store.begin().await?;
        let stands_by = self.stands_by.load(Ordering::Acquire);
        for job in others.jobs.iter().filter(|_| !stands_by).chain([&others.instance]) {
            if let Some(epoch) = tx.take_lease(job, &others.instance, time, now).await? {
                held.jobs.insert(job.clone());
                // The last one is its own.
                held.epoch = epoch;
            }
        }
        // Whoever was cut off itself frees nobody yet: the others may be about to record what they did meanwhile.
        let freed = if was_cut_off { 0 } else { tx.recover(now).await? };
        tx.commit().await?;
        if freed > 0 {
            tracing::warn!(freed, "đã lấy lại thư mà một dịch vụ vừa mất đang gửi dở");
        }
        self.take(held);
        Ok(())
    }

    /// A beat over a connection that has fallen silent is given up long before its statement would be: the next one gets
    /// a connection of its own.
    async fn beat_in_time(&self, store: &dyn Store) -> Result<(), StoreError> {
        let time = self.beat_time();
        let silent =
            || StoreError::Away(format!("máy chủ của sổ không trả lời trong {} giây", time.as_secs()));
        tokio::time::timeout(time, self.beat(store)).await.unwrap_or_else(|_| Err(silent()))
    }

    fn take(&self, now: Held) {
        self.held.send_modify(|held| {
            let new: Vec<_> = now.jobs.iter().filter(|job| !held.has(job)).cloned().collect();
            if !new.is_empty() {
                tracing::info!(jobs = new.join(", "), "dịch vụ này nhận việc");
            }
            *held = now;
        });
    }

    /// Gives everything back, so that others need not wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_back(&self, store: &dyn Store) -> Result<(), StoreError> {
        let Some(others) = &self.others else { return Ok(()) };
        self.held.send_replace(Held::default());
        let mut tx = store.begin().await?;
        tx.give_back(&others.instance).await?;
        tx.commit().await
    }

    /// Beats until it is time to stop.
    ///
    /// # Errors
    /// The register's; while its server is away leases end by themselves.
    pub async fn keep(
        &self,
        store: &dyn Store,
        pulse: &Pulse,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        loop {
            pulse.beat();
            let pause = match self.beat_in_time(store).await {
                Err(StoreError::Away(reason) | StoreError::Full(reason)) => {
                    tracing::warn!(%reason, "chưa gia hạn được phần việc");
                    AGAIN.min(self.beat_time())
                }
                ended => {
                    ended?;
                    self.beat_time()
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopped(&mut stop) => return Ok(()),
            }
        }
    }

    /// Runs a loop whenever this instance holds its job, and drops it in mid-work when the job is lost: what it had
    /// not committed never happened.
    ///
    /// # Errors
    /// The loop's.
    pub async fn only<F: Future<Output = Result<(), StoreError>>>(
        &self,
        job: &str,
        pulse: &Pulse,
        stop: watch::Receiver<bool>,
        run: impl Fn(watch::Receiver<bool>) -> F,
    ) -> Result<(), StoreError> {
        loop {
            let mut end = stop.clone();
            tokio::select! {
                () = self.gained(job, pulse) => {}
                () = stopped(&mut end) => return Ok(()),
            }
            tokio::select! {
                ended = run(stop.clone()) => return ended,
                () = self.lost(job) => tracing::warn!(job, "đã mất quyền làm việc này; dịch vụ khác sẽ làm"),
            }
        }
    }

    /// Returns when this instance does a job.
    pub async fn taken(&self, job: &str) {
        let mut held = self.held.subscribe();
        while !self.has(job) {
            // The sender lives as long as this value.
            held.changed().await.ok();
        }
    }

    async fn gained(&self, job: &str, pulse: &Pulse) {
        let mut held = self.held.subscribe();
        while !self.has(job) {
            pulse.beat();
            tokio::time::timeout(LONGEST_SLEEP, held.changed()).await.ok();
        }
    }

    /// Returns when a job is no longer held: taken away, or not renewed in time.
    async fn lost(&self, job: &str) {
        let mut held = self.held.subscribe();
        while self.has(job) {
            let until = held.borrow_and_update().until;
            match until {
                Some(until) => tokio::time::timeout_at(until, held.changed()).await.ok(),
                None => std::future::pending().await,
            };
        }
    }
}

impl Tenure for Share {
    fn lease(&self) -> Duration {
        self.lease
    }

    fn term(&self) -> Term {
        Term { epoch: self.held.borrow().epoch, at: up() }
    }

    fn left(&self, term: Term) -> Duration {
        let now = up();
        let claimed = (term.at + self.trusted()).saturating_sub(now);
        if self.others.is_none() {
            return claimed;
        }
        let held = self.held.borrow();
        // Taken anew, it was free in between, and so was all that was claimed under it.
        if held.epoch == term.epoch {
            claimed.min(held.awake_until.saturating_sub(now))
        } else {
            Duration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::clock::WallClock;

    const LEASE: Duration = Duration::from_secs(60);
    const BEAT: Duration = Duration::from_secs(10);

    fn share() -> Share {
        Share::among(
            "a",
            std::iter::empty(),
            Arc::new(ServerClock::new(Arc::new(WallClock), WallClock.now())),
            None,
        )
    }

    fn hold(share: &Share, job: &str, time: Duration) {
        let until = Some(Instant::now() + time);
        let (jobs, awake_until) = (BTreeSet::from([job.to_owned()]), up() + time);
        share.take(Held { jobs, until, awake_until, epoch: 1 });
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_alone_may_do_everything() {
        let alone = Share::alone();
        assert!(alone.has("chase") && !alone.is_shared());
        assert!(tokio::time::timeout(LEASE * 100, alone.lost("chase")).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_ends_when_it_is_not_renewed_in_time() {
        let share = share();
        assert!(!share.has("chase"));
        hold(&share, "chase", LEASE);
        assert!(share.has("chase") && !share.has("inbox"));
        let began = Instant::now();
        let renewed = async {
            tokio::time::sleep(BEAT).await;
            hold(&share, "chase", LEASE);
        };
        tokio::join!(renewed, share.lost("chase"));
        assert_eq!(began.elapsed().as_secs(), (BEAT + LEASE).as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_is_dropped_with_its_job_and_begins_anew_with_it() {
        let share = share();
        let (stop, stopped) = watch::channel(false);
        let pulse = Pulse::new("test", LEASE);
        let begun = std::sync::atomic::AtomicU32::new(0);
        let run = |_| {
            begun.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            std::future::pending::<Result<(), StoreError>>()
        };
        let play = async {
            for _ in 0..3 {
                hold(&share, "chase", BEAT);
                tokio::time::sleep(BEAT * 2).await;
            }
            stop.send_replace(true);
        };
        let (ended, ()) = tokio::join!(share.only("chase", &pulse, stopped, run), play);
        ended.unwrap();
        assert_eq!(begun.into_inner(), 3);
    }

    #[test]
    fn what_was_claimed_before_the_lease_was_lost_is_not_trusted() {
        let share = share();
        hold(&share, "chase", LEASE);
        let term = share.term();
        let left = share.left(term);
        assert!(left <= LEASE - MARGIN && left > LEASE - MARGIN - BEAT, "{left:?}");
        share.held.send_modify(|held| held.awake_until = up() + BEAT);
        assert!(share.left(term) <= BEAT, "not longer than the instance's own lease");
        share.held.send_modify(|held| {
            held.awake_until = up() + LEASE;
            held.epoch += 1;
        });
        assert!(share.left(term).is_zero(), "taken anew");
        assert!(!share.left(share.term()).is_zero());
        let long_ago = Term { at: up().saturating_sub(LEASE), ..share.term() };
        assert!(share.left(long_ago).is_zero(), "not renewed in time");
    }
}
