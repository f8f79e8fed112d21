//! Reports of delivery (RFC 3464): what became of a mail, by whom it is proved, and what it says of the
//! mailbox.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The machine-readable part of a report, with what it says of the mail it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// `Original-Envelope-Id`: what we said in ENVID (RFC 3461 §4.4).
    pub envelope: Option<String>,
    /// Message-ID of the mail that was returned, whole or its headers.
    pub returned: Option<String>,
    /// What is said of each recipient.
    pub recipients: Vec<Recipient>,
}

/// What a report says of one recipient. Addresses are lower case, without their type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    /// `Original-Recipient`: whom we wrote to.
    pub original: Option<String>,
    /// `Final-Recipient`: where it ended; another address where mail is forwarded.
    pub last: Option<String>,
    /// `Action`.
    pub action: Option<Action>,
    /// `Status`.
    pub status: Option<StatusCode>,
    /// `Diagnostic-Code`: the last server's own words, one line.
    pub diagnostic: Option<String>,
}

impl Recipient {
    /// Whether it is about this address.
    pub fn is(&self, address: &str) -> bool {
        let same =
            |known: &Option<String>| known.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(address));
        same(&self.original) || same(&self.last)
    }

    /// What became of the mail. A status that contradicts the action counts, because it decides what
    /// follows (RFC 3464 §2.3.4 asks for both).
    pub fn fate(&self) -> Option<Fate> {
        match (self.action?, self.status) {
            (Action::Delayed, _) => Some(Fate::Delayed),
            (Action::Delivered | Action::Relayed | Action::Expanded, _) => Some(Fate::Arrived),
            (Action::Failed, Some(status)) if status.class == 2 => None,
            (Action::Failed, status) => Some(Fate::Failed(status.unwrap_or(StatusCode::UNKNOWN))),
        }
    }
}

/// `Action` (RFC 3464 §2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It could not be delivered, and will not be tried again.
    Failed,
    /// It is still being tried.
    Delayed,
    /// It lies in the mailbox.
    Delivered,
    /// It went on to where no report comes from.
    Relayed,
    /// It went on to several.
    Expanded,
}

impl Action {
    /// The action behind a word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "failed" => Some(Self::Failed),
            "delayed" => Some(Self::Delayed),
            "delivered" => Some(Self::Delivered),
            "relayed" => Some(Self::Relayed),
            "expanded" => Some(Self::Expanded),
            _ => None,
        }
    }
}

/// What became of a mail by a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrived, or left for where nobody reports.
    Arrived,
    /// It is still being tried.
    Delayed,
    /// It will not arrive.
    Failed(StatusCode),
}

/// An enhanced status code (RFC 3463): `5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatusCode {
    /// 2 success, 4 for now, 5 for good.
    pub class: u8,
    /// 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// Which of them.
    pub detail: u16,
}

impl StatusCode {
    /// Failed for good, and nobody says why.
    pub const UNKNOWN: Self = Self { class: 5, subject: 0, detail: 0 };

    /// The code at the head of a text; what follows it is a comment.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim().split(|c: char| c.is_whitespace() || c == '(').next()?;
        let mut parts = code.split('.');
        let status = Self {
            class: parts.next()?.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?,
            subject: number(parts.next()?)?,
            detail: number(parts.next()?)?,
        };
        parts.next().is_none().then_some(status)
    }

    /// The code in a server's reply: `550 5.1.1 no such user`.
    pub fn find(reply: &str) -> Option<Self> {
        reply.split_whitespace().filter_map(Self::parse).find(|status| status.class != 2)
    }

    /// Whether the address itself is wrong: 5.1.x, but for those about the sender's own (5.1.7, 5.1.8).
    pub fn is_no_address(self) -> bool {
        self.class == 5 && self.subject == 1 && !matches!(self.detail, 7 | 8)
    }

    /// Whether it was refused by policy (x.7.x), which concerns who sends as often as who receives.
    pub fn is_policy(self) -> bool {
        self.subject == 7
    }

    /// Whether the fault lies with this mail and not with its mailbox: content (x.6.x), too large for the
    /// system or the mailbox (x.3.4, x.2.3), sender refused (x.1.7, x.1.8), protocol (x.5.x).
    pub fn is_of_mail(self) -> bool {
        matches!((self.subject, self.detail), (5 | 6, _) | (3, 4) | (2, 3) | (1, 7 | 8))
    }
}

/// One to three digits (RFC 3463 §2).
fn number(text: &str) -> Option<u16> {
    let fits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_strictly() {
        for (text, expected) in [
            ("5.1.1", Some("5.1.1")),
            (" 4.4.7 (delivery time expired)", Some("4.4.7")),
            ("5.7.26 x", Some("5.7.26")),
            ("2.0.0", Some("2.0.0")),
            ("3.1.1", None),
            ("5.1", None),
            ("5.1.1.1", None),
            ("5.1.1000", None),
            ("5.+1.1", None),
            ("", None),
        ] {
            assert_eq!(StatusCode::parse(text).map(|code| code.to_string()).as_deref(), expected, "{text:?}");
        }
        let found = StatusCode::find("mail.khoi.example:25 từ chối: 550 5.1.1 <a@b>: no such user");
        assert_eq!(found.map(|code| code.to_string()).as_deref(), Some("5.1.1"));
        assert_eq!(StatusCode::find("127.0.0.1:25 550 no such user"), None);
    }

    #[test]
    fn a_fate_follows_from_action_and_status() {
        let of = |action, status: &str| {
            Recipient {
                action: Action::parse(action),
                status: StatusCode::parse(status),
                ..Recipient::default()
            }
            .fate()
        };
        assert_eq!(of("Failed", "5.1.1"), Some(Fate::Failed(StatusCode { class: 5, subject: 1, detail: 1 })));
        assert_eq!(of("failed", ""), Some(Fate::Failed(StatusCode::UNKNOWN)));
        assert_eq!(of("failed", "2.0.0"), None);
        assert_eq!(of("delayed", "4.4.1"), Some(Fate::Delayed));
        assert_eq!(of("delivered", "2.0.0"), Some(Fate::Arrived));
        assert_eq!(of("lost", "5.0.0"), None);
    }
}
