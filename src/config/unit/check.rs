//! What can be said only when all units are known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::read::{Draft, Drafts};
use super::{absence, succession, tree};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::file::Sourced;
use crate::config::suggest::similar;

/// Units by their codes.
pub type Known<'a> = BTreeMap<&'a str, &'a Draft>;

/// Reports every fault between units.
pub fn check(drafts: &Drafts, findings: &Findings) {
    doubles(drafts, findings);
    let known: Known<'_> = drafts.units.iter().map(|unit| (unit.id.value.as_str(), unit)).collect();
    let references = References { known: &known, findings };
    for unit in &drafts.units {
        kind_and_sector(unit, drafts, findings);
        unit.parents.iter().for_each(|(parent, _)| references.check(parent));
        unit.successors.iter().for_each(|successor| references.check(successor));
        mailbox(unit, drafts, findings);
        ended_parent(unit, &known, findings);
        succession::check(unit, drafts, &known, findings);
    }
    drafts.office.iter().chain(&drafts.leadership).for_each(|unit| references.check(unit));
    for away in &drafts.absences {
        references.check(&away.unit);
        known.get(away.unit.value.as_str()).into_iter().for_each(|unit| absence::check(away, unit, findings));
    }
    succession::circles(drafts, &known, findings);
    circles(drafts, &known, findings);
    tree::depth(drafts, &known, findings);
}

fn doubles(drafts: &Drafts, findings: &Findings) {
    let mut first: BTreeMap<&str, &Draft> = BTreeMap::new();
    for unit in &drafts.units {
        if let Some(earlier) = first.get(unit.id.value.as_str()) {
            let finding = Diagnostic::new(Code::DuplicateUnit, unit.id.place.clone());
            let finding = finding.with(unit.id.value.as_str());
            findings.add(finding.and_at(&earlier.id.place, ("lần đầu", "the first time")));
        } else {
            first.insert(&unit.id.value, unit);
        }
    }
    let mut kinds: BTreeMap<&str, _> = BTreeMap::new();
    for kind in &drafts.kinds {
        if let Some(earlier) = kinds.insert(kind.value.id.as_str(), &kind.place) {
            let finding = Diagnostic::new(Code::DuplicateId, kind.place.clone());
            let finding = finding.with(kind.value.id.as_str()).with("[[kind]]");
            findings.add(finding.and_at(earlier, ("lần đầu", "the first time")));
        }
    }
}

fn kind_and_sector(unit: &Draft, drafts: &Drafts, findings: &Findings) {
    if let Some(kind) = &unit.kind
        && !drafts.kinds.iter().any(|known| known.value.id == kind.value)
    {
        let known = drafts.kinds.iter().map(|known| {
            (
                format!("{} – {}", known.value.id, known.value.name),
                [known.value.id.as_str(), known.value.name.as_str()],
            )
        });
        let finding = Diagnostic::new(Code::UnknownKind, kind.place.clone()).with(kind.value.as_str());
        findings.add(finding.or_rather(similar(&kind.value, known)));
    }
    if let Some(sector) = &unit.sector
        && !drafts.sectors.contains_key(&sector.value)
    {
        let known = drafts
            .sectors
            .iter()
            .map(|(code, name)| (format!("{code} – {name}"), [code.as_str(), name.as_str()]));
        let finding = Diagnostic::new(Code::UnknownSector, sector.place.clone()).with(sector.value.as_str());
        findings.add(finding.or_rather(similar(&sector.value, known)));
    }
}

/// Codes of units are looked up here.
struct References<'a> {
    known: &'a Known<'a>,
    findings: &'a Findings,
}

impl References<'_> {
    fn check(&self, reference: &Sourced<String>) {
        if self.known.contains_key(reference.value.as_str()) {
            return;
        }
        let finding =
            Diagnostic::new(Code::UnknownUnit, reference.place.clone()).with(reference.value.as_str());
        if !self.findings.afford(self.known.len()) {
            return self.findings.add(finding);
        }
        let names =
            self.known.iter().map(|(code, unit)| (format!("{code} – {}", unit.name()), [*code, unit.name()]));
        let names = similar(&reference.value, names);
        self.findings.add(finding.or_rather(names));
    }
}

fn mailbox(unit: &Draft, drafts: &Drafts, findings: &Findings) {
    if succession::is_cell(unit, drafts) && !unit.has_mailbox && unit.valid.until.is_none() {
        let finding = Diagnostic::new(Code::NoMailbox, unit.id.place.clone());
        findings.add(finding.with(format!("{} (`{}`)", unit.name(), unit.id.value)));
    }
}

/// A unit that outlives its parent without a new one.
fn ended_parent(unit: &Draft, known: &Known<'_>, findings: &Findings) {
    let Some((reference, valid)) = unit.parents.last() else { return };
    let Some(parent) = known.get(reference.value.as_str()) else { return };
    let Some(end) = parent.valid.until else { return };
    let goes_on = |until: Option<NaiveDate>| until.is_none_or(|until| until > end);
    if goes_on(valid.until) && goes_on(unit.valid.until) {
        let finding = Diagnostic::new(Code::OutsideParent, reference.place.clone()).with(unit.name());
        findings.add(
            finding
                .with(parent.name())
                .and_at(&parent.id.place, (format!("hết hiệu lực {end}"), format!("ended {end}"))),
        );
    }
}

/// Looks for circles on every day on which a parent of a suspect changes; between those days nothing
/// does. Suspects are the units on circles of the tree with all its dates laid over each other: none,
/// in a sound file, so that a hundred thousand units cost one walk.
fn circles(drafts: &Drafts, known: &Known<'_>, findings: &Findings) {
    let suspects = tree::suspects(drafts, known);
    let changes = suspects.iter().flat_map(|unit| &unit.parents).flat_map(|(_, valid)| {
        [valid.from, valid.until.and_then(|day| day.succ_opt())].into_iter().flatten()
    });
    let days: BTreeSet<NaiveDate> = changes.chain([NaiveDate::default()]).collect();
    let mut told = BTreeSet::new();
    for day in days.into_iter().take(tree::MOST_DAYS) {
        for unit in suspects.iter().take(tree::MOST_SUSPECTS) {
            let Some(circle) = circle_from(unit, known, day) else { continue };
            let members: BTreeSet<&str> = circle.iter().copied().collect();
            if told.insert(members) {
                let finding = Diagnostic::new(Code::Cycle, unit.id.place.clone());
                findings.add(finding.with(circle.join(" → ")).with(day.to_string()));
            }
        }
    }
}

/// The way up from a unit back to itself, if there is one.
fn circle_from<'a>(unit: &'a Draft, known: &Known<'a>, day: NaiveDate) -> Option<Vec<&'a str>> {
    let mut way = vec![unit.id.value.as_str()];
    let mut here = unit;
    for _ in 0..tree::MOST_SUSPECTS {
        let (parent, _) = here.parents.iter().rev().find(|(_, valid)| valid.covers(day))?;
        here = known.get(parent.value.as_str())?;
        way.push(here.id.value.as_str());
        if here.id.value == unit.id.value {
            return Some(way);
        }
    }
    None
}
