//! What a failure means for the mail: at which step of the dialogue it came decides whether the mail
//! may have been accepted, and whether other mails would meet it too.

use std::borrow::Cow;
use std::fmt;

use lettre::transport::smtp::Error;

use crate::app::ports::SendOutcome;
use crate::render::line::{one_line, shorten};

/// Characters of a reason: what fits a log line and a table cell.
const REASON: usize = 400;

/// A step of the dialogue, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Name lookup and TCP.
    Connect,
    /// TLS, after STARTTLS or at once.
    Tls,
    /// Greeting and EHLO.
    Greeting,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The mail itself, before its final dot.
    Body,
    /// The answer to the final dot.
    Dot,
}

impl Step {
    /// What was being done.
    fn words(self) -> &'static str {
        match self {
            Self::Connect => "kết nối",
            Self::Tls => "thiết lập TLS",
            Self::Greeting => "chào (EHLO)",
            Self::StartTls => "yêu cầu mã hoá (STARTTLS)",
            Self::Login => "đăng nhập (AUTH)",
            Self::Sender => "khai nơi gửi (MAIL FROM)",
            Self::Recipient => "khai nơi nhận (RCPT TO)",
            Self::Data => "xin gửi nội dung (DATA)",
            Self::Body => "gửi nội dung",
            Self::Dot => "chờ trả lời sau nội dung",
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server refused.
    Refused {
        /// Its code, 4yz or 5yz.
        code: u16,
        /// Its text, with the enhanced code (RFC 3463) if it gives one.
        text: String,
    },
    /// The connection broke, timed out, or the server spoke out of turn: it cannot be used further.
    Broken(String),
}

impl Trouble {
    /// No answer in time.
    pub(super) fn silence(seconds: u64) -> Self {
        Self::Broken(format!("không có trả lời trong {seconds} giây"))
    }

    /// A reply that does not belong here.
    pub(super) fn nonsense(code: u16) -> Self {
        Self::Broken(format!("máy chủ trả lời {code} không đúng trình tự"))
    }

    /// An answer that was no answer.
    pub(super) fn of(error: &Error) -> Self {
        let text = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        match error.status() {
            Some(code) => Self::Refused { code: code.into(), text },
            None if text == "incomplete response" => Self::Broken("máy chủ ngắt kết nối".to_owned()),
            None => Self::Broken(text),
        }
    }
}

/// A failure with its step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    step: Step,
    trouble: Trouble,
    beyond_repair: bool,
}

impl Fault {
    /// A failure of a step.
    pub(super) fn new(step: Step, trouble: Trouble) -> Self {
        Self { step, trouble, beyond_repair: false }
    }

    /// The same, on a connection that RSET cannot save.
    pub(super) fn beyond_repair(self) -> Self {
        Self { beyond_repair: true, ..self }
    }

    /// A connection that a server ends between two mails shows it at the next MAIL FROM. Nothing was
    /// accepted, so the mail may go over a new connection at once.
    pub(super) fn is_stale(&self) -> bool {
        self.step == Step::Sender
            && matches!(self.trouble, Trouble::Broken(_) | Trouble::Refused { code: 421, .. })
    }

    /// Whether both sides still agree on where in the dialogue they are, so that RSET can follow.
    pub(super) fn leaves_dialogue(&self) -> bool {
        !self.beyond_repair
            && self.step >= Step::Sender
            && matches!(self.trouble, Trouble::Refused { code, .. } if code != 421)
    }

    /// What it means for the mail.
    pub(super) fn outcome(&self, server: &str) -> SendOutcome {
        let reason = self.sentence(server);
        match &self.trouble {
            Trouble::Broken(_) if self.step == Step::Dot => SendOutcome::Ambiguous { reason },
            // Silence about one recipient is that recipient's, and must not stop the mails of all others; a
            // server that is gone shows it at the next greeting.
            Trouble::Broken(_) => SendOutcome::Retry { reason, everyone: self.step != Step::Recipient },
            Trouble::Refused { code, text } if self.concerns_everyone(*code, text) => {
                SendOutcome::Retry { reason, everyone: true }
            }
            Trouble::Refused { code: 500.., .. } => SendOutcome::Failed { reason },
            Trouble::Refused { .. } => SendOutcome::Retry { reason, everyone: false },
        }
    }

    /// Up to MAIL FROM nothing of the recipient has been said. Later, 421 means that the service
    /// ends; 4.3.1, 4.3.2 and 4.3.5 (RFC 3463 §3.4) that the server is full, closed or ill set up;
    /// 5.1.7 and 5.1.8 that it does not like the sender, which Postfix says only at RCPT TO.
    fn concerns_everyone(&self, code: u16, text: &str) -> bool {
        self.step <= Step::Sender
            || code == 421
            || ["4.3.1 ", "4.3.2 ", "4.3.5 ", "5.1.7 ", "5.1.8 "].iter().any(|start| text.starts_with(start))
    }

    /// One line in Vietnamese: where, at which step, what.
    pub(super) fn sentence(&self, server: &str) -> String {
        shorten(&one_line(&format!("{server}: {self}")), REASON).into_owned()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lỗi khi {}: ", self.step.words())?;
        match &self.trouble {
            Trouble::Refused { code, text } => write!(f, "máy chủ từ chối, {code} {text}"),
            Trouble::Broken(reason) => f.write_str(reason),
        }
    }
}

/// A server's text as one short line.
pub(super) fn clean_reply(code: u16, lines: &[&str]) -> String {
    let text = lines.join(" ");
    let line: Cow<'_, str> = one_line(&text);
    shorten(format!("{code} {line}").trim_end(), REASON).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(step: Step, code: u16, text: &str) -> &'static str {
        word(&Fault::new(step, Trouble::Refused { code, text: text.to_owned() }))
    }

    fn word(fault: &Fault) -> &'static str {
        match fault.outcome("máy chủ thử") {
            SendOutcome::Sent { .. } => "sent",
            SendOutcome::Retry { everyone: true, .. } => "retry all",
            SendOutcome::Retry { everyone: false, .. } => "retry",
            SendOutcome::Failed { .. } => "failed",
            SendOutcome::Ambiguous { .. } => "ambiguous",
        }
    }

    #[test]
    fn refusals() {
        for (step, code, text, expected) in [
            (Step::Greeting, 554, "5.7.1 no service", "retry all"),
            (Step::StartTls, 454, "TLS not available", "retry all"),
            (Step::Login, 535, "5.7.8 bad password", "retry all"),
            (Step::Sender, 550, "5.1.8 sender", "retry all"),
            (Step::Sender, 452, "4.3.1 full", "retry all"),
            (Step::Recipient, 450, "4.2.0 greylisted", "retry"),
            (Step::Recipient, 452, "4.3.1 full", "retry all"),
            (Step::Recipient, 421, "bye", "retry all"),
            (Step::Recipient, 550, "5.1.1 unknown", "failed"),
            (Step::Recipient, 553, "5.1.8 sender domain", "retry all"),
            (Step::Recipient, 554, "no", "failed"),
            (Step::Data, 451, "4.7.1 later", "retry"),
            (Step::Data, 554, "5.5.1 no", "failed"),
            (Step::Dot, 554, "5.7.1 spam", "failed"),
            (Step::Dot, 451, "later", "retry"),
            (Step::Dot, 421, "bye", "retry all"),
        ] {
            assert_eq!(refused(step, code, text), expected, "{step:?} {code} {text}");
        }
    }

    #[test]
    fn broken_connections() {
        for (step, expected) in [
            (Step::Connect, "retry all"),
            (Step::Tls, "retry all"),
            (Step::Recipient, "retry"),
            (Step::Data, "retry all"),
            (Step::Body, "retry all"),
            (Step::Dot, "ambiguous"),
        ] {
            assert_eq!(word(&Fault::new(step, Trouble::Broken("x".to_owned()))), expected, "{step:?}");
        }
    }

    #[test]
    fn reasons_are_one_line() {
        let text = "5.1.1 a\r\nb\u{1b}[31m\u{0}c".to_owned();
        let fault = Fault::new(Step::Recipient, Trouble::Refused { code: 550, text });
        assert_eq!(
            fault.sentence("smtp.example:587"),
            "smtp.example:587: lỗi khi khai nơi nhận (RCPT TO): máy chủ từ chối, 550 5.1.1 a b [31m c"
        );
    }
}
