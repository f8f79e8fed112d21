//! The mailbox for answers.

use std::time::Duration;

use super::{Checker, is_loopback};
use crate::config::code::Code;
use crate::config::settings::{Inbox, Settings, Tls};

/// Least time between two looks.
const POLL: Duration = Duration::from_secs(10);
/// Most time between two looks: a line that is dead without a word is found at the next one.
const RARELY: Duration = Duration::from_secs(5 * 60);
/// Megabytes of a message.
const LARGEST: std::ops::RangeInclusive<u64> = 1..=100;
/// Letters of a local part before the tag of 32 and its `+` (RFC 5321 §4.5.3.1.1 allows 64).
const LOCAL: usize = 31;
/// Longest name of a folder.
const FOLDER: usize = 200;

impl Checker<'_> {
    pub(super) fn inbox(&self, settings: &Settings) {
        let Some(inbox) = &settings.inbox else { return };
        if inbox.tls == Tls::Plain && !is_loopback(&inbox.host) {
            self.report(Code::PlainFar, "inbox.tls", []);
        }
        for (key, folder) in [("folder", &inbox.folder), ("handled", &inbox.handled)] {
            if !is_folder(folder) {
                let path = format!("inbox.{key}");
                self.report(Code::BadFolder, &path, [folder.escape_debug().to_string().into()]);
            }
        }
        if inbox.folder.eq_ignore_ascii_case(&inbox.handled) {
            self.report(Code::SameFolder, "inbox.handled", [inbox.handled.as_str().into()]);
        }
        self.inbox_bounds(inbox);
        if inbox.tagged {
            self.tagged(&settings.mail.from);
        }
    }

    fn inbox_bounds(&self, inbox: &Inbox) {
        if !(POLL..=RARELY).contains(&inbox.poll) {
            let wanted = ("từ 10s đến 5m", "10s to 5m").into();
            self.report(Code::BadValue, "inbox.poll", ["poll".into(), wanted]);
        }
        if !LARGEST.contains(&inbox.largest_mb) {
            let (low, high) = (LARGEST.start(), LARGEST.end());
            let wanted = (format!("số từ {low} đến {high}"), format!("a number from {low} to {high}")).into();
            self.report(Code::BadValue, "inbox.largest_mb", ["largest_mb".into(), wanted]);
        }
    }

    /// The sender's address must have room for a tag, and none yet.
    fn tagged(&self, from: &str) {
        let Ok(from) = from.parse::<lettre::message::Mailbox>() else { return };
        let local = from.email.user();
        if local.contains('+') || local.len() > LOCAL {
            self.report(Code::NoTag, "inbox.tagged", [from.email.to_string().into()]);
        }
    }
}

/// Whether a name can stand in an IMAP command as it is: printable ASCII without what the protocol gives a
/// meaning; letters beyond ASCII would need an encoding of their own (RFC 3501 §5.1.3), which `&` begins.
pub(super) fn is_folder(name: &str) -> bool {
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !"&%*\"\\(){}".contains(c);
    !name.is_empty() && name.len() <= FOLDER && name.trim() == name && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_folder;

    #[test]
    fn folders() {
        for (name, fits) in [
            ("INBOX", true),
            ("INBOX.vanthu", true),
            ("Da xu ly", true),
            ("Đã xử lý", false),
            ("a*", false),
            ("a\"b", false),
            (" a", false),
            ("", false),
        ] {
            assert_eq!(is_folder(name), fits, "{name:?}");
        }
    }
}
