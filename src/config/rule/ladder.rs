//! `[[ladder]]` and its steps.

mod haste;
mod sound;

use std::collections::BTreeMap;

use super::phrase;
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::Fields;
use crate::config::file::{Place, Sourced};
use crate::config::suggest::similar_words;
use crate::domain::ladder::{Anchor, CatchUp, Ladder, Recipient, Step, StepKind, Until};
use crate::domain::unit::Units;

pub use haste::{Wish, hasten};

/// `escalate` is what a chase to a superior was called.
const KINDS: [(&str, StepKind); 5] = [
    ("remind", StepKind::Remind),
    ("chase", StepKind::Chase),
    ("criticise", StepKind::Criticise),
    ("review", StepKind::Review),
    ("escalate", StepKind::Chase),
];
const RECIPIENTS: [(&str, Recipient); 4] = [
    ("cell", Recipient::Cell),
    ("parent", Recipient::Parent),
    ("office", Recipient::Office),
    ("leadership", Recipient::Leadership),
];
const UNTIL: [(&str, Until); 2] = [("acknowledged", Until::Acknowledged), ("done", Until::Done)];
const CATCH_UP: [(&str, CatchUp); 3] =
    [("latest", CatchUp::Latest), ("all", CatchUp::All), ("none", CatchUp::None)];

/// The ladders of all files, by name.
pub type Ladders = BTreeMap<String, Sourced<Ladder>>;

/// Reads one `[[ladder]]` and adds it; what it says of urgent documents waits until all ladders are read.
pub fn read(fields: Fields<'_>, ladders: &mut Ladders, units: Option<&Units>) -> Vec<Wish> {
    let name = fields.required_text("name");
    let drafts = fields.tables("step", "[[ladder.step]]");
    if drafts.is_empty() {
        fields.missing("step");
    }
    let steps: Vec<_> = (1..).zip(drafts).filter_map(|(number, step)| read_step(step, number)).collect();
    sound::check(&steps, units, &fields);
    let catch_up = fields.word("catch_up", &CATCH_UP).unwrap_or_default();
    let table = fields.table("urgency", "`urgency`");
    let wishes = match (table, &name) {
        (Some(table), Some(name)) => haste::read(table, &name.value),
        _ => Vec::new(),
    };
    if let Some(name) = name {
        if let Some(earlier) = ladders.get(&name.value) {
            let finding =
                Diagnostic::new(Code::DuplicateLadder, name.place.clone()).with(name.value.as_str());
            fields.report(finding.and_at(&earlier.place, ("lần đầu", "the first time")));
        } else {
            let steps = steps.into_iter().map(|step| step.value).collect();
            let value = Ladder { name: name.value.clone(), steps, catch_up, by_urgency: Vec::new() };
            ladders.insert(name.value, Sourced { value, place: name.place });
        }
    }
    fields.finish();
    wishes
}

/// The step, at the place of its time.
fn read_step(fields: Fields<'_>, number: u16) -> Option<Sourced<Step>> {
    let at = fields.required_text("at");
    let time = at.and_then(|at| {
        let time = phrase::step_time(&at.value);
        if time.is_none() {
            fields.report(Diagnostic::new(Code::BadStep, at.place.clone()).with(at.value));
        }
        time.map(|time| (time, at.place))
    });
    for key in ["kind", "to"].into_iter().filter(|key| !fields.has(key)) {
        fields.missing(key);
    }
    let (kind, to) = (fields.word("kind", &KINDS), fields.word("to", &RECIPIENTS));
    let until = fields.word("until", &UNTIL);
    fields.finish();
    let ((anchor, distance), place) = time?;
    // What counts from the acknowledgement is about the acknowledgement, unless the step says else.
    let usual = if anchor == Anchor::Acknowledge { Until::Acknowledged } else { Until::Done };
    let phrase::Distance { days: offset, hours } = distance;
    let until = until.unwrap_or(usual);
    Some(Sourced { value: Step { number, anchor, offset, hours, kind: kind?, to: to?, until }, place })
}

/// The ladder a rule names. `complete` says that every file could be read, so that an unknown name is
/// really unknown.
pub fn find(
    name: &Sourced<String>,
    ladders: &Ladders,
    complete: bool,
    findings: &Findings,
) -> Option<Ladder> {
    let found = ladders.get(&name.value).map(|ladder| ladder.value.clone());
    if found.is_none() && complete {
        let similar = similar_words(&name.value, ladders.keys().map(String::as_str));
        let finding = Diagnostic::new(Code::UnknownLadder, name.place.clone()).with(name.value.as_str());
        findings.add(finding.or_rather(similar));
    }
    found
}

/// Warns of steps that can never come, because the rule does not set what they count from.
pub fn dead_steps(ladder: &Ladder, rule: &str, has: (bool, bool), place: &Place, findings: &Findings) {
    let (acknowledge, due) = has;
    let anchors = [
        (Anchor::Acknowledge, acknowledge, "acknowledge", "acknowledge_within"),
        (Anchor::Due, due, "due", "due"),
    ];
    for (anchor, set, word, key) in anchors {
        if !set && ladder.steps.iter().any(|step| step.anchor == anchor) {
            let finding = Diagnostic::new(Code::DeadStep, place.clone()).with(ladder.name.as_str());
            findings.add(finding.with(word).with(rule).with(key));
        }
    }
}
