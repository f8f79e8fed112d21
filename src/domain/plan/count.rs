//! What a plan adds up to: by cell, by kind of mail, in one line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Act, Plan};
use crate::domain::change::{Difference, Fate};
use crate::domain::ids::UnitId;
use crate::domain::notice::NoticeKind;

/// What changes for one cell over all documents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CellCount {
    /// Directives it gets.
    pub added: u64,
    /// Directives it is rid of.
    pub removed: u64,
    /// Directives with another due instant.
    pub due: u64,
    /// Directives with another role.
    pub role: u64,
    /// Directives with anything else that differs.
    pub other: u64,
    /// Mails to it now.
    pub mails: u64,
}

/// What a plan adds up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Documents looked at.
    pub looked: u64,
    /// Documents that cells get which had none.
    pub added: u64,
    /// Documents that change for some cell.
    pub changed: u64,
    /// Documents that no cell has any more.
    pub removed: u64,
    /// Of all these, documents about which applying does something.
    pub applied: u64,
    /// Obligations opened, opened again, changed, withdrawn.
    pub acts: BTreeMap<&'static str, u64>,
    /// Mails by kind.
    pub mails: BTreeMap<&'static str, u64>,
    /// Changes by cell, by code.
    pub cells: BTreeMap<UnitId, CellCount>,
}

impl Plan {
    /// What it adds up to.
    pub fn summary(&self) -> Summary {
        let mut sum = Summary { looked: self.looked, ..Summary::default() };
        for change in &self.changes {
            match (change.was == Fate::Assigned, change.is == Fate::Assigned) {
                (false, true) => sum.added += 1,
                (true, false) => sum.removed += 1,
                _ => sum.changed += 1,
            }
            sum.applied += u64::from(change.acts());
            for (group, part) in change.parts() {
                let cell = sum.cells.entry(part.cell.clone()).or_default();
                cell.count(&group.differences);
                cell.mails += part.mails.len() as u64;
                if let Some(word) = word(part.act) {
                    *sum.acts.entry(word).or_default() += 1;
                }
                if let Some(kind) = part.mail().map(NoticeKind::as_str).filter(|_| !part.mails.is_empty()) {
                    *sum.mails.entry(kind).or_default() += part.mails.len() as u64;
                }
            }
        }
        sum
    }
}

impl CellCount {
    fn count(&mut self, differences: &[Difference]) {
        let has = |difference| u64::from(differences.contains(&difference));
        self.added += has(Difference::Added);
        self.removed += has(Difference::Removed);
        self.due += has(Difference::Due);
        self.role += has(Difference::Role);
        let named = [Difference::Added, Difference::Removed, Difference::Due, Difference::Role];
        self.other += u64::from(!differences.iter().any(|difference| named.contains(difference)));
    }
}

/// The word of an act in JSON and in the counts.
fn word(act: Act) -> Option<&'static str> {
    match act {
        Act::Open => Some("open"),
        Act::Reopen { .. } => Some("reopen"),
        Act::Change { .. } => Some("change"),
        Act::Withdraw { .. } => Some("withdraw"),
        Act::Keep { .. } => None,
    }
}
