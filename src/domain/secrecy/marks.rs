//! Looks for a secrecy mark in a text: *mật*, and with it *tối mật* and *tuyệt mật*, in any spelling,
//! and the English words of foreign partners.

use std::sync::LazyLock;

use regex::Regex;

use super::compounds::{self, Spelling};
use super::decode::readings;
use super::letters::{ACUTE, BREVE, DIAERESIS, DOT, HAT, Line, OTHER_TONE};
use crate::domain::text::constant_regex;

/// The syllable, its letters together or with up to eight other characters between them. A doubled
/// `a` is the hat as Telex types it and as VNI fonts store it.
static SYLLABLE: LazyLock<Regex> = LazyLock::new(|| constant_regex("m[^a-z0-9]{0,8}(?<a>a+)[^a-z0-9]{0,8}t"));

/// Forms that count as whole words whatever their marks: Telex with the tone key anywhere, VNI
/// digits, the mark glued to the word before it, English.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    constant_regex(concat!(
        "majat|maajt|mataj|matja|majta|maa?tj",
        "|ma[56]{1,2}t",
        "|(?:toi|tuyet|congvan|vanban|tailieu|hoso|do)mat",
        "|(?:top)?secret|confidential",
    ))
});

/// Bytes of another encoding shown as Latin letters: `mËt` (TCVN3), `mâòt` (Windows-1258), `Máº¬T`
/// and `máºt` (UTF-8; the third byte of ậ is an invisible soft hyphen).
static LEGACY: LazyLock<Regex> =
    LazyLock::new(|| constant_regex("m[^a-z0-9]{0,8}(?<e>e)[^a-z0-9]{0,8}t|m(?<a>a)(?<o>o)~?t"));

/// What the marks on the vowel say about a syllable `m-a-t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vowel {
    /// mật, as it should be.
    Exact,
    /// The hat is there and the tone is missing or impossible (mât, mẩt): a broken mật.
    Broken,
    /// The hat is typed or encoded as a second letter or as two dots (maat, maät).
    Typed,
    /// mạt: mật without its hat, or a word of its own.
    Hatless,
    /// mat: no marks at all.
    Bare,
    /// màt, mảt, mãt: no word, since `t` allows only two tones.
    Impossible,
    /// mặt, mắt, mất, mát: other words.
    Other,
}

/// Whether a text bears a secrecy mark in any reading.
pub(super) fn bears_mark(text: &str) -> bool {
    readings(text).iter().any(|reading| {
        let line = Line::new(reading);
        has_syllable(&line) || has_word(&line) || has_legacy(&line)
    })
}

fn has_syllable(line: &Line) -> bool {
    SYLLABLE.captures_iter(&line.bare).any(|found| {
        let (Some(whole), Some(vowel)) = (found.get(0), found.name("a")) else { return false };
        let reading = read_vowel(line.marks(vowel.start(), vowel.end()), vowel.len());
        let apart = whole.len() > vowel.len() + 2;
        is_mark(line, whole.start(), whole.end(), reading, apart)
    })
}

fn has_word(line: &Line) -> bool {
    WORD.find_iter(&line.bare).any(|found| {
        // `tớimặt`, glued, is no mark: marks that make mat another word make these other words too.
        let glued = found.as_str().ends_with("mat");
        let other = glued && read_vowel(line.marks(found.end() - 2, found.end() - 1), 1) == Vowel::Other;
        line.is_word(found.start(), found.end()) && !other
    })
}

fn has_legacy(line: &Line) -> bool {
    LEGACY.captures_iter(&line.bare).any(|found| {
        let marks = |name| found.name(name).map(|letter| line.marks(letter.start(), letter.end()));
        match (marks("e"), marks("a"), marks("o")) {
            (Some(e), ..) => e == DIAERESIS,
            (_, Some(a), Some(o)) => (a == HAT && o == OTHER_TONE) || (a == ACUTE && o == 0),
            _ => false,
        }
    })
}

/// Reads the marks on `count` letters `a` between `m` and `t`.
fn read_vowel(marks: u8, count: usize) -> Vowel {
    let typed = marks & DIAERESIS != 0 || count > 1;
    match (marks & DOT != 0, marks & ACUTE != 0) {
        (false, true) => Vowel::Other,
        _ if marks == HAT | DOT && count == 1 => Vowel::Exact,
        _ if marks & HAT != 0 => Vowel::Broken,
        _ if typed => Vowel::Typed,
        _ if marks & BREVE != 0 => Vowel::Other,
        (true, _) => Vowel::Hatless,
        _ if marks == 0 => Vowel::Bare,
        _ => Vowel::Impossible,
    }
}

/// Decides about one syllable. With a hat it is a mark wherever it stands, even glued or pulled apart,
/// unless it is spelled right and belongs to an ordinary compound; without one it must be a word.
fn is_mark(line: &Line, start: usize, end: usize, vowel: Vowel, apart: bool) -> bool {
    let word = line.is_word(start, end);
    let compound = |spelling| word && !apart && compounds::is_ordinary(line, start, end, spelling);
    match vowel {
        Vowel::Other => false,
        Vowel::Broken => true,
        Vowel::Typed => word || !apart,
        Vowel::Impossible => word && !apart,
        Vowel::Exact => !compound(Spelling::Exact),
        Vowel::Hatless => word && !compound(Spelling::Hatless),
        Vowel::Bare => word && !compound(Spelling::Bare),
    }
}
