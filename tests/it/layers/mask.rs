//! Blanks what is not code, so that a path in a comment or a string is not taken for a use.

/// The source with comments, strings and character literals replaced by spaces. Line breaks stay, so
/// every remaining character keeps its line.
pub fn mask(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < text.len() {
        let end = literal_end(&text, at);
        if end == at {
            out.push(text[at]);
            at += 1;
        } else {
            out.extend(text[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment or literal that begins at `at` ends; `at` itself if none begins there.
fn literal_end(text: &[char], at: usize) -> usize {
    match (text[at], text.get(at + 1)) {
        ('/', Some('/')) => position(text, at, |c| c == '\n'),
        ('/', Some('*')) => block_comment_end(text, at),
        ('"', _) => quoted_end(text, at, '"'),
        ('\'', _) => character_end(text, at),
        ('r', Some('"' | '#')) if !continues_a_word(text, at) => raw_end(text, at),
        _ => at,
    }
}

fn position(text: &[char], from: usize, found: impl Fn(char) -> bool) -> usize {
    (from..text.len()).find(|at| found(text[*at])).unwrap_or(text.len())
}

/// Block comments nest in Rust.
fn block_comment_end(text: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.len()
}

fn quoted_end(text: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

/// `'a'` and `'\n'` are literals, `'a` alone is a lifetime.
fn character_end(text: &[char], start: usize) -> usize {
    if text.get(start + 1) == Some(&'\\') || text.get(start + 2) == Some(&'\'') {
        quoted_end(text, start, '\'')
    } else {
        start
    }
}

/// `b` and `c` before a raw string belong to it; any other letter makes the `r` part of a word.
fn continues_a_word(text: &[char], at: usize) -> bool {
    let is_word = |at: usize| text[at].is_alphanumeric() || text[at] == '_';
    match at.checked_sub(1) {
        Some(before) if matches!(text[before], 'b' | 'c') => before > 0 && is_word(before - 1),
        Some(before) => is_word(before),
        None => false,
    }
}

/// `r"…"`, `r#"…"#`; of a raw name such as `r#type` only the prefix is blanked.
fn raw_end(text: &[char], start: usize) -> usize {
    let open = position(text, start + 1, |c| c != '#');
    let hashes = open - start - 1;
    if text.get(open) != Some(&'"') {
        return open;
    }
    let closes =
        |at: usize| text[at] == '"' && text[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (open + 1..text.len()).find(|at| closes(*at)).map_or(text.len(), |at| at + 1 + hashes)
}

#[test]
fn literals_and_comments_vanish_and_code_stays() {
    let cases = [
        ("a // crate::store\nb", "a                \nb"),
        ("a /* x /* crate::y */ z */ b", "a                          b"),
        (r#"f("crate::x \" crate::y") g"#, r"f(                      ) g"),
        (r##"let s = r#"a " crate::x"#; t"##, "let s =                  ; t"),
        (r##"br#"x"# cr"y" barr"z""##, "b       c     barr   "),
        ("'x' 'a: '\\'' '\"' b", "    'a:          b"),
        ("fn f<'a>(x: &'a str) { '{' }", "fn f<'a>(x: &'a str) {     }"),
        ("r#type::x", "  type::x"),
        ("\"unfinished", "           "),
        ("\"two\nlines\" x", "    \n       x"),
    ];
    for (source, expected) in cases {
        assert_eq!(mask(source), expected, "of {source:?}");
    }
}
