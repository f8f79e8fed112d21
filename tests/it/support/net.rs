//! Ports of this machine, and the smallest HTTP client.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// Below the ports that Linux hands out to outgoing connections (32768 and up): one of those could
/// take a port between two lives of a daemon.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

static TAKEN: AtomicU16 = AtomicU16::new(0);

/// A port nobody listens on, given out once in this process.
pub fn free_port() -> u16 {
    let own = u16::try_from(std::process::id() % 97).unwrap() * 113;
    let span = PORTS.end - PORTS.start;
    let candidates =
        std::iter::repeat_with(|| PORTS.start + (own + TAKEN.fetch_add(1, Ordering::Relaxed) % span) % span);
    let mut candidates = candidates.take(span.into());
    candidates.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("no port is free")
}

/// Waits until something listens on a port.
pub fn wait_for(port: u16) {
    for _ in 0..400 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("nothing listens on port {port}");
}

/// Status and body of an answer; `None` where nobody answers.
pub fn get(port: u16, path: &str) -> Option<(u16, String)> {
    exchange(port, &format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"))
}

/// The same for a form that is sent.
pub fn post(port: u16, path: &str, form: &str) -> Option<(u16, String)> {
    let length = form.len();
    exchange(
        port,
        &format!(
            "POST {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}"
        ),
    )
}

fn exchange(port: u16, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}
