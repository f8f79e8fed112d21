//! The peer: Alertmanager, with a tree of as many routes, one of which each alert meets. Left out where it
//! is not installed (Debian: prometheus-alertmanager).
//!
//! An alert comes in by its API and is filed with its route's group; no notice is ever due. What is
//! measured is therefore more than routing. What routing costs shows in how the figure grows with the
//! number of routes.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::process;
use super::report::{Report, note};

const PROGRAM: &str = "prometheus-alertmanager";
const ALERTS: usize = 10_000;
const BATCH: usize = 100;

/// Measures it at each number of routes.
///
/// # Errors
/// It cannot be started, or does not take an alert.
pub fn run(routes: &[usize], report: &mut Report) -> Result<()> {
    if Command::new(PROGRAM).arg("--version").output().is_err() {
        note("no Alertmanager here: the peer is left out");
        return Ok(());
    }
    for count in routes {
        let spent = Alertmanager::start(*count)?.spent(*count)?;
        let what = format!("Alertmanager, {count} routes, µs of CPU/alert, API included");
        report.figure("peer", what, format!("{spent:.1}"));
    }
    Ok(())
}

/// A running one; ended when dropped.
struct Alertmanager {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().map_or_else(|error| note(&error.to_string()), drop);
        }
    }
}

impl Alertmanager {
    fn start(routes: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("config.yml");
        std::fs::write(&config, tree(routes)?)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(PROGRAM)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .args(["--log.level=error"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let started = Self { child, port, _folder: folder };
        for _ in 0..600 {
            if started.post("/-/reload", "").is_ok() {
                return Ok(started);
            }
            sleep(Duration::from_millis(100));
        }
        anyhow::bail!("Alertmanager does not answer")
    }

    /// Microseconds of CPU for an alert.
    fn spent(&self, routes: usize) -> Result<f64> {
        let before = self.settled()?;
        for batch in 0..ALERTS / BATCH {
            let alerts: Vec<String> = (0..BATCH).map(|one| alert(batch * BATCH + one, routes)).collect();
            self.post("/api/v2/alerts", &format!("[{}]", alerts.join(",")))?;
        }
        Ok((self.settled()? - before).as_secs_f64() * 1e6 / ALERTS as f64)
    }

    /// CPU time so far, when half a second has added nothing more.
    fn settled(&self) -> Result<Duration> {
        let mut last = process::cpu(self.child.id())?;
        for _ in 0..120 {
            sleep(Duration::from_millis(500));
            let now = process::cpu(self.child.id())?;
            if now <= last + Duration::from_millis(10) {
                return Ok(now);
            }
            last = now;
        }
        anyhow::bail!("Alertmanager does not come to rest")
    }

    fn post(&self, path: &str, body: &str) -> Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let head = "Host: localhost\r\nContent-Type: application/json\r\nConnection: close";
        write!(stream, "POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        let mut answer = BufReader::new(stream);
        let mut status = String::new();
        answer.read_line(&mut status)?;
        answer.read_to_end(&mut Vec::new())?;
        ensure!(status.contains(" 200 "), "Alertmanager: {status}");
        Ok(())
    }
}

/// A route for each rule: kind, issuer, and a label of its own in place of the phrase.
fn tree(routes: usize) -> Result<String> {
    let mut text =
        "receivers: [{name: none}]\nroute:\n  receiver: none\n  group_wait: 24h\n  routes:\n".to_owned();
    for number in 0..routes {
        let (kind, issuer) = (number % 8, number / 8 % 6);
        writeln!(text, "  - matchers: ['kind=\"k{kind}\"', 'issuer=\"i{issuer}\"', 'phrase=\"p{number}\"']")
            .context("a string takes any text")?;
    }
    Ok(text)
}

fn alert(number: usize, routes: usize) -> String {
    let aim = super::office::mix(number) % routes;
    let (kind, issuer) = (aim % 8, aim / 8 % 6);
    format!(
        r#"{{"labels":{{"alertname":"d{number}","kind":"k{kind}","issuer":"i{issuer}","phrase":"p{aim}"}}}}"#
    )
}
