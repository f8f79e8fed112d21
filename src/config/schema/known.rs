//! The office's own codes and names, for the lists of a schema.

use std::collections::BTreeSet;

use super::shape::Data;
use crate::domain::rule::Ruleset;
use crate::domain::symbol::document_kinds;
use crate::domain::text::vietnamese_order;
use crate::domain::unit::{Unit, Units};

/// Codes with what they are called, list by list.
#[derive(Debug, Clone, Default)]
pub struct Known {
    units: Vec<Entry>,
    kinds: Vec<Entry>,
    sectors: Vec<Entry>,
    tags: Vec<Entry>,
    sources: Vec<Entry>,
    ladders: Vec<Entry>,
    rules: Vec<Entry>,
    issuers: Vec<Entry>,
}

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is written in TOML.
    pub code: String,
    /// What people call it; empty where the code says it all.
    pub name: String,
    cell: bool,
}

impl Entry {
    fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self { code: code.into(), name: name.into(), cell: false }
    }
}

impl Known {
    /// Everything an office's files name. Units stand in the order of the dictionary; `sources` are the
    /// codes of the settings' sources.
    pub fn of(units: &Units, ruleset: &Ruleset, sources: &[String]) -> Self {
        let cell = |kind: &str| units.is_cell_kind(kind);
        let mut listed: Vec<_> = units
            .iter()
            .map(|unit| Entry { cell: cell(&unit.kind), ..Entry::new(unit.id.as_str(), newest_name(unit)) })
            .collect();
        listed.sort_by(|left, right| vietnamese_order(&left.name, &right.name));
        let kinds =
            units.kinds.iter().map(|kind| Entry { cell: kind.cell, ..Entry::new(&kind.id, &kind.name) });
        let rules = ruleset.rules.iter().map(|rule| Entry::new(rule.id.as_str(), &rule.name));
        let ladders: BTreeSet<&str> = ruleset
            .rules
            .iter()
            .map(|rule| rule.ladder.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        let tags: BTreeSet<&str> = units.iter().flat_map(|unit| &unit.tags).map(String::as_str).collect();
        Self {
            kinds: kinds.collect(),
            tags: tags.into_iter().map(|tag| Entry::new(tag, "")).collect(),
            sectors: units.sectors.iter().map(|(code, name)| Entry::new(code, name)).collect(),
            sources: sources.iter().map(|source| Entry::new(source, "")).collect(),
            ladders: ladders.into_iter().map(|ladder| Entry::new(ladder, "")).collect(),
            rules: rules.collect(),
            issuers: issuers(units, ruleset),
            units: listed,
        }
    }

    /// Codes of all kinds of cells.
    pub fn cell_kinds(&self) -> Vec<String> {
        self.list(Data::CellKinds).into_iter().map(|entry| entry.code).collect()
    }

    /// The entries of a list. Kinds of documents are known without any data.
    pub fn list(&self, data: Data) -> Vec<Entry> {
        let cells = |list: &[Entry]| list.iter().filter(|entry| entry.cell).cloned().collect();
        match data {
            Data::Cells => cells(&self.units),
            Data::Units => self.units.clone(),
            Data::CellKinds => cells(&self.kinds),
            Data::Kinds => self.kinds.clone(),
            Data::Tags => self.tags.clone(),
            Data::Sectors => self.sectors.clone(),
            Data::Sources => self.sources.clone(),
            Data::Ladders => self.ladders.clone(),
            Data::Rules => self.rules.clone(),
            Data::Issuers => self.issuers.clone(),
            Data::DocumentKinds => document_kinds().map(|(name, code)| Entry::new(code, name)).collect(),
        }
    }
}

fn newest_name(unit: &Unit) -> &str {
    unit.names.last().map_or("", |name| &name.value)
}

/// What rules and tests already call issuers, then the aliases of units.
fn issuers(units: &Units, ruleset: &Ruleset) -> Vec<Entry> {
    let written = ruleset.rules.iter().flat_map(|rule| &rule.when.issuer);
    let mut issuers: Vec<_> = written.map(|issuer| Entry::new(issuer, "")).collect();
    let aliases = units.iter().flat_map(|unit| unit.aliases.iter().map(move |alias| (alias, unit)));
    issuers.extend(aliases.map(|(alias, unit)| Entry::new(alias, newest_name(unit))));
    // A list of choices names each once; the later entry of a code is the one with a name.
    issuers.reverse();
    let mut seen = BTreeSet::new();
    issuers.retain(|entry| seen.insert(entry.code.clone()));
    issuers.sort_by(|left, right| vietnamese_order(&left.code, &right.code));
    issuers
}
