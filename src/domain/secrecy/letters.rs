//! A text laid out for comparison: one ASCII byte per character, its marks and its case beside it.
//!
//! Full-width, mathematical and enclosed letters, letters of other scripts that look alike, and every
//! order of combining marks all come to the same layout, so the rules need one pattern each.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::plain;
use crate::domain::text::{is_invisible, unify_dash};

/// Mũ: â, ê, ô.
pub(super) const HAT: u8 = 1;
/// Trăng: ă.
pub(super) const BREVE: u8 = 1 << 1;
/// Râu: ơ, ư.
pub(super) const HORN: u8 = 1 << 2;
/// Gạch ngang: đ.
pub(super) const STROKE: u8 = 1 << 3;
/// Nặng.
pub(super) const DOT: u8 = 1 << 4;
/// Sắc.
pub(super) const ACUTE: u8 = 1 << 5;
/// Huyền, hỏi, ngã: tones that a syllable ending in `t` cannot bear.
pub(super) const OTHER_TONE: u8 = 1 << 6;
/// Two dots, no Vietnamese mark: Ë and Ä are how legacy fonts encode ậ.
pub(super) const DIAERESIS: u8 = 1 << 7;

/// Letters that look like a letter of the marks, lower case, by the letter they look like.
const LOOKALIKES: [(char, &str); 14] = [
    ('a', "аαɑᴀꭺꓮⲁ"),
    ('m', "мμᴍꮇꓟⲙϻ"),
    ('t', "тτᴛꭲꓔⲧŧƭ"),
    ('c', "сϲᴄ"),
    ('d', "ԁᴅ"),
    ('e', "еεᴇꓰⲉ"),
    ('f', "ꜰ"),
    ('i', "іιɪıꓲ"),
    ('l', "ӏʟł"),
    ('n', "ոɴη"),
    ('o', "оοᴏօꓳⲟø"),
    ('p', "рρᴘ"),
    ('u', "υսᴜ"),
    ('y', "уγʏүꭹ"),
];

/// The layout; all three fields have one entry per character.
#[derive(Debug)]
pub(super) struct Line {
    /// Lower-case letters, digits and punctuation; `~` for what is none of these.
    pub(super) bare: String,
    marks: Vec<u8>,
    upper: Vec<bool>,
}

/// One entry of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) bare: char,
    pub(super) marks: u8,
    pub(super) upper: bool,
}

impl Line {
    /// Lays out a text as it reads after [`clean`](crate::domain::text::clean), letter by letter: a letter comes to
    /// the same whatever stands beside it, since all marks behind it are joined to it in whatever order.
    pub(super) fn new(text: &str) -> Self {
        let mut line = Self {
            bare: String::with_capacity(text.len()),
            marks: Vec::with_capacity(text.len()),
            upper: Vec::with_capacity(text.len()),
        };
        let mut after_space = true;
        for c in text.chars() {
            if let Some(letter) = plain::letter(c) {
                line.add(letter);
                after_space = false;
            } else if c.is_whitespace() {
                if !after_space {
                    line.push(' ');
                }
                after_space = true;
            } else if !is_invisible(c) {
                line.lay(c);
                after_space = false;
            }
        }
        if after_space {
            line.pop();
        }
        line
    }

    /// What a character comes to that stands alone; `None` where that is not just one letter.
    pub(super) fn single(c: char) -> Option<Letter> {
        let mut line = Self { bare: String::new(), marks: Vec::new(), upper: Vec::new() };
        line.lay(c);
        match (line.bare.chars().next(), line.marks.as_slice(), line.upper.as_slice()) {
            (Some(bare), [marks], [upper]) => Some(Letter { bare, marks: *marks, upper: *upper }),
            _ => None,
        }
    }

    /// Lays out one character, taken apart.
    fn lay(&mut self, c: char) {
        for c in std::iter::once(c).nfkd() {
            if is_combining_mark(c) {
                self.mark(c);
            } else {
                self.push(c);
            }
        }
    }

    /// All marks in a range, joined.
    pub(super) fn marks(&self, start: usize, end: usize) -> u8 {
        self.marks.get(start..end).unwrap_or_default().iter().fold(0, |all, marks| all | marks)
    }

    /// Whether a word may begin or end at this place: no letter on one side, or a capital after a small
    /// letter (`CongVanMat.pdf`).
    pub(super) fn is_edge(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1) else { return true };
        let camel = self.is_upper(place) && !self.is_upper(before);
        !self.is_letter(before) || !self.is_letter(place) || camel
    }

    /// Whether a range begins and ends at edges.
    pub(super) fn is_word(&self, start: usize, end: usize) -> bool {
        self.is_edge(start) && self.is_edge(end)
    }

    /// Whether all letters of a range are capitals.
    pub(super) fn shouts(&self, start: usize, end: usize) -> bool {
        (start..end).all(|place| self.is_upper(place))
    }

    /// Whether a range spells the same as the whole of `other`, accents included.
    pub(super) fn spells(&self, start: usize, end: usize, other: &Self) -> bool {
        self.bare.as_bytes().get(start..end) == Some(other.bare.as_bytes())
            && self.marks.get(start..end) == Some(other.marks.as_slice())
    }

    /// The byte at a place.
    pub(super) fn byte(&self, place: usize) -> Option<u8> {
        self.bare.as_bytes().get(place).copied()
    }

    /// Whether a letter stands at a place.
    pub(super) fn is_letter(&self, place: usize) -> bool {
        self.byte(place).is_some_and(|byte| byte.is_ascii_lowercase())
    }

    /// Number of characters.
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    fn is_upper(&self, place: usize) -> bool {
        self.upper.get(place).copied().unwrap_or_default()
    }

    /// Adds a combining mark to the last character; a mark of no alphabet of ours is only decoration.
    fn mark(&mut self, mark: char) {
        let bit = match mark {
            '\u{302}' => HAT,
            '\u{306}' => BREVE,
            '\u{31b}' => HORN,
            '\u{323}' => DOT,
            '\u{301}' => ACUTE,
            '\u{300}' | '\u{303}' | '\u{309}' => OTHER_TONE,
            '\u{308}' => DIAERESIS,
            _ => 0,
        };
        if let Some(last) = self.marks.last_mut() {
            *last |= bit;
        }
    }

    fn push(&mut self, c: char) {
        let (bare, marks) = bare_letter(c);
        self.add(Letter { bare, marks, upper: c.is_uppercase() || enclosed(c).is_some() });
    }

    fn add(&mut self, letter: Letter) {
        self.bare.push(letter.bare);
        self.marks.push(letter.marks);
        self.upper.push(letter.upper);
    }

    fn pop(&mut self) {
        self.bare.pop();
        self.marks.pop();
        self.upper.pop();
    }
}

/// The ASCII character that stands for `c`, and the marks that `c` bears by itself.
fn bare_letter(c: char) -> (char, u8) {
    let lower = c.to_lowercase().next().unwrap_or(c);
    match unify_dash(lower) {
        'đ' | 'ð' | 'ɖ' => ('d', STROKE),
        // ậ in the VISCII encoding.
        '§' => ('a', HAT | DOT),
        space if space.is_whitespace() => (' ', 0),
        ascii if ascii.is_ascii() => (ascii, 0),
        other => (lookalike(other).or_else(|| enclosed(other)).unwrap_or('~'), 0),
    }
}

/// The Latin letter that a letter of another script looks like.
fn lookalike(c: char) -> Option<char> {
    LOOKALIKES.iter().find(|(_, alike)| alike.contains(c)).map(|(letter, _)| *letter)
}

/// Letters on a black disc or square and flag letters, which no normal form takes apart.
fn enclosed(c: char) -> Option<char> {
    let first = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1f150,
        '\u{1f170}'..='\u{1f189}' => 0x1f170,
        '\u{1f1e6}'..='\u{1f1ff}' => 0x1f1e6,
        _ => return None,
    };
    char::from_u32(u32::from(c) - first + u32::from('a'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::clean;

    /// The layout of a whole text that was cleaned and taken apart first: what must come of it.
    fn as_a_whole(text: &str) -> Line {
        let mut line = Line { bare: String::new(), marks: Vec::new(), upper: Vec::new() };
        for c in clean(text).nfkd() {
            if is_combining_mark(c) {
                line.mark(c);
            } else {
                line.push(c);
            }
        }
        line
    }

    #[track_caller]
    fn same(text: &str) {
        let (one, other) = (Line::new(text), as_a_whole(text));
        assert_eq!(
            (&one.bare, &one.marks, &one.upper),
            (&other.bare, &other.marks, &other.upper),
            "{text:?}"
        );
    }

    #[test]
    fn every_character_is_laid_out_alone_as_in_a_text() {
        for c in (0..=0x2_ffff).filter_map(char::from_u32) {
            same(&format!("a{c}t"));
            same(&format!("{c} {c}\u{323}"));
        }
    }

    proptest! {
        #[test]
        fn letter_by_letter_is_as_a_whole(
            text in "[ \\t\u{a0}\u{200b}\u{2003}\u{a8}\u{302}\u{323}\u{301}\u{ad}aAmậẬt\u{1d5ba}ﬁ한ﷺ\u{fb1d}]{0,24}",
            any in any::<String>(),
        ) {
            same(&text);
            same(&any);
        }
    }

    #[test]
    fn every_dress_of_a_letter_is_laid_out_alike() {
        for text in ["Mật", "Mâ\u{323}t", "Mạ\u{302}t", "Ｍậｔ", "Мậт", "𝐌𝐚\u{302}\u{323}𝐭", "Mậ\u{336}t"]
        {
            let line = Line::new(text);
            assert_eq!((line.bare.as_str(), line.marks(1, 2)), ("mat", HAT | DOT), "{text}");
        }
        assert_eq!(Line::new("🅼🅰🆃").bare, "mat");
        assert_eq!(Line::new("Đường 5 – Ж").bare, "duong 5 - ~");
    }

    #[test]
    fn edges_are_where_words_meet() {
        let line = Line::new("CongVan_mat2");
        let edges: Vec<_> = (0..=line.len()).filter(|&place| line.is_edge(place)).collect();
        assert_eq!(edges, [0, 4, 7, 8, 11, 12]);
    }
}
