//! `[[rule.task]]`: one of several things a plan asks for. What a task leaves out is the rule's.

use super::ladder::Ladders;
use super::one::{
    GRADES, ROLES, acknowledge_within, due, figures, find_ladder, judge_figures, judge_ladder, owes,
};
use super::{Context, target};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::{Fields, is_code};
use crate::config::file::Sourced;
use crate::domain::ids::TaskId;
use crate::domain::obligation::{Role, TaskName};
use crate::domain::rule::{Rule, Targets, Task};

/// Longest code of a task: it stands in tests, in commands and in the register.
const CODE: usize = 40;

/// Keys that name cells by their role in the task.
const BY_ROLE: [(&str, Role); 3] =
    [("lead", Role::Lead), ("support", Role::Support), ("inform", Role::Inform)];

/// Keys of a rule that its tasks fall back to.
const SHARED: [&str; 8] = ["to", "role", "owes", "acknowledge_within", "due", "ladder", "grade", "figures"];

/// Reads the tasks of a rule, whose own keys were read into `rule`.
pub fn read_all(
    drafts: Vec<Fields<'_>>,
    above: &Fields<'_>,
    rule: &Rule,
    ladders: &Ladders,
    context: &Context<'_>,
) -> Vec<Task> {
    idle_keys(&drafts, above);
    let mut tasks: Vec<Sourced<Task>> = Vec::new();
    for draft in drafts {
        let Some(task) = read(draft, above, rule, ladders, context) else { continue };
        if let Some(earlier) = tasks.iter().find(|known| known.value.name.id == task.value.name.id) {
            let finding = Diagnostic::new(Code::DuplicateId, task.place.clone());
            let finding = finding.with(task.value.name.id.code()).with(rule.id.as_str());
            context.findings.add(finding.and_at(&earlier.place, ("lần đầu", "the first time")));
        } else {
            tasks.push(task);
        }
    }
    tasks.into_iter().map(|task| task.value).collect()
}

/// A key of the rule that every task overrides does nothing, which its writer cannot have meant.
fn idle_keys(drafts: &[Fields<'_>], above: &Fields<'_>) {
    if drafts.is_empty() {
        return;
    }
    for key in SHARED {
        if let Some(place) = above.key_place(key).filter(|_| drafts.iter().all(|draft| overrides(draft, key)))
        {
            above.report(Diagnostic::new(Code::IdleKey, place).with(key));
        }
    }
}

fn overrides(draft: &Fields<'_>, key: &'static str) -> bool {
    let by_role = || BY_ROLE.iter().any(|(word, _)| draft.has(word));
    draft.has(key) || matches!(key, "to" | "role") && by_role()
}

fn read(
    fields: Fields<'_>,
    above: &Fields<'_>,
    rule: &Rule,
    ladders: &Ladders,
    context: &Context<'_>,
) -> Option<Sourced<Task>> {
    let (id, name) = (fields.required_text("id"), fields.required_text("name"));
    let to = targets(&fields, above, rule, context);
    let ladder = find_ladder(&fields, ladders, context);
    let (within, due, owes) = (acknowledge_within(&fields), due(&fields), owes(&fields));
    let grade = fields.word("grade", &GRADES);
    let own = figures(&fields);
    let figures = if fields.has("figures") { own } else { rule.figures.clone() };
    let id = id?;
    if !is_code(&id.value, CODE) {
        let finding = Diagnostic::new(Code::BadCode, id.place.clone()).with(id.value.as_str());
        fields.report(finding.with(CODE.to_string()));
    }
    if to.is_none() {
        fields.report(Diagnostic::new(Code::TaskNoTarget, id.place.clone()).with(id.value.as_str()));
    }
    let written = |key| fields.has(key) || above.has(key);
    let has = (written("acknowledge_within"), written("due"));
    let inherited = || (!rule.ladder.name.is_empty()).then(|| rule.ladder.clone());
    let ladder = ladder.or_else(|| inherited().map(|value| Sourced { value, place: id.place.clone() }));
    let whole = TaskId::of(&rule.id, &id.value);
    let named = Sourced { value: whole.0.clone(), place: id.place.clone() };
    judge_ladder(if fields.has("ladder") { &fields } else { above }, ladder.as_ref(), has, &named, context);
    let task = Task {
        name: TaskName { id: whole, name: name.map_or_else(|| id.value.clone(), |name| name.value) },
        to: to.unwrap_or_default(),
        owes: owes.unwrap_or_else(|| rule.owes.clone()),
        acknowledge_within: within.or(rule.acknowledge_within),
        due: if fields.has("due") { due } else { rule.due.clone() },
        ladder: ladder.map(|ladder| ladder.value).unwrap_or_default(),
        grade: grade.unwrap_or(rule.grade),
        figures,
    };
    judge_figures(&fields, &task.owes, &task.figures);
    fields.finish();
    Some(Sourced { place: id.place, value: task })
}

/// Whom a task chooses: by roles, or by `to` with one `role`; what is left out is the rule's. `None` if
/// nothing says whom.
fn targets(
    fields: &Fields<'_>,
    above: &Fields<'_>,
    rule: &Rule,
    context: &Context<'_>,
) -> Option<Vec<(Role, Targets)>> {
    let by_role: Vec<_> = BY_ROLE
        .into_iter()
        .filter(|(key, _)| fields.has(key))
        .map(|(key, role)| (role, target::named(fields, key, context)))
        .collect();
    let to = fields.has("to").then(|| target::named(fields, "to", context));
    let role = fields.word("role", &ROLES);
    if by_role.is_empty() {
        let to = to.or_else(|| above.has("to").then(|| rule.to.clone()))?;
        return Some(vec![(role.unwrap_or(rule.role), to)]);
    }
    for (first, _) in BY_ROLE.iter().filter(|(key, _)| fields.has(key)).take(1) {
        for place in ["to", "role"].into_iter().filter_map(|key| Some((key, fields.key_place(key)?))) {
            fields.report(Diagnostic::new(Code::BothForms, place.1).with(*first).with(place.0));
        }
    }
    BY_ROLE.iter().for_each(|(key, _)| fields.know(key));
    Some(by_role)
}
