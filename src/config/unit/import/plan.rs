//! What an import would do.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Import;
use super::heading::{Column, Headings};
use super::resolve::Resolver;
use super::row::Row;
use super::value::{Comparison, Value};
use crate::config::diagnostic::Diagnostic;
use crate::domain::ids::UnitId;
use crate::domain::unit::{MAX_DEPTH, Unit};

/// One value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which.
    pub column: Column,
    /// What it was, as people read it; empty where there was none.
    pub old: String,
    /// What it becomes.
    pub new: Value,
    /// The same as people read it; empty where it is taken away.
    pub shown: String,
}

/// A unit that is added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its code.
    pub id: String,
    /// Its name in the sheet.
    pub name: String,
    /// What changes; of a new unit everything that is known.
    pub edits: Vec<Edit>,
}

/// A unit that the sheet does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its code.
    pub id: String,
    /// Its name today.
    pub name: String,
    /// Its last day from now on; `None` where it stays as it is.
    pub until: Option<NaiveDate>,
    /// Why it stays although units that are missing should end.
    pub spared: Option<&'static str>,
}

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// New units, in the order of the sheet.
    pub added: Vec<Change>,
    /// Units that change, in the order of the sheet.
    pub changed: Vec<Change>,
    /// Units of today that the sheet does not have, by name.
    pub missing: Vec<Missing>,
    /// Units that stay as they are.
    pub same: usize,
    /// First day of new names and parents.
    pub as_of: Option<NaiveDate>,
}

impl Plan {
    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.missing.iter().all(|unit| unit.until.is_none())
    }
}

pub(super) fn plan(
    import: &Import<'_>,
    headings: &Headings,
    rows: &[Row],
    resolver: &Resolver,
    findings: &mut Vec<Diagnostic>,
) -> Plan {
    let mut plan = Plan { as_of: import.as_of, ..Plan::default() };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (row, code) in rows.iter().zip(&resolver.codes) {
        let Some(code) = code else { continue };
        seen.insert(code);
        let unit = import.units.get(&UnitId(code.clone()));
        let mut comparison = Comparison { import, headings, resolver, row, unit, findings: &mut *findings };
        let change = Change { id: code.clone(), name: row.name.clone(), edits: comparison.edits() };
        match (unit, change.edits.is_empty()) {
            (None, _) => plan.added.push(change),
            (Some(_), false) => plan.changed.push(change),
            (Some(_), true) => plan.same += 1,
        }
    }
    plan.missing = missing(import, &seen, &plan);
    plan
}

fn missing(import: &Import<'_>, seen: &BTreeSet<&str>, plan: &Plan) -> Vec<Missing> {
    let living = |unit: &&Unit| unit.valid.covers(import.today) && !seen.contains(unit.id.as_str());
    let mut units: Vec<&Unit> = import.units.iter().filter(living).collect();
    crate::domain::unit::Units::sort(&mut units, import.today);
    let needed = needed(import, seen, plan);
    let missing = units.into_iter().map(|unit| {
        let spared = spared(import, unit, &needed);
        Missing {
            id: unit.id.0.clone(),
            name: unit.name_on(import.today).to_owned(),
            until: import.dissolve.filter(|_| spared.is_none() && unit.valid.until.is_none()),
            spared,
        }
    });
    missing.collect()
}

/// Whoever stands above a unit that the sheet has, as things are or as the sheet wants them.
fn needed(import: &Import<'_>, seen: &BTreeSet<&str>, plan: &Plan) -> BTreeSet<UnitId> {
    let parent = |id: &UnitId| import.units.get(id).and_then(|unit| unit.parent_on(import.today)).cloned();
    let own = seen.iter().filter_map(|id| parent(&UnitId::from(*id)));
    let edits = plan.added.iter().chain(&plan.changed).flat_map(|change| &change.edits);
    let wanted = edits.filter(|edit| edit.column == Column::Parent).filter_map(|edit| match &edit.new {
        Value::Text(Some(code)) => Some(UnitId(code.clone())),
        _ => None,
    });
    let above = |id: UnitId| std::iter::successors(Some(id), parent).take(MAX_DEPTH);
    own.chain(wanted).flat_map(above).collect()
}

/// Who does not end by being left out: the office itself, and whoever stands above units that go on.
fn spared(import: &Import<'_>, unit: &Unit, needed: &BTreeSet<UnitId>) -> Option<&'static str> {
    if import.units.office.as_ref() == Some(&unit.id) {
        Some("là văn phòng")
    } else if needed.contains(&unit.id) {
        Some("còn tổ chức trực thuộc")
    } else {
        None
    }
}
