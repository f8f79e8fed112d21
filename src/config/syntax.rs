//! TOML syntax: parsed with recovery, every fault told in the reader's language. The parser's own
//! English is translated, never forwarded, and faults that office editors make (curly quotes, no-break
//! spaces, accented keys) are told by the text at the place.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error};

use super::code::Code;
use super::diagnostic::{Diagnostic, Findings};
use super::file::{Place, SourceFile};

/// Faults shown per file; later ones mostly follow from the first.
const MOST: usize = 5;

/// Reads a file's tables. `None` if it is not TOML; then every fault is among the findings.
pub fn parse<'a>(file: &'a Arc<SourceFile>, findings: &Findings) -> Option<Spanned<DeTable<'a>>> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    if errors.is_empty() {
        return Some(table);
    }
    report(file, table.get_ref(), &errors, findings);
    None
}

/// One finding per faulty line, [`MOST`] at most.
fn report(file: &Arc<SourceFile>, table: &DeTable<'_>, errors: &[Error], findings: &Findings) {
    let mut spans: Vec<_> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    spans.sort_by_key(|(span, _)| span.start);
    spans.dedup_by_key(|(span, _)| file.line_start(span.start).0);
    let mut unclosed = None;
    for (span, message) in spans.iter().take(MOST) {
        let finding = translate(file, table, span.clone(), message);
        let line = file.line_start(span.start).0;
        // Behind an open quote the parser goes on within the list; what it misses there is no fault.
        if finding.code == Code::MissingComma && unclosed == Some(line - 1) {
            continue;
        }
        unclosed = (finding.code == Code::OpenQuote).then_some(line);
        findings.add(finding);
    }
    if let Some(rest) = spans.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        let place = Place::Path(file.path.clone());
        findings
            .add(Diagnostic::new(Code::MoreSyntax, place).with(rest.to_string()).with(file.path.as_str()));
    }
}

fn translate(file: &Arc<SourceFile>, table: &DeTable<'_>, span: Range<usize>, message: &str) -> Diagnostic {
    let span = widen(&file.text, span);
    let (code, span) = by_text(&file.text, &span).unwrap_or_else(|| by_message(message, &file.text, span));
    let finding = Diagnostic::new(code, Place::text(file, span.clone()));
    if code != Code::DuplicateKey {
        return finding;
    }
    let key = file.text.get(span.clone()).unwrap_or_default().trim();
    let finding = finding.with(key);
    match first_time(table, key, span.start) {
        Some(first) => finding.and_at(&Place::text(file, first), ("lần đầu", "the first time")),
        None => finding,
    }
}

/// The nearest key of that name before `end`: the parser keeps the first of two.
fn first_time(table: &DeTable<'_>, name: &str, end: usize) -> Option<Range<usize>> {
    let here = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let own = (key.get_ref() == name && key.span().end <= end).then(|| key.span());
        let below = match value.get_ref() {
            DeValue::Table(table) => first_time(table, name, end),
            DeValue::Array(items) => {
                let tables = items.iter().filter_map(|item| item.get_ref().as_table());
                tables.filter_map(|table| first_time(table, name, end)).max_by_key(|span| span.start)
            }
            _ => None,
        };
        own.into_iter().chain(below).max_by_key(|span| span.start)
    };
    table.iter().filter_map(here).max_by_key(|span| span.start)
}

/// The faults that text editors and keyboards make, told by the characters of the line.
fn by_text(text: &str, span: &Range<usize>) -> Option<(Code, Range<usize>)> {
    let (start, line) = line_of(text, span.start);
    if !outside_blocks(text).any(|(begins, _)| begins == start) {
        return None;
    }
    let at = |(offset, c): (usize, char)| start + offset..start + offset + c.len_utf8();
    let mut outside = outside_quotes(line);
    if let Some(found) = outside.clone().find(|(_, c)| matches!(c, '“' | '”' | '„' | '‘' | '’' | '«' | '»'))
    {
        return Some((Code::SmartQuote, at(found)));
    }
    if let Some(found) = outside.clone().find(|(_, c)| is_odd_space(*c)) {
        return Some((Code::OddSpace, at(found)));
    }
    if let Some(key) = accented_key_at(line, span.start - start) {
        return Some((Code::AccentedKey, start + key.start..start + key.end));
    }
    // Only what stands before the first `=`, or in a header, is a key.
    let equals = outside.clone().find(|(_, c)| *c == '=').map(|(at, _)| at);
    let key_end = equals.or_else(|| line.trim_start().starts_with('[').then_some(line.len()));
    let Some(key_end) = key_end else {
        let prose = outside.any(|(_, c)| !c.is_ascii()) && open_quote(line).is_none();
        return prose.then(|| (Code::Syntax, start..start + line.len()));
    };
    let accented = outside.find(|(at, c)| *at < key_end && !c.is_ascii())?;
    let key = line.get(..key_end)?.trim_end();
    let from = key.get(..accented.0)?.rfind(|c: char| "[{, .\t".contains(c)).map_or(0, |at| at + 1);
    Some((Code::AccentedKey, start + from..start + key.trim_end_matches(']').len()))
}

/// The bare word around a byte of a line, if it bears accents and a `=` follows it.
fn accented_key_at(line: &str, byte: usize) -> Option<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "[]{},=\"'#".contains(c);
    let from = line.get(..byte)?.rfind(ends).map_or(0, |at| at + 1);
    let word = line.get(from..)?.split(ends).next()?;
    let follows = line.get(from + word.len()..)?.trim_start().starts_with('=');
    let outside = outside_quotes(line).any(|(at, _)| at == from);
    (outside && follows && !word.is_ascii()).then(|| from..from + word.len())
}

/// The lines of a text that do not begin within a text of several lines (three quotes), with where each
/// begins.
pub fn outside_blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut open: Option<&str> = None;
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let (start, outside) = (at, open.is_none());
        at += line.len();
        open = block_after(line, open);
        outside.then(|| (start, line.trim_end_matches(['\r', '\n'])))
    })
}

/// Which text of several lines is open behind a line, if `open` was before it.
fn block_after<'a>(line: &'a str, open: Option<&'a str>) -> Option<&'static str> {
    let marks = ["\"\"\"", "'''"];
    let mut open = open.and_then(|open| marks.into_iter().find(|mark| *mark == open));
    let mut quote: Option<char> = None;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let step = match (open, quote) {
            (Some(mark), _) if rest.starts_with(mark) => {
                open = None;
                mark.len()
            }
            (Some("'''"), _) | (None, Some('\'')) if c == '\\' => 1,
            _ if c == '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            (None, None) if c == '#' => return None,
            (None, None) if marks.iter().any(|mark| rest.starts_with(mark)) => {
                open = marks.into_iter().find(|mark| rest.starts_with(mark));
                3
            }
            (None, None) if matches!(c, '"' | '\'') => {
                quote = Some(c);
                1
            }
            (None, Some(mark)) if mark == c => {
                quote = None;
                1
            }
            _ => c.len_utf8(),
        };
        rest = rest.get(step..).unwrap_or_default();
    }
    open
}

/// Where the text of several lines opens that nothing closes, up to the end of its line.
fn open_block(text: &str) -> Option<Range<usize>> {
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let after = block_after(line, open.map(|(mark, _)| mark));
        open = match (open, after) {
            (Some((mark, place)), Some(_)) => Some((mark, place)),
            (_, Some(mark)) => line.rfind(mark).map(|place| (mark, at + place)),
            (_, None) => None,
        };
        at += line.len();
    }
    let (_, start) = open?;
    let (from, line) = line_of(text, start);
    Some(start..from + line.trim_end().len())
}

/// Characters of a line outside quotes and before a comment.
fn outside_quotes(line: &str) -> impl Iterator<Item = (usize, char)> + Clone {
    let quotes = |open: &mut Option<char>, (at, c): (usize, char)| {
        let inside = open.is_some();
        match (*open, c) {
            (None, '"' | '\'') => *open = Some(c),
            (Some(quote), _) if quote == c => *open = None,
            _ => {}
        }
        Some((at, c, inside))
    };
    let before_comment = |(_, c, inside): &(usize, char, bool)| *inside || *c != '#';
    let scanned = line.char_indices().scan(None, quotes).take_while(before_comment);
    scanned.filter(|(_, _, inside)| !inside).map(|(at, c, _)| (at, c))
}

fn is_odd_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{2000}'..='\u{200f}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    )
}

/// The parser's sentences (toml_parser 1.1, toml 1.2), by what they begin with.
const SENTENCES: [(&str, Code); 26] = [
    ("duplicate key", Code::DuplicateKey),
    ("cannot extend value", Code::DuplicateKey),
    ("missing comma", Code::MissingComma),
    ("invalid inline table element", Code::MissingComma),
    ("missing escaped value", Code::Backslash),
    ("too few unicode value digits", Code::Backslash),
    ("invalid value", Code::Backslash),
    ("invalid basic string", Code::OpenQuote),
    ("invalid literal string", Code::OpenQuote),
    ("invalid multi-line", Code::OpenQuote),
    ("missing opening quote", Code::OpenQuote),
    ("string values must be quoted", Code::Unquoted),
    ("key with no value", Code::MissingValue),
    ("missing value", Code::MissingValue),
    ("missing assignment", Code::MissingValue),
    ("missing key", Code::MissingValue),
    ("unexpected key or value", Code::Surplus),
    ("invalid key-value pair", Code::MissingValue),
    ("unclosed", Code::OpenBracket),
    ("missing array opening", Code::OpenBracket),
    ("missing inline table opening", Code::OpenBracket),
    ("missing table open", Code::OpenBracket),
    ("unexpected leading zero", Code::BadScalar),
    ("invalid", Code::BadScalar),
    ("redundant", Code::BadScalar),
    ("`_`", Code::BadScalar),
];

/// The code of the parser's sentence, and the span to show for it.
fn by_message(message: &str, text: &str, span: Range<usize>) -> (Code, Range<usize>) {
    let known = SENTENCES.iter().find(|(start, _)| message.starts_with(start));
    let code = known.map_or(Code::Syntax, |(_, code)| *code);
    let nothing = text.get(span.clone()).is_none_or(|found| found.trim().is_empty());
    match code {
        Code::Unquoted if nothing => (Code::MissingValue, span),
        // The parser guesses by the first letter (`n` may become `nan`); people mean what it looks like.
        Code::Unquoted | Code::BadScalar => {
            let number = text.get(span.clone()).is_some_and(|found| found.starts_with(is_numeric));
            (if number { Code::BadScalar } else { Code::Unquoted }, span)
        }
        Code::OpenQuote => {
            let (start, line) = line_of(text, span.start);
            let open = open_quote(line).map(|at| start + at..start + line.trim_end().len());
            (code, open.or_else(|| open_block(text)).unwrap_or(span))
        }
        _ => (code, span),
    }
}

/// Whether a value that begins so was meant as a number or a date.
fn is_numeric(first: char) -> bool {
    first.is_ascii_digit() || matches!(first, '+' | '-' | '.')
}

/// Where the last quote of a line opens that does not close.
fn open_quote(line: &str) -> Option<usize> {
    let mut open = None;
    for (at, c) in line.char_indices() {
        match open {
            None if matches!(c, '"' | '\'') => open = Some((at, c)),
            Some((_, quote)) if quote == c => open = None,
            _ => {}
        }
    }
    open.map(|(at, _)| at)
}

/// The line around a byte, with where it starts.
fn line_of(text: &str, byte: usize) -> (usize, &str) {
    let start = text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    (start, text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default())
}

/// A span to draw: at least one character, ending on the line it begins on.
fn widen(text: &str, span: Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.find('\n').map_or(text.len(), |at| start + at);
    let one = rest.chars().next().map_or(start, |c| start + c.len_utf8());
    start..span.end.min(line).max(one.min(line))
}
