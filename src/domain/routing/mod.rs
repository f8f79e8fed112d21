//! Routing: one pure function from a document to the cells that must act, with the reason for every
//! rule and every cell. Daemon, CLI, board and tests all call it.
//!
//! Rules are read top to bottom; all matching rules contribute unless one is final; for one cell the
//! strictest role and the earliest due win, task by task; a document no rule matched is a hold, never silence.

mod conditions;
mod duties;
mod targets;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::document::Document;
use super::ids::{RuleId, UnitId};
use super::obligation::{Duty, TaskName};
use super::rule::{Rule, Ruleset};
use super::unit::Units;

pub use targets::{Missed, missed};

/// One condition of a rule, and how the document met it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The key in TOML, for example `text_any`.
    pub condition: &'static str,
    /// What the rule wants.
    pub expected: String,
    /// What the document has.
    pub actual: String,
    /// Whether it is met.
    pub met: bool,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assignment {
    /// What they are asked.
    pub duty: Duty,
    /// The cells, by code.
    pub cells: Vec<UnitId>,
}

/// How many different cells some groups hold; a cell with several tasks counts once.
pub fn distinct_cells(assignments: &[Assignment]) -> usize {
    assignments.iter().flat_map(|group| &group.cells).collect::<BTreeSet<_>>().len()
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// The whole reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// What comes out.
    pub outcome: Outcome,
    /// Every rule, in order.
    pub rules: Vec<RuleTrace>,
    /// Hash of the ruleset.
    pub ruleset: String,
}

/// Routes a document as of `now`, the instant it is registered.
pub fn route(
    ruleset: &Ruleset,
    document: &Document,
    units: &Units,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Trace {
    let day = calendar.date_of(now);
    let subject = conditions::Subject::new(document, units);
    let mut rules = Vec::with_capacity(ruleset.rules.len());
    let (mut matched, mut asked) = (Vec::new(), Vec::new());
    let mut closed = false;
    for rule in &ruleset.rules {
        let checks = conditions::check(&rule.when, &subject);
        let verdict = verdict(closed, rule.valid.covers(day), &checks);
        let from = asked.len();
        if verdict == RuleVerdict::Matched {
            closed = rule.is_final;
            matched.push(rule);
            asked.extend(rule.asks().into_iter().map(|ask| {
                let cells = targets::choose(ask.to, units, day);
                duties::Asked { ask, cells }
            }));
        }
        rules.push(rule_trace(rule, verdict, checks, asked.get(from..).unwrap_or_default()));
    }
    let outcome = duties::combine(&matched, &asked, document, calendar, (now, &ruleset.hash));
    Trace { outcome, rules, ruleset: ruleset.hash.clone() }
}

fn rule_trace(
    rule: &Rule,
    verdict: RuleVerdict,
    checks: Vec<Check>,
    asked: &[duties::Asked<'_>],
) -> RuleTrace {
    let count = |task: Option<&TaskName>| {
        let of = asked.iter().filter(|asked| task.is_none() || asked.ask.task == task);
        of.flat_map(|asked| &asked.cells).collect::<BTreeSet<_>>().len()
    };
    let tasks = rule.tasks.iter().filter(|_| !asked.is_empty()).map(|task| &task.name);
    RuleTrace {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        place: rule.place.clone(),
        verdict,
        checks,
        cells: count(None),
        tasks: tasks.map(|task| TaskTrace { task: task.clone(), cells: count(Some(task)) }).collect(),
    }
}

fn verdict(closed: bool, valid: bool, checks: &[Check]) -> RuleVerdict {
    if closed {
        RuleVerdict::NotRead
    } else if !valid {
        RuleVerdict::NotValid
    } else if checks.iter().all(|check| check.met) {
        RuleVerdict::Matched
    } else {
        RuleVerdict::NotMet
    }
}

#[cfg(test)]
mod tests;
