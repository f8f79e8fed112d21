//! The headers of a letter: who writes, what thread it belongs to, and that a machine wrote it.

use lettre::Address;
use lettre::message::header::{Date, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MessageBuilder};

use super::{ComposeError, ComposeOptions, ComposeSetupError, thread};
use crate::domain::bulletin::{Bulletin, News};
use crate::domain::notice::Letter;
use crate::render::line::{one_line, shorten};
use crate::render::mail::{Rendered, RenderedBulletin};

/// Characters of a display name. lettre puts `To` on one line; 40 Vietnamese letters in encoded words
/// stay below the 998 octets of RFC 5322 §2.1.1 with any address.
const NAME: usize = 40;

const LIST_ID: HeaderName = HeaderName::new_from_ascii_str("List-Id");
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const SUPPRESS: HeaderName = HeaderName::new_from_ascii_str("X-Auto-Response-Suppress");
const REASON: HeaderName = HeaderName::new_from_ascii_str("X-Vanthu-Reason");
const MEANT_FOR: HeaderName = HeaderName::new_from_ascii_str("X-Vanthu-Meant-For");
const THREAD_TOPIC: HeaderName = HeaderName::new_from_ascii_str("Thread-Topic");
const THREAD_INDEX: HeaderName = HeaderName::new_from_ascii_str("Thread-Index");

/// What is the same in all mails of an office, encoded once.
#[derive(Debug, Clone)]
pub(super) struct Fixed {
    name: Option<String>,
    address: Address,
    reply_to: Option<Mailbox>,
    headers: [HeaderValue; 3],
}

impl Fixed {
    /// Checks the addresses and the List-Id.
    pub(super) fn new(options: &ComposeOptions) -> Result<Self, ComposeSetupError> {
        let from = mailbox("from", &options.from)?;
        let reply_to = options.reply_to.as_deref().map(|value| mailbox("reply_to", value)).transpose()?;
        if !is_list_id(&options.list_id) {
            return Err(ComposeSetupError::ListId(options.list_id.clone()));
        }
        Ok(Self {
            name: from.name,
            address: from.email,
            reply_to,
            headers: [
                HeaderValue::new(LIST_ID, format!("<{}>", options.list_id)),
                // RFC 3834: no vacation answers; and the words Exchange knows for the same.
                HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()),
                HeaderValue::new(SUPPRESS, "OOF, AutoReply".to_owned()),
            ],
        })
    }

    /// The sender's address.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// The sender, with what the letter is before the name: the subject line may not change, so the
    /// list of mails shows here that this is the second reminder.
    fn sender(&self, heading: &str) -> Mailbox {
        let name = match &self.name {
            Some(name) => display_name(&format!("{heading} – {name}")),
            None => display_name(heading),
        };
        Mailbox::new(name, self.address.clone())
    }
}

/// Whom a mail is meant for that goes to the address of a trial run.
pub(super) fn meant_for(address: &Address) -> HeaderValue {
    HeaderValue::new(MEANT_FOR, address.to_string())
}

/// All headers of a letter to one recipient.
pub(super) fn builder(
    fixed: &Fixed,
    letter: &Letter,
    rendered: &Rendered,
    to: Mailbox,
) -> Result<MessageBuilder, ComposeError> {
    let id = bracketed(&letter.message_id)?;
    let root = bracketed(&letter.thread)?;
    let follows_up = if rendered.follows_up { "Re: " } else { "" };
    let topic = literal(&rendered.topic);
    let mut builder = Message::builder()
        .from(fixed.sender(&rendered.heading))
        .to(Mailbox::new(display_name(&letter.unit_name), to.email))
        .subject(format!("{follows_up}{topic}"))
        .header(Date::new(letter.written.into()))
        .message_id(Some(id.clone()))
        .raw_header(HeaderValue::new(THREAD_TOPIC, topic))
        .raw_header(HeaderValue::new(THREAD_INDEX, thread::index(letter, rendered.follows_up)))
        .raw_header(HeaderValue::new(REASON, letter.kind.as_str().to_owned()));
    // The root holds the conversation together even where its first mail was lost; the first mail is what
    // a reader's program can show above this one.
    match letter.first.as_deref().map(bracketed).transpose()? {
        Some(first) => builder = builder.references(format!("{root} {first}")).in_reply_to(first),
        None if id != root => builder = builder.references(root.clone()).in_reply_to(root),
        None => {}
    }
    if let Some(reply_to) = &fixed.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    Ok(fixed.headers.iter().fold(builder, |builder, header| builder.raw_header(header.clone())))
}

/// All headers of a mail about the office's files.
pub(super) fn bulletin(
    fixed: &Fixed,
    bulletin: &Bulletin,
    rendered: &RenderedBulletin,
    to: Mailbox,
) -> Result<MessageBuilder, ComposeError> {
    let builder = Message::builder()
        .from(fixed.sender(rendered.heading))
        .to(to)
        .subject(literal(&rendered.subject))
        .header(Date::new(bulletin.at.into()))
        .message_id(Some(bracketed(&bulletin.message_id)?))
        .raw_header(HeaderValue::new(REASON, reason(&bulletin.news).to_owned()));
    Ok(fixed.headers.iter().fold(builder, |builder, header| builder.raw_header(header.clone())))
}

fn reason(news: &News) -> &'static str {
    if matches!(news, News::Weekly(_)) { "weekly" } else { "files" }
}

/// A display name on one line, short, or none. lettre panics on line ends in display names.
fn display_name(name: &str) -> Option<String> {
    let line = one_line(name);
    (!line.is_empty()).then(|| literal(&shorten(&line, NAME)))
}

/// Text that no reader takes for an encoded word: lettre leaves ASCII as it is, and `=?utf-8?b?…?=`
/// in a trích yếu would come out decoded, with the line ends inside it.
fn literal(text: &str) -> String {
    text.replace("=?", "= ?")
}

fn mailbox(key: &'static str, value: &str) -> Result<Mailbox, ComposeSetupError> {
    let refused = || ComposeSetupError::Address { key, value: one_line(value).into_owned() };
    let (name, address) = match value.rsplit_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim_end().strip_suffix('>')),
        None => ("", Some(value.trim())),
    };
    let address = address.filter(|address| address.is_ascii()).ok_or_else(refused)?;
    Ok(Mailbox::new(display_name(name), address.parse().map_err(|_| refused())?))
}

fn is_list_id(id: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    id.contains('.') && id.len() <= 200 && id.split('.').all(label)
}

/// `<id>`, if it can stand in a header as it is.
fn bracketed(id: &str) -> Result<String, ComposeError> {
    let fits = id.len() <= 200
        && id.contains('@')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@.-_+".contains(&byte));
    if fits { Ok(format!("<{id}>")) } else { Err(ComposeError::Id(one_line(id).into_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_settings() {
        for (value, name, address) in [
            ("vanthu@x.example", None, Some("vanthu@x.example")),
            ("Văn thư Khối <vanthu@x.example>", Some("Văn thư Khối"), Some("vanthu@x.example")),
            ("\"Văn thư, Khối\" <vanthu@x.example>", Some("Văn thư, Khối"), Some("vanthu@x.example")),
            (
                "Văn\r\nBcc: a@b.example <vanthu@x.example>",
                Some("Văn Bcc: a@b.example"),
                Some("vanthu@x.example"),
            ),
            ("tổ@x.example", None, None),
            ("Khối <vanthu@x.example", None, None),
            ("vanthu", None, None),
            ("", None, None),
        ] {
            let read = mailbox("from", value).ok();
            assert_eq!(read.as_ref().map(|read| read.email.to_string()).as_deref(), address, "{value:?}");
            assert_eq!(read.and_then(|read| read.name).as_deref(), name, "{value:?}");
        }
    }

    #[test]
    fn ids_that_cannot_stand_in_a_header_are_refused() {
        for (id, fits) in [
            ("k5f@vanthu.example", true),
            ("k5f", false),
            ("a b@c", false),
            ("a@c>\r\nBcc: x", false),
            ("", false),
        ] {
            assert_eq!(bracketed(id).is_ok(), fits, "{id:?}");
        }
    }

    #[test]
    fn list_ids() {
        for (id, fits) in [("chi-dao.duk.example", true), ("chidao", false), ("a..b", false), ("a.b>", false)]
        {
            assert_eq!(is_list_id(id), fits, "{id:?}");
        }
    }
}
