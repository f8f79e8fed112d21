//! Serving a router on a socket, with limits that keep idle and dripping clients from starving others
//! (promises.md T84): so many connections in all and per address, so long in silence, so long in all.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep_until};

/// Connections of a listener at most, where the limit of open files allows so many.
pub const MOST: usize = 2048;
/// Connections per address. A trusted proxy speaks for many, so it is bound by the limit in all only, and keeps
/// its connections: it would lose an answer on one that ends just when it is used again.
const EACH: usize = 64;
/// A client that says nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(20);
/// A trusted proxy that says nothing for this long is gone; longer than proxies keep idle connections.
const PROXY_SILENCE: Duration = Duration::from_secs(15 * 60);
/// No other connection lives longer: a byte now and then does not keep it.
const LIFE: Duration = Duration::from_secs(120);

/// Serves a router until `stop` resolves, then lets requests in flight end. Holds `all` connections at most; who comes
/// when there are so many is turned away.
///
/// # Errors
/// The socket itself failed.
pub async fn serve<F>(
    listener: TcpListener,
    router: Router,
    trusted_proxies: Arc<[IpAddr]>,
    all: usize,
    stop: F,
) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let guarded = Guarded { listener, trusted_proxies, all, open: Arc::default() };
    let service = router.into_make_service_with_connect_info::<Peer>();
    axum::serve(guarded, service).with_graceful_shutdown(stop).await
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Guarded>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Guarded>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A listener that counts.
pub(super) struct Guarded {
    listener: TcpListener,
    trusted_proxies: Arc<[IpAddr]>,
    all: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Listener for Guarded {
    type Io = Held;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Held, SocketAddr) {
        loop {
            // The trait's own accept, which waits out a lack of file handles instead of failing.
            let (stream, peer) = Listener::accept(&mut self.listener).await;
            // Past a limit the stream is dropped here, which closes it.
            if let Some(place) = self.place(peer.ip().to_canonical()) {
                let is_proxy = self.trusted_proxies.contains(&peer.ip().to_canonical());
                return (Held::new(stream, place, is_proxy), peer);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Guarded {
    fn place(&self, address: IpAddr) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let each = open.get(&address).copied().unwrap_or_default();
        let crowded = each >= EACH && !self.trusted_proxies.contains(&address);
        if all >= self.all || crowded {
            return None;
        }
        open.insert(address, each + 1);
        Some(Place { address, open: Arc::clone(&self.open) })
    }
}

/// A counted connection; given back when dropped.
struct Place {
    address: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// A connection that ends when its client is silent or has had its time.
pub(super) struct Held {
    stream: TcpStream,
    silence: Pin<Box<Sleep>>,
    patience: Duration,
    end: Option<Instant>,
    _place: Place,
}

impl Held {
    fn new(stream: TcpStream, place: Place, is_proxy: bool) -> Self {
        let now = Instant::now();
        let (patience, end) = if is_proxy { (PROXY_SILENCE, None) } else { (SILENCE, Some(now + LIFE)) };
        Self { stream, silence: Box::pin(sleep_until(now + patience)), patience, end, _place: place }
    }

    /// Fails once the client was silent for too long.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.silence.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn heard(&mut self) {
        let next = Instant::now() + self.patience;
        let next = self.end.map_or(next, |end| next.min(end));
        self.silence.as_mut().reset(next);
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                self.heard();
                Poll::Ready(read)
            }
            Poll::Pending => self.poll_patience(context),
        }
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Ready(written) => {
                self.heard();
                Poll::Ready(written)
            }
            // A client that does not take its answer is as gone as one that says nothing.
            Poll::Pending => self.poll_patience(context).map_ok(|()| 0),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
