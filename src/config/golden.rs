//! A test written from a real document: what the rules make of it today, with everything taken out of it
//! that they do not need.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::office::Office;
use super::rules_test::due_day;
use crate::domain::change::{Fate, assignments, shifts};
use crate::domain::document::{Document, Operation, Steering, Urgency};
use crate::domain::ids::{SourceId, UnitId};
use crate::domain::redact::{GAP, Redacted, redact};
use crate::domain::routing::{Outcome, RuleVerdict, Trace, route};

/// Cells that are named one by one; more are counted.
const NAMED: usize = 12;

/// A test to be written into a file of rules.
#[derive(Debug, Clone)]
pub struct Golden {
    /// The document without what the rules do not need.
    pub redacted: Redacted,
    /// The day it was received.
    pub received: NaiveDate,
    /// What the rules make of it.
    pub trace: Trace,
}

impl Golden {
    /// Takes a document received on a day. What is left of it routes as the whole does, which was tried.
    pub fn new(document: &Document, received: NaiveDate, office: &Office) -> Self {
        let try_out = |document: &Document| {
            let now = office.calendar.opening(received);
            let document = Document { received: Some(now), ..document.clone() };
            route(&office.ruleset, &document, &office.units, &office.calendar, now)
        };
        let whole = try_out(document);
        let mut redacted = redact(document, &|fewer| alike(&try_out(fewer), &whole));
        let nowhere = Document { source: SourceId(String::new()), ..redacted.document.clone() };
        if alike(&try_out(&nowhere), &whole) {
            redacted.document = nowhere;
        }
        Self { trace: try_out(&redacted.document), redacted, received }
    }

    /// The test as TOML, after a comment that says what it is and which words had to stay.
    pub fn toml(&self, office: &Office) -> String {
        let document = &self.redacted.document;
        let kept = match &self.redacted.kept[..] {
            [] => "không giữ chữ nào của trích yếu".to_owned(),
            kept => format!("giữ lại vì quy tắc cần: {}", kept.join(" ")),
        };
        let name = [document.symbol.as_str(), "lấy từ sổ"].join(" ");
        let pairs = |pairs: Vec<(&str, Option<String>)>| {
            let written = pairs.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?)));
            written.collect::<Vec<_>>().join(", ")
        };
        format!(
            "# Từ một văn bản thật; {kept}.\n[[test]]\nname = {}\ndocument = {{ {} }}\nexpect = {{ {} }}\n",
            quoted(name.trim()),
            pairs(written(document, self.received)),
            pairs(expected(&self.trace, office)),
        )
    }
}

/// Whether two routings come to the same, by the same rules.
fn alike(one: &Trace, other: &Trace) -> bool {
    let fate = |trace: &Trace| Fate::of(&trace.outcome);
    fate(one) == fate(other)
        && shifts(&one.outcome, &other.outcome).is_empty()
        && matched(one).eq(matched(other))
}

fn matched(trace: &Trace) -> impl Iterator<Item = &str> {
    let matched = trace.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched);
    matched.map(|rule| rule.rule.as_str())
}

fn written(document: &Document, received: NaiveDate) -> Vec<(&'static str, Option<String>)> {
    let text = |text: &str| (!text.is_empty()).then(|| quoted(text));
    let word = |word: &str, is_usual: bool| (!is_usual).then(|| quoted(word));
    let issued = document.issued;
    vec![
        ("symbol", text(&document.symbol)),
        ("subject", Some(quoted(if document.subject.is_empty() { GAP } else { &document.subject }))),
        ("content", document.content.as_deref().and_then(text)),
        ("kind", document.kind_name.as_deref().and_then(text)),
        ("issuer", text(&document.issuer)),
        ("signer", document.signer.as_deref().and_then(text)),
        ("field", document.field.as_deref().and_then(text)),
        ("source", text(document.source.as_str())),
        ("urgency", word(document.urgency.as_str(), document.urgency == Urgency::Unknown)),
        ("operation", word(document.operation.as_str(), document.operation == Operation::New)),
        ("issued", issued.map(|day| day.to_string())),
        ("received", (issued != Some(received)).then(|| received.to_string())),
        ("due", document.due.map(|day| day.to_string())),
        ("steering", word(document.steering.as_str(), document.steering == Steering::Unknown)),
        ("addressees", (!document.addressees.is_empty()).then(|| listed(&document.addressees))),
    ]
}

fn listed(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn expected(trace: &Trace, office: &Office) -> Vec<(&'static str, Option<String>)> {
    let groups = assignments(&trace.outcome);
    let cells: BTreeSet<&UnitId> = groups.iter().flat_map(|group| &group.cells).collect();
    let dues: BTreeSet<_> = groups.iter().map(|group| due_day(group, office)).collect();
    let due = dues.first().copied().flatten().filter(|_| dues.len() == 1);
    let codes = || cells.iter().map(|cell| cell.0.clone()).collect::<Vec<_>>();
    let outcome = match trace.outcome {
        Outcome::Assigned { .. } => None,
        Outcome::Nobody { .. } => Some(quoted("nobody")),
        Outcome::Unmatched => Some(quoted("unmatched")),
    };
    let cells = match cells.len() {
        0 => None,
        1..=NAMED => Some(listed(&codes())),
        more => Some(more.to_string()),
    };
    vec![
        ("outcome", outcome),
        ("cells", cells),
        ("rule", matched(trace).next().map(quoted)),
        ("due", due.map(|day| day.to_string())),
    ]
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
