//! One line of text that people may read: nothing in it can break a line, hide or reorder words.

use std::borrow::Cow;

/// `text` on one line: controls, line and paragraph separators, zero-width and bidirectional marks
/// become spaces, runs of white space become one space, the ends are trimmed.
///
/// Borrowed if nothing had to change, which is the rule for text that ingest has cleaned.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if is_one_line(text) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || is_trick(letter)) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

fn is_one_line(text: &str) -> bool {
    let mut space = true;
    for letter in text.chars() {
        let is_space = letter == ' ';
        if is_space && space || is_trick(letter) || letter.is_whitespace() && !is_space {
            return false;
        }
        space = is_space;
    }
    !space || text.is_empty()
}

/// Letters that show nothing and change how others are shown or where a line ends.
fn is_trick(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// At most `limit` characters of a line, cut between words and closed with `…`; a single longer word
/// is cut inside.
pub fn shorten(line: &str, limit: usize) -> Cow<'_, str> {
    let Some((end, _)) = line.char_indices().nth(limit) else {
        return Cow::Borrowed(line);
    };
    let room = line.char_indices().nth(limit.saturating_sub(1)).map_or(end, |(at, _)| at);
    let head = line.get(..room).unwrap_or_default();
    let whole_words = match line.get(room..) {
        Some(rest) if rest.starts_with(' ') => Some(head),
        _ => head.rsplit_once(' ').map(|(words, _)| words),
    };
    let kept = whole_words.filter(|words| words.len() * 2 > head.len()).unwrap_or(head);
    Cow::Owned(format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.', '–', '-'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_no_trick() {
        for (text, line) in [
            ("Kế hoạch quý I", "Kế hoạch quý I"),
            ("", ""),
            (" a  b ", "a b"),
            ("a\r\nBcc: x@y.vn", "a Bcc: x@y.vn"),
            ("a\u{0}b\u{7f}c", "a b c"),
            ("vn\u{202e}exe\u{2066}", "vn exe"),
            ("a\u{a0}b\u{2028}c\u{85}d", "a b c d"),
            ("\n.\n", "."),
        ] {
            assert_eq!(one_line(text), line, "{text:?}");
            assert_eq!(one_line(line), line, "a line stays as it is");
        }
    }

    #[test]
    fn a_clean_line_is_borrowed() {
        assert!(matches!(one_line("Sinh hoạt chuyên đề"), Cow::Borrowed(_)));
    }

    #[test]
    fn shortening_keeps_words() {
        for (text, limit, short) in [
            ("một hai ba", 10, "một hai ba"),
            ("một hai ba bốn", 11, "một hai ba…"),
            ("một hai, ba bốn", 9, "một hai…"),
            ("dàiquádàiquádài", 6, "dàiqu…"),
            ("a dàiquádàiquádài", 8, "a dàiqu…"),
            ("", 3, ""),
        ] {
            assert_eq!(shorten(text, limit), short, "{text:?}");
            assert!(shorten(text, limit).chars().count() <= limit, "{text:?}");
        }
    }
}
