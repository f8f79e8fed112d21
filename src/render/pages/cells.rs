//! The cells and how their obligations stand, in Vietnamese order with a total.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Page, Setting, Shell};
use crate::app::ports::TallyRow;
use crate::domain::ids::UnitId;
use crate::domain::obligation::State;
use crate::domain::text::vietnamese_order;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct CellsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// One line per cell.
    pub lines: Vec<CellCount>,
    /// Their sum.
    pub total: Counts,
}

impl Page for CellsPage {
    const TEMPLATE: &'static str = "cells.html";
}

/// A cell with its counts.
#[derive(Debug, Clone, Serialize)]
pub struct CellCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind in words.
    pub kind: String,
    /// Nobody reads its mail today: no mailbox, and no deputy.
    pub no_mailbox: bool,
    /// Who reads its mail instead today.
    pub deputy: Option<String>,
    /// Its counts.
    pub counts: Counts,
}

/// Obligations by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub all: u64,
    /// Not heard of.
    pub open: u64,
    /// Acknowledged.
    pub acknowledged: u64,
    /// Done.
    pub done: u64,
    /// Declined, excused or withdrawn.
    pub other: u64,
    /// Live and late.
    pub late: u64,
    /// Never reached.
    pub unreached: u64,
}

impl Counts {
    fn add(&mut self, row: &TallyRow) {
        self.all += row.count;
        match row.state {
            State::Open => self.open += row.count,
            State::Acknowledged => self.acknowledged += row.count,
            State::Done => self.done += row.count,
            State::Declined | State::Excused | State::Withdrawn => self.other += row.count,
        }
        self.late += if row.late { row.count } else { 0 };
        self.unreached += if row.unreached && row.state.is_live() { row.count } else { 0 };
    }
}

impl CellsPage {
    /// All cells of today, and units that are no cells any more but still have obligations.
    pub fn new(setting: Setting<'_>, tally: &[TallyRow]) -> Self {
        let today = setting.calendar.date_of(setting.now);
        let mut counts: BTreeMap<UnitId, Counts> =
            setting.units.cells_on(today).map(|unit| (unit.id.clone(), Counts::default())).collect();
        let mut total = Counts::default();
        for row in tally {
            counts.entry(row.cell.clone()).or_default().add(row);
            total.add(row);
        }
        let mut lines: Vec<_> = counts.into_iter().map(|(id, counts)| line(&id, counts, &setting)).collect();
        lines.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
        Self { shell: setting.shell, lines, total }
    }
}

fn line(id: &UnitId, counts: Counts, setting: &Setting<'_>) -> CellCount {
    let today = setting.calendar.date_of(setting.now);
    let unit = setting.units.get(id);
    let kind = unit.and_then(|unit| setting.units.kinds.iter().find(|kind| kind.id == unit.kind));
    let recipients = unit.map(|unit| unit.recipients_on(today)).unwrap_or_default();
    CellCount {
        code: id.to_string(),
        name: setting.name(id),
        kind: kind.map_or_else(String::new, |kind| kind.name.clone()),
        no_mailbox: recipients.is_empty(),
        deputy: recipients.iter().find(|one| one.instead.is_some()).map(|one| one.address.to_owned()),
        counts,
    }
}
