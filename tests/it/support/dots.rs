//! A line to a mail server on which the answer to one final dot gets lost: the server has taken the mail, and whoever sent
//! it hears nothing.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::net::free_port;

/// What ends a mail.
const DOT: &[u8] = b"\r\n.\r\n";

/// Listens, and passes on to a mail server.
pub struct Dots {
    /// Where to connect instead of to the server.
    pub port: u16,
    watch: Arc<Watch>,
}

/// Which answer is kept back.
#[derive(Default)]
struct Watch {
    /// Answers to final dots still to pass until one is kept back; 0 keeps none.
    left: AtomicUsize,
    /// Whether it was.
    held: AtomicBool,
}

impl Dots {
    /// A line to a port of this machine; its threads end with the process.
    pub fn to(server: u16) -> Self {
        let (port, watch) = (free_port(), Arc::<Watch>::default());
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let watching = watch.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Nobody listens there any more: the client sees its connection end.
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                join(client, server, &watching);
            }
        });
        Self { port, watch }
    }

    /// Keeps back the `number`th answer from now on.
    pub fn hold(&self, number: usize) {
        self.watch.held.store(false, Ordering::SeqCst);
        self.watch.left.store(number, Ordering::SeqCst);
    }

    /// Whether that answer has come and is kept back.
    pub fn is_held(&self) -> bool {
        self.watch.held.load(Ordering::SeqCst)
    }
}

impl Watch {
    /// One more answer has come; whether it is the one.
    fn keeps(&self) -> bool {
        let last = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        let keeps = last == Ok(1);
        if keeps {
            self.held.store(true, Ordering::SeqCst);
        }
        keeps
    }
}

/// Passes on in both directions.
fn join(client: TcpStream, server: TcpStream, watch: &Arc<Watch>) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let (said, asked) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let ended = Arc::new(AtomicBool::new(false));
    let (dot, watch) = (ended.clone(), watch.clone());
    std::thread::spawn(move || ask(said, asked, &dot));
    std::thread::spawn(move || answer(server, client, &ended, &watch));
}

/// From the client to the server; `dot` is set before a final dot goes on.
fn ask(mut from: TcpStream, mut to: TcpStream, dot: &AtomicBool) {
    let (mut bytes, mut tail) = ([0; 16 << 10], Vec::new());
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let piece = &bytes[..read];
        tail.extend_from_slice(piece);
        if tail.windows(DOT.len()).any(|end| end == DOT) {
            dot.store(true, Ordering::SeqCst);
            tail.clear();
        } else {
            tail.drain(..tail.len().saturating_sub(DOT.len() - 1));
        }
        if to.write_all(piece).is_err() {
            break;
        }
    }
    to.shutdown(Shutdown::Both).ok();
}

/// From the server to the client, but for the answer that is kept back and whatever might follow it.
fn answer(mut from: TcpStream, mut to: TcpStream, dot: &AtomicBool, watch: &Watch) {
    let (mut bytes, mut silent) = ([0; 16 << 10], false);
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        silent |= dot.swap(false, Ordering::SeqCst) && bytes.starts_with(b"250") && watch.keeps();
        if !silent && to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    to.shutdown(Shutdown::Both).ok();
}
