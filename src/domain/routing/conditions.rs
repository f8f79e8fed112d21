//! The conditions of a rule against one document, each with what was wanted and what was found.

use super::Check;
use crate::domain::document::Document;
use crate::domain::rule::When;
use crate::domain::symbol::{Symbol, kind_code};
use crate::domain::text::{bare_key, tone_key};
use crate::domain::unit::{Unit, Units};

/// A document prepared once for all rules.
pub(super) struct Subject<'a> {
    document: &'a Document,
    units: &'a Units,
    kinds: Vec<String>,
    tokens: Vec<String>,
    issuer_tokens: Vec<String>,
    issuer: String,
    toned: String,
    bare: String,
}

impl<'a> Subject<'a> {
    pub(super) fn new(document: &'a Document, units: &'a Units) -> Self {
        let symbol = document.parsed_symbol();
        let text = format!("{} {}", document.subject, document.content.as_deref().unwrap_or_default());
        let name = document.kind_name.as_deref();
        let mut kinds: Vec<_> = symbol.iter().filter_map(|symbol| symbol.kind.clone()).collect();
        kinds.extend(name.and_then(kind_code).map(str::to_owned));
        kinds.extend(name.map(tone_key));
        Self {
            document,
            units,
            kinds,
            tokens: symbol.iter().flat_map(Symbol::tokens).map(str::to_owned).collect(),
            issuer_tokens: symbol.map(|symbol| symbol.issuer).unwrap_or_default(),
            issuer: tone_key(&document.issuer),
            toned: tone_key(&text),
            bare: bare_key(&text),
        }
    }

    fn issued_by(&self, wanted: &str) -> bool {
        let key = tone_key(wanted);
        let named = self.units.iter().filter(|unit| is_called(unit, wanted, &key));
        self.issuer_tokens.iter().any(|token| token == wanted)
            || self.issuer == key
            || named.flat_map(all_names).any(|name| tone_key(name) == self.issuer)
    }

    fn is_kind(&self, wanted: &str) -> bool {
        let key = tone_key(wanted);
        self.kinds.iter().any(|kind| *kind == wanted || *kind == key)
    }

    fn says(&self, phrase: &str, accent_free: bool) -> bool {
        if accent_free {
            contains_words(&self.bare, &bare_key(phrase))
        } else {
            contains_words(&self.toned, &tone_key(phrase))
        }
    }
}

fn is_called(unit: &Unit, wanted: &str, key: &str) -> bool {
    unit.id.as_str() == wanted || all_names(unit).any(|name| tone_key(name) == key)
}

fn all_names(unit: &Unit) -> impl Iterator<Item = &str> {
    unit.aliases.iter().map(String::as_str).chain(unit.names.iter().map(|name| name.value.as_str()))
}

/// Whether `phrase` stands in `text` with no letter or digit touching either end.
fn contains_words(text: &str, phrase: &str) -> bool {
    let touches = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, found)| {
            let (before, rest) = text.split_at(at);
            let after = rest.strip_prefix(found).unwrap_or_default();
            !touches(before.chars().next_back()) && !touches(after.chars().next())
        })
}

/// Every condition that the rule states, in a fixed order.
pub(super) fn check(when: &When, subject: &Subject<'_>) -> Vec<Check> {
    let document = subject.document;
    let mut checks = Vec::new();
    let mut any = |condition, wanted: &[String], actual: String, met: &dyn Fn(&str) -> bool| {
        if !wanted.is_empty() {
            let met = wanted.iter().any(|wanted| met(wanted));
            checks.push(Check { condition, expected: wanted.join(" | "), actual, met });
        }
    };
    any("issuer", &when.issuer, issuer_text(subject), &|wanted| subject.issued_by(wanted));
    any("kind", &when.kind, subject.kinds.join(", "), &|wanted| subject.is_kind(wanted));
    any("symbol", &when.symbol, document.symbol.clone(), &|wanted| {
        subject.tokens.iter().any(|token| token == wanted)
    });
    let urgencies: Vec<_> = when.urgency.iter().map(|urgency| urgency.as_str().to_owned()).collect();
    any("urgency", &urgencies, document.urgency.as_str().to_owned(), &|wanted| {
        wanted == document.urgency.as_str()
    });
    let operations: Vec<_> = when.operation.iter().map(|one| one.as_str().to_owned()).collect();
    any("operation", &operations, document.operation.as_str().to_owned(), &|wanted| {
        wanted == document.operation.as_str()
    });
    let sources: Vec<_> = when.source.iter().map(|source| source.0.clone()).collect();
    any("source", &sources, document.source.0.clone(), &|wanted| wanted == document.source.as_str());
    any("text_any", &when.text_any, subject.document.subject.clone(), &|wanted| {
        subject.says(wanted, when.accent_free)
    });
    checks.extend(text_checks(when, subject));
    checks.extend(date_checks(when, document));
    checks
}

fn text_checks(when: &When, subject: &Subject<'_>) -> Vec<Check> {
    let said = |phrase: &String| subject.says(phrase, when.accent_free);
    let mut checks = Vec::new();
    let mut push = |condition, expected, met| {
        checks.push(Check { condition, expected, actual: subject.document.subject.clone(), met });
    };
    if !when.text_all.is_empty() {
        push("text_all", when.text_all.join(" & "), when.text_all.iter().all(said));
    }
    if !when.text_none.is_empty() {
        push("text_none", when.text_none.join(" | "), !when.text_none.iter().any(said));
    }
    if let Some(regex) = &when.text_regex {
        push("text_regex", regex.as_str().to_owned(), regex.is_match(&subject.toned));
    }
    checks
}

fn date_checks(when: &When, document: &Document) -> Vec<Check> {
    let actual = document.issued.map_or_else(|| "không rõ".to_owned(), |day| day.to_string());
    let from = when.issued_from.map(|from| Check {
        condition: "issued_from",
        expected: from.to_string(),
        actual: actual.clone(),
        met: document.issued.is_some_and(|issued| from <= issued),
    });
    let until = when.issued_until.map(|until| Check {
        condition: "issued_until",
        expected: until.to_string(),
        actual: actual.clone(),
        met: document.issued.is_some_and(|issued| issued <= until),
    });
    from.into_iter().chain(until).collect()
}

fn issuer_text(subject: &Subject<'_>) -> String {
    let (tokens, name) = (subject.issuer_tokens.join(", "), &subject.document.issuer);
    match (tokens.is_empty(), name.trim().is_empty()) {
        (true, _) => name.clone(),
        (false, true) => tokens,
        (false, false) => format!("{tokens} ({name})"),
    }
}
