//! Sink: the demo's mail server. It takes every mail that comes over SMTP (RFC 5321) and keeps it in
//! [`Mailboxes`]; nothing ever leaves it. It can be told to refuse, to delay and to be down.
//!
//! It keeps to the letter where a client could be wrong: a final dot counts between two CRLF only,
//! and a bare CR or LF inside a message is refused, as today's Postfix does (SMTP smuggling, 2023).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

mod dialogue;
mod faults;
mod wire;

use super::mailboxes::Mailboxes;
pub use faults::{Faults, Health};
use wire::Wire;

/// Sessions at once; a client that opens more is asked to come back.
const MAX_SESSIONS: usize = 64;

/// Where the demo's time comes from: the caller's clock, which may run fast.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What every session of one server shares.
struct Hub {
    mailboxes: Arc<Mailboxes>,
    faults: Arc<Faults>,
    now: Now,
}

/// A bound, not yet serving SMTP server.
pub struct Sink {
    listener: TcpListener,
    hub: Arc<Hub>,
}

impl Sink {
    /// Binds `listen` (port 0 for any free one). Mails go to `mailboxes`, stamped by `now`.
    ///
    /// # Errors
    /// The address cannot be bound, or is not a loopback one: a server that takes mail for everybody
    /// must not be met from outside the machine.
    pub async fn bind(listen: SocketAddr, mailboxes: Arc<Mailboxes>, now: Now) -> io::Result<Self> {
        if !listen.ip().is_loopback() {
            let reason =
                format!("máy chủ thư thử chỉ nghe trên địa chỉ nội bộ (127.0.0.1), không nghe trên {listen}");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
        }
        let listener = TcpListener::bind(listen).await?;
        Ok(Self { listener, hub: Arc::new(Hub { mailboxes, faults: Arc::default(), now }) })
    }

    /// The address it is bound to.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The switches of this server, to be turned while it serves.
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&self.hub.faults)
    }

    /// Serves until `stop`; open sessions are cut then, as a machine that goes down would.
    ///
    /// # Errors
    /// The listening socket failed. A session's own failure ends that session only.
    pub async fn serve(self, stop: CancellationToken) -> io::Result<()> {
        let mut sessions = JoinSet::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                _ = sessions.join_next(), if !sessions.is_empty() => {}
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted?;
                    let crowded = sessions.len() >= MAX_SESSIONS;
                    sessions.spawn(session(stream, Arc::clone(&self.hub), crowded));
                }
            }
        }
    }
}

/// One connection from greeting to end. What breaks it is the client's to notice: the demo's mail
/// server keeps no log.
async fn session(stream: TcpStream, hub: Arc<Hub>, crowded: bool) {
    let health = if crowded { Health::Busy } else { hub.faults.health() };
    let ended = match health {
        Health::Up => serve(stream, &hub).await,
        Health::Busy => Wire::new(stream).say("421 4.3.2 vanthu.demo busy, try again later").await,
        Health::Gone => Ok(()),
    };
    drop(ended);
}

/// Replies are short and the client waits for each, so none may linger for a fuller packet.
async fn serve(stream: TcpStream, hub: &Hub) -> io::Result<()> {
    stream.set_nodelay(true)?;
    dialogue::run(&mut Wire::new(stream), hub).await
}

#[cfg(test)]
mod tests;
