//! The shape of the tree, in one walk over all units: how deep it is, and who may stand on a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::check::Known;
use super::read::{Draft, Drafts};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::domain::unit::MAX_DEPTH;

/// Units that may stand on a circle and are looked at one by one; those beyond wait for the next run.
pub const MOST_SUSPECTS: usize = 1_000;
/// Days on which circles are looked for.
pub const MOST_DAYS: usize = 100;

/// How many levels stand above each unit, itself counted, over all dates at once; units on circles, and
/// those below them, are left out.
fn levels<'a>(drafts: &'a Drafts, known: &Known<'a>) -> BTreeMap<&'a str, usize> {
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in known.values() {
        let parents = parents(unit, known);
        waiting.insert(&unit.id.value, parents.len());
        parents.into_iter().for_each(|parent| below.entry(parent).or_default().push(&unit.id.value));
    }
    let mut level: BTreeMap<&str, usize> = BTreeMap::new();
    let top = drafts.units.iter().map(|unit| unit.id.value.as_str());
    let mut ready: VecDeque<&str> = top.filter(|id| waiting.get(id) == Some(&0)).collect();
    while let Some(id) = ready.pop_front() {
        let own = *level.entry(id).or_insert(1);
        for child in below.get(id).into_iter().flatten() {
            let deep = level.entry(child).or_insert(0);
            *deep = (*deep).max(own + 1);
            let left = waiting.entry(child).or_default();
            *left -= 1;
            if *left == 0 {
                ready.push_back(child);
            }
        }
    }
    waiting.iter().filter(|(_, left)| **left > 0).for_each(|(id, _)| {
        level.remove(id);
    });
    level
}

fn parents<'a>(unit: &'a Draft, known: &Known<'a>) -> BTreeSet<&'a str> {
    let parents = unit.parents.iter().map(|(parent, _)| parent.value.as_str());
    parents.filter(|parent| known.contains_key(parent)).collect()
}

/// Units that stand on or below a circle when all dates are laid over each other, in file order.
pub fn suspects<'a>(drafts: &'a Drafts, known: &Known<'a>) -> Vec<&'a Draft> {
    let levels = levels(drafts, known);
    drafts.units.iter().filter(|unit| !levels.contains_key(unit.id.value.as_str())).collect()
}

/// Reports a tree of more levels than [`MAX_DEPTH`], once.
pub fn depth(drafts: &Drafts, known: &Known<'_>, findings: &Findings) {
    let levels = levels(drafts, known);
    let deep = |unit: &&Draft| levels.get(unit.id.value.as_str()).is_some_and(|level| *level > MAX_DEPTH);
    if let Some(unit) = drafts.units.iter().find(deep) {
        let finding = Diagnostic::new(Code::TooDeep, unit.id.place.clone());
        findings.add(finding.with(unit.name()).with(MAX_DEPTH.to_string()));
    }
}
