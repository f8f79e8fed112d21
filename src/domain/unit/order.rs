//! The order in which lists of units are shown, and the tree they form on a day. One place, so that
//! board, pages, mails and commands agree.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Unit, Units};
use crate::domain::ids::UnitId;
use crate::domain::text::vietnamese_order;

impl Units {
    /// The name of a unit on a day; its code where the files do not know it.
    pub fn name_on<'a>(&'a self, id: &'a UnitId, day: NaiveDate) -> &'a str {
        self.get(id).map_or(id.as_str(), |unit| unit.name_on(day))
    }

    /// Sorts units as the dictionary does by their names on a day, numbers by value; equal names by code.
    pub fn sort(units: &mut [&Unit], day: NaiveDate) {
        units.sort_by(|left, right| by_name(left, right, day));
    }

    /// The units that exist on a day, below their parents, siblings in order; units whose parent does
    /// not exist on that day stand at the top.
    pub fn tree_on(&self, day: NaiveDate) -> Vec<Branch<'_>> {
        let mut below: BTreeMap<Option<&UnitId>, Vec<&Unit>> = BTreeMap::new();
        for unit in self.iter().filter(|unit| unit.valid.covers(day)) {
            let parent = unit.parent_on(day).filter(|id| self.get(id).is_some_and(|up| up.valid.covers(day)));
            below.entry(parent).or_default().push(unit);
        }
        below.values_mut().for_each(|units| Self::sort(units, day));
        let mut branches = Vec::new();
        let mut open: Vec<Branch<'_>> = roots(&below);
        while let Some(branch) = open.pop() {
            let children = below.get(&Some(&branch.unit.id)).map(Vec::as_slice).unwrap_or_default();
            let depth = branch.depth + 1;
            open.extend(children.iter().rev().map(|unit| Branch { unit, depth }));
            branches.push(branch);
        }
        branches
    }
}

/// A unit in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// How far below the top; 0 at the top.
    pub depth: usize,
}

fn roots<'a>(below: &BTreeMap<Option<&UnitId>, Vec<&'a Unit>>) -> Vec<Branch<'a>> {
    let top = below.get(&None).map(Vec::as_slice).unwrap_or_default();
    top.iter().rev().map(|unit| Branch { unit, depth: 0 }).collect()
}

fn by_name(left: &Unit, right: &Unit, day: NaiveDate) -> Ordering {
    vietnamese_order(left.name_on(day), right.name_on(day)).then_with(|| left.id.cmp(&right.id))
}
