//! Playing: time moves in steps, and after each step every job does what is due.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::watch;

use super::Options;
use super::world::World;
use crate::app::ports::Clock as _;
use crate::demo::papers;
use crate::demo::people::Action;
use crate::runtime::clock::DemoClock;
use crate::runtime::daemon::Daemon;

/// How far time moves in one step.
const STEP: Duration = Duration::minutes(5);
/// How often the sources are polled.
const POLL: Duration = Duration::hours(1);

/// What happened.
#[derive(Debug, Default)]
pub struct Played {
    /// What the people did.
    pub actions: Vec<Action>,
    /// Polls made.
    pub polls: u64,
    /// Ladder steps that wrote mails.
    pub enqueued_by_chase: u64,
    /// Statuses that the document system took.
    pub told_upstream: u64,
}

pub(super) async fn play(
    options: Options,
    clock: &DemoClock,
    daemon: &Arc<Daemon>,
    world: &mut World,
    progress: &mut dyn FnMut(i64, u64),
) -> anyhow::Result<Played> {
    let mut played = Played::default();
    let (_stop, stopped) = watch::channel(false);
    let begin = options.end - Duration::days(papers::DAYS);
    let (mut now, mut poll_at, mut morning_at) = (begin, begin, begin);
    while now <= options.end {
        clock.advance_to(now);
        if poll_at <= now {
            poll_at = now + POLL;
            played.polls += 1;
            for polling in &daemon.sources {
                daemon.poll(polling, now).await?;
            }
        }
        let is_morning = morning_at <= now;
        step(daemon, &stopped, is_morning, &mut played).await?;
        if is_morning {
            morning_at = next_morning(daemon, now);
        }
        if world.has_new_mail() || world.next().is_some_and(|at| at <= now) {
            played.actions.extend(world.act(now).await);
        }
        progress((now - begin).num_days(), world.mailboxes.taken());
        now += pause(daemon, world, now, poll_at.min(morning_at)).await?;
    }
    played.actions.extend(world.act(clock.now()).await);
    played.told_upstream += daemon.report_up(&|| ()).await?.told;
    Ok(played)
}

async fn step(
    daemon: &Daemon,
    stopped: &watch::Receiver<bool>,
    is_morning: bool,
    played: &mut Played,
) -> anyhow::Result<()> {
    let now = daemon.clock.now();
    if is_morning || daemon.store.next_action().await?.is_some_and(|at| at <= now) {
        played.enqueued_by_chase += daemon.chase(now).await?.enqueued;
    }
    if daemon.store.next_send().await?.is_some_and(|at| at <= now) {
        daemon.dispatch(stopped).await?;
    }
    if daemon.store.next_status().await?.is_some_and(|at| at <= now) {
        played.told_upstream += daemon.report_up(&|| ()).await?.told;
    }
    Ok(())
}

/// When the mails of the next morning are put together. The daemon looks every minute whether it is time; here
/// nobody looks unless a ladder has something to do, and on some morning none has.
fn next_morning(daemon: &Daemon, now: DateTime<Utc>) -> DateTime<Utc> {
    let office = daemon.office();
    let calendar = &office.calendar;
    let today = calendar.date_of(now);
    let hour = daemon.policy.digest.unwrap_or_default();
    let at = |day| calendar.instant(day, hour).max(calendar.opening(day));
    let mut mornings = today.iter_days().map(at);
    mornings.find(|at| *at > now).unwrap_or(now + Duration::days(1))
}

/// Time until the next step: as many whole steps as nobody has anything to do in.
async fn pause(
    daemon: &Daemon,
    world: &World,
    now: DateTime<Utc>,
    planned: DateTime<Utc>,
) -> anyhow::Result<Duration> {
    let (action, send) = (daemon.store.next_action().await?, daemon.store.next_send().await?);
    let next = [Some(planned), action, send, world.next()].into_iter().flatten().min();
    let wait = next.map_or(STEP, |at| at - now).max(STEP);
    let steps = wait.num_seconds().div_euclid(STEP.num_seconds()).max(1);
    Ok(STEP * i32::try_from(steps).unwrap_or(1))
}
