//! Accepted mails, where they can be seen: in a mailbox that gets a copy of each ([`imap`]), or in the log of the mail
//! server ([`log`]).

pub mod imap;
pub mod log;

/// Whether a Message-ID is one that we may have made, and may stand in a command as it is.
fn is_ours(message_id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte);
    !message_id.is_empty() && message_id.len() <= 320 && message_id.bytes().all(plain)
}
