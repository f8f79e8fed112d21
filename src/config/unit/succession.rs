//! Mergers and splits as they are written: dates that fit, heirs that exist, no circles.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Draft, Drafts};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::Sourced;

type Known<'a> = BTreeMap<&'a str, &'a Draft>;

/// Reports what is wrong with the succession of one unit, apart from unknown codes.
pub fn check(unit: &Draft, drafts: &Drafts, known: &Known<'_>, findings: &Findings) {
    let Some(first) = unit.successors.first().or(unit.heir.as_ref()) else { return };
    if unit.valid.until.is_none() {
        findings.add(Diagnostic::new(Code::NoLastDay, first.place.clone()).with(unit.name()));
    }
    heir(unit, findings);
    for successor in &unit.successors {
        if let Some(next) = known.get(successor.value.as_str()) {
            fits(unit, next, successor, drafts, findings);
        }
    }
}

fn heir(unit: &Draft, findings: &Findings) {
    let codes: Vec<_> = unit.successors.iter().map(|successor| successor.value.as_str()).collect();
    match &unit.heir {
        Some(heir) if !codes.contains(&heir.value.as_str()) => {
            let finding = Diagnostic::new(Code::NotASuccessor, heir.place.clone());
            findings.add(finding.with(heir.value.as_str()).with(codes.join(", ")));
        }
        None => {
            if let [first, _, ..] = unit.successors.as_slice() {
                let finding = Diagnostic::new(Code::NoHeir, first.place.clone()).with(unit.name());
                findings.add(finding.with(first.value.as_str()));
            }
        }
        Some(_) => {}
    }
}

fn fits(unit: &Draft, next: &Draft, written: &Sourced<String>, drafts: &Drafts, findings: &Findings) {
    let takes_over = unit.valid.until.and_then(|until| until.succ_opt());
    if let (Some(day), Some(from)) = (takes_over, next.valid.from)
        && from > day
    {
        let finding = Diagnostic::new(Code::NotYet, written.place.clone()).with(next.name());
        findings.add(finding.with(day.to_string()).with(from.to_string()));
    }
    if is_cell(unit, drafts) && !is_cell(next, drafts) {
        let finding = Diagnostic::new(Code::HeirNoCell, written.place.clone()).with(next.name());
        findings.add(finding.with(unit.name()));
    }
}

/// Whether units of its kind can be obliged.
pub fn is_cell(unit: &Draft, drafts: &Drafts) -> bool {
    let kind = unit.kind.as_ref().map(|kind| kind.value.as_str());
    drafts.kinds.iter().any(|known| known.value.cell && kind == Some(&known.value.id))
}

/// Reports circles of succession, each once.
pub fn circles(drafts: &Drafts, known: &Known<'_>, findings: &Findings) {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for unit in drafts.units.iter().filter(|unit| !unit.successors.is_empty()) {
        let mut way: Vec<&str> = Vec::new();
        walk(&unit.id.value, known, &mut way, &mut done, findings);
    }
}

/// Depth first with an explicit way; what is done is not entered again, so every unit is seen once.
fn walk<'a>(
    from: &'a str,
    known: &Known<'a>,
    way: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
    findings: &Findings,
) {
    let mut open = vec![(from, 0_usize)];
    while let Some((id, at)) = open.pop() {
        if at == 0 {
            if done.contains(id) {
                continue;
            }
            way.push(id);
        }
        let next = known.get(id).and_then(|unit| unit.successors.get(at));
        let Some(next) = next.map(|next| next.value.as_str()) else {
            way.pop();
            done.insert(id);
            continue;
        };
        open.push((id, at + 1));
        if let Some(start) = way.iter().position(|earlier| *earlier == next) {
            let circle: Vec<_> = way.iter().skip(start).copied().chain([next]).collect();
            if let Some(unit) = known.get(next) {
                let finding = Diagnostic::new(Code::SuccessionCircle, unit.id.place.clone());
                findings.add(finding.with(circle.join(" → ")));
            }
        } else {
            open.push((next, 0));
        }
    }
}
