//! The tests beside the rules, run through the daemon's own routing.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

use super::code::Code;
use super::diagnostic::{Diagnostic, Report, Word};
use super::file::Place;
use super::office::Office;
use super::rule::{Expect, ExpectedCells, ExpectedOutcome, RuleTest};
use crate::domain::ids::{RuleId, UnitId};
use crate::domain::routing::{Assignment, Outcome, RuleVerdict, Trace, route};
use crate::domain::rule::Rule;

/// How many missing or surplus cells a finding names.
const NAMED: usize = 5;

/// A test that ran.
#[derive(Debug, Clone)]
pub struct Tested<'a> {
    /// The test.
    pub test: &'a RuleTest,
    /// What came out, with all reasons.
    pub trace: Trace,
    /// Where it differs from what was expected; empty if the test passed.
    pub failures: Vec<Diagnostic>,
}

/// Runs all tests. Each document is received at the opening of the office on its day.
pub fn run(office: &Office) -> Vec<Tested<'_>> {
    office.tests.iter().map(|test| run_one(test, office)).collect()
}

/// The failures of all tests.
pub fn report(tested: &[Tested<'_>]) -> Report {
    Report { diagnostics: tested.iter().flat_map(|tested| tested.failures.clone()).collect() }
}

/// Rules that matched in no test.
pub fn untested<'a>(office: &'a Office, tested: &[Tested<'_>]) -> Vec<&'a Rule> {
    let hit: BTreeSet<&RuleId> = tested.iter().flat_map(|tested| matched(&tested.trace)).collect();
    office.ruleset.rules.iter().filter(|rule| !hit.contains(&rule.id)).collect()
}

/// How many tests each rule matched in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Rules that matched in at least one test.
    pub hit: usize,
    /// The same of a hundred, rounded down; 100 where there is no rule.
    pub percent: u8,
    /// Every rule, in order.
    pub rules: Vec<RuleCoverage>,
}

/// How many tests one rule matched in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// The rule.
    pub rule: RuleId,
    /// Where it stands, `file:line`.
    pub place: String,
    /// In how many tests it matched.
    pub tests: usize,
}

impl Coverage {
    /// Counts the tests that ran.
    pub fn new(office: &Office, tested: &[Tested<'_>]) -> Self {
        let count = |rule: &Rule| RuleCoverage {
            rule: rule.id.clone(),
            place: rule.place.clone(),
            tests: tested.iter().filter(|one| matched(&one.trace).any(|hit| *hit == rule.id)).count(),
        };
        let rules: Vec<_> = office.ruleset.rules.iter().map(count).collect();
        let hit = rules.iter().filter(|rule| rule.tests > 0).count();
        let percent = (hit * 100).checked_div(rules.len()).unwrap_or(100);
        Self { hit, percent: u8::try_from(percent).unwrap_or(100), rules }
    }
}

fn run_one<'a>(test: &'a RuleTest, office: &Office) -> Tested<'a> {
    let now = office.calendar.opening(test.received);
    let mut document = test.document.clone();
    document.received = Some(now);
    let trace = route(&office.ruleset, &document, &office.units, &office.calendar, now);
    let judge = |expect| {
        let case = Case { test, expect, trace: &trace };
        [case.cells(), case.rule(), case.outcome(), case.due(office)]
    };
    let failures = test.expect.iter().flat_map(judge).flatten().collect();
    Tested { test, trace, failures }
}

/// One thing that is expected of a test, beside what came out.
struct Case<'a> {
    test: &'a RuleTest,
    expect: &'a Expect,
    trace: &'a Trace,
}

impl<'a> Case<'a> {
    fn failed(&self, place: &Place, expected: impl Into<Word>, got: impl Into<Word>) -> Diagnostic {
        let name = match &self.expect.task {
            Some(task) => format!("{}, {}", self.test.name, task.value.as_str()),
            None => self.test.name.clone(),
        };
        Diagnostic::new(Code::TestFailed, place.clone()).with(name).with(expected).with(got)
    }

    /// What was asked, of the task that is meant.
    fn assignments(&self) -> impl Iterator<Item = &'a Assignment> + use<'a> {
        let wanted = self.expect.task.as_ref().map(|task| &task.value);
        let meant = move |one: &&Assignment| {
            wanted.is_none_or(|task| one.duty.task.as_ref().is_some_and(|known| task.is(&known.id)))
        };
        assignments(self.trace).iter().filter(meant)
    }

    fn cells(&self) -> Option<Diagnostic> {
        let expected = self.expect.cells.as_ref()?;
        let got: BTreeSet<&UnitId> = self.assignments().flat_map(|group| &group.cells).collect();
        match &expected.value {
            ExpectedCells::Count(count) if *count == got.len() => None,
            ExpectedCells::Count(count) => {
                Some(self.failed(&expected.place, cell_count(*count), cell_count(got.len())))
            }
            ExpectedCells::Exactly(cells) => {
                let cells: BTreeSet<&UnitId> = cells.iter().collect();
                let difference = difference(&cells, &got);
                (cells != got).then(|| self.failed(&expected.place, cell_count(cells.len()), difference))
            }
        }
    }

    fn rule(&self) -> Option<Diagnostic> {
        let expected = self.expect.rule.as_ref()?;
        let matched: Vec<&RuleId> = matched(self.trace).collect();
        if matched.contains(&&expected.value) {
            return None;
        }
        let got: Word = if matched.is_empty() {
            ("không quy tắc nào khớp", "no rule matched").into()
        } else {
            matched.iter().map(|rule| rule.as_str()).collect::<Vec<_>>().join(", ").into()
        };
        Some(self.failed(&expected.place, expected.value.as_str(), got))
    }

    fn outcome(&self) -> Option<Diagnostic> {
        let expected = self.expect.outcome.as_ref()?;
        let got = match self.trace.outcome {
            Outcome::Assigned { .. } => ExpectedOutcome::Assigned,
            Outcome::Nobody { .. } => ExpectedOutcome::Nobody,
            Outcome::Unmatched => ExpectedOutcome::Unmatched,
        };
        (got != expected.value).then(|| self.failed(&expected.place, expected.value.as_str(), got.as_str()))
    }

    /// Every duty given must be due on the expected day.
    fn due(&self, office: &Office) -> Option<Diagnostic> {
        let expected = self.expect.due.as_ref()?;
        let days: BTreeSet<Option<NaiveDate>> =
            self.assignments().map(|group| due_day(group, office)).collect();
        if days == BTreeSet::from([Some(expected.value)]) {
            return None;
        }
        let got = if days.iter().all(Option::is_none) {
            ("không có hạn", "no due").into()
        } else {
            Word::from(days.into_iter().flatten().map(|day| day.to_string()).collect::<Vec<_>>().join(", "))
        };
        Some(self.failed(&expected.place, expected.value.to_string(), got))
    }
}

/// `thiếu a, b; thừa c`
fn difference(expected: &BTreeSet<&UnitId>, got: &BTreeSet<&UnitId>) -> Word {
    let (missing, surplus) = (list(expected.difference(got)), list(got.difference(expected)));
    let say = |missing_word: &str, surplus_word: &str| {
        let parts = [(missing_word, &missing), (surplus_word, &surplus)];
        let parts = parts.iter().filter(|(_, cells)| !cells.is_empty());
        parts.map(|(word, cells)| format!("{word} {cells}")).collect::<Vec<_>>().join("; ")
    };
    (say("thiếu", "thừa"), say("without", "also")).into()
}

fn cell_count(count: usize) -> Word {
    (format!("{count} chi bộ"), format!("{count} cells")).into()
}

fn list<'a>(cells: impl Iterator<Item = &'a &'a UnitId>) -> String {
    let mut names: Vec<&str> = cells.map(|cell| cell.as_str()).collect();
    let rest = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if rest == 0 { names } else { format!("{names}, +{rest}") }
}

fn matched(trace: &Trace) -> impl Iterator<Item = &RuleId> {
    trace.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched).map(|rule| &rule.rule)
}

/// The last day of a duty. 24:00 is midnight of the next day, so the day is that of the second before.
pub(super) fn due_day(group: &Assignment, office: &Office) -> Option<NaiveDate> {
    group.duty.due.map(|due| office.calendar.date_of(due - TimeDelta::seconds(1)))
}

fn assignments(trace: &Trace) -> &[Assignment] {
    match &trace.outcome {
        Outcome::Assigned { assignments } => assignments,
        Outcome::Nobody { .. } | Outcome::Unmatched => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sample;
    use crate::config::settings::Language;

    #[test]
    fn the_samples_own_tests_pass() {
        let (office, _) = sample::office().unwrap();
        let tested = run(&office);
        assert!(!tested.is_empty());
        let report = report(&tested);
        assert_eq!(report.errors(), 0, "{}", report.render(Language::Vi, false));
    }
}
