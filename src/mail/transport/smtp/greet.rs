//! The first words of a dialogue, spoken by ourselves on the bare stream: greeting, EHLO, STARTTLS.
//!
//! lettre reads through a buffer that outlives STARTTLS: what a man in the middle adds in clear after
//! the `220` would be taken for the server's words inside TLS. Here every reply must end what was
//! received, or the connection is given up.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::features::Features;
use super::verdict::{Fault, Step, Trouble};

/// Bytes of one reply; Postfix, Exim and Exchange greet in less than 1 kB.
const REPLY: usize = 16 * 1024;

/// A reply: its code and the text of its lines.
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    fn expect(self, code: u16) -> Result<Self, Trouble> {
        match self.code {
            actual if actual == code => Ok(self),
            400..=599 => Err(Trouble::Refused { code: self.code, text: self.lines.join(" ") }),
            other => Err(Trouble::nonsense(other)),
        }
    }
}

/// Reads the greeting.
pub(super) async fn greeting<S: AsyncRead + Unpin>(stream: &mut S) -> Result<(), Fault> {
    let greeted = async { read(stream).await?.expect(220) };
    greeted.await.map(drop).map_err(|trouble| Fault::new(Step::Greeting, trouble))
}

/// Says EHLO and learns what the server can do.
pub(super) async fn hello<S>(stream: &mut S, name: &str) -> Result<Features, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let answered = async {
        let reply = ask(stream, &format!("EHLO {name}\r\n")).await?.expect(250)?;
        // lettre 0.11.23, which hears the same reply next, panics on a line of spaces.
        match reply.lines.iter().any(|line| !line.is_empty() && line.trim().is_empty()) {
            true => Err(Trouble::Broken("trả lời EHLO có dòng trống".to_owned())),
            false => Ok(Features::read(reply.lines.iter().map(String::as_str))),
        }
    };
    answered.await.map_err(|trouble| Fault::new(Step::Greeting, trouble))
}

/// Asks for TLS; without it there is no mail.
pub(super) async fn starttls<S>(stream: &mut S, features: Features) -> Result<(), Fault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let asked = async {
        if !features.starttls {
            return Err(Trouble::Broken(
                "máy chủ không có STARTTLS; không gửi thư khi chưa mã hoá".to_owned(),
            ));
        }
        ask(stream, "STARTTLS\r\n").await?.expect(220).map(drop)
    };
    asked.await.map_err(|trouble| Fault::new(Step::StartTls, trouble))
}

async fn ask<S>(stream: &mut S, command: &str) -> Result<Reply, Trouble>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let broken = |error: std::io::Error| Trouble::Broken(error.to_string());
    stream.write_all(command.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    read(stream).await
}

/// Reads one reply, and makes sure that nothing follows it.
async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Reply, Trouble> {
    let mut received = Vec::with_capacity(512);
    loop {
        match stream.read_buf(&mut received).await {
            Ok(0) => return Err(Trouble::Broken("máy chủ ngắt kết nối".to_owned())),
            Ok(_) if received.len() > REPLY => return Err(Trouble::Broken("trả lời quá dài".to_owned())),
            Ok(_) => {}
            Err(error) => return Err(Trouble::Broken(error.to_string())),
        }
        match parse(&received)? {
            Some((reply, end)) if end == received.len() => return Ok(reply),
            Some(_) => return Err(Trouble::Broken("máy chủ gửi thừa dữ liệu sau trả lời".to_owned())),
            None => {}
        }
    }
}

/// The reply at the start of `received` and where it ends; `None` if it is not complete yet.
fn parse(received: &[u8]) -> Result<Option<(Reply, usize)>, Trouble> {
    let mut lines = Vec::new();
    let mut end = 0;
    for line in received.split_inclusive(|byte| *byte == b'\n') {
        let Some(line_text) = line.strip_suffix(b"\n") else { return Ok(None) };
        let text = line_text.strip_suffix(b"\r").unwrap_or(line_text);
        let (code, mark, rest) =
            split(text).ok_or_else(|| Trouble::Broken("trả lời không phải SMTP".to_owned()))?;
        lines.push(String::from_utf8_lossy(rest).into_owned());
        end += line.len();
        if mark == b' ' {
            return Ok(Some((Reply { code, lines }, end)));
        }
    }
    Ok(None)
}

/// `250-PIPELINING` → (250, `-`, `PIPELINING`)
fn split(line: &[u8]) -> Option<(u16, u8, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
    match rest.split_first() {
        None => Some((code, b' ', rest)),
        Some((mark @ (b' ' | b'-'), text)) => Some((code, *mark, text)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies() {
        for (received, expected) in [
            ("", Ok(None)),
            ("250 mx", Ok(None)),
            ("250 mx\r\n", Ok(Some((250, 1, 8)))),
            ("250\r\n", Ok(Some((250, 1, 5)))),
            ("250-mx\r\n", Ok(None)),
            ("250-mx\r\n250 DSN\r\n", Ok(Some((250, 2, 17)))),
            ("220 go\r\n250 injected\r\n", Ok(Some((220, 1, 8)))),
            ("HTTP/1.1 400\r\n", Err(())),
            ("250_x\r\n", Err(())),
            ("\r\n", Err(())),
        ] {
            let parsed = parse(received.as_bytes());
            let shape = parsed.map(|reply| reply.map(|(reply, end)| (reply.code, reply.lines.len(), end)));
            assert_eq!(shape.map_err(drop), expected, "{received:?}");
        }
    }
}
