//! Signs finished mails (RFC 6376; RFC 8463 for Ed25519), relaxed/relaxed, over the bytes as they will stand
//! on the wire. lettre's own signer is not used: with its default settings verifiers reject what it signs.
//!
//! Headers that a receiver shows are named once more than they occur, so that none can be added later.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use chrono::{DateTime, Utc};
use data_encoding::BASE64;

use crate::domain::dkim::{Key, KeyFault};

/// Headers that are signed where they occur, and once more so that nobody adds one.
const SIGNED: [&str; 11] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "reply-to",
    "list-id",
    "mime-version",
    "content-type",
];

/// Characters of a line of the signature.
const LINE: usize = 72;

/// Who signs.
#[derive(Debug, Clone)]
pub struct DkimOptions {
    /// The signing domain; the sender's, or one above it, or DMARC will not count it.
    pub domain: String,
    /// Where below `_domainkey` the public key stands.
    pub selector: String,
    /// The private key as PEM.
    pub key: secrecy::SecretString,
}

/// Signs mails.
#[derive(Debug)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

impl Signer {
    /// Reads the key.
    ///
    /// # Errors
    /// [`KeyFault`]
    pub fn new(options: &DkimOptions) -> Result<Self, KeyFault> {
        let key = Key::parse(secrecy::ExposeSecret::expose_secret(&options.key))?;
        Ok(Self { domain: options.domain.clone(), selector: options.selector.clone(), key })
    }

    /// The mail with a signature before its first header; `None` if the key failed, or the mail has no end of
    /// its head.
    pub(super) fn sign(&self, mail: &[u8], at: DateTime<Utc>) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(mail).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let fields = fields(head);
        let (names, mut hashed) = chosen(&fields);
        let body_hash = BASE64.encode(digest(&SHA256, relaxed_body(body).as_bytes()).as_ref());
        let unsigned = format!(
            "v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            at.timestamp(),
            names.join(":\r\n  "),
        );
        hashed.push_str(&relaxed_field("DKIM-Signature", &unsigned));
        let signature = BASE64.encode(&self.signature(hashed.as_bytes())?);
        let folded: Vec<_> = signature.as_bytes().chunks(LINE).map(String::from_utf8_lossy).collect();
        let signed = format!("DKIM-Signature: {unsigned}{}\r\n{text}", folded.join("\r\n  "));
        Some(signed.into_bytes())
    }

    fn signature(&self, data: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature).ok()?;
                Some(signature)
            }
            Key::Ed25519(pair) => {
                Some(pair.try_sign(digest(&SHA256, data).as_ref()).ok()?.as_ref().to_owned())
            }
        }
    }
}

/// The head's fields, name and folded value, in order.
fn fields(head: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for line in head.split("\r\n") {
        match (line.starts_with([' ', '\t']), fields.last_mut()) {
            (true, Some((_, value))) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            _ => {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                fields.push((name, value.to_owned()));
            }
        }
    }
    fields
}

/// The names for `h=`, and what is hashed of the head: each name's fields from the last to the first
/// (RFC 6376 §5.4.2), and the name once more, which hashes nothing.
fn chosen(fields: &[(&str, String)]) -> (Vec<&'static str>, String) {
    let (mut names, mut hashed) = (Vec::new(), String::new());
    for name in SIGNED {
        for (own, value) in fields.iter().rev().filter(|(own, _)| own.eq_ignore_ascii_case(name)) {
            names.push(name);
            hashed.push_str(&relaxed_field(own, value));
            hashed.push_str("\r\n");
        }
        names.push(name);
    }
    (names, hashed)
}

/// A field in relaxed form (RFC 6376 §3.4.2), without its line end.
fn relaxed_field(name: &str, value: &str) -> String {
    let value: Vec<_> = value.split_ascii_whitespace().collect();
    format!("{}:{}", name.trim().to_ascii_lowercase(), value.join(" "))
}

/// A body in relaxed form (RFC 6376 §3.4.4).
fn relaxed_body(body: &str) -> String {
    let mut relaxed = String::with_capacity(body.len());
    let mut empty = 0;
    for line in body.strip_suffix("\r\n").unwrap_or(body).split("\r\n") {
        let line = relaxed_line(line);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            relaxed.push_str("\r\n");
        }
        relaxed.push_str(&line);
        relaxed.push_str("\r\n");
    }
    relaxed
}

/// Runs of blanks become one, those at the end none.
fn relaxed_line(line: &str) -> String {
    let mut relaxed = String::with_capacity(line.len());
    for letter in line.chars() {
        match letter {
            ' ' | '\t' if relaxed.ends_with(' ') => {}
            ' ' | '\t' => relaxed.push(' '),
            letter => relaxed.push(letter),
        }
    }
    relaxed.truncate(relaxed.trim_end_matches(' ').len());
    relaxed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6376 §3.4.5.
    #[test]
    fn canonical_forms_of_the_rfc() {
        assert_eq!(relaxed_field("A", " X"), "a:X");
        assert_eq!(relaxed_field("B ", " Y\t\r\n\tZ  "), "b:Y Z");
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(""), "");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
        assert_eq!(relaxed_body("a\r\n\r\nb"), "a\r\n\r\nb\r\n");
    }

    #[test]
    fn every_occurrence_is_named_from_the_last_and_once_more() {
        let fields = fields("From: a\r\nTo: b\r\nX: c\r\nto: d\r\n e");
        let (names, hashed) = chosen(&fields);
        assert_eq!(names[..6], ["from", "from", "to", "to", "to", "subject"]);
        assert_eq!(hashed, "from:a\r\nto:d e\r\nto:b\r\n");
    }
}
