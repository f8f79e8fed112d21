//! Mails as the server took them: what was captured, taken apart, and the promises every one of them
//! and all of them together must keep.

use std::collections::{BTreeMap, BTreeSet};

use mail_parser::{Address, Message, MessageParser};

use crate::support::smtp_sink::SmtpSink;

/// A captured mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its one recipient.
    pub to: String,
    /// The number of the document it is about.
    pub symbol: String,
    /// `notice`, `reminder` and so on.
    pub kind: String,
    /// Its Message-ID.
    pub message_id: String,
    /// The link's token.
    pub token: String,
    /// The address of its link, without the token's server.
    pub path: String,
}

/// What makes two mails repeats of one another, from the reader's side: who, about what, which kind.
pub type Key = (String, String, String);

impl Mail {
    /// Takes a captured mail apart and holds it to what each mail must keep: one recipient, the same in
    /// envelope and header; one link, the same in text and HTML. `None` for a mail that was cut off on
    /// its way, which no server has accepted.
    pub fn read(raw: &[u8]) -> Option<Self> {
        let end = raw.trim_ascii_end();
        if !end.ends_with(b"--") {
            return None;
        }
        let mail = MessageParser::default().parse(raw).unwrap();
        let to = recipient(&mail);
        let bodies = [mail.body_text(0).unwrap(), mail.body_html(0).unwrap()];
        let links: BTreeSet<_> = bodies.iter().flat_map(|body| links(body)).collect();
        assert_eq!(links.len(), 1, "one link to {to}: {links:?}");
        let path = links.first().unwrap().clone();
        let subject = mail.subject().unwrap();
        Some(Self {
            to,
            symbol: subject.split(['[', ']']).nth(1).unwrap().to_owned(),
            kind: mail.header_raw("X-Vanthu-Reason").unwrap().trim().to_owned(),
            message_id: mail.message_id().unwrap().to_owned(),
            token: path.rsplit('/').next().unwrap().to_owned(),
            path,
        })
    }

    /// Who, about what, which kind.
    pub fn key(&self) -> Key {
        (self.to.clone(), self.symbol.clone(), self.kind.clone())
    }
}

fn recipient(mail: &Message<'_>) -> String {
    let envelope: Vec<_> = mail.header_values("X-Rcpt-Args").collect();
    assert_eq!(envelope.len(), 1, "one recipient in the envelope: {envelope:?}");
    let to = match mail.to() {
        Some(Address::List(list)) if list.len() == 1 => list[0].address().unwrap().to_owned(),
        other => panic!("one recipient in the header: {other:?}"),
    };
    assert!(mail.cc().is_none() && mail.bcc().is_none());
    assert!(mail.header_raw("X-Rcpt-Args").unwrap().contains(&format!("<{to}>")), "{to}: {envelope:?}");
    to
}

/// Paths of the links in a text.
fn links(text: &str) -> impl Iterator<Item = String> {
    let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '<' | '\'' | '&');
    text.match_indices("http://127.0.0.1:").filter_map(move |(start, _)| {
        let link = text.get(start..)?.split(ends).next()?;
        let (_, path) = link.strip_prefix("http://")?.split_once('/')?;
        Some(format!("/{path}"))
    })
}

/// All mails a server took whole.
pub fn taken(sink: &SmtpSink) -> Vec<Mail> {
    sink.mails().iter().filter_map(|raw| Mail::read(raw)).collect()
}

/// Mails by what they repeat. Repeats must bear the same Message-ID, and different mails different ones
/// and different tokens.
pub fn grouped(mails: &[Mail]) -> BTreeMap<Key, Vec<&Mail>> {
    let mut groups: BTreeMap<Key, Vec<&Mail>> = BTreeMap::new();
    for mail in mails {
        groups.entry(mail.key()).or_default().push(mail);
    }
    let mut ids = BTreeSet::new();
    let mut tokens = BTreeMap::new();
    for (key, mails) in &groups {
        let own: BTreeSet<_> = mails.iter().map(|mail| &mail.message_id).collect();
        assert_eq!(own.len(), 1, "repeats bear one Message-ID: {key:?} {own:?}");
        assert!(ids.insert(*own.first().unwrap()), "a Message-ID of two mails: {key:?}");
        for mail in mails {
            let owner = tokens.entry(&mail.token).or_insert(key);
            assert_eq!(*owner, key, "a token of two mails");
        }
    }
    groups
}
