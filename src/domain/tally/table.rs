//! Counts in lines: by base committee and kind of cell, or by directive.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Counted, Moved, Window};
use crate::domain::ids::DocumentId;
use crate::domain::text::vietnamese_order;
use crate::domain::unit::Units;

/// The cells of one kind below one base committee; those without one stand together, kind by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// Name of the base committee; `None` for cells that have none.
    pub committee: Option<String>,
    /// What its cells are: `chi bộ trực thuộc`.
    pub kind: String,
    /// How many different cells are counted.
    pub cells: u64,
    /// Their obligations.
    pub counts: Moved,
}

/// One directive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectiveLine {
    /// Its number in the register.
    pub document: DocumentId,
    /// Số, ký hiệu; empty where it has none.
    pub symbol: String,
    /// Trích yếu, as far as mails may show it.
    pub subject: Option<String>,
    /// Its obligations.
    pub counts: Moved,
}

/// Counts over a window: what the weekly mail, the command line and its files all show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Over when.
    pub window: Window,
    /// The lines: base committees in Vietnamese order, then cells without one.
    pub groups: Vec<GroupLine>,
    /// The directives, those with most late first.
    pub directives: Vec<DirectiveLine>,
    /// The sum of the lines.
    pub total: Moved,
}

/// The lines by base committee and kind, with names as of `day`.
pub fn by_group(rows: &[Counted], window: Window, units: &Units, day: NaiveDate) -> Vec<GroupLine> {
    let mut groups: BTreeMap<_, (Moved, Vec<&str>)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_in(window)) {
        let above = units.superior(&row.cell, day).map(|unit| &unit.id);
        let kind = units.get(&row.cell).map_or("", |unit| unit.kind.as_str());
        let (counts, cells) = groups.entry((above, kind)).or_default();
        counts.add(row, window);
        cells.push(row.cell.as_str());
    }
    let mut lines: Vec<_> = groups
        .into_iter()
        .map(|((above, kind), (counts, mut cells))| {
            cells.sort_unstable();
            cells.dedup();
            GroupLine {
                committee: above.map(|id| units.name_on(id, day).to_owned()),
                kind: units.kind_name(kind).to_owned(),
                cells: cells.len() as u64,
                counts,
            }
        })
        .collect();
    lines.sort_by(|left, right| {
        let names = [left, right].map(|line| line.committee.as_deref().unwrap_or_default());
        let absent = left.committee.is_none().cmp(&right.committee.is_none());
        absent.then_with(|| vietnamese_order(names[0], names[1])).then_with(|| left.kind.cmp(&right.kind))
    });
    lines
}

/// The counts of each directive, those with most late ones first, then with most still owed.
pub fn by_directive(rows: &[Counted], window: Window) -> Vec<(DocumentId, Moved)> {
    let mut documents: BTreeMap<DocumentId, Moved> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_in(window)) {
        documents.entry(row.document).or_default().add(row, window);
    }
    let mut lines: Vec<_> = documents.into_iter().collect();
    lines.sort_by_key(|(document, counts)| {
        let now = &counts.now;
        (Reverse(now.late), Reverse(now.all - now.done - now.set_aside), *document)
    });
    lines
}

#[cfg(test)]
mod tests;
