//! Regular expressions of rules, brought to the form of the text they will meet.

use regex::{Regex, RegexBuilder};

use crate::domain::text::{bare_key, tone_key};

/// Compiled size allowed, in bytes: enough for any pattern a person writes, too little for
/// `.{1000}{1000}`.
const SIZE: usize = 1 << 20;

/// Why a pattern is refused, in both languages.
pub type Refusal = (String, String);

/// Compiles a pattern that will meet the tone key of a text, or its bare key: letters outside escapes are
/// folded as the key folds them, so that `Đảng uỷ` in a rule meets `Đảng ủy` in a document. Subject and
/// content are a line each, so `^` and `$` are the ends of either.
///
/// # Errors
/// What is wrong with the pattern, as far as that can be told.
pub fn compile(pattern: &str, accent_free: bool) -> Result<Regex, Refusal> {
    let key = if accent_free { bare_key } else { tone_key };
    let built = RegexBuilder::new(&fold(pattern, key)).multi_line(true).size_limit(SIZE).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            ("mẫu quá lớn, hãy giảm số lần lặp".to_owned(), "too large: repeat less".to_owned())
        }
        _ => explain(pattern),
    })
}

/// Folds runs of letters; escapes (`\S`, `\p{L}`) and group heads (`(?i)`, `(?P<n>`) stay as they are.
fn fold(pattern: &str, key: fn(&str) -> String) -> String {
    let mut folded = String::new();
    let mut run = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphabetic() {
            run.push(c);
            continue;
        }
        folded.push_str(&fold_run(&std::mem::take(&mut run), key));
        folded.push(c);
        let until = match (c, chars.peek()) {
            ('\\', Some('p' | 'P' | 'x' | 'u')) => Some('}'),
            ('\\', _) => {
                folded.extend(chars.next());
                None
            }
            ('(', Some('?')) => Some(')'),
            _ => None,
        };
        if let Some(end) = until {
            copy_head(&mut chars, &mut folded, end);
        }
    }
    folded + &fold_run(&run, key)
}

/// Copies an escape or a group head up to `end`, or up to what ends it earlier.
fn copy_head(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, folded: &mut String, end: char) {
    for c in chars.by_ref() {
        folded.push(c);
        if c == end || (end == ')' && matches!(c, ':' | '>')) || (end == '}' && c.is_whitespace()) {
            return;
        }
    }
}

fn fold_run(run: &str, key: fn(&str) -> String) -> String {
    if run.is_empty() { String::new() } else { key(run) }
}

/// The usual slips, told by counting brackets.
fn explain(pattern: &str) -> Refusal {
    let count = |wanted: char| pattern.chars().filter(|c| *c == wanted).count();
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        let (opened, closed) = (count(open), count(close));
        if opened != closed {
            let vi = format!("có {opened} dấu {open} nhưng {closed} dấu {close}");
            return (vi, format!("{opened} of {open} but {closed} of {close}"));
        }
    }
    if pattern.starts_with(['*', '+', '?']) {
        return ("dấu lặp đứng đầu, trước nó không có gì".to_owned(), "it repeats nothing".to_owned());
    }
    ("không đọc được".to_owned(), "cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_the_tone_key() {
        let meets = |pattern: &str, text: &str| {
            let key: Vec<_> = text.lines().map(tone_key).collect();
            compile(pattern, false).unwrap().is_match(&key.join("\n"))
        };
        assert!(meets("Đảng uỷ", "Gửi Đảng ủy khối"));
        assert!(meets(r"Quý\s+[IVX]+", "Kế hoạch quý  IV"));
        assert!(meets(r"(?:tháng|quý) \S+", "tháng 3"));
        assert!(meets(r"\p{L}+-2026", "abc-2026"));
        assert!(!meets("bán", "bàn giao"));
        assert!(meets("^quán triệt$", "chỉ thị 5\nquán triệt"));
        assert!(compile("Đảng uỷ khối [0-9]", true).unwrap().is_match("gui dang uy khoi 5"));
    }

    #[test]
    fn refusals_name_the_slip() {
        assert_eq!(compile("(quý", false).unwrap_err().0, "có 1 dấu ( nhưng 0 dấu )");
        assert_eq!(compile("*quý", false).unwrap_err().0, "dấu lặp đứng đầu, trước nó không có gì");
        assert_eq!(compile("(.{1000}){1000}", false).unwrap_err().1, "too large: repeat less");
    }
}
