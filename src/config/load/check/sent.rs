//! Where accepted mails can be seen.

use std::time::Duration;

use super::inbox::is_folder;
use super::{Checker, is_loopback};
use crate::config::code::Code;
use crate::config::settings::{Mail, SentSettings, Tls};

/// Longest time a mail may be held for a look: longer would be a mail that does not leave.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

impl Checker<'_> {
    pub(super) fn sent(&self, mail: &Mail) {
        let Some(sent) = &mail.sent else { return };
        for (key, time) in [("grace", sent.grace()), ("patience", sent.patience())] {
            if time > LONGEST {
                let wanted = ("tối đa 24h", "24h at most").into();
                self.report(Code::BadValue, &format!("mail.sent.{key}"), [key.into(), wanted]);
            }
        }
        let SentSettings::Imap(imap) = sent else { return };
        if imap.tls == Tls::Plain && !is_loopback(&imap.host) {
            self.report(Code::PlainFar, "mail.sent.tls", []);
        }
        if !is_folder(&imap.folder) {
            let shown = imap.folder.escape_debug().to_string();
            self.report(Code::BadFolder, "mail.sent.folder", [shown.into()]);
        }
    }
}
