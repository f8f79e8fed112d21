//! One `[[rule]]`.

use super::ladder::{self, Ladders};
use super::target;
use super::{Context, pattern, phrase, task};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::suggest::similar_words;
use crate::domain::document::{Operation, Urgency};
use crate::domain::ids::{RuleId, SourceId};
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Grade, Owed, Role};
use crate::domain::rule::{DueSource, Rule, When};

/// Words of `urgency`.
pub const URGENCIES: [(&str, Urgency); 6] = [
    ("unknown", Urgency::Unknown),
    ("normal", Urgency::Normal),
    ("urgent", Urgency::Urgent),
    ("very-urgent", Urgency::VeryUrgent),
    ("express", Urgency::Express),
    ("express-timed", Urgency::ExpressTimed),
];
/// Words of `operation`.
pub const OPERATIONS: [(&str, Operation); 4] = [
    ("new", Operation::New),
    ("revoke", Operation::Revoke),
    ("update", Operation::Update),
    ("replace", Operation::Replace),
];
/// Words of `role`.
pub const ROLES: [(&str, Role); 3] =
    [("lead", Role::Lead), ("support", Role::Support), ("inform", Role::Inform)];
const OWED: [(&str, Owed); 3] =
    [("acknowledge", Owed::Acknowledge), ("do", Owed::Do), ("report", Owed::Report)];
/// Words of `grade`.
pub const GRADES: [(&str, Grade); 5] = [
    ("upstream", Grade::Upstream),
    ("clicked", Grade::Clicked),
    ("verified", Grade::Verified),
    ("replied", Grade::Replied),
    ("staff", Grade::Staff),
];
/// Keys that ask something of a cell, and so do not go with `nobody`.
const ASKING: [&str; 8] = ["to", "role", "owes", "acknowledge_within", "due", "ladder", "grade", "task"];

/// Reads one rule; `None` if it has no usable code. The place is that of the code.
pub fn read(fields: Fields<'_>, ladders: &Ladders, context: &Context<'_>) -> Option<Sourced<Rule>> {
    let id = fields.required_text("id");
    let name = fields.required_text("name");
    let when = fields.table("when", "`when`").map(|when| read_when(when, context)).unwrap_or_default();
    let nobody = fields.required_if_written("nobody");
    let to = fields.table("to", "`to`").map(|to| target::read(to, context));
    let id = id?;
    aim(&fields, &id, nobody.is_some(), to.is_some());
    let (acknowledge_within, due) = (acknowledge_within(&fields), due(&fields));
    let drafts = fields.tables("task", "[[rule.task]]");
    let ladder = find_ladder(&fields, ladders, context);
    if drafts.is_empty() {
        let has = (fields.has("acknowledge_within"), fields.has("due"));
        judge_ladder(&fields, ladder.as_ref(), has, &id, context);
    }
    let mut rule = Rule {
        id: RuleId(id.value.clone()),
        name: name.map_or_else(|| id.value.clone(), |name| name.value),
        when,
        to: to.unwrap_or_default(),
        tasks: Vec::new(),
        nobody_because: nobody.map(|because| because.value),
        role: fields.word("role", &ROLES).unwrap_or(Role::Lead),
        owes: owes(&fields).unwrap_or_else(|| vec![Owed::Acknowledge]),
        acknowledge_within,
        due,
        ladder: ladder.map(|ladder| ladder.value).unwrap_or_default(),
        grade: fields.word("grade", &GRADES).unwrap_or(Grade::Clicked),
        valid: fields.validity(),
        is_final: fields.flag("final").unwrap_or(false),
        place: id.place.to_string(),
    };
    rule.tasks = task::read_all(drafts, &fields, &rule, ladders, context);
    fields.finish();
    Some(Sourced { place: id.place, value: rule })
}

/// A rule says whom it chooses, itself or task by task, or why nobody; never both.
fn aim(fields: &Fields<'_>, id: &Sourced<String>, nobody: bool, to: bool) {
    if nobody {
        for key in ASKING {
            if let Some(place) = fields.key_place(key) {
                fields.report(Diagnostic::new(Code::Needless, place).with(key));
            }
        }
    } else if !to && !["to", "nobody", "task"].into_iter().any(|key| fields.has(key)) {
        fields.report(Diagnostic::new(Code::NoTarget, id.place.clone()).with(id.value.as_str()));
    }
}

/// Working days to acknowledge within, if they are written and can be read.
pub fn acknowledge_within(fields: &Fields<'_>) -> Option<u16> {
    let text = fields.text("acknowledge_within")?;
    let days = phrase::working_days(&text.value);
    if days.is_none() {
        fields.report(Diagnostic::new(Code::BadDays, text.place).with(text.value));
    }
    days
}

/// The sources of a due, in order; none where none is written.
pub fn due(fields: &Fields<'_>) -> Vec<DueSource> {
    let Some(text) = fields.text("due") else { return Vec::new() };
    phrase::due(&text.value).unwrap_or_else(|| {
        fields.report(Diagnostic::new(Code::BadDue, text.place).with(text.value));
        Vec::new()
    })
}

/// What is owed, in order and without doubles, if anything is written.
pub fn owes(fields: &Fields<'_>) -> Option<Vec<Owed>> {
    let mut owes = fields.words("owes", &OWED);
    owes.sort_unstable();
    owes.dedup();
    (!owes.is_empty()).then_some(owes)
}

/// The ladder that is named, at the place where it is.
pub fn find_ladder(fields: &Fields<'_>, ladders: &Ladders, context: &Context<'_>) -> Option<Sourced<Ladder>> {
    let name = fields.text("ladder")?;
    let value = ladder::find(&name, ladders, context.complete, context.findings)?;
    Some(Sourced { value, place: name.place })
}

/// What is due needs a ladder, and a ladder needs what its steps count from; `has` says whether there is
/// an instant to acknowledge by, and one to be done by.
pub fn judge_ladder(
    fields: &Fields<'_>,
    ladder: Option<&Sourced<Ladder>>,
    has: (bool, bool),
    id: &Sourced<String>,
    context: &Context<'_>,
) {
    if let Some(found) = ladder {
        ladder::dead_steps(&found.value, &id.value, has, &found.place, context.findings);
    } else if !fields.has("ladder") && (has.0 || has.1) {
        fields.report(Diagnostic::new(Code::LadderWanted, id.place.clone()).with(id.value.as_str()));
    }
}

fn read_when(fields: Fields<'_>, context: &Context<'_>) -> When {
    let plain = |key| fields.texts(key).into_iter().map(|text| text.value).collect();
    let when = When {
        issuer: plain("issuer"),
        kind: plain("kind"),
        symbol: plain("symbol"),
        urgency: fields.words("urgency", &URGENCIES),
        operation: fields.words("operation", &OPERATIONS),
        source: fields
            .texts("source")
            .into_iter()
            .filter_map(|source| known_source(source, context))
            .collect(),
        text_any: plain("text_any"),
        text_all: plain("text_all"),
        text_none: plain("text_none"),
        text_regex: fields.text("text_regex").and_then(|pattern| regex(&fields, pattern)),
        accent_free: fields.flag("accent_free").unwrap_or(false),
        issued_from: fields.date("issued_from").map(|day| day.value),
        issued_until: fields.date("issued_until").map(|day| day.value),
    };
    empty_lists(&fields);
    fields.finish();
    when
}

/// An empty list would restrict nothing, which is hardly what its writer meant.
fn empty_lists(fields: &Fields<'_>) {
    let lists =
        ["issuer", "kind", "symbol", "urgency", "operation", "source", "text_any", "text_all", "text_none"];
    for key in lists.into_iter().filter(|key| fields.is_empty_list(key)) {
        if let Some(place) = fields.key_place(key) {
            fields.report(Diagnostic::new(Code::Empty, place).with(key));
        }
    }
}

fn known_source(source: Sourced<String>, context: &Context<'_>) -> Option<SourceId> {
    let Some(known) = context.sources.filter(|known| !known.contains(&source.value)) else {
        return Some(SourceId(source.value));
    };
    let similar = similar_words(&source.value, known.iter().map(String::as_str));
    let finding = Diagnostic::new(Code::UnknownSource, source.place).with(source.value);
    context.findings.add(finding.or_rather(similar));
    None
}

fn regex(fields: &Fields<'_>, text: Sourced<String>) -> Option<regex::Regex> {
    let compiled = pattern::compile(&text.value);
    compiled.map_err(|refusal| fields.report(Diagnostic::new(Code::BadRegex, text.place).with(refusal))).ok()
}
