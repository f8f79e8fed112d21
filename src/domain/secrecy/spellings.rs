//! Every way we know to write a secrecy mark, made by combination.
//!
//! Public, though no part of the daemon calls it, because two suites must agree on the list: the unit
//! tests of this module prove that each spelling is withheld, and the tests of the whole pipeline in
//! `tests/it` prove that no document bearing one is stored, logged or mailed. A copy there would fall
//! behind the first time somebody adds a spelling here.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::text::bare_key;

/// The three levels of the Luật Bảo vệ bí mật nhà nước.
const LEVELS: [&str; 3] = ["mật", "tối mật", "tuyệt mật"];

/// What typists leave out of the last syllable.
const DAMAGED: [&str; 3] = ["mật", "mât", "mạt"];

/// What stands between letters set apart, seen or not.
const SEPARATORS: [&str; 16] = [
    "", " ", ".", "-", "_", " . ", " - ", "*", "/", "·", "–", "\u{a0}", "\u{ad}", "\u{200b}", "\u{200d}",
    "\u{2060}",
];

/// Letters of other scripts in place of a, e, i, m, o, t, u, y; one alphabet per row.
const ALPHABETS: [[char; 8]; 6] = [
    ['а', 'е', 'і', 'м', 'о', 'т', 'u', 'у'],
    ['α', 'ε', 'ι', 'μ', 'ο', 'τ', 'υ', 'γ'],
    ['ａ', 'ｅ', 'ｉ', 'ｍ', 'ｏ', 'ｔ', 'ｕ', 'ｙ'],
    ['𝐚', '𝐞', '𝐢', '𝐦', '𝐨', '𝐭', '𝐮', '𝐲'],
    ['ⓐ', 'ⓔ', 'ⓘ', 'ⓜ', 'ⓞ', 'ⓣ', 'ⓤ', 'ⓨ'],
    ['ᴀ', 'ᴇ', 'ɪ', 'ᴍ', 'ᴏ', 'ᴛ', 'ᴜ', 'ʏ'],
];

/// Typed by Telex, VNI and VIQR with the keyboard switched off, glued to the word before, or English.
const TYPED: [&str; 29] = [
    "maatj",
    "maajt",
    "majat",
    "mataj",
    "matja",
    "majta",
    "matj",
    "maat",
    "ma65t",
    "ma56t",
    "ma6t5",
    "ma6t",
    "mat65",
    "ma^.t",
    "ma^t",
    "tooi maatj",
    "toosi maatj",
    "to61i ma65t",
    "to^'i ma^.t",
    "tuyeetj maatj",
    "tuye65t ma65t",
    "tuye^.t ma^.t",
    "toimat",
    "tuyetmat",
    "congvanmat",
    "tailieumat",
    "secret",
    "top secret",
    "confidential",
];

/// Bytes of legacy fonts and encodings, as the letters they show up as.
const LEGACY: [&str; 15] = [
    "mËt",
    "MËT",
    "MËt",
    "tèi mËt",
    "TUYÖT MËT",
    "tuyÖt mËt",
    "maät",
    "MAÄT",
    "Maät",
    "toái maät",
    "TUYEÄT MAÄT",
    "m§t",
    "mâòt",
    "Máº\u{ad}t",
    "MÁº¬T",
];

/// All distinct spellings, in one order on every machine. Where each is put (alone, in brackets, in a
/// file name) is up to the test.
pub fn all() -> Vec<String> {
    let mut spellings = BTreeSet::new();
    spellings.extend(set_apart());
    spellings.extend(other_alphabets());
    spellings.extend(escaped());
    spellings.extend(TYPED.iter().flat_map(|typed| cased(typed)));
    spellings.extend(LEGACY.map(str::to_owned));
    spellings.into_iter().collect()
}

/// The levels, whole and damaged, in every normal form, case and letter spacing.
fn set_apart() -> impl Iterator<Item = String> {
    let words = words().into_iter().flat_map(|word| forms(&word)).flat_map(|word| cased(&word));
    words.flat_map(|word| SEPARATORS.map(|separator| spaced(&word, separator)))
}

/// The levels in letters of other scripts, marks kept, whole and with one letter exchanged only.
fn other_alphabets() -> impl Iterator<Item = String> {
    let words = words().into_iter().flat_map(|word| cased(&word));
    words.flat_map(|word| ALPHABETS.iter().flat_map(move |alphabet| exchanged(&word, alphabet)))
}

/// The levels as entities, URL bytes, quoted-printable, JSON escapes, twice escaped and styled.
fn escaped() -> impl Iterator<Item = String> {
    LEVELS.into_iter().flat_map(forms).flat_map(|word| cased(&word)).flat_map(|word| {
        [
            foreign(&word, |c| format!("&#{};", u32::from(c))),
            foreign(&word, |c| format!("&#x{:X};", u32::from(c))),
            foreign(&word, |c| format!("&amp;#{};", u32::from(c))),
            foreign(&word, |c| format!("\\u{:04x}", u32::from(c))),
            foreign(&word, |c| bytes(c, '%')),
            foreign(&word, |c| bytes(c, '=')),
            word.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            spaced(&word, "<b></b>"),
            spaced(&word, "&shy;"),
            spaced(&word, "&nbsp;"),
        ]
    })
}

/// The levels with the last syllable whole, damaged and bare.
fn words() -> BTreeSet<String> {
    let damaged = |level: &str| DAMAGED.map(|syllable| level.replace("mật", syllable));
    let bare = LEVELS.map(bare_key);
    LEVELS.into_iter().flat_map(damaged).chain(bare).collect()
}

/// Composed, decomposed, marks in the other order, hat composed, dot composed.
fn forms(word: &str) -> [String; 5] {
    let decomposed: String = word.nfd().collect();
    let swapped = decomposed.replace("\u{323}\u{302}", "\u{302}\u{323}");
    let hat = swapped.replace("a\u{302}", "â").replace("e\u{302}", "ê");
    let dot = decomposed.replace("a\u{323}", "ạ").replace("e\u{323}", "ẹ");
    [word.to_owned(), decomposed, swapped, hat, dot]
}

/// Small, capital, with capital initials, and with every second letter capital.
fn cased(word: &str) -> [String; 4] {
    let title = word.split(' ').map(capitalised).collect::<Vec<_>>().join(" ");
    let raise =
        |(place, c): (usize, char)| if place % 2 == 1 { c.to_uppercase().collect() } else { c.to_string() };
    let mixed = word.chars().enumerate().map(raise).collect();
    [word.to_owned(), word.to_uppercase(), title, mixed]
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Something between any two letters; a letter keeps its marks.
fn spaced(word: &str, separator: &str) -> String {
    let mut spaced = String::new();
    for c in word.chars() {
        if !spaced.is_empty() && !is_combining_mark(c) {
            spaced.push_str(separator);
        }
        spaced.push(c);
    }
    spaced
}

/// All letters of a word exchanged for those of an alphabet, and only the `m`, the `a`, the `t`.
fn exchanged(word: &str, alphabet: &[char; 8]) -> Vec<String> {
    let letters = "aeimotuy".chars().zip(alphabet.iter().copied());
    let exchange = |only: &str| -> String {
        let look = |c: char| {
            let pair =
                letters.clone().find(|(latin, _)| c.eq_ignore_ascii_case(latin) && only.contains(*latin));
            pair.map_or(c, |(_, other)| if c.is_uppercase() { capital(other) } else { other })
        };
        word.nfd().map(look).collect()
    };
    ["aeimotuy", "m", "a", "t"].map(exchange).into()
}

/// The capital of a letter, if one character is its capital.
fn capital(c: char) -> char {
    let mut capitals = c.to_uppercase();
    capitals.next().filter(|_| capitals.next().is_none()).unwrap_or(c)
}

/// A word with everything beyond ASCII escaped.
fn foreign(word: &str, escape: impl Fn(char) -> String) -> String {
    word.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect()
}

/// The UTF-8 bytes of a character in hexadecimal, each behind a sign.
fn bytes(c: char, sign: char) -> String {
    let mut buffer = [0; 4];
    c.encode_utf8(&mut buffer).bytes().map(|byte| format!("{sign}{byte:02X}")).collect()
}
