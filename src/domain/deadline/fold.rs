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
        folded
    }

    fn push(&mut self, letter: &str, start: usize) {
        let visible = letter.nfc().filter(|char| !is_invisible(*char));
        self.text.extend(visible.flat_map(char::to_lowercase).map(plain_dash));
        self.origin.resize(self.text.len(), start);
    }

    /// The part of the original a range of the folded text came from.
    pub(super) fn quote(&self, original: &str, range: Range<usize>) -> String {
        let at = |index: usize| self.origin.get(index).copied().unwrap_or(original.len());
        original.get(at(range.start)..at(range.end)).unwrap_or_default().trim_end().to_owned()
    }
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
}
