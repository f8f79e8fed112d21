//! One `[[rule]]`.

use super::ladder::{self, Ladders};
use super::target;
use super::{Context, phrase, when};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::domain::ids::RuleId;
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Grade, Owed, Role};
use crate::domain::rule::{DueSource, Rule};

const ROLES: [(&str, Role); 3] = [("lead", Role::Lead), ("support", Role::Support), ("inform", Role::Inform)];
const OWED: [(&str, Owed); 3] =
    [("acknowledge", Owed::Acknowledge), ("do", Owed::Do), ("report", Owed::Report)];
/// The grades a rule may demand: those a cell can give by itself. A reply by mail and what staff enter on
/// behalf are grades too, but whoever demanded them would wait for what nobody can send.
const GRADES: [(&str, Grade); 3] =
    [("upstream", Grade::Upstream), ("clicked", Grade::Clicked), ("verified", Grade::Verified)];
/// Keys that ask something of a cell, and so do not go with `nobody`.
const ASKING: [&str; 7] = ["to", "role", "owes", "acknowledge_within", "due", "ladder", "grade"];

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
    let ladder = read_ladder(&fields, &id, ladders, context);
    let rule = Rule {
        id: RuleId(id.value.clone()),
        name: name.map_or_else(|| id.value.clone(), |name| name.value),
        when,
        to: to.unwrap_or_default(),
        nobody_because: nobody.map(|because| because.value),
        role: fields.word("role", &ROLES).unwrap_or(Role::Lead),
        owes: owes(&fields),
        acknowledge_within,
        due,
        ladder,
        grade: fields.word("grade", &GRADES).unwrap_or(Grade::Clicked),
        valid: fields.validity(),
        is_final: fields.flag("final").unwrap_or(false),
        place: id.place.to_string(),
    };
    fields.finish();
    Some(Sourced { place: id.place, value: rule })
}

/// A rule says whom it chooses, or why nobody; never both.
fn aim(fields: &Fields<'_>, id: &Sourced<String>, nobody: bool, to: bool) {
    if nobody {
        for key in ASKING {
            if let Some(place) = fields.key_place(key) {
                fields.report(Diagnostic::new(Code::Needless, place).with(key));
            }
        }
    } else if !to && !fields.has("to") && !fields.has("nobody") {
        fields.report(Diagnostic::new(Code::NoTarget, id.place.clone()).with(id.value.as_str()));
    }
}

fn acknowledge_within(fields: &Fields<'_>) -> Option<u16> {
    let text = fields.text("acknowledge_within")?;
    let days = phrase::working_days(&text.value);
    if days.is_none() {
        fields.report(Diagnostic::new(Code::BadDays, text.place).with(text.value));
    }
    days
}

fn due(fields: &Fields<'_>) -> Vec<DueSource> {
    let Some(text) = fields.text("due") else { return Vec::new() };
    phrase::due(&text.value).unwrap_or_else(|| {
        fields.report(Diagnostic::new(Code::BadDue, text.place).with(text.value));
        Vec::new()
    })
}

fn owes(fields: &Fields<'_>) -> Vec<Owed> {
    let mut owes = fields.words("owes", &OWED);
    if owes.is_empty() {
        owes.push(Owed::Acknowledge);
    }
    owes.sort_unstable();
    owes.dedup();
    owes
}

/// The ladder named; an empty one where none is named and nothing is ever due.
fn read_ladder(
    fields: &Fields<'_>,
    id: &Sourced<String>,
    ladders: &Ladders,
    context: &Context<'_>,
) -> Ladder {
    let has = (fields.has("acknowledge_within"), fields.has("due"));
    let Some(name) = fields.text("ladder") else {
        if has.0 || has.1 {
            fields.report(Diagnostic::new(Code::LadderWanted, id.place.clone()).with(id.value.as_str()));
        }
        return Ladder::default();
    };
    let Some(found) = ladder::find(&name, ladders, context.complete, context.findings) else {
        return Ladder::default();
    };
    ladder::dead_steps(&found, &id.value, has, &name.place, context.findings);
    found
}
