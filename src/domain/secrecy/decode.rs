//! Undoes what a transport or a careless export left in a text: HTML entities and tags, percent and
//! quoted-printable bytes, JSON escapes.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::text::constant_regex;

/// How often escapes are undone: `&amp;#7852;` takes two rounds; a third is to spare, and the bound keeps
/// a hostile text from buying more work.
const ROUNDS: usize = 3;

/// `&#7852;`, `&#x1EAC;`, `&acirc;`, with or without the semicolon, and `\u1EAC`.
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    constant_regex(concat!(
        r"&#(?<dec>[0-9]{2,7});?|&#[xX](?<hex>[0-9A-Fa-f]{2,6});?",
        r"|&(?<name>[A-Za-z]{2,6});|\\u(?<json>[0-9A-Fa-f]{4})",
    ))
});

/// Bytes of a URL or of a quoted-printable line.
static BYTES: LazyLock<Regex> =
    LazyLock::new(|| constant_regex(r"(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-Fa-f]{2})+"));

/// Tags that style letters inside a word.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    constant_regex(r"(?i)</?(?:b|i|u|s|em|strong|span|font|sub|sup|small|big|mark|wbr)(?:\s[^<>]{0,200})?/?>")
});

/// The text as sent, and beside it what it becomes when its escapes are undone or its direction is
/// turned; a mark in any of them counts, since undoing can also hide one (`mat=61n`).
pub(super) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut readings = vec![Cow::Borrowed(text)];
    let plain = undo(text);
    if plain != text {
        readings.push(Cow::Owned(plain));
    }
    if text.contains('\u{202e}') {
        readings.push(Cow::Owned(text.chars().rev().collect()));
    }
    readings
}

/// All escapes undone.
fn undo(text: &str) -> String {
    let mut plain = text.to_owned();
    for _ in 0..ROUNDS {
        let once = ENTITY.replace_all(&plain, character).into_owned();
        let once = BYTES.replace_all(&once, utf8).into_owned();
        let once = TAG.replace_all(&once, "").into_owned();
        if once == plain {
            break;
        }
        plain = once;
    }
    plain
}

/// The character an entity or an escape stands for; what is unknown stays as it is.
fn character(found: &Captures<'_>) -> String {
    let number = |name, radix| {
        found.name(name).and_then(|m| u32::from_str_radix(m.as_str(), radix).ok()).and_then(char::from_u32)
    };
    let named = || found.name("name").and_then(|m| by_name(m.as_str()));
    let character = number("dec", 10).or_else(|| number("hex", 16)).or_else(|| number("json", 16));
    character.or_else(named).map_or_else(|| found[0].to_owned(), String::from)
}

/// The named entities that can stand in or between the letters of a mark.
fn by_name(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "shy" | "zwj" | "zwnj" | "lrm" | "rlm" => '\u{ad}',
        "acirc" => 'â',
        "Acirc" => 'Â',
        "auml" => 'ä',
        "Auml" => 'Ä',
        "euml" => 'ë',
        "Euml" => 'Ë',
        _ => return None,
    })
}

/// Escaped bytes as text, if they are UTF-8.
fn utf8(found: &Captures<'_>) -> String {
    let digits: String = found[0].chars().filter(|c| !matches!(c, '%' | '=')).collect();
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes());
    bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| found[0].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for escaped in [
            "M&#7852;T",
            "M&#7852T",
            "M&#x1EAC;T",
            "M&amp;#7852;T",
            r"M\u1EACT",
            "M%E1%BA%ACT",
            "M=E1=BA=ACT",
            "M<b>Ậ</b>T",
        ] {
            assert_eq!(undo(escaped), "MẬT", "{escaped}");
        }
        assert_eq!(undo("<MẬT> & 5% = 10"), "<MẬT> & 5% = 10");
    }

    #[test]
    fn the_text_as_sent_is_always_read() {
        assert_eq!(readings("mat=61n"), ["mat=61n", "matan"]);
        assert_eq!(readings("\u{202e}TẬM").last().map(AsRef::as_ref), Some("MẬT\u{202e}"));
    }
}
