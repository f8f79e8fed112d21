//! The work shared by several instances of the daemon over one register. Mails to cells and statuses upstream are
//! claimed one by one; of everything else each job is done by one instance, which holds a lease on it. Every instance
//! asks for every job at each beat, so the work of one that died is taken up when its leases have run out.
//!
//! A lease ends by the server's clock. Here its end is reckoned by a clock that nobody sets, from before it was asked
//! for, and a second early: whoever cannot reach the server stops before another may begin.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::Instant;

use super::clock::ServerClock;
use super::loops::{LONGEST_SLEEP, stopped};
use super::pulse::Pulse;
use super::seat::Seat;
use crate::app::ports::{Clock as _, Store, StoreError};
use crate::domain::ids::SourceId;

/// How long a lease holds without renewal.
pub const LEASE: Duration = Duration::from_secs(60);
/// How often leases are renewed, and free ones asked for: work is taken up [`LEASE`] and one beat after a death.
pub const BEAT: Duration = Duration::from_secs(10);
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

/// Polling a source.
pub fn polling(source: &SourceId) -> String {
    format!("poll:{source}")
}

/// Every job of a daemon with these sources.
fn jobs<'a>(sources: impl Iterator<Item = &'a SourceId>) -> Vec<String> {
    let common = [CHASE, REPORT_UP, INBOX, REORGANISE, BULLETINS].map(str::to_owned);
    sources.map(polling).chain(common).collect()
}

/// What this instance may do.
#[derive(Debug)]
pub struct Share {
    /// Whom it shares with; `None` where it is alone and may do everything.
    others: Option<Others>,
    held: watch::Sender<Held>,
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
}

impl Held {
    fn has(&self, job: &str) -> bool {
        self.jobs.contains(job) && self.until.is_some_and(|until| Instant::now() < until)
    }
}

impl Share {
    /// The only instance there is.
    pub fn alone() -> Self {
        Self { others: None, held: watch::Sender::default() }
    }

    /// One of several, which holds nothing yet.
    pub fn among<'a>(
        instance: &str,
        sources: impl Iterator<Item = &'a SourceId>,
        clock: Arc<ServerClock>,
        seat: Option<Seat>,
    ) -> Self {
        let others = Others { instance: instance.to_owned(), jobs: jobs(sources), clock, _seat: seat };
        Self { others: Some(others), held: watch::Sender::default() }
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
        let asked = Instant::now();
        let was_cut_off = self.held.borrow().until.is_none_or(|until| until <= asked);
        if let Some(time) = store.server_time().await? {
            others.clock.set(time);
        }
        let now = others.clock.now();
        let time = TimeDelta::from_std(LEASE).unwrap_or(TimeDelta::MAX);
        let mut jobs = BTreeSet::new();
        let mut tx = store.begin().await?;
        for job in others.jobs.iter().chain([&others.instance]) {
            if tx.take_lease(job, &others.instance, time, now).await?.is_some() {
                jobs.insert(job.clone());
            }
        }
        // Whoever was cut off itself frees nobody yet: the others may be about to record what they did meanwhile.
        let freed = if was_cut_off { 0 } else { tx.recover(now).await? };
        tx.commit().await?;
        if freed > 0 {
            tracing::warn!(freed, "đã lấy lại thư mà một dịch vụ vừa mất đang gửi dở");
        }
        self.take(jobs, asked + LEASE.saturating_sub(MARGIN));
        Ok(())
    }

    /// A beat over a connection that has fallen silent is given up long before its statement would be: the next one gets
    /// a connection of its own.
    async fn beat_in_time(&self, store: &dyn Store) -> Result<(), StoreError> {
        let silent =
            || StoreError::Away(format!("máy chủ của sổ không trả lời trong {} giây", BEAT.as_secs()));
        tokio::time::timeout(BEAT, self.beat(store)).await.unwrap_or_else(|_| Err(silent()))
    }

    fn take(&self, jobs: BTreeSet<String>, until: Instant) {
        self.held.send_modify(|held| {
            let new: Vec<_> = jobs.iter().filter(|job| !held.has(job)).cloned().collect();
            if !new.is_empty() {
                tracing::info!(jobs = new.join(", "), "dịch vụ này nhận việc");
            }
            *held = Held { jobs, until: Some(until) };
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
                    AGAIN
                }
                ended => {
                    ended?;
                    BEAT
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::clock::WallClock;

    fn share() -> Share {
        Share::among(
            "a",
            std::iter::empty(),
            Arc::new(ServerClock::new(Arc::new(WallClock), WallClock.now())),
            None,
        )
    }

    fn hold(share: &Share, job: &str, time: Duration) {
        share.take(BTreeSet::from([job.to_owned()]), Instant::now() + time);
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
}
