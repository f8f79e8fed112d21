//! Rehearsal: the real daemon in an invented world. The world (a document system, a mail server,
//! mailboxes, secretaries) comes from [`demo`](crate::demo) and knows the daemon by HTTP and SMTP
//! only; here the two are put side by side under one clock.

mod files;
mod play;
mod verdict;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::clock::DemoClock;
use super::daemon::Daemon;
use super::loops;
use super::pulse::Pulse;
use super::wiring;
use crate::app::ports::Clock as _;
use crate::config::{self, Loaded};
use crate::demo::check::Checks;
use crate::demo::papers;

pub use play::Played;
use world::World;

/// What a rehearsal is made from; equal options play equally.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Where the ninety days end.
    pub end: DateTime<Utc>,
    /// Seed of papers and people.
    pub seed: u64,
}

/// Addresses people can open.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The board.
    pub board: String,
    /// The mailboxes.
    pub mailboxes: String,
    /// The document system's interface.
    pub ioffice: String,
}

/// The daemon and its world, ready to be played.
pub struct Rehearsal {
    options: Options,
    clock: Arc<DemoClock>,
    world: World,
    daemon: Arc<Daemon>,
    addresses: Addresses,
    servers: JoinSet<anyhow::Result<()>>,
    stop: tokio::sync::watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Rehearsal {
    /// Sets everything up on loopback, in a folder of its own that goes with it; the clock stands ninety
    /// days before the end.
    ///
    /// # Errors
    /// What could not be set up.
    pub async fn new(options: Options) -> anyhow::Result<Self> {
        let clock = Arc::new(DemoClock::new(options.end - chrono::Duration::days(papers::DAYS), 0));
        let world = World::open(options, clock.clone()).await?;
        let folder = tempfile::Builder::new().prefix("vanthu-demo-").tempdir()?;
        let loaded = load(folder.path(), &world)?;
        let daemon =
            Arc::new(wiring::daemon(&loaded, wiring::own(&loaded.settings).await?, clock.clone()).await?);
        daemon.standing.send_modify(|standing| standing.banners.push("DỮ LIỆU GIẢ".to_owned()));
        let (mut servers, stop) = (JoinSet::new(), tokio::sync::watch::Sender::new(false));
        let pages = wiring::servers(&loaded, &daemon).await?;
        let [_, board] = pages.addresses()?[..] else { anyhow::bail!("thiếu một trong hai cổng") };
        pages.spawn(&mut servers, &stop);
        let addresses = world.addresses(board);
        Ok(Self { options, clock, world, daemon, addresses, servers, stop, _folder: folder })
    }

    /// Where to look.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Plays the ninety days as fast as the machine can; `progress` gets each day played and how many
    /// mails there are.
    ///
    /// # Errors
    /// The register's, or a poll that failed although the world is well.
    pub async fn play(&mut self, progress: &mut dyn FnMut(i64, u64)) -> anyhow::Result<Played> {
        play::play(self.options, &self.clock, &self.daemon, &mut self.world, progress).await
    }

    /// Judges what was played, by what the world saw and what the register says.
    ///
    /// # Errors
    /// The register's.
    pub async fn judge(&self, played: &Played) -> anyhow::Result<Checks> {
        verdict::judge(self.options, &self.daemon, &self.world, played).await
    }

    /// Lets the clock run `speed` times as fast as the wall's, and the daemon and the people live on,
    /// until `stopped` is done.
    ///
    /// # Errors
    /// The first failure of any job.
    pub async fn live(mut self, speed: u16, stopped: CancellationToken) -> anyhow::Result<()> {
        self.clock.run_at(speed);
        let mut jobs = JoinSet::new();
        for index in 0..self.daemon.sources.len() {
            let (daemon, stop) = (self.daemon.clone(), self.stop.subscribe());
            jobs.spawn(async move {
                let polling = daemon.sources.get(index).ok_or_else(|| anyhow::anyhow!("thiếu nguồn"))?;
                Ok(loops::poll(&daemon, polling, &pulse("poll"), stop).await?)
            });
        }
        let (daemon, stop) = (self.daemon.clone(), self.stop.subscribe());
        jobs.spawn(async move { Ok(loops::dispatch(&daemon, &pulse("dispatch"), stop).await?) });
        let (daemon, stop) = (self.daemon.clone(), self.stop.subscribe());
        jobs.spawn(async move { Ok(loops::chase(&daemon, &pulse("chase"), stop).await?) });
        let (daemon, stop) = (self.daemon.clone(), self.stop.subscribe());
        jobs.spawn(async move { Ok(loops::report_up(&daemon, &pulse("report-up"), stop).await?) });
        let ended = loop {
            tokio::select! {
                () = stopped.cancelled() => break Ok(()),
                Some(ended) = jobs.join_next() => break ended.map_err(Into::into).and_then(|ended| ended),
                Some(ended) = self.servers.join_next() => break ended.map_err(Into::into).and_then(|ended| ended),
                () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {
                    self.world.act(self.clock.now()).await;
                }
            }
        };
        self.stop.send_replace(true);
        while jobs.join_next().await.is_some() {}
        self.daemon.store.close().await;
        ended
    }
}

/// Nothing watches the demo; its loops beat for themselves.
fn pulse(name: &str) -> Pulse {
    Pulse::new(name, std::time::Duration::MAX)
}

fn load(folder: &std::path::Path, world: &World) -> anyhow::Result<Loaded> {
    files::write(folder, &world.places())?;
    config::load(folder, &Default::default(), None).map_err(|report| anyhow::anyhow!("{report}"))
}

/// What the daemon's files must name.
#[derive(Debug, Clone)]
struct Places {
    ioffice: String,
    smtp: SocketAddr,
    web: SocketAddr,
}
