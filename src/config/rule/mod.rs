//! rules.d/*.toml → [`Ruleset`] and the tests beside the rules. Files are read in lexical order, rules
//! top to bottom; ladders may be declared in any file.

mod case;
mod ladder;
pub mod lint;
mod one;
mod pattern;
mod phrase;
mod places;
mod target;
mod task;
mod when;

use std::collections::BTreeMap;

pub use case::{Expect, ExpectedCells, ExpectedOutcome, ExpectedTask, RuleTest};

pub use places::{Places, Written};

use super::allow::{self, Allowance};
use super::diagnostic::Findings;
use super::fields::Fields;
use super::file;
use super::folder::Folder;
use super::syntax;
use crate::domain::ids::RuleId;
use crate::domain::rule::Ruleset;
use crate::domain::unit::Units;

/// What rules are checked against.
pub struct Context<'a> {
    /// The units; `None` if their file is broken.
    pub units: Option<&'a Units>,
    /// Codes of the configured sources; `None` if the settings are broken.
    pub sources: Option<&'a [String]>,
    /// Every file of rules could be parsed, so that what is not found does not exist.
    pub complete: bool,
    /// Where findings go.
    pub findings: &'a Findings,
}

/// Rules and their tests.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The rules.
    pub ruleset: Ruleset,
    /// The tests, in the order written.
    pub tests: Vec<RuleTest>,
    /// Where each rule's parts stand.
    pub places: BTreeMap<RuleId, Places>,
    /// What is allowed beside rules.
    pub allowances: Vec<Allowance>,
}

/// Reads all files of the folder, called `folder` in findings.
pub fn read(
    folder: &str,
    files: &Folder,
    units: Option<&Units>,
    sources: Option<&[String]>,
    findings: &Findings,
) -> Rules {
    let tables: Vec<_> = files.files.iter().map(|file| (file, syntax::parse(file, findings))).collect();
    let complete = files.whole && tables.iter().all(|(_, table)| table.is_some());
    let context = Context { units, sources, complete, findings };
    let tops = tables
        .iter()
        .filter_map(|(file, table)| Some(Fields::top(file, table.as_ref()?.get_ref(), findings)));
    let tops: Vec<_> = tops.collect();
    let mut ladders = ladder::Ladders::new();
    let written = tops.iter().flat_map(|top| top.tables("ladder", "[[ladder]]"));
    let wishes: Vec<_> = written.flat_map(|fields| ladder::read(fields, &mut ladders, units)).collect();
    ladder::hasten(wishes, &mut ladders, complete, findings);
    let rules = tops.iter().flat_map(|top| top.tables("rule", "[[rule]]"));
    let read = |fields: Fields<'_>| {
        let places = Places::of(&fields);
        Some(Written { rule: one::read(fields, &ladders, &context)?.value, places })
    };
    let rules: Vec<_> = rules.filter_map(read).collect();
    let tests = tops.iter().flat_map(|top| top.tables("test", "[[test]]"));
    let tests = tests.filter_map(|fields| case::read(fields, &rules, &context)).collect();
    tops.into_iter().for_each(Fields::finish);
    lint::lint(&rules, units, folder, findings);
    let places = rules.iter().map(|written| (written.rule.id.clone(), written.places.clone())).collect();
    let rules = rules.into_iter().map(|written| written.rule).collect();
    let allowances = files.files.iter().flat_map(|file| allow::read(file, findings)).collect();
    Rules { ruleset: Ruleset::new(rules, file::hash(&files.files)), tests, places, allowances }
}
