//! One connection and the dialogue for one mail on it.

use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::{MailParameter, RcptParameter};
use lettre::transport::smtp::response::Response;
use memchr::memmem;
use tokio::time::{Instant, timeout};

use super::features::Features;
use super::verdict::{Fault, Step, Trouble, clean_reply};
use super::wire::Written;
use super::{MAILS, REST};
use crate::app::ports::Clearance;
use crate::mail::compose::Mail;
use crate::mail::transport::NO_CLEARANCE;

/// The steps of an envelope and the one code that carries on, in order.
const ENVELOPE: [Step; 3] = [Step::Sender, Step::Recipient, Step::Data];

/// A mail that the server took over.
#[derive(Debug)]
pub(super) struct Delivered {
    /// Its reply, one line.
    pub reply: String,
}

/// An open connection.
pub(super) struct Session {
    smtp: AsyncSmtpConnection,
    features: Features,
    written: Written,
    patience: Duration,
    mails: u32,
    rested: Instant,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("features", &self.features)
            .field("mails", &self.mails)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session on which nothing has been sent yet.
    pub(super) fn new(
        smtp: AsyncSmtpConnection,
        features: Features,
        written: Written,
        patience: Duration,
    ) -> Self {
        Self { smtp, features, written, patience, mails: 0, rested: Instant::now() }
    }

    /// Whether it may carry another mail.
    pub(super) fn is_fit(&self, now: Instant) -> bool {
        self.mails < MAILS && now.duration_since(self.rested) < REST
    }

    /// Sends one mail, its content only after `clearance`. `Ok` only if the server said 250 to the final
    /// dot of this very mail.
    pub(super) async fn deliver(
        &mut self,
        mail: &Mail,
        dot_timeout: Duration,
        clearance: &mut Clearance,
    ) -> Result<Delivered, Fault> {
        self.mails += 1;
        if self.features.pipelining {
            self.envelope_at_once(mail).await?;
        } else {
            self.envelope_in_turn(mail).await?;
        }
        if !clearance.is_given().await {
            return Err(Fault::new(Step::Body, Trouble::Broken(NO_CLEARANCE.to_owned())));
        }
        let delivered = self.content(&mail.bytes, dot_timeout).await?;
        self.rested = Instant::now();
        Ok(delivered)
    }

    /// One command, one reply, three times.
    async fn envelope_in_turn(&mut self, mail: &Mail) -> Result<(), Fault> {
        for (step, command) in ENVELOPE.into_iter().zip(self.commands(mail)) {
            let reply = patiently(self.patience, self.smtp.command(command)).await;
            expected(step, reply).map_err(|trouble| Fault::new(step, trouble))?;
        }
        Ok(())
    }

    /// Three commands in one packet, then all three replies, whatever they say: each must be read, or
    /// the next mail would take them for its own.
    async fn envelope_at_once(&mut self, mail: &Mail) -> Result<(), Fault> {
        let mut first: Option<Fault> = None;
        let mut data_open = false;
        for step in ENVELOPE {
            let reply = match step {
                Step::Sender => {
                    let commands = self.commands(mail).concat();
                    patiently(self.patience, self.smtp.command(commands)).await
                }
                _ => patiently(self.patience, self.smtp.read_response()).await,
            };
            match expected(step, reply) {
                Ok(()) => data_open |= step == Step::Data,
                Err(trouble @ Trouble::Broken(_)) => {
                    return Err(first.map_or(Fault::new(step, trouble), Fault::beyond_repair));
                }
                Err(trouble) => first = first.or(Some(Fault::new(step, trouble))),
            }
        }
        match first {
            // The server waits for a mail that has no recipient: nothing but hanging up ends that.
            Some(fault) if data_open => Err(fault.beyond_repair()),
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// The commands of an envelope, each with its line end.
    fn commands(&self, mail: &Mail) -> [String; 3] {
        let other = |keyword: &str, value: String| (keyword.to_owned(), Some(value));
        let (mut sender, mut recipient) = (Vec::new(), Vec::new());
        if self.features.dsn {
            for (keyword, value) in [other("RET", "HDRS".into()), other("ENVID", mail.id.clone())] {
                sender.push(MailParameter::Other { keyword, value });
            }
            let (keyword, value) = other("NOTIFY", "FAILURE,DELAY".into());
            recipient.push(RcptParameter::Other { keyword, value });
        }
        [
            MailFrom::new(Some(mail.from.clone()), sender).to_string(),
            Rcpt::new(mail.to.clone(), recipient).to_string(),
            Data.to_string(),
        ]
    }

    /// The mail and its final dot. A connection that breaks before the whole mail has left cannot
    /// have delivered it; afterwards nobody knows.
    async fn content(&mut self, bytes: &[u8], dot_timeout: Duration) -> Result<Delivered, Fault> {
        let before = self.written.bytes();
        let reply = match in_one_piece(bytes) {
            Some(whole) => patiently(dot_timeout, self.smtp.command(whole)).await,
            None => patiently(dot_timeout, self.smtp.message(bytes)).await,
        };
        let trouble = match reply {
            Ok(reply) if reply.has_code(250) => {
                let lines: Vec<&str> = reply.message().collect();
                return Ok(Delivered { reply: clean_reply(250, &lines) });
            }
            Ok(reply) => Trouble::nonsense(reply.code().into()),
            Err(trouble) => trouble,
        };
        let left = self.written.bytes().saturating_sub(before);
        let whole = usize::try_from(left).is_ok_and(|left| left >= bytes.len());
        Err(Fault::new(if whole { Step::Dot } else { Step::Body }, trouble))
    }

    /// Clears the envelope of a refused mail. False if the connection must not be used again.
    pub(super) async fn reset(&mut self) -> bool {
        let reply = patiently(self.patience, self.smtp.command(Rset)).await;
        self.rested = Instant::now();
        reply.is_ok_and(|reply| reply.has_code(250))
    }

    /// Takes leave.
    pub(super) async fn quit(&mut self) {
        if let Err(error) = self.smtp.quit().await {
            tracing::debug!(%error, "the server took no leave");
        }
    }
}

/// The mail with its final dot, to be written at once, if no line of it begins with a dot: base64 has
/// none. lettre's own way goes byte by byte and writes the dot apart, a tenth of what a mail costs.
fn in_one_piece(bytes: &[u8]) -> Option<String> {
    let mail = std::str::from_utf8(bytes).ok()?;
    let dotted = mail.starts_with('.') || memmem::find(bytes, b"\n.").is_some();
    let clear = mail.ends_with("\r\n") && !dotted;
    clear.then(|| [mail, ".\r\n"].concat())
}

async fn patiently(
    patience: Duration,
    answer: impl Future<Output = Result<Response, Error>>,
) -> Result<Response, Trouble> {
    match timeout(patience, answer).await {
        Ok(reply) => reply.map_err(|error| Trouble::of(&error)),
        Err(_) => Err(Trouble::silence(patience.as_secs())),
    }
}

/// Whether a reply carries the dialogue on. Exactly the code of the step: a reply that belongs to
/// another command shows that the two sides have lost count.
fn expected(step: Step, reply: Result<Response, Trouble>) -> Result<(), Trouble> {
    let reply = reply?;
    match (step, u16::from(reply.code())) {
        (Step::Data, 354) | (Step::Sender, 250) | (Step::Recipient, 250..=252) => Ok(()),
        (_, code) => Err(Trouble::nonsense(code)),
    }
}
