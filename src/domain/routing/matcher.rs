//! The rules of a ruleset compiled together, so that a document meets only those it could match: each
//! rule is filed under the rarest atoms of which the document must have one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::atoms::{Atoms, Steady};
use super::cells::Cells;
use super::condition::{self, Table};
use super::facts::Facts;
use super::roster::Roster;
use super::targets;
use crate::domain::calendar::Calendar;
use crate::domain::document::Document;
use crate::domain::ids::UnitId;
use crate::domain::rule::{Rule, Targets};
use crate::domain::unit::Units;

/// The rules, compiled; made once per ruleset.
#[derive(Debug, Default)]
pub struct Matcher {
    tables: Vec<Table>,
    atoms: Atoms,
    /// For each atom the rules filed under it.
    filed: Vec<Vec<u32>>,
    /// Rules that a document may match whatever it has.
    unfiled: Vec<u32>,
    /// Distinct targets; rules often share them.
    targets: Vec<Targets>,
    /// For each rule, of everything that it asks, the number of its targets.
    aims: Vec<Vec<u32>>,
    roster: Mutex<Option<Arc<Roster>>>,
}

impl Matcher {
    /// Compiles the rules.
    pub(in crate::domain) fn new(rules: &[Rule]) -> Self {
        let mut matcher = Self::default();
        matcher.tables =
            rules.iter().map(|rule| condition::compile(&rule.when, &mut matcher.atoms)).collect();
        matcher.atoms.finish();
        matcher.filed = vec![Vec::new(); matcher.atoms.len()];
        matcher.file();
        matcher.aim(rules);
        matcher
    }

    fn file(&mut self) {
        for (number, table) in (0..).zip(&self.tables) {
            let Some(atoms) = condition::access(table, &self.atoms) else {
                self.unfiled.push(number);
                continue;
            };
            for atom in atoms {
                self.filed.get_mut(atom as usize).into_iter().for_each(|rules| rules.push(number));
            }
        }
    }

    fn aim(&mut self, rules: &[Rule]) {
        let mut known: Steady<&Targets, u32> = Steady::default();
        for rule in rules {
            let numbers = rule.asks().into_iter().map(|ask| {
                let next = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
                let number = *known.entry(ask.to).or_insert(next);
                if number == next {
                    self.targets.push(ask.to.clone());
                }
                number
            });
            self.aims.push(numbers.collect());
        }
    }

    /// The facts of a document as these rules ask for them.
    pub(super) fn facts<'a>(&self, document: &'a Document, units: &Units, received: NaiveDate) -> Facts<'a> {
        Facts::new(&self.atoms, document, units, received)
    }

    /// The conditions of a rule by its number.
    pub(super) fn table(&self, rule: usize) -> &[condition::Condition] {
        self.tables.get(rule).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rules a document could match, by number, in order; all others it does not match.
    pub(super) fn candidates(&self, facts: &Facts<'_>) -> Vec<usize> {
        let filed = facts.found().iter().filter_map(|atom| self.filed.get(*atom as usize)).flatten();
        let mut numbers: Vec<usize> = filed.chain(&self.unfiled).map(|number| *number as usize).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The answers of a day.
    pub(super) fn roster(&self, units: &Units, day: NaiveDate, calendar: &Calendar) -> Arc<Roster> {
        // Whoever panicked while holding the lock left a whole roster or none in it.
        let mut kept = self.roster.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref().filter(|roster| roster.is_for(units, day, calendar)) {
            Some(roster) => roster.clone(),
            None => kept.insert(Arc::new(Roster::new(self.targets.len(), units, day, calendar))).clone(),
        }
    }

    /// The cells that one of the things a rule asks chooses, both by number, and the number of its targets
    /// where they are the same for every document.
    pub(super) fn cells(
        &self,
        (rule, ask): (usize, usize),
        units: &Units,
        addressees: &BTreeSet<UnitId>,
        roster: &Roster,
    ) -> (Option<u32>, Cells) {
        let number = self.aims.get(rule).and_then(|asks| asks.get(ask)).copied();
        let number = number.unwrap_or(u32::MAX);
        match self.targets.get(number as usize) {
            None => (None, Cells::default()),
            Some(to) if to.direct.is_some() => {
                (None, targets::choose(to, units, roster.day(), addressees).into())
            }
            Some(to) => (Some(number), roster.cells(number, to, units)),
        }
    }
}
