//! `to`: whom a rule chooses, checked against the units.

use super::Context;
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::suggest::similar;
use crate::config::unit::{shown, similar_units};
use crate::domain::ids::UnitId;
use crate::domain::rule::Targets;
use crate::domain::unit::Units;

/// What a table of targets is called in findings.
const TABLES: &str = "`to`";

/// Reads `to`. Without units (their file is broken) references go unchecked: one fault, one finding.
pub fn read(fields: Fields<'_>, context: &Context<'_>) -> Targets {
    let targets = Targets {
        kind: fields.texts("kind").into_iter().map(|kind| known_kind(kind, context)).collect(),
        sector: fields.texts("sector").into_iter().map(|sector| known_sector(sector, context)).collect(),
        subtree: fields.texts("subtree").into_iter().map(|unit| known_unit(unit, false, context)).collect(),
        units: fields.texts("units").into_iter().map(|unit| known_unit(unit, true, context)).collect(),
        except: fields.texts("except").into_iter().map(|unit| known_unit(unit, false, context)).collect(),
    };
    if targets == (Targets { except: targets.except.clone(), ..Targets::default() }) {
        fields.report(Diagnostic::new(Code::Empty, fields.place()).with("to"));
    }
    fields.finish();
    targets
}

/// Reads targets under another key; a bare list names cells.
pub fn named(fields: &Fields<'_>, key: &'static str, context: &Context<'_>) -> Targets {
    if fields.is_table(key) {
        return fields.table(key, TABLES).map(|to| read(to, context)).unwrap_or_default();
    }
    let units: Vec<_> = fields.texts(key).into_iter().map(|unit| known_unit(unit, true, context)).collect();
    if let Some(place) = fields.key_place(key).filter(|_| fields.is_empty_list(key)) {
        fields.report(Diagnostic::new(Code::Empty, place).with(key));
    }
    Targets { units, ..Targets::default() }
}

/// A kind of cells: a kind that cannot be obliged would choose nobody.
fn known_kind(kind: Sourced<String>, context: &Context<'_>) -> String {
    if let Some(units) = context.units.filter(|units| !units.is_cell_kind(&kind.value)) {
        let cells = units.kinds.iter().filter(|known| known.cell);
        let known = cells.map(|known| (known.id.clone(), [known.id.as_str(), known.name.as_str()]));
        let finding = Diagnostic::new(Code::UnknownKind, kind.place).with(kind.value.as_str());
        context.findings.add(finding.or_rather(similar(&kind.value, known)));
    }
    kind.value
}

fn known_sector(sector: Sourced<String>, context: &Context<'_>) -> String {
    if let Some(units) = context.units.filter(|units| !units.sectors.contains_key(&sector.value)) {
        let known = units.sectors.iter().map(|(code, name)| (code.clone(), [code.as_str(), name.as_str()]));
        let finding = Diagnostic::new(Code::UnknownSector, sector.place).with(sector.value.as_str());
        context.findings.add(finding.or_rather(similar(&sector.value, known)));
    }
    sector.value
}

/// A unit; with `cell`, one that can be obliged.
pub fn known_unit(unit: Sourced<String>, cell: bool, context: &Context<'_>) -> UnitId {
    let id = UnitId(unit.value.clone());
    if let Some(units) = context.units {
        check_unit(&unit, &id, cell, units).into_iter().for_each(|finding| context.findings.add(finding));
    }
    id
}

fn check_unit(written: &Sourced<String>, id: &UnitId, cell: bool, units: &Units) -> Option<Diagnostic> {
    match units.get(id) {
        None => {
            let finding =
                Diagnostic::new(Code::UnknownUnit, written.place.clone()).with(written.value.as_str());
            Some(finding.or_rather(similar_units(&written.value, units)))
        }
        Some(unit) if cell && !units.is_cell_kind(&unit.kind) => {
            let finding = Diagnostic::new(Code::NotACell, written.place.clone());
            Some(finding.with(format!("`{}`", shown(unit))).with(written.value.as_str()))
        }
        Some(_) => None,
    }
}
