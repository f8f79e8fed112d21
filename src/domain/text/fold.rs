//! Folding letter by letter, for text made of plain letters alone, which nearly all text is. What a plain
//! letter folds to is worked out once by the general way, so there is one truth; text with anything else in
//! it goes the general way whole.

use std::sync::LazyLock;

/// The blocks with Latin letters, precomposed Vietnamese ones and typographic punctuation; the last two
/// are moved down behind the first.
const LATIN: u32 = 0x250;
const VIETNAMESE: std::ops::Range<u32> = 0x1e00..0x1f00;
const PUNCTUATION: std::ops::Range<u32> = 0x2010..0x2040;
const SIZE: usize = 0x250 + 0x100 + 0x30;

/// What one plain letter becomes.
#[derive(Debug, Clone, Copy, Default)]
struct Folded {
    /// Its lower case, `None` where the letter is not plain.
    toned: Option<char>,
    /// The same without marks.
    bare: Option<char>,
    /// Whether words are made of it; so much is known of letters that are not plain, too.
    in_word: bool,
}

static FOLDED: LazyLock<Box<[Folded; SIZE]>> = LazyLock::new(|| {
    let mut table = Box::new([Folded::default(); SIZE]);
    let letters = (0..LATIN).chain(VIETNAMESE).chain(PUNCTUATION).filter_map(char::from_u32);
    for letter in letters {
        if let Some(slot) = table.get_mut(place(letter)) {
            *slot = general(letter);
        }
    }
    table
});

/// Where a letter stands in the table; behind its end if it does not.
fn place(letter: char) -> usize {
    let code = u32::from(letter);
    let place = match code {
        ..LATIN => code,
        0x1e00..0x1f00 => code - VIETNAMESE.start + LATIN,
        0x2010..0x2040 => code - PUNCTUATION.start + LATIN + 0x100,
        _ => return SIZE,
    };
    place as usize
}

/// What the general way makes of a letter that stands alone. White space other than the blank is no plain
/// letter, because runs of it are one; neither is what several letters come of.
fn general(letter: char) -> Folded {
    let (text, in_word) = (letter.to_string(), letter.is_alphanumeric());
    if letter == ' ' {
        return Folded { toned: Some(' '), bare: Some(' '), in_word };
    }
    if letter.is_whitespace() || !super::is_clean(&text) {
        return Folded { in_word, ..Folded::default() };
    }
    let toned = super::fold_tones(&text);
    Folded { bare: single(&super::fold_marks(&toned)), toned: single(&toned), in_word }
}

fn single(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

fn folded(letter: char) -> Option<&'static Folded> {
    FOLDED.get(place(letter))
}

/// Whether words are made of a letter: it is one, or a digit.
pub(super) fn is_in_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    folded(letter).map_or_else(|| letter.is_alphanumeric(), |folded| folded.in_word)
}

/// The lower case of a text of plain letters, dashes unified, and whether a tone in it may stand on the
/// first letter of an open syllable; `None` where the general way is needed.
pub(super) fn lower(text: &str) -> Option<(String, bool)> {
    let table = &**FOLDED;
    let mut lower = String::with_capacity(text.len());
    let (mut movable, mut before) = (false, ' ');
    for letter in text.chars() {
        let toned = table.get(place(letter))?.toned?;
        if toned == ' ' && before == ' ' {
            return None;
        }
        movable |= matches!(toned, 'a' | 'e' | 'y') && super::bears_tone(before);
        lower.push(toned);
        before = toned;
    }
    (before != ' ' || text.is_empty()).then_some((lower, movable))
}

/// A tone key of plain letters without its marks; `None` where the general way is needed.
pub(super) fn bare(tone_key: &str) -> Option<String> {
    let table = &**FOLDED;
    let mut bare = String::with_capacity(tone_key.len());
    for letter in tone_key.chars() {
        bare.push(table.get(place(letter))?.bare?);
    }
    Some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_is_plain() {
        for letter in
            "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
                .chars()
        {
            let upper = letter.to_uppercase().next().unwrap();
            assert_eq!(folded(upper).unwrap().toned, Some(letter), "{upper}");
            assert!(folded(letter).unwrap().bare.is_some_and(|bare| bare.is_ascii_lowercase()), "{letter}");
        }
        for plain in "0 1-/.,;:()“”‘’…–&".chars() {
            assert!(folded(plain).unwrap().toned.is_some(), "{plain}");
        }
        for odd in ['\t', '\n', '\u{a0}', '\u{ad}', '\u{2028}', '\u{301}', 'İ', '字'] {
            assert_eq!(folded(odd).and_then(|folded| folded.toned), None, "{odd:?}");
        }
    }

    #[test]
    fn words_are_made_of_letters_and_digits() {
        for letter in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(is_in_word(letter), letter.is_alphanumeric(), "{letter:?}");
        }
    }
}
