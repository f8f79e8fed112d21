//! `to`: whom a rule chooses, checked against the units.

use std::collections::BTreeSet;

use super::Context;
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::suggest::{similar, similar_words};
use crate::config::unit::{shown, similar_units};
use crate::domain::ids::UnitId;
use crate::domain::rule::{Direct, Targets};
use crate::domain::unit::{Kind, Unit, Units};

/// Words of `direct`.
const DIRECT: [(&str, Direct); 2] = [("addressees", Direct::Addressees), ("cells", Direct::Cells)];

/// What a table of targets is called in findings.
const TABLES: &str = "`to`";

/// Reads `to`. Without units (their file is broken) references go unchecked: one fault, one finding.
pub fn read(fields: Fields<'_>, context: &Context<'_>) -> Targets {
    let cascade = fields.flag("cascade").unwrap_or(false);
    let units = |key, cell| {
        let units = fields.texts(key).into_iter();
        units.map(|unit| known_unit(unit, cell, context)).collect()
    };
    let tags = |key| fields.texts(key).into_iter().map(|tag| known_tag(tag, context)).collect();
    let kinds = fields.texts("kind").into_iter();
    let targets = Targets {
        kind: kinds.map(|kind| known_kind(kind, !cascade, context)).collect(),
        sector: fields.texts("sector").into_iter().map(|sector| known_sector(sector, context)).collect(),
        tag: tags("tag"),
        subtree: units("subtree", false),
        direct: fields.word("direct", &DIRECT),
        units: units("units", !cascade),
        cascade,
        except: units("except", false),
        except_tag: tags("except_tag"),
    };
    if targets.is_empty() && !fields.has("direct") {
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

/// A kind; with `cell`, one of cells: a kind that cannot be obliged would choose nobody.
fn known_kind(kind: Sourced<String>, cell: bool, context: &Context<'_>) -> String {
    let fits = |known: &&Kind| known.cell || !cell;
    let is_known = |units: &Units| units.kinds.iter().filter(fits).any(|known| known.id == kind.value);
    if let Some(units) = context.units.filter(|units| !is_known(units)) {
        let cells = units.kinds.iter().filter(fits);
        let known = cells.map(|known| {
            (format!("{} – {}", known.id, known.name), [known.id.as_str(), known.name.as_str()])
        });
        let finding = Diagnostic::new(Code::UnknownKind, kind.place).with(kind.value.as_str());
        context.findings.add(finding.or_rather(similar(&kind.value, known)));
    }
    kind.value
}

fn known_sector(sector: Sourced<String>, context: &Context<'_>) -> String {
    if let Some(units) = context.units.filter(|units| !units.sectors.contains_key(&sector.value)) {
        let known = units
            .sectors
            .iter()
            .map(|(code, name)| (format!("{code} – {name}"), [code.as_str(), name.as_str()]));
        let finding = Diagnostic::new(Code::UnknownSector, sector.place).with(sector.value.as_str());
        context.findings.add(finding.or_rather(similar(&sector.value, known)));
    }
    sector.value
}

/// A tag that some unit bears; a tag nobody bears is a slip.
fn known_tag(tag: Sourced<String>, context: &Context<'_>) -> String {
    let bears = |unit: &Unit| unit.tags.contains(&tag.value);
    if let Some(units) = context.units.filter(|units| !units.iter().any(bears)) {
        let known: BTreeSet<&str> = units.iter().flat_map(|unit| &unit.tags).map(String::as_str).collect();
        let finding = Diagnostic::new(Code::UnknownTag, tag.place).with(tag.value.as_str());
        context.findings.add(finding.or_rather(similar_words(&tag.value, known)));
    }
    tag.value
}

/// A unit; with `cell`, one that can be obliged.
pub fn known_unit(unit: Sourced<String>, cell: bool, context: &Context<'_>) -> UnitId {
    let id = UnitId(unit.value.clone());
    if let Some(units) = context.units {
        check_unit(&unit, &id, cell, units, context.findings)
            .into_iter()
            .for_each(|finding| context.findings.add(finding));
    }
    id
}

fn check_unit(
    written: &Sourced<String>,
    id: &UnitId,
    cell: bool,
    units: &Units,
    findings: &Findings,
) -> Option<Diagnostic> {
    match units.get(id) {
        None => {
            let finding =
                Diagnostic::new(Code::UnknownUnit, written.place.clone()).with(written.value.as_str());
            let affordable = findings.afford(units.iter().count());
            Some(if affordable { finding.or_rather(similar_units(&written.value, units)) } else { finding })
        }
        Some(unit) if cell && !units.is_cell_kind(&unit.kind) => {
            let finding = Diagnostic::new(Code::NotACell, written.place.clone());
            Some(finding.with(format!("`{}`", shown(unit))).with(written.value.as_str()))
        }
        Some(_) => None,
    }
}
