//! `run`: the daemon.

use std::sync::Arc;

use super::{Exit, Place, print};
use crate::config::settings::{LogFormat, Settings};
use crate::runtime::accept::{self, Acceptor, Begun};
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
    let store = wiring::own(&settings).await?;
    let office = match accept::begin(&files, store.as_ref(), place.clock().as_ref()).await? {
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
    let daemon = Arc::new(wiring::daemon(&loaded, store, place.clock()).await?);
    acceptor.show(&daemon).await?;
    let servers = wiring::servers(&loaded, &daemon).await?;
    for address in servers.addresses()? {
        tracing::info!(%address, "đang nghe");
    }
    lifecycle::run(daemon, servers, Taking { acceptor, control }).await?;
    Ok(Exit::Done)
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
