//! The mailbox for answers: kept open, read whenever something comes, opened again when it breaks.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::daemon::Daemon;
use super::loops::stopped;
use super::pulse::Pulse;
use crate::app::inbound::{self, CollectError, Collected, Inbound};
use crate::app::mailbox;
use crate::app::ports::{Inbox, InboxError, OpenInbox, StoreError};

/// How long a mailbox that cannot be opened is left alone at first, and at most: some servers lock an account
/// after a few refusals.
const PAUSES: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(15 * 60));
/// The longest wait without a sign of life to the watchdog.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The mailbox with how it is read.
pub struct Answers {
    /// The mailbox.
    pub inbox: Arc<dyn Inbox>,
    /// How often to look.
    pub poll: Duration,
    /// The largest message that is read, in bytes.
    pub largest: u64,
    /// How long the words of replies are kept.
    pub keep: TimeDelta,
}

impl Daemon {
    /// Reads what came into the mailbox for answers; nothing while the register was put back and is not released.
    ///
    /// # Errors
    /// [`CollectError`]; the connection is to be dropped.
    pub async fn collect(
        &self,
        answers: &Answers,
        open: &mut dyn OpenInbox,
    ) -> Result<Collected, CollectError> {
        // What is recorded now would be lost with this register, should another copy take its place; the mails stay.
        if self.store.restoring().await?.is_some() {
            return Ok(Collected::default());
        }
        let office = self.office();
        let done = self.inbound(answers, &office).collect(open).await?;
        self.metrics.collected(&done);
        if done.reports > 0 {
            self.bell.notify_one();
        }
        if done.answers > 0 {
            self.upstream.notify_one();
        }
        Ok(done)
    }

    fn inbound<'a>(&'a self, answers: &'a Answers, office: &'a crate::app::office::Office) -> Inbound<'a> {
        Inbound {
            store: self.store.as_ref(),
            office,
            policy: &self.policy,
            clock: self.clock.as_ref(),
            inbox: answers.inbox.name(),
            largest: answers.largest,
        }
    }

    /// Records that the mailbox cannot be read.
    async fn inbox_failed(&self, answers: &Answers, error: &InboxError) -> Result<(), StoreError> {
        let office = self.office();
        self.inbound(answers, &office).fail(error).await
    }

    /// Forgets the words of old replies, and heals mailboxes from which nothing has come back of late.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tidy_mail(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(answers) = &self.answers {
            let forgotten = inbound::forget(self.store.as_ref(), now - answers.keep).await?;
            if forgotten > 0 {
                tracing::info!(forgotten, "đã xoá lời trong thư trả lời cũ");
            }
        }
        let healed = mailbox::heal(self.store.as_ref(), now).await?;
        if healed > 0 {
            tracing::info!(healed, "hộp thư lại nhận được thư");
        }
        Ok(())
    }
}

/// Reads the mailbox for answers until it is time to stop; at once where there is none.
///
/// # Errors
/// Only the register's: without it nothing can go on.
pub async fn answers(
    daemon: &Daemon,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let Some(answers) = &daemon.answers else { return Ok(()) };
    let mut pause = PAUSES.0;
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        let ended = tokio::select! {
            ended = watch_inbox(daemon, answers, pulse) => ended,
            () = stopped(&mut stop) => return Ok(()),
        };
        let Ended { error, worked } = ended?;
        tracing::warn!(%error, "không đọc được hộp thư nhận; sẽ nối lại");
        daemon.inbox_failed(answers, &error).await?;
        // A line that broke in mid-work is opened again at once.
        pause = if worked { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
        if !sleep(pause, pulse, &mut stop).await {
            return Ok(());
        }
    }
}

/// Why a connection ended.
struct Ended {
    error: InboxError,
    /// Whether anything was read over it.
    worked: bool,
}

/// One connection, from its opening to its end.
async fn watch_inbox(daemon: &Daemon, answers: &Answers, pulse: &Pulse) -> Result<Ended, StoreError> {
    pulse.beat();
    let mut open = match answers.inbox.open().await {
        Ok(open) => open,
        Err(error) => return Ok(Ended { error, worked: false }),
    };
    loop {
        let done = match daemon.collect(answers, open.as_mut()).await {
            Ok(done) => done,
            Err(CollectError::Store(error)) => return Err(error),
            Err(CollectError::Inbox(error)) => return Ok(Ended { error, worked: true }),
        };
        if done != (Collected { passed: done.passed, more: done.more, ..Collected::default() }) {
            tracing::info!(
                answers = done.answers,
                messages = done.messages,
                automatic = done.automatic,
                reports = done.reports,
                unproved = done.unproved,
                unreadable = done.unreadable,
                known = done.known,
                "đã đọc hộp thư nhận"
            );
        }
        pulse.beat();
        if done.more {
            continue;
        }
        if let Err(error) = open.wait(answers.poll).await {
            return Ok(Ended { error, worked: true });
        }
    }
}

/// Sleeps with signs of life; `false` when it is time to stop.
async fn sleep(time: Duration, pulse: &Pulse, stop: &mut watch::Receiver<bool>) -> bool {
    let mut left = time;
    while !left.is_zero() {
        pulse.beat();
        let step = left.min(LONGEST_WAIT);
        tokio::select! {
            () = tokio::time::sleep(step) => left -= step,
            () = stopped(stop) => return false,
        }
    }
    true
}
