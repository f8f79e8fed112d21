//! A mail server that takes everything at once, except that it never answers about one recipient.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// A running server; it ends when dropped.
pub struct BlackHole {
    /// Where it listens.
    pub port: u16,
    taken: Arc<AtomicU64>,
    _server: JoinSet<()>,
}

impl BlackHole {
    /// Starts one; `hole` is the beginning of the address that gets no answer.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(runtime: &Runtime, hole: Option<&'static str>) -> Result<Self> {
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let port = listener.local_addr()?.port();
        let taken = Arc::new(AtomicU64::new(0));
        let mut server = JoinSet::new();
        server.spawn_on(serve(listener, hole, taken.clone()), runtime.handle());
        Ok(Self { port, taken, _server: server })
    }

    /// Mails taken so far.
    pub fn count(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn serve(listener: TcpListener, hole: Option<&'static str>, taken: Arc<AtomicU64>) {
    let mut dialogues = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let taken = taken.clone();
        // A client that goes away ends its dialogue, which concerns nobody else.
        dialogues.spawn(async move { dialogue(stream, hole, &taken).await.ok() });
    }
}

async fn dialogue(stream: TcpStream, hole: Option<&'static str>, taken: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.mau.example ESMTP\r\n").await?;
    let mut line = Vec::new();
    let mut in_mail = false;
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if in_mail {
            in_mail = line != b".\r\n";
            if !in_mail {
                taken.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"250 2.0.0 Ok\r\n").await?;
            }
            continue;
        }
        let command = String::from_utf8_lossy(&line).to_ascii_uppercase();
        if hole.is_some_and(|hole| command.contains(&format!("TO:<{}", hole.to_ascii_uppercase()))) {
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
        in_mail = command.starts_with("DATA");
        let reply: &[u8] = match command.get(..4) {
            Some("EHLO") => b"250-mail.mau.example\r\n250 PIPELINING\r\n",
            Some("DATA") => b"354 go on\r\n",
            Some("QUIT") => b"221 2.0.0 Bye\r\n",
            _ => b"250 2.0.0 Ok\r\n",
        };
        stream.write_all(reply).await?;
    }
}
