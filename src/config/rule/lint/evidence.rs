//! What only a day, the tests or the register can show: rules and mailboxes that have run out, cells no
//! rule reaches, rules that nothing ever matches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::view::{View, is_plain};
use super::{at, named};
use crate::config::allow::Allowance;
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Report};
use crate::config::file::Place;
use crate::config::office::Office;
use crate::config::rules_test::{Tested, untested};
use crate::config::unit::shown;
use crate::domain::ids::RuleId;
use crate::domain::routing::{RuleVerdict, Trace, missed};
use crate::domain::rule::{Ask, DueSource, Rule};
use crate::domain::unit::Unit;

/// How many cells a finding names.
const NAMED: usize = 5;

/// What is wrong on a day, the office's today.
pub fn standing(office: &Office, day: NaiveDate) -> Report {
    let rules = office.ruleset.rules.iter();
    let rules = rules.filter_map(|rule| expired(rule, office, day).or_else(|| overdue(rule, office, day)));
    let cells: Vec<_> = office.units.cells_on(day).collect();
    // Mailboxes that are valid but not read, by an absence without a deputy, are told at the absence.
    let dead = |cell: &&Unit| !cell.mailboxes.is_empty() && cell.mailboxes_on(day).is_empty();
    let silent = office.units.unreachable_on(day).filter(dead).filter_map(|cell| {
        let finding = Diagnostic::new(Code::DeadMailbox, office.marks.units.get(&cell.id)?.clone());
        Some(finding.with(shown(cell)).with(day.to_string()))
    });
    let mut report = Report { diagnostics: rules.chain(silent).collect() };
    report.diagnostics.extend(unreached(office, &cells, day));
    report
}

fn expired(rule: &Rule, office: &Office, day: NaiveDate) -> Option<Diagnostic> {
    let until = rule.valid.until.filter(|until| *until < day)?;
    let place = office.marks.rules.get(&rule.id)?.key("until");
    Some(Diagnostic::new(Code::Expired, place).with(rule.id.as_str()).with(until.to_string()))
}

/// A fixed due that has passed, in a rule that goes on matching.
fn overdue(rule: &Rule, office: &Office, day: NaiveDate) -> Option<Diagnostic> {
    let first = rule.valid.from.max(rule.when.issued_from);
    let past = |source: &DueSource| match source {
        DueSource::Fixed(due) if *due < day && first.is_none_or(|first| first <= *due) => Some(*due),
        _ => None,
    };
    let asks = rule.asks();
    let (ask, due) = asks.iter().find_map(|ask| Some((ask, ask.due.iter().find_map(past)?)))?;
    let finding = Diagnostic::new(Code::DueBeforeNotice, at(office.marks.rules.get(&rule.id)?, ask, "due"));
    let label = (
        format!("hôm nay {day}: văn bản mới sẽ quá hạn ngay khi giao"),
        format!("today is {day}: new work would be late at once"),
    );
    Some(finding.with(due.to_string()).with(named(ask)).with(label))
}

/// Cells that no rule chooses: one finding for those that are allowed, each at its cell, and one for the
/// rest together. Silent where a rule chooses by what only a document can tell.
fn unreached(office: &Office, cells: &[&Unit], day: NaiveDate) -> Vec<Diagnostic> {
    let asks: Vec<_> = office.ruleset.rules.iter().flat_map(Rule::asks).collect();
    if asks.is_empty() || !asks.iter().all(|ask| is_plain(ask.to)) {
        return Vec::new();
    }
    // Rules that choose by the receivers of a document are not plain, and none is here.
    let nobody = BTreeSet::new();
    let lives = |ask: &Ask<'_>| ask.rule.valid.until.is_none_or(|until| day <= until);
    let chooses = |ask: &Ask<'_>, cell: &Unit| missed(ask.to, cell, &office.units, day, &nobody).is_none();
    let reached = |cell: &Unit| asks.iter().any(|ask| lives(ask) && chooses(ask, cell));
    let left: Vec<_> = cells.iter().filter(|cell| !reached(cell)).collect();
    let at = |cell: &Unit| office.marks.units.get(&cell.id).cloned();
    let is_allowed = |place: &Place| {
        let over = |allowance: &Allowance| allowance.code == Code::Unreached && allowance.stands_over(place);
        office.marks.allowances.iter().any(over)
    };
    let (allowed, told): (Vec<&Unit>, Vec<&Unit>) =
        left.into_iter().partition(|cell| at(cell).is_some_and(|place| is_allowed(&place)));
    let one = |cell: &Unit| Some(Diagnostic::new(Code::Unreached, at(cell)?).with(shown(cell)));
    let mut findings: Vec<_> = allowed.into_iter().filter_map(one).collect();
    findings.extend(told.first().and_then(|first| together(at(first)?, &told)));
    findings
}

fn together(place: Place, cells: &[&Unit]) -> Option<Diagnostic> {
    let finding = Diagnostic::new(Code::Unreached, place);
    if let [cell] = cells {
        return Some(finding.with(shown(cell)));
    }
    let names: Vec<_> = cells.iter().take(NAMED).map(|cell| cell.id.as_str()).collect();
    let more = cells.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!(", +{more}"));
    let list = names.join(", ") + &more.unwrap_or_default();
    Some(finding.with((format!("{} chi bộ: {list}", cells.len()), format!("{} cells: {list}", cells.len()))))
}

/// What the tests beside the rules show: rules that none of them matches, and rules that disagree on a
/// document both match.
pub fn tested(office: &Office, tested: &[Tested<'_>]) -> Report {
    let never = untested(office, tested).into_iter().filter_map(|rule| {
        let place = office.marks.rules.get(&rule.id)?.id.clone();
        Some(Diagnostic::new(Code::Untested, place).with(rule.id.as_str()))
    });
    let mut report = Report { diagnostics: never.collect() };
    let mut told = BTreeSet::new();
    for one in tested {
        let Some((nobody, assigns)) = correlated(office, &one.trace) else { continue };
        if told.insert((nobody, assigns)) {
            let finding = Diagnostic::new(Code::Correlated, one.test.place.clone());
            let finding = finding.with(nobody.as_str()).with(assigns.as_str());
            let places = [nobody, assigns].map(|rule| office.marks.rules.get(rule));
            let finding = places
                .into_iter()
                .flatten()
                .fold(finding, |finding, places| finding.and_at(&places.id, ("khớp", "matches")));
            report.diagnostics.push(finding);
        }
    }
    report
}

/// A rule that assigns nobody and one that assigns somebody, both matched by one document, and neither
/// covering the other.
fn correlated<'a>(office: &'a Office, trace: &Trace) -> Option<(&'a RuleId, &'a RuleId)> {
    let rules: BTreeMap<&RuleId, &Rule> = office.ruleset.rules.iter().map(|rule| (&rule.id, rule)).collect();
    let matched = trace.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched);
    let matched: Vec<_> =
        matched.filter_map(|traced| Some((*rules.get(&traced.rule)?, traced.cells))).collect();
    let nobody = matched.iter().find(|(rule, _)| rule.nobody_because.is_some())?;
    let assigns = matched.iter().find(|(rule, cells)| rule.nobody_because.is_none() && *cells > 0)?;
    let (left, right) = (View::new(nobody.0), View::new(assigns.0));
    // Where one covers the other it is a default with its exceptions, or told by `pairs`.
    let apart = left.clear && right.clear && !left.covers(&right) && !right.covers(&left);
    apart.then_some((&nobody.0.id, &assigns.0.id))
}

/// Rules that none of `count` documents matched; silent without documents.
pub fn unused(office: &Office, matched: &BTreeSet<RuleId>, count: usize, day: NaiveDate) -> Report {
    let idle = |rule: &&Rule| count > 0 && rule.valid.covers(day) && !matched.contains(&rule.id);
    let tell = |rule: &Rule| {
        let place = office.marks.rules.get(&rule.id)?.id.clone();
        Some(Diagnostic::new(Code::Unused, place).with(rule.id.as_str()).with(count.to_string()))
    };
    Report { diagnostics: office.ruleset.rules.iter().filter(idle).filter_map(tell).collect() }
}
