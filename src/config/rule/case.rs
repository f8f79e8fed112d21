//! `[[test]]`: what a rule's author expects, beside the rules.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Context;
use super::places::Written;
use super::target::known_unit;
use super::when::{OPERATIONS, STEERINGS, URGENCIES};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::{Place, Sourced};
use crate::config::suggest::similar_words;
use crate::domain::document::{Document, Exchange};
use crate::domain::ids::{ExternalId, RuleId, SourceId, TaskId, UnitId};

const OUTCOMES: [(&str, ExpectedOutcome); 3] = [
    ("assigned", ExpectedOutcome::Assigned),
    ("nobody", ExpectedOutcome::Nobody),
    ("unmatched", ExpectedOutcome::Unmatched),
];

/// One test.
#[derive(Debug, Clone)]
pub struct RuleTest {
    /// What people call it; the document's symbol and subject where it has no name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The document to route, without an instant of receipt.
    pub document: Document,
    /// The day it is received; by default the day of issue.
    pub received: NaiveDate,
    /// What must come out; of a plan, as many as its writer wants to say of its tasks.
    pub expect: Vec<Expect>,
}

/// What must come out of a test; what is absent is not checked.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// The task that cells and due are about; without one they are about everything that is asked.
    pub task: Option<Sourced<ExpectedTask>>,
    /// The cells chosen.
    pub cells: Option<Sourced<ExpectedCells>>,
    /// A rule that must match.
    pub rule: Option<Sourced<RuleId>>,
    /// The due day of every duty given.
    pub due: Option<Sourced<NaiveDate>>,
    /// What comes out.
    pub outcome: Option<Sourced<ExpectedOutcome>>,
}

/// A task as a test names it: by its code, or by rule and code where two rules use one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedTask(String);

impl ExpectedTask {
    /// Whether a task is meant.
    pub fn is(&self, task: &TaskId) -> bool {
        self.0 == task.code() || self.0 == task.as_str()
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The cells expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedCells {
    /// So many.
    Count(usize),
    /// Exactly these.
    Exactly(BTreeSet<UnitId>),
}

/// The outcome expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedOutcome {
    /// Cells must act.
    Assigned,
    /// A rule says that nobody is to act.
    Nobody,
    /// No rule matched.
    Unmatched,
}

impl ExpectedOutcome {
    /// The word in TOML.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Nobody => "nobody",
            Self::Unmatched => "unmatched",
        }
    }
}

/// Reads one test of `rules`.
pub fn read(fields: Fields<'_>, rules: &[Written], context: &Context<'_>) -> Option<RuleTest> {
    let place = fields.place();
    let name = fields.text("name");
    for key in ["document", "expect"].into_iter().filter(|key| !fields.has(key)) {
        fields.missing(key);
    }
    let document = fields.table("document", "`document`").map(read_document);
    let expect = fields.tables("expect", "`expect`");
    let expect: Vec<_> = expect.into_iter().map(|expect| read_expect(expect, rules, context)).collect();
    fields.finish();
    let (document, received) = document??;
    let shown = || format!("{} {}", document.symbol, document.subject).trim().to_owned();
    let name = name.map_or_else(shown, |name| name.value);
    (!expect.is_empty()).then_some(RuleTest { name, place, document, received, expect })
}

/// The document and the day it is received; `None` without any day.
fn read_document(fields: Fields<'_>) -> Option<(Document, NaiveDate)> {
    let plain = |key| fields.text(key).map(|text| text.value);
    let date = |key| fields.date(key).map(|day| day.value);
    let (issued, received) = (date("issued"), date("received"));
    if !fields.has("issued") && !fields.has("received") {
        fields.missing("issued");
    }
    let document = Document {
        source: SourceId(plain("source").unwrap_or_default()),
        external_id: ExternalId(String::new()),
        symbol: plain("symbol").unwrap_or_default(),
        kind_name: plain("kind"),
        subject: fields.required_text("subject").map(|subject| subject.value).unwrap_or_default(),
        content: plain("content"),
        issuer: plain("issuer").unwrap_or_default(),
        signer: plain("signer"),
        issued,
        received: None,
        due: date("due"),
        urgency: fields.word("urgency", &URGENCIES).unwrap_or_default(),
        operation: fields.word("operation", &OPERATIONS).unwrap_or_default(),
        steering: fields.word("steering", &STEERINGS).unwrap_or_default(),
        addressees: fields.texts("addressees").into_iter().map(|name| name.value).collect(),
        exchange: Exchange::default(),
        field: plain("field"),
        attachments: Vec::new(),
    };
    fields.finish();
    received.or(issued).map(|received| (document, received))
}

fn read_expect(fields: Fields<'_>, rules: &[Written], context: &Context<'_>) -> Expect {
    let outcome_place = fields.value_place("outcome");
    let outcome = fields.word("outcome", &OUTCOMES);
    let expect = Expect {
        task: fields.text("task").map(|task| known_task(task, rules, context)),
        cells: read_cells(&fields, context),
        rule: fields.text("rule").map(|rule| known_rule(rule, rules, context)),
        due: fields.date("due"),
        outcome: outcome.zip(outcome_place).map(|(value, place)| Sourced { value, place }),
    };
    if !["cells", "rule", "due", "outcome"].into_iter().any(|key| fields.has(key)) {
        fields.report(Diagnostic::new(Code::Empty, fields.place()).with("expect"));
    }
    fields.finish();
    expect
}

fn read_cells(fields: &Fields<'_>, context: &Context<'_>) -> Option<Sourced<ExpectedCells>> {
    let place = fields.value_place("cells")?;
    if fields.is_number("cells") {
        let count = fields.number("cells", 0..=100_000)?;
        return Some(count.map(|count| ExpectedCells::Count(usize::try_from(count).unwrap_or(usize::MAX))));
    }
    let cells = fields.texts("cells").into_iter().map(|cell| known_unit(cell, true, context)).collect();
    Some(Sourced { value: ExpectedCells::Exactly(cells), place })
}

fn known_task(task: Sourced<String>, rules: &[Written], context: &Context<'_>) -> Sourced<ExpectedTask> {
    let tasks = || rules.iter().flat_map(|rule| &rule.rule.tasks).map(|task| &task.name.id);
    let task = task.map(ExpectedTask);
    if context.complete && !tasks().any(|known| task.value.is(known)) {
        let written = task.value.as_str();
        let finding = Diagnostic::new(Code::UnknownTask, task.place.clone()).with(written);
        context.findings.add(finding.or_rather(similar_words(written, tasks().map(TaskId::code))));
    }
    task
}

fn known_rule(rule: Sourced<String>, rules: &[Written], context: &Context<'_>) -> Sourced<RuleId> {
    let ids = || rules.iter().map(|rule| rule.rule.id.as_str());
    if context.complete && !ids().any(|id| id == rule.value) {
        let finding = Diagnostic::new(Code::UnknownRule, rule.place.clone()).with(rule.value.as_str());
        context.findings.add(finding.or_rather(similar_words(&rule.value, ids())));
    }
    rule.map(RuleId)
}
