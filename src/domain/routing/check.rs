//! Telling how a document met the conditions of a rule: what was wanted, what was found, as it was
//! written and as it was compared.

use super::condition::{Condition, Test};
use super::facts::Facts;
use super::{Check, Part};
use crate::domain::text::tone_key;

/// Bytes of a text that a trace shows.
const SHOWN: usize = 500;

/// Every condition of a table, with how it was met.
pub(super) fn checks(table: &[Condition], facts: &Facts<'_>) -> Vec<Check> {
    table.iter().map(|condition| check(condition, facts)).collect()
}

fn check(condition: &Condition, facts: &Facts<'_>) -> Check {
    let (actual, folded) = found(condition, facts);
    Check {
        condition: condition.key,
        expected: condition.wanted.join(if condition.key == "text_all" { " & " } else { " | " }),
        folded: folded.filter(|folded| *folded != actual),
        actual,
        hits: hits(condition, facts),
        met: condition.is_met(facts),
        parts: parts(condition, facts),
    }
}

fn parts(condition: &Condition, facts: &Facts<'_>) -> Vec<Part> {
    let (Test::EachTable(tables) | Test::OneTable(tables) | Test::NoTable(tables)) = &condition.test else {
        return Vec::new();
    };
    let part = |table: &Vec<Condition>| {
        let checks = checks(table, facts);
        Part { met: checks.iter().all(|check| check.met), checks }
    };
    tables.iter().map(part).collect()
}

/// Of what is wanted, that which the document has. A pattern shows the letters it matched.
fn hits(condition: &Condition, facts: &Facts<'_>) -> Vec<String> {
    match &condition.test {
        Test::Any(atoms) | Test::All(atoms) | Test::None(atoms) => {
            let wanted = condition.wanted.iter().zip(atoms);
            wanted.filter(|(_, atom)| facts.has(**atom)).map(|(wanted, _)| wanted.clone()).collect()
        }
        Test::Regex(regex, _) => {
            let found = regex.find(facts.key(condition.bare));
            found.map(|found| cut(found.as_str())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What the document has in the matter of a condition: as written, and as compared.
fn found(condition: &Condition, facts: &Facts<'_>) -> (String, Option<String>) {
    let document = facts.document;
    let unknown = || "không rõ".to_owned();
    let plain = |text: &str| (text.to_owned(), None);
    match condition.key {
        "issuer" => (issuer(facts), Some(tone_key(&document.issuer)).filter(|key| !key.is_empty())),
        "kind" => {
            let name = document.kind_name.clone();
            let codes: Vec<_> = facts.kind_codes().map(str::to_owned).chain(name).collect();
            (codes.join(", "), Some(facts.kind_keys().join(", ")).filter(|keys| !keys.is_empty()))
        }
        "symbol" => plain(&document.symbol),
        "urgency" => plain(document.urgency.as_str()),
        "operation" => plain(document.operation.as_str()),
        "source" => plain(document.source.as_str()),
        "steering" => plain(document.steering.as_str()),
        "text_any" | "text_all" | "text_none" | "text_regex" => {
            let content = document.content.as_ref().map(|content| format!("\n{content}")).unwrap_or_default();
            (cut(&format!("{}{content}", document.subject)), Some(cut(facts.key(condition.bare))))
        }
        "issued_from" | "issued_until" | "issued_within" => {
            (document.issued.map_or_else(unknown, |day| day.to_string()), None)
        }
        "received_from" | "received_until" => (facts.received.to_string(), None),
        _ => (String::new(), None),
    }
}

fn issuer(facts: &Facts<'_>) -> String {
    let name = &facts.document.issuer;
    let tokens = facts.symbol.as_ref().map(|symbol| symbol.issuer.join(", ")).unwrap_or_default();
    match (tokens.is_empty(), name.trim().is_empty()) {
        (true, _) => name.clone(),
        (false, true) => tokens,
        (false, false) => format!("{tokens} ({name})"),
    }
}

/// A long text by its beginning, so that a trace stays small however long a document is.
fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(SHOWN);
    match text.split_at_checked(end) {
        Some((beginning, rest)) if !rest.is_empty() => beginning.to_owned() + "…",
        _ => text.to_owned(),
    }
}
