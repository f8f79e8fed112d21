//! Whether a person wrote a message, a machine did, or the post reports on one of ours (RFC 3834).
//! In doubt it is a machine's: what a person wrote is lost to no one, for it stays in the mailbox, while a
//! machine's word that counted would be an acknowledgement nobody gave.

use super::{Received, own_words};
use crate::domain::text::bare_key;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A person's words.
    Person,
    /// A machine's answer.
    Machine(Automatic),
    /// The post's report about a mail.
    Report,
}

/// By what a machine was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// A header says so.
    Header,
    /// A list or a bulk sender.
    Bulk,
    /// It wants no answer: its return path is empty.
    NoReturn,
    /// A read receipt, or another report that is not of delivery.
    Receipt,
    /// The post's own address, without a report that can be read.
    Postmaster,
    /// Its subject is that of an automatic answer.
    Subject,
    /// Its words are those of one.
    Words,
    /// One of our own mails.
    Ours,
}

impl Automatic {
    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Bulk => "bulk",
            Self::NoReturn => "no-return",
            Self::Receipt => "receipt",
            Self::Postmaster => "postmaster",
            Self::Subject => "subject",
            Self::Words => "words",
            Self::Ours => "ours",
        }
    }
}

/// Local parts that no person writes from.
const MACHINES: [&str; 7] =
    ["mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply", "mail-daemon"];

/// How automatic answers begin their subject, as bare keys: Exchange, Outlook, Gmail, Zimbra, in Vietnamese and
/// English.
const SUBJECTS: [&str; 13] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "out of office",
    "out-of-office",
    "tra loi tu dong",
    "thu tra loi tu dong",
    "phan hoi tu dong",
    "tu dong tra loi",
    "vang mat:",
    "toi dang vang mat",
];

/// What only automatic answers say, as bare keys.
const WORDS: [&str; 12] = [
    "out of the office",
    "out of office",
    "on vacation",
    "on annual leave",
    "automatically generated",
    "this is an automatic",
    "thu tra loi tu dong",
    "tra loi tu dong",
    "phan hoi tu dong",
    "email nay duoc gui tu dong",
    "toi hien dang vang mat",
    "khong co mat tai co quan",
];

/// What a message is.
pub fn nature(mail: &Received) -> Nature {
    if mail.report.is_some() {
        return Nature::Report;
    }
    machine(mail).map_or(Nature::Person, Nature::Machine)
}

fn machine(mail: &Received) -> Option<Automatic> {
    let signs = &mail.signs;
    let by_header = [
        (signs.ours, Automatic::Ours),
        (signs.other_report, Automatic::Receipt),
        (signs.auto_submitted || signs.auto_reply || signs.suppresses, Automatic::Header),
        (signs.list || signs.precedence, Automatic::Bulk),
        (is_machine(mail.from.as_deref()), Automatic::Postmaster),
        (signs.no_return, Automatic::NoReturn),
    ];
    if let Some((_, how)) = by_header.into_iter().find(|(holds, _)| *holds) {
        return Some(how);
    }
    let subject = bare_key(&mail.subject);
    if SUBJECTS.iter().any(|start| subject.starts_with(start)) {
        return Some(Automatic::Subject);
    }
    let words = bare_key(&own_words(&mail.text).join(" "));
    WORDS.iter().any(|phrase| words.contains(phrase)).then_some(Automatic::Words)
}

/// A message without an author is a machine's too.
fn is_machine(from: Option<&str>) -> bool {
    from.and_then(|from| from.split('@').next()).is_none_or(|local| MACHINES.contains(&local))
}

#[cfg(test)]
mod tests {
    use super::super::{Report, Signs};
    use super::*;

    fn person() -> Received {
        Received {
            from: Some("chibo1@khoi.example".to_owned()),
            subject: "Re: [12-KH/ĐUK] Kế hoạch".to_owned(),
            text: "Đã nhận".to_owned(),
            ..Received::default()
        }
    }

    fn signed(signs: Signs) -> Received {
        Received { signs, ..person() }
    }

    #[test]
    fn machines_are_known_by_any_one_sign() {
        let s = Signs::default;
        let subject = |subject: &str| Received { subject: subject.to_owned(), ..person() };
        let text = |text: &str| Received { text: text.to_owned(), ..person() };
        let from = |from: Option<&str>| Received { from: from.map(str::to_owned), ..person() };
        for (mail, expected) in [
            (signed(Signs { auto_submitted: true, ..s() }), Automatic::Header),
            (signed(Signs { auto_reply: true, ..s() }), Automatic::Header),
            (signed(Signs { suppresses: true, ..s() }), Automatic::Header),
            (signed(Signs { precedence: true, ..s() }), Automatic::Bulk),
            (signed(Signs { list: true, ..s() }), Automatic::Bulk),
            (signed(Signs { no_return: true, ..s() }), Automatic::NoReturn),
            (signed(Signs { other_report: true, ..s() }), Automatic::Receipt),
            (signed(Signs { ours: true, ..s() }), Automatic::Ours),
            (from(Some("mailer-daemon@mail.example")), Automatic::Postmaster),
            (from(None), Automatic::Postmaster),
            (subject("Automatic reply: [12-KH/ĐUK] Kế hoạch"), Automatic::Subject),
            (subject("Trả lời tự động: Kế hoạch"), Automatic::Subject),
            (
                subject("TRA\u{309} LO\u{31b}\u{300}I TU\u{31b}\u{323} ĐO\u{302}\u{323}NG: x"),
                Automatic::Subject,
            ),
            (text("Đã nhận.\nHiện tôi không có mặt tại cơ quan, xin liên hệ …"), Automatic::Words),
            (text("I am out of the office until Monday."), Automatic::Words),
        ] {
            assert_eq!(nature(&mail), Nature::Machine(expected), "{mail:?}");
        }
    }

    #[test]
    fn people_and_the_post_are_known() {
        assert_eq!(nature(&person()), Nature::Person);
        let quoted = Received {
            text: "Đã nhận\n> thư này được gửi trả lời tự động".to_owned(), ..person()
        };
        assert_eq!(nature(&quoted), Nature::Person, "what is quoted is not said");
        let no_return = Signs { no_return: true, auto_submitted: true, ..Signs::default() };
        let report = Received { report: Some(Report::default()), ..signed(no_return) };
        assert_eq!(nature(&report), Nature::Report);
    }
}
