//! HTML entities in iOffice's texts (`Th&#432;&#7901;ng`, `&quot;`), decoded leniently.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

/// Longest name of an HTML 5 entity, `CounterClockwiseContourIntegral`, is 31 letters.
const LONGEST: usize = 32;

/// One layer of entities; an unknown or unfinished entity stays as it stands. Never fails.
pub(super) fn once(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        rest = after;
        match entity(after) {
            Some((meaning, tail)) => {
                decoded.push_str(&meaning);
                rest = tail;
            }
            None => decoded.push('&'),
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Decodes until nothing changes: titles pasted from a web page come escaped twice, no clerk means `&ldquo;` as it
/// stands, and a mark of secrecy must not hide under layers.
pub(super) fn decode(text: &str) -> String {
    let mut current = text.to_owned();
    // Each changing round removes at least one `&…;` of three bytes or more, so this ends.
    loop {
        let next = once(&current).into_owned();
        if next == current {
            return current;
        }
        current = next;
    }
}

/// The meaning of the entity at the start of `text` (its `&` already taken), and what follows it.
fn entity(text: &str) -> Option<(Cow<'static, str>, &str)> {
    let (name, tail) = text.split_once(';')?;
    if name.len() > LONGEST {
        return None;
    }
    let meaning = match name.strip_prefix('#') {
        Some(number) => Cow::Owned(letter(number)?.to_string()),
        None => Cow::Borrowed(resolve_html5_entity(name)?),
    };
    Some((meaning, tail))
}

fn letter(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| !letter.is_control() || letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_layer_goes_leniently() {
        let table = [
            ("V&#7873; sinh ho&#x1EA1;t", "Về sinh hoạt"),
            ("&quot;A &amp; B&quot;", "\"A & B\""),
            ("&agrave;&ecirc;", "àê"),
            ("A &amp;amp; B", "A &amp; B"),
            ("R&D; 5 & 6 &khong; &", "R&D; 5 & 6 &khong; &"),
            ("&#xD800; &#0; &#99999999999;", "&#xD800; &#0; &#99999999999;"),
            ("&&amp;", "&&"),
        ];
        for (text, expected) in table {
            assert_eq!(once(text), expected);
        }
    }

    #[test]
    fn decoded_text_hides_nothing() {
        assert_eq!(decode("M&amp;amp;#7853;t"), "Mật");
        assert_eq!(decode("&amp;ldquo;Tự soi&amp;rdquo; R&amp;D"), "“Tự soi” R&D");
    }

    proptest! {
        #[test]
        fn never_panics_and_settles(text in "[&#;xa-zA0-9ậ ]{0,60}") {
            let settled = decode(&text);
            prop_assert_eq!(once(&settled), settled.as_str());
        }
    }
}
