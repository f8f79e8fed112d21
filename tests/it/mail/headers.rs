//! The mail as a mail program sees it.

use std::fmt::Write as _;

use mail_parser::{HeaderValue, MessageParser};
use vanthu::domain::language::Language;
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::render::mail::{in_language, samples};

use super::{composed, letter_to};

/// Every header of the six letters, decoded, and the shape of the body.
#[test]
fn headers_of_the_six_letters() {
    for letter in samples() {
        let mail = composed(&letter).unwrap();
        let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
        let mut shown = format!("MAIL FROM:<{}> RCPT TO:<{}>\n", mail.from, mail.to);
        for header in parsed.headers() {
            let value = match header.value() {
                HeaderValue::Address(address) => address
                    .iter()
                    .map(|one| {
                        format!("{} <{}>", one.name().unwrap_or_default(), one.address().unwrap_or_default())
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
                HeaderValue::DateTime(date) => date.to_rfc3339(),
                HeaderValue::ContentType(kind) => {
                    format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
                }
                value => value.as_text().unwrap_or("…").to_owned(),
            };
            writeln!(shown, "{}: {value}", header.name()).unwrap();
        }
        for part in &parsed.parts {
            let headers = part.headers.iter().map(|header| header.name().to_owned()).collect::<Vec<_>>();
            writeln!(shown, "part: {} {:?}", headers.join(", "), part.encoding).unwrap();
        }
        insta::assert_snapshot!(format!("headers_{}", letter.kind.as_str()), shown);
    }
}

/// A repeat after a crash is the same mail, byte for byte.
#[test]
fn composing_twice_gives_the_same_bytes() {
    for letter in samples() {
        assert_eq!(composed(&letter), composed(&letter));
    }
}

#[test]
fn the_root_of_a_thread_refers_to_nothing() {
    let letter = letter_to("a@khoi.example");
    let root = Letter { message_id: letter.thread.clone(), ..letter.clone() };
    for (letter, refers) in [(letter, true), (root, false)] {
        let text = String::from_utf8(composed(&letter).unwrap().bytes).unwrap();
        assert_eq!(text.contains("\r\nReferences: "), refers);
        assert_eq!(text.contains("\r\nIn-Reply-To: "), refers);
    }
}

/// The words of the subject line stay the same while a thread lives, whatever a letter says.
#[test]
fn the_subject_line_is_frozen() {
    let subjects: Vec<String> = samples()
        .iter()
        .filter(|letter| letter.kind != NoticeKind::Escalation)
        .map(|letter| {
            let bytes = composed(letter).unwrap().bytes;
            let subject = MessageParser::default().parse(&bytes).unwrap().subject().unwrap().to_owned();
            subject.strip_prefix("Re: ").unwrap_or(&subject).to_owned()
        })
        .collect();
    assert!(subjects.iter().all(|subject| *subject == subjects[0]), "{subjects:?}");
}

#[test]
fn what_policy_withholds_stands_nowhere() {
    for letter in samples() {
        let mut letter = letter;
        let subject = letter.facts.subject.take().unwrap();
        let letter = in_language(letter, Language::Vi);
        let bytes = composed(&letter).unwrap().bytes;
        let mail = MessageParser::default().parse(&bytes).unwrap();
        for place in [mail.subject().unwrap(), &mail.body_text(0).unwrap(), &mail.body_html(0).unwrap()] {
            assert!(!place.contains(&subject) && !place.contains("Trích yếu"), "{place}");
        }
        assert!(mail.subject().unwrap().contains("Kế hoạch – hạn 05/02/2026"), "{:?}", mail.subject());
    }
}

/// Addresses that a server without extensions cannot take, ids that break a header, a link that is
/// not there: each is refused before anything is sent, with a reason for staff.
#[test]
fn letters_that_can_never_be_sent() {
    let letter = letter_to("a@khoi.example");
    for (broken, reason) in [
        (Letter { to: "tổ@khoi.example".to_owned(), ..letter.clone() }, "địa chỉ nhận"),
        (Letter { to: "a@tổ.example".to_owned(), ..letter.clone() }, "địa chỉ nhận"),
        (Letter { to: "a@khoi.example, b@khoi.example".to_owned(), ..letter.clone() }, "địa chỉ nhận"),
        (Letter { to: "a@khoi.example\r\nBcc: b@khoi.example".to_owned(), ..letter.clone() }, "địa chỉ nhận"),
        (Letter { to: String::new(), ..letter.clone() }, "địa chỉ nhận"),
        (Letter { message_id: "a b@c>\r\nBcc: d@e".to_owned(), ..letter.clone() }, "mã thư"),
        (Letter { written: chrono::DateTime::<chrono::Utc>::MIN_UTC, ..letter.clone() }, "ngày viết thư"),
    ] {
        let error = composed(&broken).unwrap_err();
        assert!(error.contains(reason) && !error.contains(['\r', '\n']), "{error:?}");
    }
}
