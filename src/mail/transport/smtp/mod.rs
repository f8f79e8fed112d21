//! SMTP: one connection per session, kept while it is good, dropped at the first doubt.
//!
//! lettre's own pool is not used: it leaves Nagle's algorithm on (44 ms a mail), times out only the
//! connect, and returns a connection whose send was cancelled to the pool in mid-dialogue, where the
//! next mail reads its predecessor's replies. Here a connection is owned by the send that uses it and
//! goes back to its slot only after a dialogue that ended cleanly.

mod dial;
mod features;
mod greet;
mod session;
mod verdict;
mod wire;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use lettre::transport::smtp::extension::ClientId;
use secrecy::SecretString;
use tokio::time::{Instant, timeout};

use super::TransportSetupError;
use crate::app::ports::{Clearance, SendOutcome};
use crate::mail::compose::Mail;

use dial::Dialler;
use session::{Delivered, Session};
use verdict::Fault;

/// Mails after which a connection is renewed: relays count, and a fresh one forgets old trouble.
const MAILS: u32 = 100;

/// Rest after which a parked connection is not trusted; Postfix hangs up after the same 5 minutes.
const REST: Duration = Duration::from_secs(290);

/// Time for a polite end; nothing depends on the answer.
const LEAVE: Duration = Duration::from_secs(2);

/// A server and how to talk to it.
#[derive(Debug, Clone)]
pub struct SmtpOptions {
    /// Host name or address; also the name its certificate must bear.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who we are to the server, if it wants to know.
    pub login: Option<Login>,
    /// PEM file of a private certificate authority; the system's authorities otherwise.
    pub ca_file: Option<PathBuf>,
    /// Connections at once; 0 counts as 1.
    pub sessions: usize,
    /// Time to connect, and for each command.
    pub command_timeout: Duration,
    /// Time for the mail and the answer to its final dot; RFC 5321 §4.5.3.2.6 asks for 10 minutes.
    pub dot_timeout: Duration,
    /// Name to say in EHLO; the host's own by default.
    pub hello: Option<String>,
}

/// How a connection is protected. There is no "if offered".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, or no mail.
    StartTls,
    /// None; to a loopback address only.
    Plain,
}

/// A user name and a password.
#[derive(Debug, Clone)]
pub struct Login {
    /// User name.
    pub username: String,
    /// Password.
    pub password: SecretString,
}

/// The SMTP transport.
#[derive(Debug)]
pub struct Smtp {
    dialler: Dialler,
    dot_timeout: Duration,
    slots: Vec<Mutex<Option<Session>>>,
}

impl Smtp {
    /// Checks the options and reads the authority's file; connects nowhere.
    ///
    /// # Errors
    /// [`TransportSetupError`]
    pub fn new(options: SmtpOptions) -> Result<Self, TransportSetupError> {
        if options.security == Security::Plain && !is_loopback(&options.host) {
            return Err(TransportSetupError::PlainNotLoopback(options.host));
        }
        let slots = (0..options.sessions.max(1)).map(|_| Mutex::default()).collect();
        let dot_timeout = options.dot_timeout;
        Ok(Self { dialler: Dialler::new(options)?, dot_timeout, slots })
    }

    /// Connections at once.
    pub fn sessions(&self) -> usize {
        self.slots.len()
    }

    /// Sends one mail on the connection of `session`. Dropping the future drops the connection.
    pub async fn send(&self, session: usize, mail: &Mail, mut clearance: Clearance) -> SendOutcome {
        if let Some(parked) = self.take(session).await {
            let stale = match self.deliver(parked, session, mail, &mut clearance).await {
                Err(fault) if fault.is_stale() => fault,
                other => return self.outcome(mail, other),
            };
            tracing::debug!(reason = %stale, "a parked connection had ended; connecting anew");
        }
        let fresh = match self.dialler.dial().await {
            Ok(session) => session,
            Err(fault) => return self.outcome(mail, Err(fault)),
        };
        let delivered = self.deliver(fresh, session, mail, &mut clearance).await;
        self.outcome(mail, delivered)
    }

    /// One mail on one connection, which is parked again only if the dialogue ended cleanly.
    async fn deliver(
        &self,
        mut open: Session,
        slot: usize,
        mail: &Mail,
        clearance: &mut Clearance,
    ) -> Result<Delivered, Fault> {
        let delivered = open.deliver(mail, self.dot_timeout, clearance).await;
        let clean = match &delivered {
            Ok(_) => true,
            Err(fault) => fault.leaves_dialogue() && open.reset().await,
        };
        if clean {
            self.park(slot, open);
        }
        delivered
    }

    fn outcome(&self, mail: &Mail, delivered: Result<Delivered, Fault>) -> SendOutcome {
        match delivered {
            Ok(Delivered { reply }) => SendOutcome::Sent { reply, sha256: mail.sha256() },
            Err(fault) => fault.outcome(self.dialler.server()),
        }
    }

    /// The parked connection of a session, unless it is used up.
    async fn take(&self, slot: usize) -> Option<Session> {
        let parked = self.slots.get(slot)?.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        if parked.is_fit(Instant::now()) {
            return Some(parked);
        }
        leave(parked).await;
        None
    }

    fn park(&self, slot: usize, session: Session) {
        if let Some(slot) = self.slots.get(slot) {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
        }
    }

    /// Says QUIT on every parked connection.
    pub async fn rest(&self) {
        let parked =
            self.slots.iter().filter_map(|slot| slot.lock().unwrap_or_else(PoisonError::into_inner).take());
        join_all(parked.map(leave)).await;
    }

    /// Connects, greets, authenticates and leaves.
    ///
    /// # Errors
    /// What went wrong, on one line.
    pub async fn knock(&self) -> Result<(), String> {
        let session = self.dialler.dial().await.map_err(|fault| fault.sentence(self.dialler.server()))?;
        leave(session).await;
        Ok(())
    }
}

async fn leave(mut session: Session) {
    if timeout(LEAVE, session.quit()).await.is_err() {
        tracing::debug!("the server did not answer QUIT");
    }
}

/// Whether a host can only be this machine: a loopback address, or the name reserved for it
/// (RFC 6761 §6.3), whose addresses are looked at again when connecting.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The name for EHLO: as set, else the host's own if it is one, else an address literal
/// (RFC 5321 §4.1.4).
fn hello_name(set: Option<&str>) -> Result<ClientId, TransportSetupError> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 253
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte))
    };
    match set {
        Some(name) if is_name(name) => Ok(ClientId::Domain(name.to_owned())),
        Some(name) => Err(TransportSetupError::Hello(name.to_owned())),
        None => Ok(match ClientId::default() {
            ClientId::Domain(name) if !is_name(&name) => ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST),
            own => own,
        }),
    }
}
