//! The web server of a daemon over its register, with or without mails going out meanwhile.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener as Port};
use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use vanthu::app::ports::{Clock, Store};
use vanthu::config::Loaded;
use vanthu::config::settings::{Smtp, Tls, Transport};
use vanthu::domain::challenge::stamp;
use vanthu::domain::ids::ObligationId;
use vanthu::domain::token::{Claims, mailbox_hash};
use vanthu::runtime::{daemon::Daemon, wiring};
use vanthu::web::{self, State};

use super::client::{Form, Presses, press};

/// What goes out meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mails {
    /// Nothing.
    None,
    /// One a second on each of 64 connections.
    Slowly,
    /// As fast as four connections can.
    Fast,
}

/// A clock that stands: mails are ten minutes old, pages one.
#[derive(Debug)]
struct Standing(DateTime<Utc>);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn sleep_until(&self, _: DateTime<Utc>) -> Duration {
        Duration::ZERO
    }
}

/// A server, and whoever sends mails beside it.
pub struct Site {
    state: State,
    address: SocketAddr,
    begun: Instant,
    stop: watch::Sender<bool>,
    work: JoinSet<Result<u64>>,
    _sink: Option<Sink>,
}

impl Site {
    /// Opens it.
    ///
    /// # Errors
    /// Postfix's sink is missing; the register's.
    pub async fn open(
        loaded: &Loaded,
        store: Arc<dyn Store>,
        mails: Mails,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let sink = match mails {
            Mails::None => None,
            Mails::Slowly => Some(Sink::start(&["-w", "1"])?),
            Mails::Fast => Some(Sink::start(&[])?),
        };
        let mut settings = loaded.settings.clone();
        settings.web.trusted_proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        settings.mail.any_hour = true;
        let sessions = if mails == Mails::Slowly { 64 } else { 4 };
        settings.mail.transport = Transport::Smtp(smtp(sink.as_ref().map_or(1, |sink| sink.port), sessions));
        let loaded = wiring::loaded(settings, loaded.office.clone());
        let daemon = Arc::new(wiring::daemon(&loaded, store, Arc::new(Standing(now))).await?);
        let state = wiring::state(&loaded, &daemon)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, (stop, stopped)) = (listener.local_addr()?, watch::channel(false));
        let mut work = JoinSet::new();
        work.spawn(serve(listener, state.clone(), stopped.clone()));
        if mails != Mails::None {
            work.spawn(send(daemon, stopped));
        }
        Ok(Self { state, address, begun: Instant::now(), stop, work, _sink: sink })
    }

    /// Presses the links of these rows.
    ///
    /// # Errors
    /// A press was not recorded.
    pub async fn presses(&self, rows: &[ObligationId], clients: usize) -> Result<Presses> {
        let forms: Arc<[Form]> = rows.iter().map(|row| self.form(*row)).collect();
        press(self.address, forms, clients, (200, "Đã ghi nhận")).await
    }

    /// Refusals of forged links a second.
    ///
    /// # Errors
    /// One was not refused.
    pub async fn refused(&self, count: usize, clients: usize) -> Result<f64> {
        let forged = |form: Form| Form { token: format!("{}A", form.token), ..form };
        let rows = (1..=count).map(|number| ObligationId(i64::try_from(number).unwrap_or_default()));
        let forms: Arc<[Form]> = rows.map(|row| forged(self.form(row))).collect();
        Ok(press(self.address, forms, clients, (404, "")).await?.rate)
    }

    /// Ends server and mails; how many went out a second.
    ///
    /// # Errors
    /// The register's.
    pub async fn close(mut self) -> Result<f64> {
        let took = self.begun.elapsed().as_secs_f64();
        self.stop.send_replace(true);
        let mut sent = 0;
        while let Some(ended) = self.work.join_next().await {
            sent += ended??;
        }
        Ok(sent as f64 / took)
    }

    fn form(&self, row: ObligationId) -> Form {
        let now = self.state.clock.now();
        let claims = Claims {
            obligation: row,
            mailbox: mailbox_hash("bi-thu@mau.example"),
            expires: now + TimeDelta::days(100),
        };
        let shown = stamp(row, now - TimeDelta::minutes(1), &self.state.secret);
        Form { token: self.state.keyring.sign(&claims), body: format!("answer=received&stamp={shown}") }
    }
}

async fn serve(listener: TcpListener, state: State, mut stop: watch::Receiver<bool>) -> Result<u64> {
    let trusted = state.trusted_proxies.clone();
    let stopped = async move {
        stop.wait_for(|stop| *stop).await.ok();
    };
    web::serve(listener, web::public_router(state), trusted, web::MOST, stopped).await?;
    Ok(0)
}

/// Sends until told to stop; how many.
async fn send(daemon: Arc<Daemon>, stop: watch::Receiver<bool>) -> Result<u64> {
    let done = daemon.dispatch(&stop).await?;
    anyhow::ensure!(*stop.borrow(), "all mails were gone before the last press: {done:?}");
    Ok(done.sent)
}

fn smtp(port: u16, sessions: usize) -> Smtp {
    Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::Plain,
        username: None,
        password: None,
        ca_file: None,
        sessions,
        command_timeout: Duration::from_secs(30),
        dot_timeout: Duration::from_secs(30),
        hello: None,
    }
}

/// Postfix's own sink; it ends with this value.
struct Sink {
    port: u16,
    child: Child,
}

impl Sink {
    fn start(flags: &[&str]) -> Result<Self> {
        let port = Port::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new("/usr/sbin/smtp-sink");
        if std::fs::metadata("/proc/self")?.uid() == 0 {
            command.args(["-u", "nobody"]);
        }
        let child = command
            .args(flags)
            .args([&format!("127.0.0.1:{port}"), "1024"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("smtp-sink: Postfix is not installed")?;
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(begun.elapsed() < Duration::from_secs(10), "smtp-sink does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Self { port, child })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
