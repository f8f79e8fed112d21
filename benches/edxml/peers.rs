//! libxml2 on the same messages: its own command, and lxml, its binding for Python.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// How often `xmllint --repeat` parses.
pub const REPEATS: usize = 100;

/// The time of `xmllint --stream`, a hundred times, less the start of the process.
///
/// # Errors
/// It is not there or does not like the message.
pub fn xmllint(message: &Path) -> Result<Duration> {
    let run = |arguments: &[&str]| -> Result<Duration> {
        let begun = Instant::now();
        let done = Command::new("xmllint").args(arguments).arg(message).output().context("xmllint")?;
        ensure!(done.status.success(), "xmllint: {}", String::from_utf8_lossy(&done.stderr));
        Ok(begun.elapsed())
    };
    run(&["--noout", "--stream", "--huge", "--repeat"])
}

/// The time that lxml tells for reading a message so often, with its file on the disk each time.
///
/// # Errors
/// Python or lxml is not there.
pub fn lxml(message: &Path, folder: &Path, times: usize) -> Result<Duration> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/edxml.py");
    let done =
        Command::new("python3").arg(script).arg(message).arg(folder).arg(times.to_string()).output()?;
    ensure!(done.status.success(), "lxml: {}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8(done.stdout)?;
    Ok(Duration::from_secs_f64(told.trim().parse().context("lxml told no time")?))
}
