//! Life and death: signals, systemd, the watchdog, and one rule: a job that ends before it was told to
//! brings the whole daemon down with a failure.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::accept::{self, Acceptor, Request};
use super::answers;
use super::clock::Timekeeper;
use super::control::Control;
use super::daemon::Daemon;
use super::loops;
use super::pulse::Pulse;
use super::servers::Servers;
use super::share::{self, CHASE, INBOX, REORGANISE, REPORT_UP};
use crate::app::ports::StoreError;

/// How long jobs may take to end after they were told to.
const GRACE: Duration = Duration::from_secs(40);

/// Requests to reload that may wait.
const REQUESTS: usize = 64;

/// Runs until SIGTERM or SIGINT, or until a job fails.
///
/// # Errors
/// The first failure of any job.
pub async fn run(daemon: Arc<Daemon>, servers: Servers, taking: Taking) -> anyhow::Result<()> {
    let stop = watch::Sender::new(false);
    let mut jobs = JoinSet::new();
    let mut pulses = start(&mut jobs, &daemon, servers, &stop);
    let requests = take(&mut jobs, &daemon, taking, &stop, &mut pulses);
    let status = accept::status(daemon.standing.borrow().files.matter.as_deref());
    notify(&[NotifyState::Ready, NotifyState::Status(&status)]);
    let ended = tokio::select! {
        ended = supervise(&requests, &pulses, &mut jobs) => ended,
        error = daemon.store.broken() => Err(error.into()),
    };
    let reason = ended.as_ref().err().and_then(|error| error.downcast_ref());
    if let Some(StoreError::Broken(_) | StoreError::Receded { .. }) = reason {
        tracing::error!("sổ không còn tin được; dừng ngay, không ghi gì thêm");
        // Not even the closing of its connections may write: the process ends with them open.
        std::mem::forget(daemon.store.clone());
        return ended;
    }
    notify(&[NotifyState::Stopping]);
    stop.send_replace(true);
    let finished = finish(jobs).await;
    if let Err(error) = daemon.share.give_back(daemon.store.as_ref()).await {
        tracing::warn!(%error, "chưa trả lại được phần việc; dịch vụ khác sẽ nhận sau một phút");
    }
    daemon.store.close().await;
    ended.and(finished)
}

/// How changes of the office's files are taken while running.
pub struct Taking {
    /// Takes them.
    pub acceptor: Acceptor,
    /// Hears requests; `None` where the socket could not be opened.
    pub control: Option<Control>,
    /// Looks after the machine's clock; `None` where a server sets it.
    pub timekeeper: Option<Timekeeper>,
}

/// Starts noticing changes and hearing requests; whoever has the sender may request too.
fn take(
    jobs: &mut JoinSet<anyhow::Result<()>>,
    daemon: &Arc<Daemon>,
    taking: Taking,
    stop: &watch::Sender<bool>,
    pulses: &mut Vec<Pulse>,
) -> mpsc::Sender<Request> {
    let (requests, requested) = mpsc::channel(REQUESTS);
    let Taking { acceptor, control, timekeeper } = taking;
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move { accept::run(&acceptor, &owned, requested, stopped).await });
    if let Some(control) = control {
        jobs.spawn(control.run(requests.clone(), daemon.clock.clone(), stop.subscribe()));
    }
    if let Some(timekeeper) = timekeeper {
        let pulse = Pulse::new("clock", Duration::from_secs(60));
        pulses.push(pulse.clone());
        let stopped = stop.subscribe();
        jobs.spawn(async move {
            timekeeper.run(pulse, stopped).await;
            Ok(())
        });
    }
    requests
}

fn start(
    jobs: &mut JoinSet<anyhow::Result<()>>,
    daemon: &Arc<Daemon>,
    servers: Servers,
    stop: &watch::Sender<bool>,
) -> Vec<Pulse> {
    let mut pulses = Vec::new();
    for index in 0..daemon.sources.len() {
        // A walk is bounded by the time-outs of its requests; each answer beats.
        let pulse = Pulse::new("poll", Duration::from_secs(15 * 60));
        pulses.push(pulse.clone());
        let (daemon, stop) = (daemon.clone(), stop.subscribe());
        jobs.spawn(async move {
            let polling = daemon.sources.get(index).context("nguồn không còn")?;
            let job = share::polling(polling.source.id());
            let run = |stop| loops::poll(&daemon, polling, &pulse, stop);
            Ok(loops::through(&daemon.space, &pulse, &stop, |stop| {
                daemon.share.only(&job, &pulse, stop, run)
            })
            .await?)
        });
    }
    // The answer to a final dot may lawfully take ten minutes (RFC 5321 §4.5.3.2.6).
    let pulse = Pulse::new("dispatch", Duration::from_secs(15 * 60));
    pulses.push(pulse.clone());
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move {
        Ok(loops::through(&owned.space, &pulse, &stopped, |stop| loops::dispatch(&owned, &pulse, stop))
            .await?)
    });
    // A status is told within the time-outs and repeats of its source; each answer beats.
    let pulse = Pulse::new("report-up", Duration::from_secs(15 * 60));
    pulses.push(pulse.clone());
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move {
        let run = |stop| loops::report_up(&owned, &pulse, stop);
        Ok(loops::through(&owned.space, &pulse, &stopped, |stop| {
            owned.share.only(REPORT_UP, &pulse, stop, run)
        })
        .await?)
    });
    let pulse = Pulse::new("chase", Duration::from_secs(150));
    pulses.push(pulse.clone());
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move {
        let run = |stop| loops::chase(&owned, &pulse, stop);
        Ok(loops::through(&owned.space, &pulse, &stopped, |stop| owned.share.only(CHASE, &pulse, stop, run))
            .await?)
    });
    if daemon.answers.is_some() {
        // A walk is bounded; a step of its dialogue ends within `inbox.timeout`.
        let pulse = Pulse::new("inbox", Duration::from_secs(30 * 60));
        pulses.push(pulse.clone());
        let (owned, stopped) = (daemon.clone(), stop.subscribe());
        jobs.spawn(async move {
            let run = |stop| answers::answers(&owned, &pulse, stop);
            Ok(loops::through(&owned.space, &pulse, &stopped, |stop| {
                owned.share.only(INBOX, &pulse, stop, run)
            })
            .await?)
        });
    }
    let pulse = Pulse::new("reorganise", Duration::from_secs(15 * 60));
    pulses.push(pulse.clone());
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move {
        let run = |stop| loops::reorganise(&owned, &pulse, stop);
        Ok(loops::through(&owned.space, &pulse, &stopped, |stop| {
            owned.share.only(REORGANISE, &pulse, stop, run)
        })
        .await?)
    });
    pulses.push(watch_room(jobs, daemon, stop));
    let pulse = Pulse::new("copy", Duration::from_secs(150));
    pulses.push(pulse.clone());
    let (owned, stopped) = (daemon.clone(), stop.subscribe());
    jobs.spawn(async move { Ok(loops::copy(&owned, &pulse, stopped).await?) });
    if daemon.share.is_shared() {
        let pulse = Pulse::new("share", Duration::from_secs(150));
        pulses.push(pulse.clone());
        let (owned, stopped) = (daemon.clone(), stop.subscribe());
        jobs.spawn(async move { Ok(owned.share.keep(owned.store.as_ref(), &pulse, stopped).await?) });
    }
    servers.spawn(jobs, stop);
    pulses
}

/// Looks after the room that the register has to grow.
fn watch_room(
    jobs: &mut JoinSet<anyhow::Result<()>>,
    daemon: &Arc<Daemon>,
    stop: &watch::Sender<bool>,
) -> Pulse {
    let pulse = Pulse::new("space", Duration::from_secs(60));
    let (owned, own, stopped) = (daemon.clone(), pulse.clone(), stop.subscribe());
    jobs.spawn(async move {
        owned.space.keep(owned.store.as_ref(), &own, stopped).await;
        Ok(())
    });
    pulse
}

/// Waits for a signal or for the first job to end; feeds the watchdog and reloads meanwhile.
async fn supervise(
    requests: &mpsc::Sender<Request>,
    pulses: &[Pulse],
    jobs: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut feed = tokio::time::interval(watchdog_interval());
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = hangup.recv() => reload(requests),
            _ = feed.tick() => feed_watchdog(pulses),
            ended = jobs.join_next() => return early(ended),
        }
    }
}

/// A signal carries no name and wants no answer. Where as many requests wait as may, the files are about
/// to be read anyway.
fn reload(requests: &mpsc::Sender<Request>) {
    if requests.try_send(Request { author: None, answer: None }).is_err() {
        tracing::info!("đã có lệnh nạp lại đang chờ");
    }
}

fn early(ended: Option<Result<anyhow::Result<()>, tokio::task::JoinError>>) -> anyhow::Result<()> {
    ended.context("không có việc nào để chạy")?.context("một phần của vanthu dừng vì lỗi bên trong")??;
    anyhow::bail!("một phần của vanthu dừng trước khi được yêu cầu")
}

async fn finish(mut jobs: JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
    let all = async {
        while let Some(ended) = jobs.join_next().await {
            ended.context("một phần của vanthu dừng vì lỗi bên trong")??;
        }
        Ok(())
    };
    match tokio::time::timeout(GRACE, all).await {
        Ok(finished) => finished,
        Err(_) => {
            tracing::warn!("hết thời gian chờ; thư đang gửi dở sẽ được gửi lại với cùng Message-ID");
            Ok(())
        }
    }
}

fn feed_watchdog(pulses: &[Pulse]) {
    match pulses.iter().find_map(Pulse::stalled) {
        None => notify(&[NotifyState::Watchdog]),
        // Its time is over already: systemd need not wait for its own to run out.
        Some(name) => {
            tracing::error!(job = name, "một vòng lặp đứng yên; yêu cầu systemd khởi động lại");
            notify(&[NotifyState::WatchdogTrigger]);
        }
    }
}

/// Half of what systemd allows, or ten seconds where there is no watchdog.
fn watchdog_interval() -> Duration {
    sd_notify::watchdog_enabled().map_or(Duration::from_secs(10), |limit| limit / 2)
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "không báo được trạng thái cho systemd");
    }
}
