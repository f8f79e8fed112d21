//! Rules that can be read but do not do what their writer meant. A lint is never wrong: where it cannot
//! be sure, it is silent.

mod alone;
pub mod evidence;
mod pairs;
mod pattern;
mod twins;
mod view;

use std::collections::BTreeMap;

use super::places::{Places, Written};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::Place;
use crate::domain::rule::{Ask, Rule, Targets};
use crate::domain::unit::{Unit, Units, Validity};

/// Looks at all rules in reading order; `folder` names where they stand.
pub fn lint(rules: &[Written], units: Option<&Units>, folder: &str, findings: &Findings) {
    doubles(rules, findings);
    // Beside errors these would mostly be their consequences: a condition that cannot be read is absent.
    if findings.has_errors() {
        return;
    }
    catch_alls(rules, findings);
    if rules.is_empty() {
        findings.add(Diagnostic::new(Code::NoRules, Place::Path(folder.to_owned())).with(folder));
    }
    for written in rules {
        for ask in written.rule.asks() {
            if units.is_some_and(|units| chooses_nobody(ask.to, units)) {
                let finding = Diagnostic::new(Code::NobodyChosen, written.places.id.clone());
                findings.add(finding.with(named(&ask)));
            }
        }
        alone::lint(written, findings);
    }
    pairs::lint(rules, findings);
    twins::lint(rules, findings);
}

/// What findings call it: the code of the task in a plan, else that of the rule.
fn named<'a>(ask: &Ask<'a>) -> &'a str {
    ask.task.map_or(ask.rule.id.as_str(), |task| task.id.as_str())
}

/// Where it says what a key of a rule says; in a plan, whose tasks may have taken it from the rule or
/// not, the rule's code.
fn at(places: &Places, ask: &Ask<'_>, key: &str) -> Place {
    if ask.task.is_some() { places.id.clone() } else { places.key(key) }
}

fn doubles(rules: &[Written], findings: &Findings) {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for rule in rules {
        let id = rule.rule.id.as_str();
        if let Some(earlier) = first.get(id) {
            let finding = Diagnostic::new(Code::DuplicateRule, rule.places.id.clone()).with(id);
            findings.add(finding.and_at(earlier, ("lần đầu", "the first time")));
        } else {
            first.insert(id, &rule.places.id);
        }
    }
}

/// A rule without conditions is meant to stand last; a final one hides all below it.
fn catch_alls(rules: &[Written], findings: &Findings) {
    let mut hidden_by: Option<&Rule> = None;
    for (number, Written { rule, places }) in rules.iter().enumerate() {
        let id = rule.id.as_str();
        if let Some(above) = hidden_by {
            let finding = Diagnostic::new(Code::NeverRead, places.id.clone()).with(id);
            findings.add(finding.with(above.id.as_str()));
            continue;
        }
        if !matches_all(rule) {
            continue;
        }
        if number + 1 < rules.len() {
            findings.add(Diagnostic::new(Code::MatchesAll, places.id.clone()).with(id));
        }
        hidden_by = rule.is_final.then_some(rule);
    }
}

fn matches_all(rule: &Rule) -> bool {
    rule.when.is_empty() && rule.valid == Validity::default()
}

/// Whether kinds, sectors and tags leave no cell on any day. Subtrees move with time, receivers with the
/// document: they are not judged.
fn chooses_nobody(to: &Targets, units: &Units) -> bool {
    let depends = !to.subtree.is_empty() || to.direct.is_some() || to.cascade;
    if !to.units.is_empty() || depends {
        return false;
    }
    let fits = |unit: &Unit| {
        let kind = to.kind.is_empty() || to.kind.contains(&unit.kind);
        let sector =
            to.sector.is_empty() || unit.sector.as_ref().is_some_and(|sector| to.sector.contains(sector));
        let tag = to.tag.is_empty() || unit.tags.iter().any(|tag| to.tag.contains(tag));
        units.is_cell_kind(&unit.kind) && kind && sector && tag
    };
    let known = to.kind.iter().all(|kind| units.is_cell_kind(kind))
        && to.sector.iter().all(|sector| units.sectors.contains_key(sector));
    let asks = !to.kind.is_empty() || !to.sector.is_empty() || !to.tag.is_empty();
    asks && known && !units.iter().any(fits)
}
