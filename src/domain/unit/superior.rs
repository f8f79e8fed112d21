//! Under whom a cell is listed where cells are grouped: its base committee, if it has one.

use chrono::NaiveDate;

use super::{Unit, Units};
use crate::domain::ids::UnitId;

impl Units {
    /// The nearest unit above a cell on a day that can itself be written to about others: not the office, which
    /// asks, and not the top of the tree. A base cell (chi bộ cơ sở) has none.
    pub fn superior(&self, cell: &UnitId, day: NaiveDate) -> Option<&Unit> {
        let asks = |unit: &Unit| Some(&unit.id) == self.office.as_ref() || unit.parent_on(day).is_none();
        self.line(cell, day).nth(1).filter(|unit| !asks(unit))
    }

    /// What units of this kind are called; the kind's code where the files do not know it.
    pub fn kind_name<'a>(&'a self, kind: &'a str) -> &'a str {
        self.kinds.iter().find(|known| known.id == kind).map_or(kind, |known| &known.name)
    }
}
