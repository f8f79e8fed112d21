//! Dialogue: the server's side of one SMTP session (RFC 5321, with SIZE, PIPELINING and 8BITMIME).

use std::io;
use std::sync::Arc;

use super::Hub;
use super::faults::Welcome;
use super::wire::Wire;

/// Largest message in bytes, told in EHLO (RFC 1870).
pub(super) const MAX_SIZE: usize = 1024 * 1024;
/// Recipients of one message; RFC 5321 §4.5.3.1.8 asks for at least 100.
const MAX_RECIPIENTS: usize = 100;

/// A mail under way.
#[derive(Debug, Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

/// A command line, taken apart.
#[derive(Debug)]
enum Command {
    Ehlo,
    Helo,
    Mail { from: String, size: usize },
    Rcpt { to: String },
    Data,
    Reset,
    Noop,
    Quit,
    Malformed,
    Unknown,
}

/// Talks until the client quits or hangs up.
///
/// # Errors
/// The connection broke, stayed silent or sent an endless line.
pub(super) async fn run(wire: &mut Wire, hub: &Hub) -> io::Result<()> {
    wire.say("220 vanthu.demo ESMTP").await?;
    let mut envelope = Envelope::default();
    while let Some(line) = wire.line().await? {
        let reply = match Command::parse(&line) {
            Command::Quit => return wire.say("221 2.0.0 Bye").await,
            Command::Data if !envelope.to.is_empty() => {
                wire.say("354 End data with <CR><LF>.<CR><LF>").await?;
                let Some(message) = message(wire).await? else { return Ok(()) };
                accept(hub, std::mem::take(&mut envelope), message)
            }
            command => answer(hub, &mut envelope, command),
        };
        wire.say(&reply).await?;
    }
    Ok(())
}

/// The reply to any command that needs nothing but the envelope.
fn answer(hub: &Hub, envelope: &mut Envelope, command: Command) -> String {
    match command {
        Command::Ehlo => {
            *envelope = Envelope::default();
            return format!("250-vanthu.demo\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE {MAX_SIZE}");
        }
        Command::Helo => {
            *envelope = Envelope::default();
            "250 vanthu.demo"
        }
        Command::Mail { size, .. } if size > MAX_SIZE => "552 5.3.4 Message too big",
        Command::Mail { .. } if envelope.from.is_some() => "503 5.5.1 Nested MAIL command",
        Command::Mail { from, .. } => {
            envelope.from = Some(from);
            "250 2.1.0 Ok"
        }
        Command::Rcpt { .. } if envelope.from.is_none() => "503 5.5.1 Need MAIL first",
        Command::Rcpt { .. } if envelope.to.len() >= MAX_RECIPIENTS => "452 4.5.3 Too many recipients",
        Command::Rcpt { to } => add_recipient(hub, envelope, to),
        Command::Data => "503 5.5.1 Need RCPT first",
        Command::Reset => {
            *envelope = Envelope::default();
            "250 2.0.0 Ok"
        }
        Command::Noop => "250 2.0.0 Ok",
        Command::Quit => "221 2.0.0 Bye",
        Command::Malformed => "501 5.5.4 Syntax error in parameters",
        Command::Unknown => "500 5.5.2 Command not recognised",
    }
    .to_owned()
}

fn add_recipient(hub: &Hub, envelope: &mut Envelope, to: String) -> &'static str {
    match hub.faults.meet(&to) {
        Welcome::Never => "550 5.1.1 No such mailbox",
        Welcome::Later => "451 4.7.1 Greylisted, try again later",
        Welcome::Yes => {
            envelope.to.push(to);
            "250 2.1.5 Ok"
        }
    }
}

/// A message as read between DATA and its final dot.
struct Message {
    body: Vec<u8>,
    fault: Option<&'static str>,
}

/// Reads a message to its final dot, which stands between two CRLF; nothing once the client hung up.
/// A message at fault is read to its end all the same, or its rest would be taken for commands.
async fn message(wire: &mut Wire) -> io::Result<Option<Message>> {
    let mut message = Message { body: Vec::new(), fault: None };
    let mut after_crlf = true;
    while let Some(line) = wire.line().await? {
        if after_crlf && line == b".\r\n" {
            return Ok(Some(message));
        }
        after_crlf = line.ends_with(b"\r\n");
        message.take(&line);
    }
    Ok(None)
}

impl Message {
    /// Takes a line with its ending, the dot that guards a leading dot removed.
    fn take(&mut self, line: &[u8]) {
        if line.strip_suffix(b"\r\n").is_none_or(|text| text.contains(&b'\r')) {
            self.fault = Some("554 5.6.0 Bare carriage return or line feed");
        } else if self.body.len() + line.len() > MAX_SIZE {
            self.fault = Some("552 5.3.4 Message too big");
        }
        if self.fault.is_none() {
            self.body.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
    }
}

/// Keeps a sound message for each of its recipients; the reply names the last it was kept as.
fn accept(hub: &Hub, envelope: Envelope, message: Message) -> String {
    if let Some(fault) = message.fault {
        return fault.to_owned();
    }
    let (from, now) = (envelope.from.unwrap_or_default(), (hub.now)());
    let raw: Arc<[u8]> = message.body.into();
    let mut kept = 0;
    for to in &envelope.to {
        kept = hub.mailboxes.deliver(&from, to, Arc::clone(&raw), now);
    }
    format!("250 2.0.0 Ok: queued as {kept}")
}

impl Command {
    fn parse(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if !rest.is_empty() => Self::Ehlo,
            "HELO" if !rest.is_empty() => Self::Helo,
            "EHLO" | "HELO" => Self::Malformed,
            "MAIL" => mail(rest).unwrap_or(Self::Malformed),
            "RCPT" => path(rest, "TO:")
                .filter(|(to, _)| to.contains('@'))
                .map_or(Self::Malformed, |(to, _)| Self::Rcpt { to: to.to_owned() }),
            "DATA" => Self::Data,
            "RSET" => Self::Reset,
            "NOOP" => Self::Noop,
            "QUIT" => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

/// `FROM:<address> [SIZE=n] [BODY=…]`; a parameter that was not offered is malformed.
fn mail(rest: &str) -> Option<Command> {
    let (from, parameters) = path(rest, "FROM:")?;
    let mut size = 0;
    for parameter in parameters.split_ascii_whitespace() {
        match parameter.to_ascii_uppercase().split_once('=')? {
            ("SIZE", bytes) => size = bytes.parse().ok()?,
            ("BODY", _) => {}
            _ => return None,
        }
    }
    Some(Command::Mail { from: from.to_owned(), size })
}

/// The address in angle brackets behind a keyword, and what follows it.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (head, tail) = rest.split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    tail.trim_start().strip_prefix('<')?.split_once('>')
}
