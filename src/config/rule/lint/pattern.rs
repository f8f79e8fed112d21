//! Parts of a regular expression that no normalised text can meet. Texts are compared by their tone key:
//! lower case, one space between words, plain hyphens, composed letters. A capital written by its code, an
//! en dash or a no-break space stand in no key.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::domain::text::tone_key;

/// Characters of a class that are tried before it is taken as possible.
const TRIED: usize = 4_096;

/// The first part of a pattern that can never match, as people read it.
pub fn dead_part(pattern: &str) -> Option<(String, String)> {
    find(&regex_syntax::parse(pattern).ok()?)
}

fn find(part: &Hir) -> Option<(String, String)> {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            if text.contains("  ") {
                return Some(("hai dấu cách liền nhau".to_owned(), "two spaces in a row".to_owned()));
            }
            text.chars().find(|c| is_foreign(*c)).map(named)
        }
        HirKind::Class(Class::Unicode(class)) => {
            let all = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let mut tried = all.clone().take(TRIED);
            let first = tried.next()?;
            let tried_more = tried.clone().next().is_some();
            let dead = is_foreign(first) && tried.all(is_foreign) && all.count() <= TRIED;
            dead.then(|| if tried_more { capitals() } else { named(first) })
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) if repetition.min == 0 => None,
        HirKind::Repetition(repetition) => find(&repetition.sub),
        HirKind::Capture(capture) => find(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(find),
    }
}

/// Whether a character stands in no key.
fn is_foreign(c: char) -> bool {
    let mut bytes = [0; 4];
    let alone: &str = c.encode_utf8(&mut bytes);
    // Subject and content stand on a line each.
    c != ' ' && c != '\n' && tone_key(alone) != alone
}

fn named(c: char) -> (String, String) {
    let code = u32::from(c);
    if c.is_uppercase() {
        return (format!("chữ hoa `{c}`"), format!("the capital `{c}`"));
    }
    let (vi, en) = match c {
        '\u{a0}' => ("khoảng trắng không ngắt", "a no-break space"),
        '\t' | '\n' | '\r' => ("dấu tab hoặc xuống dòng", "a tab or a line break"),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => ("gạch ngang dài", "a long dash"),
        _ => ("ký tự", "the character"),
    };
    (format!("{vi} (U+{code:04X})"), format!("{en} (U+{code:04X})"))
}

fn capitals() -> (String, String) {
    (
        "nhóm chỉ gồm chữ hoa hoặc ký tự bị chuẩn hoá".to_owned(),
        "a class of nothing but capitals or folded characters".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_key_has_is_found() {
        let cases = [
            (r"báo cáo .*(tháng|quý)", None),
            ("[A-Za-z]+", None),
            (r"\s+\w", None),
            (r"\p{Lu}+", None), // mathematical capitals have no lower case
            ("[A-Z]{2}", Some("nhóm chỉ gồm chữ hoa hoặc ký tự bị chuẩn hoá")),
            ("[–—]", Some("nhóm chỉ gồm chữ hoa hoặc ký tự bị chuẩn hoá")),
            ("[–-]", None),
            ("quý – năm", Some("gạch ngang dài (U+2013)")),
            ("quý\u{a0}i", Some("khoảng trắng không ngắt (U+00A0)")),
            ("quý  i", Some("hai dấu cách liền nhau")),
            (r"(?:\x{1EA0}b|ac)", Some("chữ hoa `Ạ`")),
            (r"\p{Lu}*quý", None),
            ("(?i)QUÝ", None),
        ];
        for (pattern, expected) in cases {
            assert_eq!(dead_part(pattern).map(|(vi, _)| vi).as_deref(), expected, "{pattern}");
        }
    }
}
