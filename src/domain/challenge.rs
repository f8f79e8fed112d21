//! What tells a person from a machine on the acknowledgement page: digits that stand in the mail and
//! never on the page, and a signed note of when the page was shown.

use aws_lc_rs::{constant_time, hmac};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;

use super::document::Document;
use super::ids::{HoldId, ObligationId};

/// Digits of a symbol's number that are asked for, counted from its end.
const DIGITS: usize = 4;
/// Bytes of the tag of a [`stamp`]; it guards a convenience, not an acknowledgement.
const TAG: usize = 10;

/// What a person is asked to type: the last (at most four) digits of the symbol's number, or, where
/// the symbol has none, four digits of the HMAC-SHA256 of the obligation under the register's secret.
///
/// Mails show it; the page never does.
pub fn challenge(document: &Document, obligation: ObligationId, secret: &hmac::Key) -> String {
    let number: Vec<char> = document
        .symbol
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    if number.is_empty() {
        return made_up(obligation, secret);
    }
    number.iter().skip(number.len().saturating_sub(DIGITS)).collect()
}

/// What the office types to decide about a hold: six digits that stand in its mail and nowhere else.
pub fn code(hold: HoldId, secret: &hmac::Key) -> String {
    format!("{:06}", drawn(&format!("decision|{hold}"), secret) % 1_000_000)
}

fn made_up(obligation: ObligationId, secret: &hmac::Key) -> String {
    format!("{:04}", drawn(&format!("challenge|{obligation}"), secret) % 10_000)
}

fn drawn(text: &str, secret: &hmac::Key) -> u32 {
    let tag = hmac::sign(secret, text.as_bytes());
    tag.as_ref().iter().take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// Whether what was typed answers a [`challenge`]. White space and leading zeros do not matter; the
/// whole number of the symbol is as good as its last digits.
pub fn meets(typed: &str, challenge: &str) -> bool {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() || digits.len() > 12 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let longer = challenge.len() == DIGITS && digits.len() > DIGITS;
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    bare(&digits) == bare(challenge) || longer && digits.ends_with(challenge)
}

/// A note for the form of when it was shown for which obligation, which a press brings back.
pub fn stamp(obligation: ObligationId, shown: DateTime<Utc>, secret: &hmac::Key) -> String {
    let at = shown.timestamp();
    format!("{at}.{}", BASE64URL_NOPAD.encode(&tag(obligation, at, secret)))
}

/// When the page behind a [`stamp`] was shown; `None` where the note is not ours, or was given for
/// another obligation.
pub fn read_stamp(stamp: &str, obligation: ObligationId, secret: &hmac::Key) -> Option<DateTime<Utc>> {
    let (at, mac) = stamp.split_once('.')?;
    let at: i64 = at.parse().ok()?;
    let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
    constant_time::verify_slices_are_equal(&tag(obligation, at, secret), &mac).ok()?;
    DateTime::from_timestamp(at, 0)
}

fn tag(obligation: ObligationId, at: i64, secret: &hmac::Key) -> Vec<u8> {
    let tag = hmac::sign(secret, format!("shown|{obligation}|{at}").as_bytes());
    tag.as_ref().iter().take(TAG).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Exchange, Operation, Steering, Urgency};

    fn secret() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[7; 32])
    }

    fn document(symbol: &str) -> Document {
        Document {
            source: "ioffice".into(),
            external_id: "1".into(),
            symbol: symbol.to_owned(),
            kind_name: None,
            subject: String::new(),
            content: None,
            issuer: String::new(),
            signer: None,
            issued: None,
            received: None,
            due: None,
            urgency: Urgency::Unknown,
            operation: Operation::New,
            steering: Steering::Unknown,
            addressees: Vec::new(),
            exchange: Exchange::default(),
            field: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn the_last_digits_of_the_number_are_asked() {
        for (symbol, expected) in [
            ("16-ĐA/TU", "16"),
            ("05-KH/ĐUK", "05"),
            ("123a-CV/ĐU", "123"),
            ("12729/VPCP-KGVX", "2729"),
            ("30/2020/NĐ-CP", "30"),
            ("Số 45 - KL/TW", "45"),
        ] {
            assert_eq!(challenge(&document(symbol), ObligationId(1), &secret()), expected, "{symbol}");
        }
    }

    #[test]
    fn a_symbol_without_digits_gets_four_of_its_own() {
        let one = challenge(&document("CV/ĐU"), ObligationId(1), &secret());
        let two = challenge(&document(""), ObligationId(2), &secret());
        assert!(one.len() == 4 && one.chars().all(|c| c.is_ascii_digit()), "{one}");
        assert_ne!(one, two);
        assert_eq!(one, challenge(&document(""), ObligationId(1), &secret()));
    }

    #[test]
    fn zeros_and_the_whole_number_are_tolerated_and_nothing_else() {
        for (typed, asked, met) in [
            ("16", "16", true),
            (" 1 6 ", "16", true),
            ("016", "16", true),
            ("5", "05", true),
            ("0005", "05", true),
            ("12729", "2729", true),
            ("2729", "2729", true),
            ("316", "16", false),
            ("", "16", false),
            ("0", "05", false),
            ("16-ĐA", "16", false),
            ("١٦", "16", false),
            ("0000000000016", "16", false),
        ] {
            assert_eq!(meets(typed, asked), met, "{typed:?} for {asked:?}");
        }
    }

    #[test]
    fn a_stamp_is_good_for_its_own_obligation_only() {
        let shown = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let note = stamp(ObligationId(7), shown, &secret());
        assert_eq!(read_stamp(&note, ObligationId(7), &secret()), Some(shown));
        assert_eq!(read_stamp(&note, ObligationId(8), &secret()), None);
        assert_eq!(read_stamp(&note.replace("1770000000", "1770000001"), ObligationId(7), &secret()), None);
        for broken in ["", ".", "1770000000", "1770000000.", "x.y"] {
            assert_eq!(read_stamp(broken, ObligationId(7), &secret()), None, "{broken:?}");
        }
    }
}
