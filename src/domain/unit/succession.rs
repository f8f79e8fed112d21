//! Succession: who bears the work of a unit that has ended.

use chrono::NaiveDate;

use super::{Unit, Units};
use crate::domain::ids::UnitId;

/// Who takes over on the day after a unit's last one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Succession {
    /// One for a merger, several for a split, none where the unit simply ends.
    pub successors: Vec<UnitId>,
    /// Which of them takes the work that is still open.
    pub heir: Option<UnitId>,
}

impl Succession {
    /// Into one unit.
    pub fn into(unit: UnitId) -> Self {
        Self { successors: vec![unit], heir: None }
    }

    /// Who takes the open work: the named heir, or the only successor. Of several without a name,
    /// nobody: that is for people to decide.
    pub fn heir(&self) -> Option<&UnitId> {
        match (&self.heir, self.successors.as_slice()) {
            (Some(heir), _) => Some(heir),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

/// Who bears a unit's work on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer<'a> {
    /// The unit itself: it exists and can be obliged.
    Itself(&'a Unit),
    /// The cell that took over, at the end of a chain of mergers and splits.
    Heir(&'a Unit),
    /// Nobody that the files name.
    Undecided {
        /// Where the way ends: the last unit that is known, if any is.
        last: Option<&'a Unit>,
        /// Cells among which to choose: successors of that unit which exist on the day.
        among: Vec<&'a Unit>,
    },
}

impl Units {
    /// Who bears the work of `id` on a day.
    pub fn bearer<'a>(&'a self, id: &UnitId, day: NaiveDate) -> Bearer<'a> {
        let Some(first) = self.get(id) else { return Bearer::Undecided { last: None, among: Vec::new() } };
        let mut here = first;
        // As many steps as there are units, so that a circle, which the reader refuses, ends here too.
        for _ in 0..=self.units.len() {
            if here.valid.covers(day) {
                return match (self.is_cell_kind(&here.kind), here.id == *id) {
                    (true, true) => Bearer::Itself(here),
                    (true, false) => Bearer::Heir(here),
                    (false, _) => Bearer::Undecided { last: Some(here), among: Vec::new() },
                };
            }
            // A unit that has yet to begin has nobody behind it.
            let ended = here.valid.until.is_some_and(|until| until < day);
            let heir = here.succession.heir().filter(|_| ended).and_then(|heir| self.get(heir));
            match heir {
                Some(next) => here = next,
                None => break,
            }
        }
        Bearer::Undecided { last: Some(here), among: self.living_successors(here, day) }
    }

    fn living_successors<'a>(&'a self, unit: &'a Unit, day: NaiveDate) -> Vec<&'a Unit> {
        let known = unit.succession.successors.iter().filter_map(|id| self.get(id));
        known.filter(|unit| unit.valid.covers(day) && self.is_cell_kind(&unit.kind)).collect()
    }

    /// The units whose successor, or one of whose successors, is `id`; by code.
    pub fn predecessors<'a>(&'a self, id: &'a UnitId) -> impl Iterator<Item = &'a Unit> {
        self.iter().filter(move |unit| unit.succession.successors.contains(id))
    }
}
