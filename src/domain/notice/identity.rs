//! Ids of mails and of their threads: HMACs under the register's own secret.

use aws_lc_rs::hmac;

use super::NoticeKey;
use crate::domain::ids::{DocumentId, UnitId};

/// A planned Message-ID without angle brackets, for example `k5f…@vanthu.example`.
///
/// It is the HMAC-SHA256 of the key under the register's own secret, so a repeat after a crash bears
/// the same id, and nobody outside can foretell one.
pub fn message_id(key: &NoticeKey, secret: &hmac::Key, domain: &str) -> String {
    signed_id(
        &format!("{}|{}|{}|{}|{}", key.revision, key.unit, key.kind.as_str(), key.step, key.mailbox),
        secret,
        domain,
    )
}

/// The root that all mails about one document to one mailbox refer to, so that they form a thread
/// even when the first mail was lost.
pub fn thread_root(
    document: DocumentId,
    unit: &UnitId,
    mailbox: &str,
    secret: &hmac::Key,
    domain: &str,
) -> String {
    signed_id(&format!("thread|{document}|{unit}|{mailbox}"), secret, domain)
}

/// The root that the digests of a month to one mailbox refer to; `month` is `2026-03`. A thread for ever
/// would be one that nobody can open.
pub fn digest_root(unit: &UnitId, month: &str, mailbox: &str, secret: &hmac::Key, domain: &str) -> String {
    signed_id(&format!("digest|{unit}|{month}|{mailbox}"), secret, domain)
}

/// An id that nobody outside can foretell, and that a repeat bears again.
pub(in crate::domain) fn signed_id(text: &str, secret: &hmac::Key, domain: &str) -> String {
    let tag = hmac::sign(secret, text.as_bytes());
    let short = tag.as_ref().get(..20).unwrap_or_default();
    format!("{}@{domain}", data_encoding::BASE32_NOPAD.encode(short).to_ascii_lowercase())
}
