//! An SMTP server that says what a test tells it to say.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the server does at one point.
pub enum Act {
    /// Says this; `\n` separates lines, the last is the reply's last.
    Say(&'static str),
    /// Says this late.
    Late(Duration, &'static str),
    /// Hangs up.
    HangUp,
    /// Says this and hangs up at once, with whatever is unread.
    SayAndHangUp(&'static str),
}

/// Asked at each point with the number of the connection from 0, the number of the mail on it from 0,
/// and the client's words: `` (greeting), `EHLO`, `MAIL`, `RCPT`, `DATA`, `.`, …; `None` says what a
/// friendly server would.
pub type Script = dyn Fn(usize, usize, &str) -> Option<Act> + Send + Sync;

/// A running server.
pub struct Server {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(script: impl Fn(usize, usize, &str) -> Option<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, stop) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
        let (log, stopped, script) = (heard.clone(), stop.clone(), Arc::new(script) as Arc<Script>);
        let thread = std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (log, script, stream) = (log.clone(), script.clone(), stream.unwrap());
                std::thread::spawn(move || converse(number, stream, &script, &log));
            }
        });
        Self { port, heard, stop, thread: Some(thread) }
    }

    /// Everything clients said, one line each: `0: EHLO x`, the mail itself left out.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.heard().iter().filter(|line| line.ends_with(": ")).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Until either side hangs up. A broken pipe is an end like any other.
fn converse(
    number: usize,
    stream: TcpStream,
    script: &Arc<Script>,
    log: &Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream);
    let (mut mails, mut line) = (0, String::new());
    loop {
        log.lock().unwrap().push(format!("{number}: {}", line.trim_end()));
        let verb = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        let act = script(number, mails, &verb).unwrap_or_else(|| Act::Say(friendly(&verb)));
        if let Act::Late(wait, _) = act {
            std::thread::sleep(wait);
        }
        let (text, last) = match act {
            Act::Say(text) | Act::Late(_, text) => (text, false),
            Act::SayAndHangUp(text) => (text, true),
            Act::HangUp => return None,
        };
        out.write_all(format!("{}\r\n", text.replace('\n', "\r\n")).as_bytes()).ok()?;
        if last || verb == "QUIT" {
            return None;
        }
        line.clear();
        if verb == "DATA" && text.starts_with("354") {
            skip_mail(&mut lines)?;
            line.push('.');
        } else if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if verb == "." || verb == "RSET" {
            mails += 1;
        }
    }
}

fn skip_mail(lines: &mut BufReader<TcpStream>) -> Option<()> {
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        if line == b".\r\n" {
            return Some(());
        }
    }
}

fn friendly(verb: &str) -> &'static str {
    match verb {
        "" => "220 script.example ESMTP",
        "EHLO" => "250 script.example",
        "DATA" => "354 go",
        "QUIT" => "221 bye",
        "." => "250 2.0.0 queued",
        _ => "250 ok",
    }
}
