//! The program, run as a child.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use vanthu::app::ports::{Clock as _, Reader as _, Store as _};
use vanthu::domain::notice::Delivery;
use vanthu::runtime::clock::WallClock;
use vanthu::store::sqlite::{self, Access};

use super::office::Office;
use super::wait::until;

static PROGRAM: OnceLock<String> = OnceLock::new();

/// Measures another build than the one Cargo made beside this benchmark, which shares its dependencies'
/// features with the tests.
pub fn measure(program: String) {
    PROGRAM.set(program).ok();
}

fn program() -> &'static str {
    PROGRAM.get().map_or(env!("CARGO_BIN_EXE_vanthu"), String::as_str)
}

/// A running daemon; it is killed when dropped.
pub struct Daemon {
    child: Child,
}

impl Daemon {
    /// Starts it.
    ///
    /// # Errors
    /// The binary is not there.
    pub fn start(office: &Office) -> Result<Self> {
        let child = Command::new(program()).arg("run").arg("--config").arg(office.config()).spawn()?;
        Ok(Self { child })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `/readyz` says 200; returns how long that took.
    ///
    /// # Errors
    /// It never does.
    pub fn ready(&self, office: &Office) -> Result<Duration> {
        let begun = Instant::now();
        let asked = || Ok(is_ready(office.admin).then(|| begun.elapsed()));
        until("/readyz", Duration::from_millis(1), asked)
    }

    /// Kills it, and waits for its end.
    ///
    /// # Errors
    /// It was gone before.
    pub fn kill(mut self) -> Result<()> {
        ensure!(self.child.try_wait()?.is_none(), "the daemon ended before it was killed");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it as systemd would, and waits for it.
    ///
    /// # Errors
    /// It ends badly.
    pub fn stop(mut self) -> Result<()> {
        let sent = Command::new("kill").arg("-TERM").arg(self.id().to_string()).status()?;
        ensure!(sent.success(), "the daemon was gone before it was told to end");
        let status = self.child.wait()?;
        ensure!(status.success(), "the daemon ended with {status}");
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // After a proper stop there is nothing left to kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

/// Waits until nothing in the register waits to be sent or for its outcome.
///
/// # Errors
/// The register cannot be read, or it never settles.
pub fn settled(runtime: &Runtime, office: &Office) -> Result<Instant> {
    runtime.block_on(async {
        let store = sqlite::open(&office.register(), Access::Visit).await?;
        loop {
            if store.next_send().await?.is_none() {
                store.close().await;
                return Ok(Instant::now());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
}

/// How many mails stand in each state of delivery.
///
/// # Errors
/// The register cannot be read.
pub fn deliveries(runtime: &Runtime, office: &Office) -> Result<BTreeMap<&'static str, u64>> {
    let counts = runtime.block_on(async {
        let store = sqlite::open(&office.register(), Access::Visit).await?;
        let (counts, _) = store.outbox(WallClock.now()).await?;
        store.close().await;
        Ok::<_, vanthu::app::ports::StoreError>(counts)
    });
    let counts = counts.context("the register")?;
    Ok(counts.into_iter().map(|(delivery, count): (Delivery, u64)| (delivery.as_str(), count)).collect())
}
