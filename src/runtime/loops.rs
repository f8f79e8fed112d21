//! The loops: each decides only how long to wait; what is done is a step of the [`Daemon`].

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::Instant;

use super::clock::up;
use super::daemon::{Daemon, Polling};
use super::pulse::Pulse;
use super::share::POST;
use super::space::Space;
use crate::app::ingest::PollError;
use crate::app::ports::StoreError;
use crate::app::reorganise::Reorganised;
use crate::app::report_up::ReportedUp;
use crate::domain::schedule::Schedule;

/// The longest sleep against the wall clock: a suspended machine or a stepped clock heals itself.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// How long to leave a mail server alone that fails everybody.
const SERVER_PAUSE: Duration = Duration::from_secs(30);

/// How soon what other processes wrote to the journal is in its copy.
const COPY_PAUSE: Duration = Duration::from_secs(1);

/// How soon a release is noticed.
const HELD_PAUSE: Duration = Duration::from_secs(5);

/// How long a loop rests at most when the register's server is away; waiting for a connection takes its time too.
const STORE_PAUSE: Duration = Duration::from_secs(5);
/// How long it rests the first time: a conflict is over at once.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How long a loop rests after so many failures in a row: each time twice as long, and a part of that more or less, so that
/// loops and instances which failed together do not try again together.
fn pause_after(failures: u32) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(STORE_PAUSE);
    pause / 2 + pause / 200 * (up().subsec_micros() % 100)
}

/// Runs a loop, and again when the register's server was away or undid its work, or its disk was full: what was not
/// committed never happened, and what was is found by its key.
///
/// # Errors
/// Any other failure of the register.
pub async fn through<F: Future<Output = Result<(), StoreError>>>(
    space: &Space,
    pulse: &Pulse,
    stop: &watch::Receiver<bool>,
    run: impl Fn(watch::Receiver<bool>) -> F,
) -> Result<(), StoreError> {
    let mut failures: u32 = 0;
    loop {
        let begun = Instant::now();
        let ended = run(stop.clone()).await;
        failures = if begun.elapsed() > STORE_PAUSE { 1 } else { failures.saturating_add(1) };
        let pause = match ended {
            Err(StoreError::Full(reason)) => {
                space.tighten(reason);
                STORE_PAUSE
            }
            Err(StoreError::Away(reason)) => {
                tracing::warn!(%reason, "sổ tạm thời không dùng được; sẽ thử lại");
                pause_after(failures)
            }
            ended => return ended,
        };
        pulse.beat();
        if !rest(pause, &mut stop.clone()).await {
            return Ok(());
        }
    }
}

/// Polls one source by its schedule, the first time at once.
///
/// # Errors
/// Only the register's: without it nothing can go on.
pub async fn poll(
    daemon: &Daemon,
    polling: &Polling,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let mut planned = daemon.clock.now();
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        let source = polling.source.id();
        let polled = tokio::select! {
            polled = daemon.poll(polling, daemon.clock.now()) => polled,
            _ = stopped(&mut stop) => return Ok(()),
        };
        match polled {
            Ok(done) => tracing::info!(
                source = %source, listed = done.listed, read = done.read, registered = done.registered,
                obligations = done.obligations, withheld = done.withheld, broken = done.broken,
                unmatched = done.unmatched, "đã đọc nguồn"
            ),
            Err(PollError::Store(error)) => return Err(error),
            Err(PollError::TooSoon(at)) => {
                tracing::warn!(source = %source, %at, "chưa hỏi lại nguồn vì mới bị từ chối")
            }
            Err(PollError::Source(error)) => tracing::warn!(source = %source, %error, "không đọc được nguồn"),
        }
        if !wait_for(daemon, &polling.schedule, &mut planned, pulse, &mut stop).await {
            return Ok(());
        }
    }
}

/// Looks at ladders by the schedule.
///
/// # Errors
/// The register's.
pub async fn chase(
    daemon: &Daemon,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let mut planned = daemon.clock.now();
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        let done = daemon.chase(daemon.clock.now()).await?;
        if done.looked > 0 {
            tracing::info!(
                looked = done.looked,
                enqueued = done.enqueued,
                skipped = done.skipped,
                "đã xét bậc nhắc"
            );
        }
        if !wait_for(daemon, &daemon.chase, &mut planned, pulse, &mut stop).await {
            return Ok(());
        }
    }
}

/// Moves the open work of units that have ended: at once, whenever the office's files were read again,
/// and when a new day begins in the office. Attachments that nothing refers to any more go at the same times, and
/// whoever looks after the calendar is reminded of years to confirm.
///
/// # Errors
/// The register's.
pub async fn reorganise(
    daemon: &Daemon,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let mut office = daemon.office.subscribe();
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        let now = daemon.clock.now();
        let today = office.borrow_and_update().calendar.date_of(now);
        let done = daemon.reorganise(now).await?;
        if done != (Reorganised { held: done.held, ..Reorganised::default() }) {
            tracing::info!(
                moved = done.moved,
                merged = done.merged,
                held = done.held,
                released = done.released,
                "đã chuyển việc của các tổ chức đã kết thúc"
            );
        }
        daemon.tell_head().await?;
        daemon.remind_calendar(now).await?;
        daemon.tidy_mail(now).await?;
        let swept = daemon.sweep(now).await?;
        if swept.removed > 0 {
            tracing::info!(removed = swept.removed, kept = swept.kept, "đã dọn kho tệp đính kèm");
        }
        loop {
            pulse.beat();
            tokio::select! {
                changed = office.changed() => if changed.is_ok() { break },
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
                () = stopped(&mut stop) => return Ok(()),
            }
            if daemon.office().calendar.date_of(daemon.clock.now()) != today {
                break;
            }
        }
    }
}

/// Sends whatever is due, as soon as the bell rings or its time has come.
///
/// # Errors
/// The register's.
pub async fn dispatch(
    daemon: &Daemon,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    daemon.take_back().await?;
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        // Subscribed before looking, so that a bell in between is not lost.
        let bell = daemon.bell.notified();
        let done = daemon.dispatch(&stop).await?;
        if done.postponed + done.held > 0 {
            tracing::info!(
                postponed = done.postponed,
                held = done.held,
                "thư chưa gửi: chờ giờ, chờ lượt, hoặc bị giữ"
            );
        }
        if done.sent + done.failed + done.retried + done.ambiguous + done.diverted + done.found > 0 {
            tracing::info!(
                sent = done.sent,
                retried = done.retried,
                failed = done.failed,
                dropped = done.dropped,
                ambiguous = done.ambiguous,
                found = done.found,
                diverted = done.diverted,
                "đã gửi thư"
            );
        }
        if *stop.borrow() {
            return Ok(());
        }
        if let Some(reason) = &done.down {
            tracing::warn!(%reason, "máy chủ thư không nhận thư; sẽ thử lại");
            if !rest(SERVER_PAUSE, &mut stop).await {
                return Ok(());
            }
            continue;
        }
        let sends = daemon.sends();
        let wait = match (done.restoring, sends) {
            (true, _) => HELD_PAUSE,
            // What is due is another instance's, until this one is given the post.
            (false, false) => LONGEST_SLEEP,
            (false, true) => until_next_send(daemon).await?,
        };
        tokio::select! {
            () = bell => {}
            () = daemon.share.taken(POST), if !sends => {}
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut stop) => return Ok(()),
        }
    }
}

/// Lets the copy of the journal catch up with what other processes wrote; ends with the daemon.
///
/// # Errors
/// None: a copy that cannot be written is shown and tried again.
pub async fn copy(daemon: &Daemon, pulse: &Pulse, mut stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    loop {
        pulse.beat();
        daemon.store.copy_on().await;
        if !rest(COPY_PAUSE, &mut stop).await {
            return Ok(());
        }
    }
}

/// Tells upstream whatever may be told, after a poll or when its time has come.
///
/// # Errors
/// The register's.
pub async fn report_up(
    daemon: &Daemon,
    pulse: &Pulse,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let each = || pulse.beat();
    loop {
        if !daemon.space.ample(pulse, &mut stop).await {
            return Ok(());
        }
        // Subscribed before looking, so that a bell in between is not lost.
        let bell = daemon.upstream.notified();
        // A status cut short on its way is told again under the same key.
        let done = tokio::select! {
            done = daemon.report_up(&each) => done?,
            () = stopped(&mut stop) => return Ok(()),
        };
        if done != ReportedUp::default() {
            tracing::info!(
                told = done.told,
                known = done.known,
                retried = done.retried,
                failed = done.failed,
                "đã báo trạng thái lên nguồn"
            );
        }
        let wait = until_next_status(daemon).await?;
        tokio::select! {
            () = bell => {}
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut stop) => return Ok(()),
        }
    }
}

/// What is due and was not told waits for a person or for its source: looked at again after a while only.
async fn until_next_status(daemon: &Daemon) -> Result<Duration, StoreError> {
    let next = daemon.store.next_status().await?.filter(|at| *at > daemon.clock.now());
    Ok(next.map_or(LONGEST_SLEEP, |at| daemon.clock.sleep_until(at).min(LONGEST_SLEEP)))
}

async fn until_next_send(daemon: &Daemon) -> Result<Duration, StoreError> {
    let next = daemon.store.next_send().await?;
    Ok(next.map_or(LONGEST_SLEEP, |at| daemon.clock.sleep_until(at).min(LONGEST_SLEEP)))
}

/// Waits until the schedule has a planned instant after `planned`; `false` when it is time to stop.
/// Planned instants that passed meanwhile are caught up by one run.
async fn wait_for(
    daemon: &Daemon,
    schedule: &Schedule,
    planned: &mut DateTime<Utc>,
    pulse: &Pulse,
    stop: &mut watch::Receiver<bool>,
) -> bool {
    loop {
        pulse.beat();
        let now = daemon.clock.now();
        // A clock that was set back must not leave the schedule waiting in its future.
        *planned = now.min(*planned);
        if let Some(due) = schedule.due(*planned, now) {
            *planned = due;
            return !*stop.borrow();
        }
        let next = schedule.next_after(*planned).map_or(LONGEST_SLEEP, |at| daemon.clock.sleep_until(at));
        // A few milliseconds more than asked, so that the planned instant has truly passed.
        if !rest(next.min(LONGEST_SLEEP) + Duration::from_millis(5), stop).await {
            return false;
        }
    }
}

/// Sleeps; `false` when it is time to stop.
async fn rest(time: Duration, stop: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        () = stopped(stop) => false,
    }
}

/// Waits until it is time to stop.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    stop.wait_for(|stop| *stop).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_part_who_failed_together() {
        for (failures, least, most) in
            [(1, 100, 200), (2, 200, 400), (3, 400, 800), (9, 2_500, 5_000), (99, 2_500, 5_000)]
        {
            let pause = pause_after(failures).as_millis();
            assert!((least..=most).contains(&pause), "{failures}: {pause}");
        }
    }
}
