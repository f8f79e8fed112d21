//! units.toml → [`Units`]. The reader takes each unit as written; the checks then look at all of them
//! together: doubles, unknown references, circles of parents, cells without a mailbox.
//!
//! A unit without `sector` has that of its parent: a base committee's sector is written once.

mod absence;
mod check;
pub mod export;
pub mod import;
mod read;
mod succession;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diagnostic::Findings;
use super::file::{Place, SourceFile};
use super::suggest::similar;
use super::syntax;
use crate::domain::ids::UnitId;
use crate::domain::unit::{MAX_DEPTH, Unit, Units};

/// Reads the units, and where the code of each stands. `None` if the file is not TOML; with lesser
/// faults, what could be read comes back beside the findings, so that rules can still be checked against
/// it.
pub fn read(file: &Arc<SourceFile>, findings: &Findings) -> Option<(Units, BTreeMap<UnitId, Place>)> {
    let table = syntax::parse(file, findings)?;
    let drafts = read::drafts(file, table.get_ref(), findings);
    check::check(&drafts, findings);
    let mut units: BTreeMap<UnitId, Unit> = BTreeMap::new();
    let mut absences = absence::by_unit(&drafts);
    for draft in &drafts.units {
        let absences = absences.remove(draft.id.value.as_str()).unwrap_or_default();
        units.entry(UnitId(draft.id.value.clone())).or_insert_with(|| Unit { absences, ..draft.unit() });
    }
    unread(&drafts, &units, findings);
    let sectors: Vec<_> = units.keys().map(|id| inherited_sector(id, &units)).collect();
    for (unit, sector) in units.values_mut().zip(sectors) {
        unit.sector = sector;
    }
    let places = drafts.units.iter().map(|draft| (UnitId(draft.id.value.clone()), draft.id.place.clone()));
    let places = places.collect();
    let office = drafts.office.map(|office| UnitId(office.value));
    let leadership = drafts.leadership.map(|leadership| UnitId(leadership.value));
    let kinds = drafts.kinds.into_iter().map(|kind| kind.value).collect();
    let units = Units::new(office, kinds, drafts.sectors, units.into_values()).led_by(leadership);
    Some((units, places))
}

fn unread(drafts: &read::Drafts, units: &BTreeMap<UnitId, Unit>, findings: &Findings) {
    for away in &drafts.absences {
        let unit = units.get(&UnitId(away.unit.value.clone()));
        let is_cell =
            |unit: &&Unit| drafts.kinds.iter().any(|kind| kind.value.cell && kind.value.id == unit.kind);
        unit.filter(is_cell).into_iter().for_each(|cell| absence::unread(away, cell, findings));
    }
}

/// The unit's own sector, else that of its newest parent, and so on up.
fn inherited_sector(id: &UnitId, units: &BTreeMap<UnitId, Unit>) -> Option<String> {
    let mut here = units.get(id);
    // A circle, or a tree that is too deep, is a finding of its own.
    for _ in 0..MAX_DEPTH {
        let unit = here?;
        if unit.sector.is_some() {
            return unit.sector.clone();
        }
        here = unit.parents.last().and_then(|parent| units.get(&parent.value));
    }
    None
}

/// Units whose code or name comes close to `wrong`, as `code – name`.
pub fn similar_units(wrong: &str, units: &Units) -> Vec<String> {
    similar(wrong, units.iter().map(|unit| (shown(unit), forms(unit))))
}

/// Code and newest name of a unit, for findings.
pub fn shown(unit: &Unit) -> String {
    let name = unit.names.last().map_or("", |name| name.value.as_str());
    format!("{} – {name}", unit.id)
}

fn forms(unit: &Unit) -> Vec<&str> {
    let names = unit.names.iter().map(|name| name.value.as_str());
    names.chain(unit.aliases.iter().map(String::as_str)).chain([unit.id.as_str()]).collect()
}
