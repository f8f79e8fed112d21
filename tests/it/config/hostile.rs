//! Files damaged at random: nothing panics, every error is drawn, and no error means that it loads.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use vanthu::config::diagnostic::Diagnostic;
use vanthu::config::settings::Language;
use vanthu::config::{Report, sample};

use super::office::{CALENDAR, Office, RULES, SETTINGS, UNITS, YEAR};

/// What keyboards and editors put into files.
const PIECES: [&str; 24] = [
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ",",
    ".",
    "#",
    "\n",
    "\r",
    "\t",
    "\\",
    "“",
    "\u{a0}",
    "ệ",
    "e\u{323}\u{302}",
    "0",
    "-1",
    "\u{feff}",
    "[[rule]]\n",
];

const FILES: [(&str, &str); 5] = [
    ("vanthu.toml", SETTINGS),
    ("units.toml", UNITS),
    ("calendar/calendar.toml", CALENDAR),
    ("calendar/2026.toml", YEAR),
    ("rules.d/10.toml", RULES),
];

/// One edit: where (as a share of the text), how many characters go, what comes instead.
type Edit = (f64, usize, usize);

fn damaged(text: &str, apart: bool, edits: &[Edit]) -> String {
    let mut letters: Vec<char> = if apart { text.nfd().collect() } else { text.chars().collect() };
    for (place, gone, piece) in edits {
        let at = (place * letters.len() as f64) as usize;
        let end = (at + gone).min(letters.len());
        letters.splice(at..end, PIECES[*piece].chars());
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_told_and_never_fatal(
        file in 0..FILES.len(),
        apart: bool,
        edits in prop::collection::vec((0.0..1.0, 0..12_usize, 0..PIECES.len()), 1..4),
    ) {
        let (path, text) = FILES[file];
        let office = Office::new().with(path, damaged(text, apart, &edits));
        match office.load() {
            Ok(loaded) => prop_assert_eq!(loaded.warnings.errors(), 0),
            Err(report) => {
                prop_assert!(report.errors() > 0);
                for language in [Language::Vi, Language::En] {
                    prop_assert!(report.render(language, true).contains("VT"));
                    prop_assert!(report.to_json(language).is_array());
                }
            }
        }
    }
}

/// What the TOML parser says in its own words; none of it may reach people.
const PARSER: [&str; 14] = [
    "TOML parse error",
    "key with no value",
    "expected `",
    "string values must be quoted",
    "missing assignment",
    "missing comma between",
    "invalid basic string",
    "invalid literal string",
    "invalid key-value pair",
    "unexpected key or value",
    "unexpected leading zero",
    "cannot extend value",
    "unclosed",
    "newline",
];
/// English words of the parser that no Vietnamese sentence has.
const ENGLISH: [&str; 8] =
    ["expected", "invalid", "missing", "unclosed", "duplicate", "cannot", "must be", "unquoted"];

fn says(report: &Report, language: Language) -> String {
    let said =
        |finding: &Diagnostic| [finding.title(language), finding.label(language), finding.help(language)];
    report.diagnostics.iter().flat_map(said).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_of_the_parser_reaches_people(
        file in 0..sample::FILES.len(),
        apart: bool,
        edits in prop::collection::vec((0.0..1.0, 0..30_usize, 0..PIECES.len()), 1..6),
    ) {
        // units.toml of the sample is long and says nothing new; the small one stands in for it.
        let (path, text) = if sample::FILES[file].0 == "units.toml" { FILES[1] } else { sample::FILES[file] };
        let report = Office::new().with(path, damaged(text, apart, &edits)).report();
        let (vi, en) = (says(&report, Language::Vi), says(&report, Language::En));
        for phrase in PARSER {
            prop_assert!(!vi.contains(phrase) && !en.contains(phrase), "{}\n{}", phrase, en);
        }
        for word in ENGLISH {
            prop_assert!(!vi.contains(word), "{}\n{}", word, vi);
        }
    }
}
