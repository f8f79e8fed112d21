//! Which unit a row speaks of: by its code, else by its name and parent, else it is a new one.

use std::collections::{BTreeMap, BTreeSet};

use super::Import;
use super::heading::{Column, Headings};
use super::row::{Row, Said, at};
use super::slug;
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::unit::similar_units;
use crate::domain::ids::UnitId;
use crate::domain::text::tone_key;
use crate::domain::unit::Unit;

/// The codes of the rows, and how names lead to codes.
pub(super) struct Resolver {
    /// Code of each row, in the order of the rows; `None` where it could not be told.
    pub codes: Vec<Option<String>>,
    /// Rows that may speak of several units; they are not new ones.
    unclear: BTreeSet<usize>,
    names: BTreeMap<String, Vec<String>>,
    known: BTreeSet<String>,
}

impl Resolver {
    pub(super) fn new(
        import: &Import<'_>,
        headings: &Headings,
        rows: &[Row],
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut resolver = Self::existing(import);
        let written: BTreeSet<&String> = rows.iter().filter_map(|row| row.id.as_ref()).collect();
        resolver.known.extend(written.iter().map(|id| (*id).clone()));
        resolver.codes = rows.iter().map(|row| row.id.clone()).collect();
        let mut claimed: BTreeSet<String> = written.into_iter().cloned().collect();
        // First who fits by name and parent, then who fits by name alone: a cell that moved must not
        // take the place of one that did not.
        for exact in [true, false] {
            for (row, at) in rows.iter().zip(0_usize..) {
                resolver.claim((import, headings), (row, at), exact, &mut claimed, findings);
            }
        }
        resolver.name_new(rows);
        resolver.doubles(import, headings, rows, findings);
        resolver
    }

    fn existing(import: &Import<'_>) -> Self {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let living = |unit: &&Unit| unit.valid.covers(import.day()) || unit.valid.covers(import.today);
        for unit in import.units.iter().filter(living) {
            let own = [unit.name_on(import.day())].into_iter().chain(unit.aliases.iter().map(String::as_str));
            for name in own {
                let codes = names.entry(tone_key(name)).or_default();
                if !codes.contains(&unit.id.0) {
                    codes.push(unit.id.0.clone());
                }
            }
        }
        let known = import.units.iter().map(|unit| unit.id.0.clone()).collect();
        Self { codes: Vec::new(), unclear: BTreeSet::new(), names, known }
    }

    fn claim(
        &mut self,
        (import, headings): (&Import<'_>, &Headings),
        (row, index): (&Row, usize),
        exact: bool,
        claimed: &mut BTreeSet<String>,
        findings: &mut Vec<Diagnostic>,
    ) {
        if self.codes.get(index).is_some_and(Option::is_some) {
            return;
        }
        let fitting = self.fitting(import, row, exact, claimed);
        match fitting.as_slice() {
            [] => {}
            [only] => {
                claimed.insert(only.clone());
                if let Some(code) = self.codes.get_mut(index) {
                    *code = Some(only.clone());
                }
            }
            several if !exact => {
                self.unclear.insert(index);
                let finding = at(import.sheet, row, Column::Name, headings, Code::SameName);
                let codes = several.join(", ");
                findings.push(finding.with(several.len().to_string()).with(row.name.as_str()).with(codes));
            }
            _ => {}
        }
    }

    /// Units of the row's name that no other row has claimed; with `exact`, below its parent.
    fn fitting(
        &self,
        import: &Import<'_>,
        row: &Row,
        exact: bool,
        claimed: &BTreeSet<String>,
    ) -> Vec<String> {
        let key = tone_key(&row.name);
        // A parent that is written but not known yet is a new one: nobody stands below it so far.
        let parent = match row.said(Column::Parent) {
            Said::This(parent) => Some(self.code_of(parent)),
            Said::None | Said::Nothing => None,
        };
        let named = self.names.get(&key).cloned().unwrap_or_default();
        let unit = |code: &String| import.units.get(&UnitId(code.clone()));
        let fits = |code: &String| {
            let own = unit(code).and_then(|unit| unit.parent_on(import.day()));
            let is_name = unit(code).is_some_and(|unit| tone_key(unit.name_on(import.day())) == key);
            let below = parent
                .as_ref()
                .is_none_or(|parent| parent.is_some() && own.map(UnitId::as_str) == parent.as_deref());
            is_name && !claimed.contains(code) && (!exact || below)
        };
        named.into_iter().filter(fits).collect()
    }

    /// Rows that fit nobody are new: they get codes, parents before children as the sheet has them.
    fn name_new(&mut self, rows: &[Row]) {
        let unclear = std::mem::take(&mut self.unclear);
        for (row, index) in rows.iter().zip(0_usize..).filter(|(_, index)| !unclear.contains(index)) {
            let code = match self.codes.get(index).cloned().flatten() {
                Some(code) => code,
                None => {
                    let parent = match row.said(Column::Parent) {
                        Said::This(parent) => self.code_of(parent),
                        Said::None | Said::Nothing => None,
                    };
                    slug::propose(&row.name, parent.as_deref(), &mut self.known)
                }
            };
            let codes = self.names.entry(tone_key(&row.name)).or_default();
            if !codes.contains(&code) {
                codes.push(code.clone());
            }
            if let Some(slot) = self.codes.get_mut(index) {
                *slot = Some(code);
            }
        }
    }

    fn doubles(
        &mut self,
        import: &Import<'_>,
        headings: &Headings,
        rows: &[Row],
        findings: &mut Vec<Diagnostic>,
    ) {
        let mut first: BTreeMap<&String, &Row> = BTreeMap::new();
        for (row, code) in rows.iter().zip(&self.codes) {
            let Some(code) = code else { continue };
            if let Some(earlier) = first.get(code) {
                let finding = at(import.sheet, row, Column::Id, headings, Code::RowTwice);
                findings.push(finding.with(code.as_str()).with((earlier.number + 1).to_string()));
            } else {
                first.insert(code, row);
            }
        }
    }

    /// The unit a cell means, by code or by name; `None` where there is none, or more than one.
    fn code_of(&self, text: &str) -> Option<String> {
        if self.known.contains(text) {
            return Some(text.to_owned());
        }
        match self.names.get(&tone_key(text)).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            _ => None,
        }
    }

    /// [`code_of`](Self::code_of), with a finding at the cell where that is nobody.
    pub(super) fn reference(
        &self,
        text: &str,
        import: &Import<'_>,
        finding: Diagnostic,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let code = self.code_of(text);
        if code.is_none() {
            findings.push(finding.with(text).or_rather(similar_units(text, import.units)));
        }
        code
    }
}
