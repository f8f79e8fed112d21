//! The peers: benches/peers/script.py, what an office would write for itself, with smtplib and as its
//! asyncio twin. Left out where there is no Python.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use tokio::runtime::Runtime;

use super::CELLS;
use super::postfix::Sink;
use super::source::DocumentSystem;

/// What the script says of itself.
#[derive(Deserialize)]
struct Told {
    mails: u64,
    seconds: f64,
    cpu: f64,
    peak_kb: f64,
}

/// What one round of the script gave.
pub struct Peer {
    /// Mails a second.
    pub mails_per_second: f64,
    /// Microseconds of CPU for each.
    pub cpu_per_mail: f64,
    /// Its largest size.
    pub peak_mb: f64,
}

/// One round over so many connections, or by smtplib; none without Python.
///
/// # Errors
/// It fails, or the counts are wrong.
pub fn round(
    runtime: &Runtime,
    documents: u64,
    size: u64,
    connections: Option<usize>,
) -> Result<Option<Peer>> {
    if Command::new("python3").arg("--version").output().is_err() {
        return Ok(None);
    }
    let sink = Sink::start(&[])?;
    let source = DocumentSystem::start(runtime, documents)?;
    let folder = tempfile::tempdir()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/script.py");
    let done = Command::new("python3")
        .arg(script)
        .arg(source.url())
        .arg(folder.path().join("script.db"))
        .args([sink.port.to_string(), CELLS.to_string(), size.to_string()])
        .args(connections.map(|connections| connections.to_string()))
        .output()?;
    ensure!(done.status.success(), "script.py: {}", String::from_utf8_lossy(&done.stderr));
    let told: Told = serde_json::from_slice(&done.stdout).context("script.py")?;
    let mails = documents * CELLS;
    ensure!(told.mails == mails && sink.count()? == mails, "script.py sent {} of {mails}", told.mails);
    Ok(Some(Peer {
        mails_per_second: mails as f64 / told.seconds,
        cpu_per_mail: told.cpu * 1e6 / mails as f64,
        peak_mb: told.peak_kb / 1024.0,
    }))
}
