//! The cells a rule chooses on a day.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::document::Document;
use crate::domain::ids::UnitId;
use crate::domain::rule::{Direct, Targets};
use crate::domain::unit::{Unit, Units};

/// Why a rule does not choose a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Its kind cannot be obliged.
    NotACell,
    /// It does not exist on that day.
    NotThen,
    /// It is named in `except`, or stands below a unit that is.
    Excepted,
    /// It has a tag that is excepted.
    TagExcepted,
    /// The rule names units, and this is none of them.
    NotNamed,
    /// Its kind is none of the rule's.
    Kind,
    /// Its sector is none of the rule's.
    Sector,
    /// It has none of the rule's tags.
    Tag,
    /// It stands outside the rule's subtrees.
    Subtree,
    /// The document is not addressed to it.
    NotAddressed,
}

/// The units that a document names as its receivers, by code, name or alias.
pub(super) fn addressees(document: &Document, units: &Units) -> BTreeSet<UnitId> {
    let named = document.addressees.iter().flat_map(|name| units.called(name));
    named.map(|unit| unit.id.clone()).collect()
}

/// The chosen cells, by code.
pub(super) fn choose(
    targets: &Targets,
    units: &Units,
    day: NaiveDate,
    addressees: &BTreeSet<UnitId>,
) -> Vec<UnitId> {
    let chosen = units.iter().filter(|unit| missed(targets, unit, units, day, addressees).is_none());
    chosen.map(|unit| unit.id.clone()).collect()
}

/// The first reason why a unit is not chosen; `None` if it is. Choosing and explaining ask the same
/// question here, so that they cannot drift apart.
pub fn missed(
    targets: &Targets,
    unit: &Unit,
    units: &Units,
    day: NaiveDate,
    addressees: &BTreeSet<UnitId>,
) -> Option<Missed> {
    let unfit = |unit: &Unit| unfit(targets, unit, units, day, addressees);
    if !units.is_cell_kind(&unit.kind) {
        Some(Missed::NotACell)
    } else if !unit.valid.covers(day) {
        Some(Missed::NotThen)
    } else if within_any(&targets.except, unit, units, day) {
        Some(Missed::Excepted)
    } else if unit.tags.iter().any(|tag| targets.except_tag.contains(tag)) {
        Some(Missed::TagExcepted)
    } else if targets.cascade && units.line(&unit.id, day).any(|above| unfit(above).is_none()) {
        None
    } else {
        unfit(unit)
    }
}

/// Why the targets do not mean this very unit, cell or not.
fn unfit(
    targets: &Targets,
    unit: &Unit,
    units: &Units,
    day: NaiveDate,
    addressees: &BTreeSet<UnitId>,
) -> Option<Missed> {
    let lacks =
        |wanted: &[String], own: &[String]| !wanted.is_empty() && !own.iter().any(|own| wanted.contains(own));
    if targets.units.contains(&unit.id) {
        None
    } else if !targets.is_narrowed() {
        Some(Missed::NotNamed)
    } else if lacks(&targets.kind, std::slice::from_ref(&unit.kind)) {
        Some(Missed::Kind)
    } else if lacks(&targets.sector, unit.sector.as_slice()) {
        Some(Missed::Sector)
    } else if lacks(&targets.tag, &unit.tags) {
        Some(Missed::Tag)
    } else if !targets.subtree.is_empty() && !within_any(&targets.subtree, unit, units, day) {
        Some(Missed::Subtree)
    } else {
        let meant = match targets.direct {
            None => true,
            Some(Direct::Addressees) => addressees.contains(&unit.id),
            Some(Direct::Cells) => units.line(&unit.id, day).any(|above| addressees.contains(&above.id)),
        };
        (!meant).then_some(Missed::NotAddressed)
    }
}

fn within_any(roots: &[UnitId], unit: &Unit, units: &Units, day: NaiveDate) -> bool {
    !roots.is_empty() && units.line(&unit.id, day).any(|above| roots.contains(&above.id))
}
