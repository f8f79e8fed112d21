//! The cells a rule chooses on a day.

use chrono::NaiveDate;

use crate::domain::ids::UnitId;
use crate::domain::rule::Targets;
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
    /// The rule names units, and this is none of them.
    NotNamed,
    /// Its kind is none of the rule's.
    Kind,
    /// Its sector is none of the rule's.
    Sector,
    /// It stands outside the rule's subtrees.
    Subtree,
}

/// The chosen cells, by code.
pub(super) fn choose(targets: &Targets, units: &Units, day: NaiveDate) -> Vec<UnitId> {
    let chosen = units.iter().filter(|unit| missed(targets, unit, units, day).is_none());
    chosen.map(|unit| unit.id.clone()).collect()
}

/// The first reason why a unit is not chosen; `None` if it is. Choosing and explaining ask the same
/// question here, so that they cannot drift apart.
pub fn missed(targets: &Targets, unit: &Unit, units: &Units, day: NaiveDate) -> Option<Missed> {
    let narrowed = !targets.kind.is_empty() || !targets.sector.is_empty() || !targets.subtree.is_empty();
    if !units.is_cell_kind(&unit.kind) {
        Some(Missed::NotACell)
    } else if !unit.valid.covers(day) {
        Some(Missed::NotThen)
    } else if within_any(&targets.except, unit, units, day) {
        Some(Missed::Excepted)
    } else if targets.units.contains(&unit.id) {
        None
    } else if !narrowed {
        Some(Missed::NotNamed)
    } else {
        unfit(targets, unit, units, day)
    }
}

fn unfit(targets: &Targets, unit: &Unit, units: &Units, day: NaiveDate) -> Option<Missed> {
    let sector = |wanted: &String| unit.sector.as_ref() == Some(wanted);
    if !targets.kind.is_empty() && !targets.kind.contains(&unit.kind) {
        Some(Missed::Kind)
    } else if !targets.sector.is_empty() && !targets.sector.iter().any(sector) {
        Some(Missed::Sector)
    } else if !targets.subtree.is_empty() && !within_any(&targets.subtree, unit, units, day) {
        Some(Missed::Subtree)
    } else {
        None
    }
}

fn within_any(roots: &[UnitId], unit: &Unit, units: &Units, day: NaiveDate) -> bool {
    roots.iter().any(|root| units.is_within(&unit.id, root, day))
}
