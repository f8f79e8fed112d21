//! Mail that came back: what a message is, what a reply says, what a report of delivery proves. A
//! message is read by the mail adapter, in its cage; what follows from it is decided here.

mod nature;
mod quote;
mod reply;
mod report;

use chrono::{DateTime, Utc};

pub use nature::{Automatic, Nature, nature};
pub use quote::own_words;
pub use reply::{Said, Unsaid, said};
pub use report::{Action, Fate, Recipient, Report, StatusCode};

/// A message as far as anything follows from it. Addresses are lower case; ids bear no brackets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// Who says to have written it.
    pub from: Option<String>,
    /// Whom it was sent to: To, Cc, Delivered-To, X-Original-To.
    pub to: Vec<String>,
    /// The mails it answers: In-Reply-To first, then References, the nearest first.
    pub refers: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// When it says to have been written.
    pub date: Option<DateTime<Utc>>,
    /// What its headers tell of its author being a machine.
    pub signs: Signs,
    /// Its text, quotes and all, one form of line end; cut to what the cage lets through.
    pub text: String,
    /// The machine-readable part of a report of delivery.
    pub report: Option<Report>,
}

/// What headers tell of a message's author (RFC 3834 §2, RFC 2919, RFC 8098; the de facto `Precedence`,
/// `X-Auto-Response-Suppress`, `X-Autoreply`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    /// `Auto-Submitted` with a value other than `no`.
    pub auto_submitted: bool,
    /// `Precedence: bulk`, `junk`, `list` or `auto_reply`.
    pub precedence: bool,
    /// `X-Auto-Response-Suppress`: only machines ask machines to be silent.
    pub suppresses: bool,
    /// `X-Autoreply`, `X-Autorespond`, `X-Auto-Reply-From` and their like.
    pub auto_reply: bool,
    /// `List-Id`, `List-Unsubscribe`, `List-Post`.
    pub list: bool,
    /// An empty `Return-Path`: nobody wants to hear of its fate.
    pub no_return: bool,
    /// `multipart/report` of another type than delivery, such as a read receipt.
    pub other_report: bool,
    /// Our own `X-Vanthu-Reason`: one of our mails came back whole.
    pub ours: bool,
}

/// The address without what follows its first `+` (RFC 5233), and what follows it.
pub fn plus(address: &str) -> Option<(String, &str)> {
    let (local, domain) = address.rsplit_once('@')?;
    let (base, tag) = local.split_once('+')?;
    (!base.is_empty() && !tag.is_empty()).then(|| (format!("{base}@{domain}"), tag))
}

/// `base` with a tag: `vanthu+k5f…@khoi.example`; `None` where the base is no address, has a tag already, or
/// the result would be longer than RFC 5321 §4.5.3.1.1 lets a local part be.
pub fn plus_address(base: &str, tag: &str) -> Option<String> {
    let (local, domain) = base.rsplit_once('@')?;
    let fits = !local.is_empty() && !local.contains('+') && local.len() + 1 + tag.len() <= 64;
    fits.then(|| format!("{local}+{tag}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_both_ways() {
        let address = plus_address("vanthu@khoi.example", "k5f2").unwrap();
        assert_eq!(address, "vanthu+k5f2@khoi.example");
        assert_eq!(plus(&address), Some(("vanthu@khoi.example".to_owned(), "k5f2")));
        for bare in ["vanthu@khoi.example", "vanthu+@khoi.example", "+a@khoi.example", "vanthu"] {
            assert_eq!(plus(bare), None, "{bare}");
        }
        assert_eq!(plus_address("vanthu", "a"), None);
        assert_eq!(plus_address("van+thu@khoi.example", "a"), None);
        assert_eq!(plus_address(&format!("{}@a.example", "v".repeat(40)), &"k".repeat(32)), None);
    }
}
