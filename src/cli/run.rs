//! `run`: the daemon.

use std::sync::Arc;

use super::{Exit, Place, print};
use crate::config::settings::LogFormat;
use crate::runtime::{lifecycle, telemetry, wiring};

/// `run`
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) async fn run(place: &Place, _: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    let log = &loaded.settings.log;
    telemetry::start(&log.filter, log.format == LogFormat::Json, print::colour())?;
    if loaded.warnings.warnings() > 0 {
        let summary = loaded.warnings.summary(place.language());
        tracing::warn!(%summary, "tệp cấu hình có điều nên xem; chạy `vanthu check`");
    }
    let daemon = Arc::new(wiring::daemon(&loaded, place.clock()).await?);
    let servers = wiring::servers(&loaded, &daemon).await?;
    for address in servers.addresses()? {
        tracing::info!(%address, "đang nghe");
    }
    lifecycle::run(daemon, servers, place.reload()).await?;
    Ok(Exit::Done)
}
