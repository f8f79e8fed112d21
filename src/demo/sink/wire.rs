//! Wire: lines over one connection, with bounds on their length and on waiting.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// RFC 5321 §4.5.3.2 asks a server to wait five minutes for a command.
const PATIENCE: Duration = Duration::from_secs(300);
/// Longest line that is read, CRLF included. RFC 5321 asks for 1000 in a message; a sink may be kind.
const MAX_LINE: u64 = 16 * 1024;

/// A connection, read line by line; commands sent ahead stay in its buffer.
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Sends a reply; its CRLF is added.
    pub(super) async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await
    }

    /// The next line with its ending, or nothing once the client has hung up.
    pub(super) async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.stream).take(MAX_LINE);
        let read = timeout(PATIENCE, bounded.read_until(b'\n', &mut line)).await??;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) if read as u64 == MAX_LINE => Err(io::Error::other("line too long")),
            Some(_) => Ok(None),
        }
    }
}
