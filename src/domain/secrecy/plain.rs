//! Letters that nearly every text is made of, laid out once and looked up from then on.

use std::sync::LazyLock;

use super::letters::{Letter, Line};
use crate::domain::text::is_invisible;

/// The blocks with Latin letters, precomposed Vietnamese ones and typographic punctuation; the last two are moved
/// down behind the first.
const LATIN: u32 = 0x250;
const VIETNAMESE: std::ops::Range<u32> = 0x1e00..0x1f00;
const PUNCTUATION: std::ops::Range<u32> = 0x2010..0x2040;
const SIZE: usize = 0x250 + 0x100 + 0x30;

static LETTERS: LazyLock<Box<[Option<Letter>; SIZE]>> = LazyLock::new(|| {
    let mut table = Box::new([None; SIZE]);
    for c in (0..LATIN).chain(VIETNAMESE).chain(PUNCTUATION).filter_map(char::from_u32) {
        if let Some(slot) = place(c).and_then(|place| table.get_mut(place)) {
            *slot = Line::single(c).filter(|_| !c.is_whitespace() && !is_invisible(c));
        }
    }
    table
});

fn place(c: char) -> Option<usize> {
    let code = u32::from(c);
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

/// What a plain letter comes to; `None` for all others, which must be taken apart.
pub(super) fn letter(c: char) -> Option<Letter> {
    place(c).and_then(|place| LETTERS.get(place)).copied().flatten()
}
