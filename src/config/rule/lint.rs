//! Rules that can be read but do not do what their writer meant.

use std::collections::BTreeMap;

use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::{Place, Sourced};
use crate::domain::rule::Rule;
use crate::domain::unit::{Unit, Units, Validity};

/// Looks at all rules in reading order; `folder` names where they stand.
pub fn lint(rules: &[Sourced<Rule>], units: Option<&Units>, folder: &str, findings: &Findings) {
    doubles(rules, findings);
    catch_alls(rules, findings);
    // Beside errors these would mostly be their consequences.
    if findings.has_errors() {
        return;
    }
    if rules.is_empty() {
        findings.add(Diagnostic::new(Code::NoRules, Place::Path(folder.to_owned())).with(folder));
    }
    for rule in rules {
        if units.is_some_and(|units| chooses_nobody(&rule.value, units)) {
            findings
                .add(Diagnostic::new(Code::NobodyChosen, rule.place.clone()).with(rule.value.id.as_str()));
        }
    }
}

fn doubles(rules: &[Sourced<Rule>], findings: &Findings) {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for rule in rules {
        let id = rule.value.id.as_str();
        if let Some(earlier) = first.get(id) {
            let finding = Diagnostic::new(Code::DuplicateRule, rule.place.clone()).with(id);
            findings.add(finding.and_at(earlier, ("lần đầu", "the first time")));
        } else {
            first.insert(id, &rule.place);
        }
    }
}

/// A rule without conditions is meant to stand last; a final one hides all below it.
fn catch_alls(rules: &[Sourced<Rule>], findings: &Findings) {
    let mut hidden_by: Option<&Rule> = None;
    for (number, rule) in rules.iter().enumerate() {
        let id = rule.value.id.as_str();
        if let Some(above) = hidden_by {
            let finding = Diagnostic::new(Code::NeverRead, rule.place.clone()).with(id);
            findings.add(finding.with(above.id.as_str()));
            continue;
        }
        if !matches_all(&rule.value) {
            continue;
        }
        if number + 1 < rules.len() {
            findings.add(Diagnostic::new(Code::MatchesAll, rule.place.clone()).with(id));
        }
        hidden_by = rule.value.is_final.then_some(&rule.value);
    }
}

fn matches_all(rule: &Rule) -> bool {
    rule.when.is_empty() && rule.valid == Validity::default()
}

/// Whether kinds, sectors and tags leave no cell on any day. Subtrees move with time, receivers with the
/// document: they are not judged.
fn chooses_nobody(rule: &Rule, units: &Units) -> bool {
    let to = &rule.to;
    let depends = !to.subtree.is_empty() || to.direct.is_some() || to.cascade;
    if rule.nobody_because.is_some() || !to.units.is_empty() || depends {
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
