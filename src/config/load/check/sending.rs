//! What the settings about when and to whom mails leave must be beyond their types.

use super::{Checker, is_domain};
use crate::config::code::Code;
use crate::config::settings::Mail;
use crate::domain::sending::host;

/// Longest selector: one label of a domain name.
const SELECTOR: usize = 63;

impl Checker<'_> {
    pub(super) fn sending(&self, mail: &Mail) {
        self.sent(mail);
        for (number, domain) in mail.domains.iter().enumerate() {
            if !is_domain(domain.strip_prefix("*.").unwrap_or(domain)) {
                self.report(Code::BadDomain, &format!("mail.domains[{number}]"), [domain.as_str().into()]);
            }
        }
        for domain in mail.pace.hosts.keys().filter(|domain| !is_domain(domain)) {
            self.report(Code::BadDomain, "mail.pace.hosts", [domain.as_str().into()]);
        }
        if let Some(shadow) = &mail.shadow {
            self.plain("mail.shadow", shadow);
            self.report(Code::ShadowedMail, "mail.shadow", [shadow.escape_debug().to_string().into()]);
        }
        let Some(dkim) = &mail.dkim else { return };
        if let Some(domain) = dkim.domain.as_ref().filter(|domain| !is_domain(domain)) {
            self.report(Code::BadDomain, "mail.dkim.domain", [domain.as_str().into()]);
        }
        let sender = host(mail.from.trim_end_matches('>'));
        let above = |domain: &String| sender == *domain || sender.ends_with(&format!(".{domain}"));
        let signing = dkim.domain.as_ref().map(|domain| domain.to_ascii_lowercase());
        if let Some(domain) = signing.filter(|domain| !above(domain)) {
            self.report(Code::Unaligned, "mail.dkim.domain", [domain.into(), sender.into()]);
        }
        let label = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if dkim.selector.is_empty() || dkim.selector.len() > SELECTOR || !label(&dkim.selector) {
            let wanted =
                ("chữ không dấu, số và dấu -, ví dụ vanthu2026", "letters, digits and -, such as vanthu2026");
            self.report(Code::BadValue, "mail.dkim.selector", ["selector".into(), wanted.into()]);
        }
    }
}
