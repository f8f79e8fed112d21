//! The cells a rule chooses on a day.

use chrono::NaiveDate;

use crate::domain::ids::UnitId;
use crate::domain::rule::Targets;
use crate::domain::unit::{Unit, Units};

/// The chosen cells, by code.
pub(super) fn choose(targets: &Targets, units: &Units, day: NaiveDate) -> Vec<UnitId> {
    let narrowed = !targets.kind.is_empty() || !targets.sector.is_empty() || !targets.subtree.is_empty();
    units
        .cells_on(day)
        .filter(|unit| targets.units.contains(&unit.id) || narrowed && fits(targets, unit, units, day))
        .filter(|unit| !within_any(&targets.except, unit, units, day))
        .map(|unit| unit.id.clone())
        .collect()
}

fn fits(targets: &Targets, unit: &Unit, units: &Units, day: NaiveDate) -> bool {
    let sector = |wanted: &String| unit.sector.as_ref() == Some(wanted);
    (targets.kind.is_empty() || targets.kind.contains(&unit.kind))
        && (targets.sector.is_empty() || targets.sector.iter().any(sector))
        && (targets.subtree.is_empty() || within_any(&targets.subtree, unit, units, day))
}

fn within_any(roots: &[UnitId], unit: &Unit, units: &Units, day: NaiveDate) -> bool {
    roots.iter().any(|root| units.is_within(&unit.id, root, day))
}
