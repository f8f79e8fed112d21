//! Postfix's own test tools: `smtp-sink` takes mails and counts them, `smtp-source` is the ceiling.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tempfile::NamedTempFile;

use super::wait::until;

/// A running sink; it ends when dropped.
pub struct Sink {
    /// Where it listens.
    pub port: u16,
    child: Child,
    counters: NamedTempFile,
}

impl Sink {
    /// Starts one with further flags.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(flags: &[&str]) -> Result<Self> {
        let port = free_port()?;
        let counters = NamedTempFile::new()?;
        let mut command = Command::new(tool("smtp-sink"));
        if std::fs::metadata("/proc/self")?.uid() == 0 {
            command.args(["-u", "nobody"]);
        }
        let child = command
            .arg("-c")
            .args(flags)
            .args([&format!("127.0.0.1:{port}"), "1024"])
            .stdout(counters.reopen()?)
            .stderr(Stdio::null())
            .spawn()
            .context("smtp-sink: Postfix is not installed")?;
        let sink = Self { port, child, counters };
        let connected = || Ok(std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        until("smtp-sink", Duration::from_millis(2), connected)?;
        Ok(sink)
    }

    /// Lets it stand still, or go on: connections are taken by the kernel meanwhile, and hear nothing.
    ///
    /// # Errors
    /// It is gone.
    pub fn stand_still(&self, still: bool) -> Result<()> {
        let signal = if still { "-STOP" } else { "-CONT" };
        // Started as root it has become another user's process, with the same number.
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status()?;
        ensure!(sent.success(), "smtp-sink is gone");
        Ok(())
    }

    /// Mails taken so far: the last of the counters it writes after each.
    ///
    /// # Errors
    /// Its output cannot be read.
    pub fn count(&self) -> Result<u64> {
        let mut file = File::open(self.counters.path())?;
        let back = file.metadata()?.len().min(100);
        file.seek(SeekFrom::End(-i64::try_from(back)?))?;
        let mut tail = String::new();
        file.read_to_string(&mut tail)?;
        let whole = tail.rsplit_once('\r').map_or("", |(whole, _)| whole);
        Ok(whole.rsplit_once("mesg=").and_then(|(_, count)| count.parse().ok()).unwrap_or(0))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Mails per second of Postfix's own generator with kept connections, into a sink of its own.
///
/// # Errors
/// It fails, or the sink counts otherwise.
pub fn ceiling(mails: u64, sessions: usize, size: u64) -> Result<f64> {
    let sink = Sink::start(&[])?;
    let begun = Instant::now();
    let status = Command::new(tool("smtp-source"))
        .args(["-d", "-m", &mails.to_string(), "-s", &sessions.to_string(), "-l", &size.to_string()])
        .args(["-f", "vanthu@duk.mau.example", "-t", "chi-bo@mau.example"])
        .arg(format!("127.0.0.1:{}", sink.port))
        .status()
        .context("smtp-source: Postfix is not installed")?;
    let took = begun.elapsed();
    ensure!(status.success(), "smtp-source ended with {status}");
    ensure!(sink.count()? == mails, "smtp-source sent {mails}, the sink took {}", sink.count()?);
    Ok(mails as f64 / took.as_secs_f64())
}

/// A port nobody listens on.
///
/// # Errors
/// There is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn tool(name: &str) -> String {
    let installed = format!("/usr/sbin/{name}");
    if Path::new(&installed).exists() { installed } else { name.to_owned() }
}
