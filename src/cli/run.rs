//! `run`: the daemon.

use std::sync::Arc;

use super::{Exit, Place, print};
use crate::app::ports::{Clock, Store};
use crate::config::settings::{LogFormat, Settings};
use crate::runtime::accept::{self, Acceptor, Begun};
use crate::runtime::clock::Timekeeper;
use crate::runtime::control::Control;
use crate::runtime::lifecycle::{self, Taking};
use crate::runtime::{telemetry, wiring};

/// `run`
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) async fn run(place: &Place, _: &Args) -> anyhow::Result<Exit> {
    let Some(settings) = place.settings() else { return Ok(Exit::Configuration) };
    let log = &settings.log;
    telemetry::start(&log.filter, log.format == LogFormat::Json, print::colour())?;
    let files = place.files(&settings);
    let store = wiring::serve(&settings, place.now()).await?;
    let common = wiring::common_clock(store.as_ref()).await?;
    let timekeeper = match &common {
        Some(_) => None,
        None => Some(timekeeper(&settings, store.as_ref()).await?),
    };
    let clock: Arc<dyn Clock> = match (&common, &timekeeper) {
        (Some(clock), _) => clock.clone(),
        (None, Some(timekeeper)) => timekeeper.clock(),
        (None, None) => place.clock(),
    };
    let office = match accept::begin(&files, store.as_ref(), clock.as_ref()).await? {
        Begun::Force(office) => *office,
        Begun::Broken(findings) => {
            print::block(&findings);
            store.close().await;
            return Ok(Exit::Configuration);
        }
    };
    let acceptor = Acceptor::new(files, store.as_ref(), office.edition.hash()).await?;
    let control = control(&settings);
    let loaded = wiring::loaded(settings, office);
    let mut daemon = wiring::daemon(&loaded, store, clock).await?;
    if let Some(clock) = common {
        wiring::share(&mut daemon, &loaded.settings.store, clock).await?;
    }
    let daemon = Arc::new(daemon);
    acceptor.show(&daemon).await?;
    let servers = wiring::servers(&loaded, &daemon).await?;
    for address in servers.addresses()? {
        tracing::info!(%address, "đang nghe");
    }
    lifecycle::run(daemon, servers, Taking { acceptor, control, timekeeper }).await?;
    Ok(Exit::Done)
}

/// Looks after the clock of a machine that is alone with its register.
async fn timekeeper(settings: &Settings, store: &dyn Store) -> anyhow::Result<Timekeeper> {
    let mut timekeeper = Timekeeper::begin(settings.clock.set_right.clone(), settings.admin.reckoning());
    if let Some(told) = wiring::last_written(store).await? {
        timekeeper.hear(told);
    }
    timekeeper.look();
    timekeeper.keep();
    Ok(timekeeper)
}

/// Without the socket changes are still noticed, and SIGHUP still heard.
fn control(settings: &Settings) -> Option<Control> {
    let path = &settings.admin.control;
    Control::bind(path)
        .map_err(|error| {
            tracing::warn!(
                error = format!("{error:#}"),
                "không nhận được lệnh `vanthu reload`; xem admin.control"
            )
        })
        .ok()
}
