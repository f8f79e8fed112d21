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
}

static FOLDED: LazyLock<Box<[Folded; SIZE]>> = LazyLock::new(|| {
    let mut table = Box::new([Folded::default(); SIZE]);
    let letters = (0..LATIN).chain(VIETNAMESE).chain(PUNCTUATION).filter_map(char::from_u32);
    for letter in letters {
        if let Some(slot) = place(letter).and_then(|place| table.get_mut(place)) {
            *slot = general(letter);
        }
    }
    table
});

fn place(letter: char) -> Option<usize> {
    let code = u32::from(letter);
    let place = if code < LATIN {
        code
    } else if VIETNAMESE.contains(&code) {
        code - VIETNAMESE.start + LATIN
    } else if PUNCTUATION.contains(&code) {
        code - PUNCTUATION.start + LATIN + 0x100
    } else {
        return None;
    };
    usize::try_from(place).ok()
}

/// What the general way makes of a letter that stands alone. White space other than the blank is no plain
/// letter, because runs of it are one; neither is what several letters come of.
fn general(letter: char) -> Folded {
    let text = letter.to_string();
    if letter == ' ' {
        return Folded { toned: Some(' '), bare: Some(' ') };
    }
    if letter.is_whitespace() || !super::is_clean(&text) {
        return Folded::default();
    }
    let toned = super::fold_tones(&text);
    Folded { bare: single(&super::fold_marks(&toned)), toned: single(&toned) }
}

fn single(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

fn folded(letter: char) -> Folded {
    place(letter).and_then(|place| FOLDED.get(place)).copied().unwrap_or_default()
}

/// The lower case of a text of plain letters, dashes unified, and whether a tone in it may stand on the
/// first letter of an open syllable; `None` where the general way is needed.
pub(super) fn lower(text: &str) -> Option<(String, bool)> {
    let mut lower = String::with_capacity(text.len());
    let (mut movable, mut before) = (false, ' ');
    for letter in text.chars() {
        let toned = folded(letter).toned.filter(|toned| (*toned, before) != (' ', ' '))?;
        movable |= matches!(toned, 'a' | 'e' | 'y') && super::bears_tone(before);
        lower.push(toned);
        before = toned;
    }
    (before != ' ' || text.is_empty()).then_some((lower, movable))
}

/// A tone key of plain letters without its marks; `None` where the general way is needed.
pub(super) fn bare(tone_key: &str) -> Option<String> {
    let mut bare = String::with_capacity(tone_key.len());
    for letter in tone_key.chars() {
        bare.push(folded(letter).bare?);
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
            assert_eq!(folded(upper).toned, Some(letter), "{upper}");
            assert!(folded(letter).bare.is_some_and(|bare| bare.is_ascii_lowercase()), "{letter}");
        }
        for plain in "0 1-/.,;:()“”‘’…–&".chars() {
            assert!(folded(plain).toned.is_some(), "{plain}");
        }
        for odd in ['\t', '\n', '\u{a0}', '\u{ad}', '\u{2028}', '\u{301}', 'İ', '字'] {
            assert_eq!(folded(odd).toned, None, "{odd:?}");
        }
    }
}
