//! From the bytes of a message to what follows from it. A cage: bytes, parts and mails within mails are
//! bounded before anything is parsed, so that time and memory are (promises T50).

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};

use super::{html, status};
use crate::app::ports::{Glance, Unreadable};
use crate::domain::inbound::{Received, Report, Signs};
use crate::domain::legacy;
use crate::domain::text::clean;
use crate::mime;

/// Bytes of a message that are read at most. Its text stands before what it attaches; a report is smaller.
pub const EXCERPT: usize = 1 << 20;
/// Bytes of its headers.
pub const HEAD: usize = 64 << 10;
/// Lines that begin or end a part.
const PARTS: usize = 400;
/// Mails within mails: a report returns one, which may have answered another.
const MAILS: usize = 4;
/// Letters of text that are looked at.
const TEXT: usize = 64 << 10;
/// Ids that a message may refer to, and addresses that it may be for.
const MOST: usize = 64;

/// What a message says.
///
/// # Errors
/// [`Unreadable`]
pub fn read(bytes: &[u8]) -> Result<Received, Unreadable> {
    if bytes.len() > EXCERPT {
        return Err(Unreadable::TooLarge(bytes.len() as u64));
    }
    let shape = mime::shape(bytes);
    if shape.mails > MAILS {
        return Err(Unreadable::TooDeep);
    }
    if shape.parts > PARTS {
        return Err(Unreadable::TooManyParts);
    }
    caught(|| whole(bytes)).unwrap_or(Err(Unreadable::TooHard))
}

fn whole(bytes: &[u8]) -> Result<Received, Unreadable> {
    let mail = MessageParser::default().parse(bytes).ok_or(Unreadable::NoMail)?;
    if mail.parts.len() > PARTS {
        return Err(Unreadable::TooManyParts);
    }
    Ok(Received { text: text(&mail), report: report(&mail), ..headers(&mail) })
}

/// What comes of the parser's work; nothing where it falls over the bytes, as mail-parser does over some that no
/// program writes (stalwartlabs/mail-parser issues 120 and 145, `fuzz/seeds/inbound/phan-lac.eml`). One mail must not
/// take the daemon along, which would fetch it again at every start.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// What the head of a message says.
pub fn glance(head: &[u8], size: u64) -> Glance {
    let head = head.get(..head.len().min(HEAD)).unwrap_or_default();
    let seen = caught(|| {
        let mail = MessageParser::default().parse_headers(head)?;
        Some(Glance { size, reports: is_report(&mail) == Some(true), head: headers(&mail) })
    });
    seen.flatten().unwrap_or(Glance { size, head: Received::default(), reports: false })
}

/// Tells a message from every other wherever it lies: SHA-256 of its Message-ID and of what stands below its
/// headers, to which every server on the way adds.
pub fn identity(bytes: &[u8]) -> String {
    let id =
        caught(|| MessageParser::default().parse_headers(bytes)?.message_id().map(str::to_owned)).flatten();
    let body = memchr::memmem::find(bytes, b"\r\n\r\n").and_then(|at| bytes.get(at..)).unwrap_or(bytes);
    let mut hash = Context::new(&SHA256);
    hash.update(id.unwrap_or_default().as_bytes());
    hash.update(b"\0");
    hash.update(body);
    HEXLOWER.encode(hash.finish().as_ref())
}

fn headers(mail: &Message<'_>) -> Received {
    let mut refers = ids(mail.in_reply_to());
    refers.extend(ids(mail.references()).into_iter().rev());
    refers.truncate(MOST);
    Received {
        message_id: mail.message_id().map(str::to_owned),
        from: mail.from().and_then(Address::first).and_then(|from| from.address()).map(str::to_lowercase),
        to: recipients(mail),
        refers,
        subject: clean(mail.subject().unwrap_or_default()),
        date: mail.date().and_then(|date| DateTime::<Utc>::from_timestamp(date.to_timestamp(), 0)),
        signs: signs(mail),
        text: String::new(),
        report: None,
    }
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(Cow::to_string).collect(),
        _ => Vec::new(),
    }
}

/// Whom a message was for, by its author and by the servers that delivered it.
fn recipients(mail: &Message<'_>) -> Vec<String> {
    let named = mail.to().into_iter().chain(mail.cc()).flat_map(Address::iter);
    let named = named.filter_map(|to| to.address()).map(str::to_lowercase);
    let delivered = mail.headers_raw().filter(|(name, _)| {
        ["delivered-to", "x-original-to", "envelope-to"].iter().any(|known| name.eq_ignore_ascii_case(known))
    });
    let delivered = delivered.map(|(_, value)| value.trim().trim_matches(['<', '>']).to_lowercase());
    delivered.chain(named).take(MOST).collect()
}

fn signs(mail: &Message<'_>) -> Signs {
    let mut signs = Signs { other_report: is_report(mail) == Some(false), ..Signs::default() };
    for (name, value) in mail.headers_raw() {
        let value = value.trim().to_ascii_lowercase();
        let word = value.split([';', ' ', '(']).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "auto-submitted" => signs.auto_submitted |= word != "no",
            "precedence" => signs.precedence |= matches!(word, "bulk" | "junk" | "list" | "auto_reply"),
            "x-auto-response-suppress" => signs.suppresses = true,
            "x-autoreply" | "x-autorespond" | "x-auto-reply-from" | "x-autogenerated"
            | "x-mail-autoreply" => {
                signs.auto_reply = true;
            }
            "list-id" | "list-unsubscribe" | "list-post" => signs.list = true,
            "return-path" => signs.no_return |= value == "<>",
            "x-vanthu-reason" => signs.ours = true,
            _ => {}
        }
    }
    signs
}

/// Whether a message is a report of delivery; `None` if it is no report at all.
fn is_report(mail: &Message<'_>) -> Option<bool> {
    let kind = mail.content_type()?;
    let subtype = kind.subtype().unwrap_or_default();
    if !kind.ctype().eq_ignore_ascii_case("multipart") || !subtype.eq_ignore_ascii_case("report") {
        return None;
    }
    Some(kind.attribute("report-type").is_some_and(|of| of.eq_ignore_ascii_case("delivery-status")))
}

/// Its text, of its HTML where it has no other, in Unicode as one writes it today.
fn text(mail: &Message<'_>) -> String {
    let text = match mail.text_part(0).map(|part| &part.body) {
        Some(PartType::Html(html)) => html::text(html),
        _ => mail.body_text(0).map(Cow::into_owned).unwrap_or_default(),
    };
    let text: String = text.chars().take(TEXT).filter(|c| *c != '\r').collect();
    match legacy::suspect(&text) {
        Some((_, unicode)) => unicode,
        None => text,
    }
}

fn report(mail: &Message<'_>) -> Option<Report> {
    if is_report(mail) != Some(true) {
        return None;
    }
    let of = |part: &mail_parser::MessagePart<'_>| {
        let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default();
        subtype.to_ascii_lowercase()
    };
    let groups = mail
        .parts
        .iter()
        .find(|part| matches!(of(part).as_str(), "delivery-status" | "global-delivery-status"));
    let mut report = status::read(&String::from_utf8_lossy(groups?.contents()));
    report.returned = mail.parts.iter().find_map(|part| match &part.body {
        PartType::Message(returned) => returned.message_id().map(str::to_owned),
        // The headers alone, as Postfix and others return them for RET=HDRS (RFC 6522 §4).
        _ if of(part).ends_with("headers") => {
            MessageParser::default().parse_headers(part.contents())?.message_id().map(str::to_owned)
        }
        _ => None,
    });
    Some(report)
}

#[cfg(test)]
mod tests;
