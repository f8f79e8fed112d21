//! Routing: one pure function from a document to the cells that must act, with the reason for every
//! rule and every cell. Daemon, CLI, board and tests all call it.
//!
//! Rules are read top to bottom; all matching rules contribute unless one is final; for one cell the
//! strictest role and the earliest due win, task by task; a document no rule matched is a hold, never silence.

mod atoms;
mod cells;
mod check;
mod condition;
mod due;
mod duties;
mod facts;
mod letters;
mod literal;
mod matcher;
mod phrases;
mod roster;
mod targets;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::duties::{Case, Matched};
use self::facts::Facts;
use super::calendar::Calendar;
use super::document::Document;
use super::ids::{RuleId, UnitId};
use super::obligation::{Duty, TaskName};
use super::rule::{Rule, Ruleset};
use super::unit::Units;

pub use cells::Cells;
pub use matcher::Matcher;
pub use targets::{Missed, missed};

/// One condition of a rule, and how the document met it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The key in TOML, for example `text_any`.
    pub condition: &'static str,
    /// What the rule wants.
    pub expected: String,
    /// What the document has, as it was written.
    pub actual: String,
    /// The same as it was compared, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folded: Option<String>,
    /// Of what the rule wants, that which the document has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<String>,
    /// Whether it is met.
    pub met: bool,
    /// For `all`, `any` and `none`: its tables of conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// One table of conditions within another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Whether all its conditions are met.
    pub met: bool,
    /// Its conditions.
    pub checks: Vec<Check>,
}

/// What became of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleVerdict {
    /// It matched.
    Matched,
    /// A condition was not met.
    NotMet,
    /// It is not valid on that day.
    NotValid,
    /// A final rule above it matched.
    NotRead,
}

/// The reason for one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleTrace {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: String,
    /// Its place, `file:line`.
    pub place: String,
    /// What became of it.
    pub verdict: RuleVerdict,
    /// Its conditions.
    pub checks: Vec<Check>,
    /// How many cells it chose.
    pub cells: usize,
    /// The same task by task; empty where it asks for one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskTrace>,
}

/// How many cells one task of a plan chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskTrace {
    /// The task.
    pub task: TaskName,
    /// Its cells.
    pub cells: usize,
}

/// A group of cells with the same duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// What they are asked.
    pub duty: Duty,
    /// The cells, by code; shared by all documents that reach them.
    pub cells: Cells,
}

/// How many different cells some groups hold; a cell with several tasks counts once.
pub fn distinct_cells(assignments: &[Assignment]) -> usize {
    assignments.iter().flat_map(|group| &group.cells).collect::<BTreeSet<_>>().len()
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Cells must act.
    Assigned {
        /// Groups of cells by duty.
        assignments: Vec<Assignment>,
    },
    /// A rule says that nobody is to act.
    Nobody {
        /// The rule.
        rule: RuleId,
        /// Its reason.
        because: String,
    },
    /// No rule matched, or those that did chose no cell.
    Unmatched,
}

/// The reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// What comes out.
    pub outcome: Outcome,
    /// Rules, in order: from [`route`] every rule, from [`decide`] those that matched.
    pub rules: Vec<RuleTrace>,
    /// The units that the document names as its receivers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub addressees: BTreeSet<UnitId>,
    /// How many rules are left out of `rules`; none of them matched.
    pub left_out: usize,
    /// Hash of the ruleset.
    pub ruleset: String,
}

/// Routes a document as of `now`, the instant it is registered, and gives the reason for every rule.
///
/// Costs a look at each rule; for people who ask. The daemon [`decide`]s.
pub fn route(
    ruleset: &Ruleset,
    document: &Document,
    units: &Units,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Trace {
    let occasion = Occasion::new(ruleset, document, units, calendar, now);
    let mut closed = false;
    let mut found = Found::default();
    let rules = ruleset.rules.iter().enumerate().map(|(number, rule)| {
        let checks = check::checks(ruleset.matcher().table(number), &occasion.facts);
        let verdict = occasion.verdict(closed, rule, &checks);
        let from = found.asked.len();
        if verdict == RuleVerdict::Matched {
            closed = rule.is_final;
            found.rules.push(rule);
            found.asked.extend(occasion.asked(number, rule));
        }
        reason(rule, verdict, checks, found.asked.get(from..).unwrap_or_default())
    });
    let rules = rules.collect();
    occasion.trace(&found, rules)
}

/// Routes a document like [`route`], with the reason for the rules that matched alone. Looks only at rules
/// that the document could match, so that its cost hardly grows with their number.
pub fn decide(
    ruleset: &Ruleset,
    document: &Document,
    units: &Units,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Trace {
    let occasion = Occasion::new(ruleset, document, units, calendar, now);
    let matcher = ruleset.matcher();
    let mut found = Found::default();
    let mut rules = Vec::new();
    for number in matcher.candidates(&occasion.facts) {
        let (Some(rule), table) = (ruleset.rules.get(number), matcher.table(number)) else { continue };
        if !rule.valid.covers(occasion.day()) || !condition::is_met(table, &occasion.facts) {
            continue;
        }
        let asked = occasion.asked(number, rule);
        let checks = check::checks(table, &occasion.facts);
        rules.push(reason(rule, RuleVerdict::Matched, checks, &asked));
        found.rules.push(rule);
        found.asked.extend(asked);
        if rule.is_final {
            break;
        }
    }
    occasion.trace(&found, rules)
}

/// The rules that matched, and what they ask.
#[derive(Default)]
struct Found<'a> {
    rules: Vec<&'a Rule>,
    asked: Vec<Matched<'a>>,
}

/// One document before the rules.
struct Occasion<'a> {
    ruleset: &'a Ruleset,
    units: &'a Units,
    facts: Facts<'a>,
    addressees: BTreeSet<UnitId>,
    case: Case<'a>,
}

impl<'a> Occasion<'a> {
    fn new(
        ruleset: &'a Ruleset,
        document: &'a Document,
        units: &'a Units,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
    ) -> Self {
        let matcher = ruleset.matcher();
        let roster = matcher.roster(units, calendar.date_of(now), calendar);
        let case = Case::new(document, calendar, now, roster, &ruleset.hash);
        let facts = matcher.facts(document, units, case.received);
        Self { ruleset, units, facts, addressees: targets::addressees(document, units), case }
    }

    /// The day on which rules and units must be valid.
    fn day(&self) -> chrono::NaiveDate {
        self.case.roster.day()
    }

    fn verdict(&self, closed: bool, rule: &Rule, checks: &[Check]) -> RuleVerdict {
        if closed {
            RuleVerdict::NotRead
        } else if !rule.valid.covers(self.day()) {
            RuleVerdict::NotValid
        } else if checks.iter().all(|check| check.met) {
            RuleVerdict::Matched
        } else {
            RuleVerdict::NotMet
        }
    }

    /// What a rule that matched asks, with the cells each of it chooses.
    fn asked(&self, number: usize, rule: &'a Rule) -> Vec<Matched<'a>> {
        let matcher = self.ruleset.matcher();
        let one = |(place, ask)| {
            let aim = (number, place);
            let (target, cells) = matcher.cells(aim, self.units, &self.addressees, &self.case.roster);
            Matched { ask, target, cells }
        };
        rule.asks().into_iter().enumerate().map(one).collect()
    }

    fn trace(self, found: &Found<'_>, rules: Vec<RuleTrace>) -> Trace {
        Trace {
            outcome: duties::combine(&found.rules, &found.asked, self.units, &self.case),
            left_out: self.ruleset.rules.len() - rules.len(),
            rules,
            addressees: self.addressees,
            ruleset: self.ruleset.hash.clone(),
        }
    }
}

fn reason(rule: &Rule, verdict: RuleVerdict, checks: Vec<Check>, asked: &[Matched<'_>]) -> RuleTrace {
    let tasks = rule.tasks.iter().filter(|_| !asked.is_empty()).map(|task| TaskTrace {
        task: task.name.clone(),
        cells: distinct(asked.iter().filter(|one| one.ask.task == Some(&task.name))),
    });
    RuleTrace {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        place: rule.place.clone(),
        verdict,
        checks,
        cells: distinct(asked.iter()),
        tasks: tasks.collect(),
    }
}

/// How many different cells were asked; one choice, the usual case, needs no counting.
fn distinct<'a>(asked: impl Iterator<Item = &'a Matched<'a>> + Clone) -> usize {
    let mut first_two = asked.clone();
    match (first_two.next(), first_two.next()) {
        (only, None) => only.map_or(0, |one| one.cells.len()),
        _ => asked.flat_map(|one| &one.cells).collect::<BTreeSet<_>>().len(),
    }
}

#[cfg(test)]
mod tests;
