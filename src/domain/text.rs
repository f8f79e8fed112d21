//! Vietnamese text: one spelling to compare by, one to search by, and the order of the dictionary
//! (domain §6.6; experience R4.18–R4.20).
//!
//! The same word reaches us precomposed or decomposed, with the tone mark on either letter of an open
//! syllable (`uỷ`, `ủy`), with typographic dashes and unbreakable spaces. Whoever compares text
//! compares keys; whoever shows text shows what [`clean`] left.

mod fold;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;
use regex::Regex;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Tone marks written on the first letter of an open syllable, and the same on the second. The second
/// letter is the one named by the spelling rules of 1980 and by most keyboards, so keys carry that.
const TONE_PLACES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// The collator of the Vietnamese dictionary, numbers by value (`kn`), built once.
#[expect(clippy::unwrap_used, reason = "the data is compiled in; a test builds it")]
static DICTIONARY: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let preferences = CollatorPreferences::from(&locale!("vi-u-kn"));
    CollatorBorrowed::try_new(preferences, CollatorOptions::default()).unwrap()
});

/// NFC, with BOM, zero-width, bidi and other control characters removed, every white space run made one
/// space, and none at the ends; what is stored and shown.
pub fn clean(text: &str) -> String {
    unify_spaces(&text.chars().filter(|&c| !is_invisible(c)).nfc().collect::<String>())
}

/// The accent-exact key: NFC, lower case, tone mark placement folded in open syllables
/// (uỷ = ủy, hoà = hòa), dashes and white space unified.
///
/// Folding stays away from `qu`, where `u` is no vowel (`quý`), and from closed syllables, which have
/// one place only (`hoàn`, `suýt`, `huỳnh`).
pub fn tone_key(text: &str) -> String {
    match fold::lower(text) {
        Some((lower, true)) => place_tones(&lower),
        Some((lower, false)) => lower,
        None => fold_tones(text),
    }
}

/// [`tone_key`] of any text, letter after letter of which may be anything.
fn fold_tones(text: &str) -> String {
    let clean = if is_clean(text) { Cow::Borrowed(text) } else { Cow::Owned(clean(text)) };
    place_tones(&clean.to_lowercase().nfc().map(unify_dash).collect::<String>())
}

/// The accent-free key for search: no marks, đ → d, otherwise as [`tone_key`].
pub fn bare_key(text: &str) -> String {
    bare_of(&tone_key(text))
}

/// The bare key of a text whose tone key is at hand.
pub fn bare_of(tone_key: &str) -> String {
    fold::bare(tone_key).unwrap_or_else(|| fold_marks(tone_key))
}

/// [`bare_of`] any text.
fn fold_marks(tone_key: &str) -> String {
    let bare: String = tone_key.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect();
    unify_spaces(&bare.replace('đ', "d"))
}

/// Whether words are made of a letter: it is one, or a digit. As [`char::is_alphanumeric`] says, and quicker
/// for the letters of Vietnamese.
pub(super) fn is_in_word(letter: char) -> bool {
    fold::is_in_word(letter)
}

/// Order of the Vietnamese dictionary, numbers by value: Dân, Duy, Dương, Đảng; Chi bộ 2, Chi bộ 10.
pub fn vietnamese_order(left: &str, right: &str) -> Ordering {
    DICTIONARY.compare(left, right)
}

/// Whether a character is never seen: controls other than white space, zero-width characters, bidi
/// controls, soft hyphen, BOM, tags.
pub(super) fn is_invisible(c: char) -> bool {
    match c {
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control() && !c.is_whitespace(),
    }
}

/// Every dash a word processor puts in place of the hyphen, and the minus sign, as `-`.
pub(super) fn unify_dash(c: char) -> char {
    if is_odd_dash(c) { '-' } else { c }
}

fn is_odd_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether [`clean`] would leave a text as it is; most texts were cleaned when they came in, and to see
/// that is several times cheaper than to do it again.
fn is_clean(text: &str) -> bool {
    let mut after_space = true;
    let spaced = text.chars().all(|c| {
        let is_space = c.is_whitespace();
        let fits = if is_space { c == ' ' && !after_space } else { !is_invisible(c) };
        after_space = is_space;
        fits
    });
    spaced && (!after_space || text.is_empty()) && is_composed(text)
}

/// Whether a text is surely in NFC.
fn is_composed(text: &str) -> bool {
    is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// A regex of this crate's own making, for the `LazyLock`s that hold them.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant of the domain; a test runs each")]
pub(super) fn constant_regex(pattern: &'static str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// White space runs of any kind as one space, none at the ends.
fn unify_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Moves the tone mark of open syllables to their second letter; expects lower-case NFC.
fn place_tones(text: &str) -> String {
    let mut placed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, here)) = rest.find(bears_tone).and_then(|at| rest.split_at_checked(at)) {
        placed.push_str(before);
        if let Some((ending, tail)) = open_ending(here).filter(|_| !placed.ends_with('q')) {
            placed.push_str(ending);
            rest = tail;
        } else {
            let letter = here.chars().next();
            placed.extend(letter);
            rest = letter.and_then(|letter| here.strip_prefix(letter)).unwrap_or_default();
        }
    }
    placed.push_str(rest);
    placed
}

/// Whether an ending of [`TONE_PLACES`] can begin here.
fn bears_tone(c: char) -> bool {
    matches!(c, 'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ')
}

/// The ending of an open syllable at the head of `rest` with its tone moved, and what follows it.
fn open_ending(rest: &str) -> Option<(&'static str, &str)> {
    let (moved, tail) = TONE_PLACES.iter().find_map(|(from, to)| Some((*to, rest.strip_prefix(from)?)))?;
    let closed = tail.chars().next().is_some_and(|c| c.is_alphabetic() || is_combining_mark(c));
    (!closed).then_some((moved, tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn same(left: &str, right: &str) {
        assert_eq!(tone_key(left), tone_key(right));
    }

    #[test]
    fn clean_removes_what_is_not_seen_and_unifies_spaces() {
        assert_eq!(clean("\u{feff} Kế\u{a0}\u{2003}hoạch\t\r\n\u{200b}số\u{202e} 5\u{7} "), "Kế hoạch số 5");
        assert_eq!(clean("Ke\u{302}\u{301}"), "Kế");
        assert_eq!(clean("a\u{200d}\u{323}\u{302}"), "ậ", "an invisible character must not part a letter");
    }

    #[test]
    fn tone_placement_is_folded_in_open_syllables_only() {
        for (old, new) in [
            ("Ủy ban", "Uỷ ban"),
            ("HÒA BÌNH", "hoà bình"),
            ("khỏe", "khoẻ"),
            ("thùy", "thuỳ"),
            ("tọa đàm", "toạ đàm"),
            ("hỏa-tốc", "hoả-tốc"),
        ] {
            same(old, new);
        }
        for untouched in ["hoàn", "suýt", "huỳnh", "quý", "qúy", "hòan", "của", "mùa", "hoài", "khuỷu"]
        {
            assert_eq!(tone_key(untouched), untouched);
        }
    }

    #[test]
    fn keys_unify_dashes_but_keep_other_accents_apart() {
        assert_eq!(tone_key("16–ĐA\u{a0}/  TU\u{2212}X"), "16-đa / tu-x");
        assert_ne!(tone_key("bản"), tone_key("bàn"));
        assert_ne!(tone_key("đa"), tone_key("da"));
    }

    #[test]
    fn bare_key_has_no_marks_left() {
        assert_eq!(bare_key("Đảng uỷ Khối, ƯỚC NGUYỆN"), "dang uy khoi, uoc nguyen");
        assert_eq!(bare_key("a \u{301} b"), "a b");
    }

    #[test]
    fn dictionary_order() {
        for sorted in [
            vec!["Dân", "Duy", "Dương", "Đảng"],
            vec!["ma", "mà", "mả", "mã", "má", "mạ"],
            vec!["Chi bộ 2", "Chi bộ 10"],
            vec!["An", "Ăn", "Ân", "Ba"],
            vec!["Chi bộ Đá", "Chi bộ Đạ", "Chi bộ E"],
            vec!["Khu 9 tổ 2", "Khu 9 tổ 11", "Khu 10 tổ 1"],
        ] {
            let mut shuffled = sorted.clone();
            shuffled.reverse();
            shuffled.sort_by(|left, right| vietnamese_order(left, right));
            assert_eq!(shuffled, sorted);
        }
    }

    fn vietnamese() -> impl Strategy<Value = String> {
        let any = "\\PC{0,12}";
        let letters = "[a-zđĐA-Z àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵÒỎÙỦ\u{300}-\u{36f}–-]{0,16}";
        prop_oneof![any, letters]
    }

    proptest! {
        #[test]
        fn composed_and_decomposed_text_have_one_key(text in vietnamese()) {
            let (composed, decomposed) = (text.nfc().collect::<String>(), text.nfd().collect::<String>());
            prop_assert_eq!(clean(&composed), clean(&decomposed));
            prop_assert_eq!(tone_key(&composed), tone_key(&decomposed));
            prop_assert_eq!(bare_key(&composed), bare_key(&decomposed));
        }

        #[test]
        fn folding_letter_by_letter_is_folding(text in vietnamese()) {
            prop_assert_eq!(tone_key(&text), fold_tones(&text));
            prop_assert_eq!(bare_of(&fold_tones(&text)), fold_marks(&fold_tones(&text)));
        }

        #[test]
        fn what_is_clean_already_is_left_alone(text in vietnamese()) {
            prop_assert!(is_clean(&clean(&text)) || !is_composed(&clean(&text)));
            prop_assert!(!is_clean(&text) || clean(&text) == text);
        }

        #[test]
        fn every_place_of_a_tone_is_looked_at(which in 0..TONE_PLACES.len()) {
            let (from, to) = TONE_PLACES[which];
            prop_assert_eq!(tone_key(from), to);
        }

        #[test]
        fn keys_of_keys_are_the_same(text in vietnamese()) {
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
            prop_assert_eq!(tone_key(&tone_key(&text)), tone_key(&text));
            prop_assert_eq!(bare_key(&bare_key(&text)), bare_key(&text));
        }

        #[test]
        fn order_is_antisymmetric(left in vietnamese(), right in vietnamese()) {
            prop_assert_eq!(vietnamese_order(&left, &right), vietnamese_order(&right, &left).reverse());
        }
    }
}
