//! A line between a program and a server that can be cut, or fall silent while both ends believe in it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::net::free_port;

/// Listens, and passes on to a server.
pub struct Line {
    /// Where to connect instead of to the server.
    pub port: u16,
    /// The server's.
    leads: Arc<AtomicU16>,
    pairs: Arc<Mutex<Vec<Pair>>>,
    opened: Arc<AtomicUsize>,
    parted: Arc<AtomicBool>,
}

/// One connection: the client's end, the server's, and whether anything still passes.
struct Pair {
    client: TcpStream,
    server: TcpStream,
    silent: Arc<AtomicBool>,
}

impl Line {
    /// A line to a port of this machine; its threads end with the process.
    pub fn to(server: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let leads = Arc::new(AtomicU16::new(server));
        let line = Self {
            port,
            leads: leads.clone(),
            pairs: Arc::default(),
            opened: Arc::default(),
            parted: Arc::default(),
        };
        let (pairs, opened, parted) = (line.pairs.clone(), line.opened.clone(), line.parted.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Nobody listens there any more: the client sees its connection end.
                let server = ("127.0.0.1", leads.load(Ordering::SeqCst));
                let Ok(server) = TcpStream::connect(server) else { continue };
                pairs.lock().unwrap().push(join(client, server, &parted));
                opened.fetch_add(1, Ordering::SeqCst);
            }
        });
        line
    }

    /// New connections lead to another server from now on.
    pub fn lead_to(&self, server: u16) {
        self.leads.store(server, Ordering::SeqCst);
    }

    /// How many connections there were so far.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Ends every connection, and both sides hear of it.
    pub fn cut(&self) {
        for pair in self.pairs.lock().unwrap().drain(..) {
            pair.client.shutdown(Shutdown::Both).ok();
            pair.server.shutdown(Shutdown::Both).ok();
        }
    }

    /// The network between the two is gone: what is sent, over the connections there are and over new ones, waits on the
    /// way, and nobody hears of it.
    pub fn part(&self) {
        self.parted.store(true, Ordering::SeqCst);
    }

    /// It is back, and brings what waited.
    pub fn heal(&self) {
        self.parted.store(false, Ordering::SeqCst);
    }

    /// From now on nothing passes over the connections there are, and neither side hears of it.
    pub fn fall_silent(&self) {
        for pair in self.pairs.lock().unwrap().drain(..) {
            pair.silent.store(true, Ordering::SeqCst);
        }
    }
}

/// Passes on in both directions.
fn join(client: TcpStream, server: TcpStream, parted: &Arc<AtomicBool>) -> Pair {
    let silent = Arc::new(AtomicBool::new(false));
    for (from, to) in [(&client, &server), (&server, &client)] {
        let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        let (silent, parted) = (silent.clone(), parted.clone());
        std::thread::spawn(move || pass(from, to, &silent, &parted));
    }
    Pair { client, server, silent }
}

/// Whoever ends its side ends the other, but for a silent line whose client is still there.
fn pass(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool, parted: &AtomicBool) {
    let mut bytes = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if silent.load(Ordering::SeqCst) {
            continue;
        }
        while parted.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    while parted.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(10));
    }
    to.shutdown(Shutdown::Both).ok();
}
