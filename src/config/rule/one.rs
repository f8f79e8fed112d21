//! One `[[rule]]`.

use super::ladder::{self, Ladders};
use super::target;
use super::{Context, phrase, task, when};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::domain::ids::RuleId;
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{FIGURES, Grade, Owed, Role};
use crate::domain::rule::{DueSource, Rule};

/// Words of `role`.
pub const ROLES: [(&str, Role); 3] =
    [("lead", Role::Lead), ("support", Role::Support), ("inform", Role::Inform)];
const OWED: [(&str, Owed); 3] =
    [("acknowledge", Owed::Acknowledge), ("do", Owed::Do), ("report", Owed::Report)];
/// The grades a rule may demand: those a cell can give by itself. A reply by mail and what staff enter on
/// behalf are grades too, but whoever demanded them would wait for what nobody can send.
pub const GRADES: [(&str, Grade); 3] =
    [("upstream", Grade::Upstream), ("clicked", Grade::Clicked), ("verified", Grade::Verified)];
/// Longest name of a figure, in letters: it is the label of a field on a phone.
const FIGURE_NAME: usize = 80;
/// Keys that ask something of a cell, and so do not go with `nobody`.
const ASKING: [&str; 9] =
    ["to", "role", "owes", "acknowledge_within", "due", "ladder", "grade", "figures", "task"];

/// Reads one rule; `None` if it has no usable code. The place is that of the code.
pub fn read(fields: Fields<'_>, ladders: &Ladders, context: &Context<'_>) -> Option<Sourced<Rule>> {
    let id = fields.required_text("id");
    let name = fields.required_text("name");
    let when = fields.table("when", "`when`").map(|when| when::read(when, context)).unwrap_or_default();
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
        figures: figures(&fields),
        valid: fields.validity(),
        is_final: fields.flag("final").unwrap_or(false),
        place: id.place.to_string(),
    };
    if drafts.is_empty() {
        judge_figures(&fields, &rule.owes, &rule.figures);
    }
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

/// The figures that a report must name.
pub fn figures(fields: &Fields<'_>) -> Vec<String> {
    let names = fields.texts("figures");
    if let Some(beyond) = names.get(FIGURES) {
        let finding = Diagnostic::new(Code::TooManyFigures, beyond.place.clone());
        fields.report(finding.with(names.len().to_string()).with(FIGURES.to_string()));
    }
    for name in names.iter().filter(|name| name.value.chars().count() > FIGURE_NAME) {
        fields.report(Diagnostic::new(Code::LongFigure, name.place.clone()).with(FIGURE_NAME.to_string()));
    }
    names.into_iter().take(FIGURES).map(|name| name.value).collect()
}

/// Figures are part of a report; where none is owed, no form will ask for them.
pub fn judge_figures(fields: &Fields<'_>, owes: &[Owed], figures: &[String]) {
    let reports = owes.iter().any(|owed| matches!(owed, Owed::Do | Owed::Report));
    if let Some(place) = fields.key_place("figures").filter(|_| !reports && !figures.is_empty()) {
        fields.report(Diagnostic::new(Code::FiguresUnasked, place));
    }
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
