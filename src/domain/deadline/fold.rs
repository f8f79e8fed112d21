//! Text folded for matching, with the way back to the original for quoting.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Lower-case NFC with plain hyphens and without invisible characters.
pub(super) struct Folded {
    pub(super) text: String,
    /// For every byte of `text` and for its end, where its letter starts in the original.
    origin: Vec<usize>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(original.len()), origin: Vec::new() };
        let mut letter = String::new();
        let mut start = 0;
        for (at, char) in original.char_indices() {
            // A letter is a base character with the marks that follow it.
            if canonical_combining_class(char) == 0 {
                folded.push(&letter, start);
                letter.clear();
                start = at;
            }
            letter.push(char);
        }
        folded.push(&letter, start);
        folded.origin.push(original.len());
        folded.mend();
        folded
    }

    /// Moves tone marks that were typed on the wrong vowel. Both spellings are of one length, so that the way
    /// back to the original stays.
    fn mend(&mut self) {
        for (wrong, right) in MISPLACED {
            if self.text.contains(wrong) {
                self.text = self.text.replace(wrong, right);
            }
        }
    }

    fn push(&mut self, letter: &str, start: usize) {
        let composed: String = letter.nfc().collect();
        // A tone typed before the mark of the vowel (a, acute, circumflex) does not compose by itself.
        let composed = if composed.chars().count() > 1 { reordered(&composed) } else { composed };
        let visible = composed.chars().filter(|char| !is_invisible(*char));
        self.text.extend(visible.flat_map(char::to_lowercase).map(plain_dash));
        self.origin.resize(self.text.len(), start);
    }

    /// The part of the original a range of the folded text came from.
    pub(super) fn quote(&self, original: &str, range: Range<usize>) -> String {
        let at = |index: usize| self.origin.get(index).copied().unwrap_or(original.len());
        original.get(at(range.start)..at(range.end)).unwrap_or_default().trim_end().to_owned()
    }
}

/// Tone marks on the first of two vowels where they belong on the second, as in trứơc, gìơ, qúy.
const MISPLACED: [(&str, &str); 11] = [
    ("ứơ", "ướ"),
    ("ừơ", "ườ"),
    ("ửơ", "ưở"),
    ("ữơ", "ưỡ"),
    ("ựơ", "ượ"),
    ("gìơ", "giờ"),
    ("gíơ", "giớ"),
    ("qúy", "quý"),
    ("qúi", "quí"),
    ("úôi", "uối"),
    ("ùôi", "uồi"),
];

/// The marks of a letter with those of the vowel first, composed.
fn reordered(letter: &str) -> String {
    let mut marks: Vec<char> = letter.nfd().collect();
    // Circumflex, breve and horn make the vowel; the sort keeps the base letter, which counts as first.
    marks.sort_by_key(|mark| match mark {
        '\u{302}' | '\u{306}' | '\u{31b}' => 1,
        '\u{300}'..='\u{36f}' => 2,
        _ => 0,
    });
    marks.into_iter().nfc().collect()
}

/// Soft hyphen, zero-width and bidi controls, BOM.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn plain_dash(char: char) -> char {
    if matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { char }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_is_quoted_as_written() {
        let cases = ["Gửi TRƯỚC NGÀY 15–3–2026.", "\u{feff}gửi tr\u{200b}ước ngày\u{a0}15‑3‑2026"];
        for text in cases.map(str::to_owned).into_iter().chain(cases.map(|text| text.nfd().collect())) {
            let folded = Folded::new(&text);
            assert_eq!(folded.text.replace('\u{a0}', " ").trim_end_matches('.'), "gửi trước ngày 15-3-2026");
            let start = folded.text.find("trước").unwrap();
            let end = folded.text.find("-2026").unwrap();
            let quote = folded.quote(&text, start..end);
            assert!(
                text.contains(&quote) && folded.text.get(start..end) == Some(&Folded::new(&quote).text),
                "{quote}"
            );
        }
    }

    #[test]
    fn marks_typed_out_of_place_are_mended() {
        for (wrong, right) in [
            ("trứơc", "trước"),
            ("16 gìơ", "16 giờ"),
            ("qúy", "quý"),
            ("châ\u{323}m", "chậm"),
            ("nha\u{301}\u{302}t", "nhất"),
            ("tru\u{301}\u{31b}ơc", "trước"),
            ("trưo\u{301}\u{31b}c", "trước"),
        ] {
            let folded = Folded::new(wrong);
            assert_eq!(folded.text, right, "{wrong}");
            assert_eq!(folded.quote(wrong, 0..folded.text.len()), wrong);
        }
        for (wrong, right) in MISPLACED {
            assert_eq!(wrong.len(), right.len(), "{wrong}");
        }
    }
}
