//! Hostile text in every field: the mail on the wire stays one mail with one recipient.

use std::collections::BTreeSet;

use mail_parser::MessageParser;
use proptest::prelude::*;
use vanthu::domain::notice::Letter;
use vanthu::render::mail::samples;

use super::{composed, letter_to};
use crate::support::number;

/// Text made of what breaks mails, headers, HTML and templates, between ordinary words.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n.\r\n"),
        Just("\n.\n"),
        Just("\r.\r"),
        Just("\r"),
        Just("\n"),
        Just("\0"),
        Just("\r\nBcc: x@noi-khac.example\r\n"),
        Just("\r\n\r\nMAIL FROM:<x@noi-khac.example>"),
        Just(", b@noi-khac.example"),
        Just("<b@noi-khac.example>"),
        Just("\"\\"),
        Just("=?utf-8?b?DQpCY2M6?="),
        Just("<script>x</script><img src=http://noi-khac.example/a>"),
        Just("{{ 7 * 7 }}{% for x in y %}"),
        Just("\u{202e}\u{2028}\u{feff}"),
        Just("Chi bộ số 2, Sở Thí dụ"),
        Just("sinh hoạt chuyên đề "),
        Just("ễ\u{301}🎖"),
    ];
    prop_oneof![
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        any::<String>(),
        prop::collection::vec(Just("dài"), 300..400).prop_map(|words| words.concat()),
    ]
}

fn letter() -> impl Strategy<Value = Letter> {
    (0..6_usize, hostile(), hostile(), hostile(), hostile(), hostile()).prop_map(
        |(kind, subject, symbol, unit, rule, phrase)| {
            let mut letter = samples().swap_remove(kind);
            letter.facts.subject = Some(subject.clone());
            letter.facts.kind_name = Some(phrase.clone());
            letter.facts.issuer = rule.clone();
            letter.facts.symbol = symbol;
            letter.rule_names = vec![rule];
            letter.challenge = letter.challenge.map(|_| phrase.clone());
            for cell in &mut letter.laggards {
                cell.name.clone_from(&subject);
            }
            if let Some(why) = &mut letter.due_why {
                (why.reading, why.phrase) = (subject, Some(phrase));
            }
            letter.unit_name = unit;
            letter
        },
    )
}

/// Header names, HTML tags: what hostile text must not be able to add to.
fn header_names(bytes: &[u8]) -> Vec<String> {
    let mail = MessageParser::default().parse(bytes).unwrap();
    mail.headers().iter().map(|header| header.name().to_owned()).collect()
}

fn tags(html: &str) -> BTreeSet<String> {
    html.split('<')
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '/').collect()
        })
        .collect()
}

/// How many mails are composed: 200, or `VANTHU_LETTERS` (docs/RELIABILITY.md).
fn letters() -> u32 {
    u32::try_from(number("VANTHU_LETTERS", 200)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: letters(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_stays_text(letter in letter()) {
        let plain = samples().into_iter().find(|sample| sample.kind == letter.kind).unwrap();
        let mail = composed(&letter).unwrap();
        for (at, byte) in mail.bytes.iter().enumerate() {
            match byte {
                b'\r' => prop_assert_eq!(mail.bytes.get(at + 1), Some(&b'\n')),
                b'\n' => prop_assert_eq!(mail.bytes[at - 1], b'\r'),
                _ => prop_assert!(byte.is_ascii() && *byte != 0),
            }
        }
        prop_assert!(!mail.bytes.windows(3).any(|three| three == b"\n.\r"));
        prop_assert_eq!(header_names(&mail.bytes), header_names(&composed(&plain).unwrap().bytes));
        let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
        let to: Vec<_> = parsed.to().unwrap().iter().map(|one| one.address().unwrap().to_owned()).collect();
        prop_assert_eq!(to, vec![letter.to.clone()]);
        prop_assert_eq!(parsed.parts.len(), 3);
        let expected = MessageParser::default().parse(&composed(&plain).unwrap().bytes).unwrap().into_owned();
        let html = parsed.body_html(0).unwrap();
        let allowed = tags(&expected.body_html(0).unwrap());
        prop_assert!(tags(&html).is_subset(&allowed), "{:?}", tags(&html).difference(&allowed).collect::<Vec<_>>());
        prop_assert!(!parsed.subject().unwrap_or_default().contains(|letter: char| letter.is_control()));
    }
}

/// lettre panics on line ends in display names; ours never reach it.
#[test]
fn names_with_line_ends_do_not_panic() {
    let letter = Letter { unit_name: "Chi bộ\r\n1\u{0}".to_owned(), ..letter_to("a@khoi.example") };
    let bytes = composed(&letter).unwrap().bytes;
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.to().unwrap().first().unwrap().name(), Some("Chi bộ 1"));
}
