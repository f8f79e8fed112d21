//! What does not change from document to document on one day: the cells of every target, how the cells
//! of several targets overlap, the calendar's version. Worked out when first asked for and kept until
//! the day, the units or the calendar are others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;

use super::cells::Cells;
use super::targets::choose;
use crate::domain::calendar::Calendar;
use crate::domain::ids::UnitId;
use crate::domain::rule::Targets;
use crate::domain::unit::{Stamp, Units};

/// Overlaps kept at most; an office has some dozens.
const MOST_OVERLAPS: usize = 1_000;

/// The parts into which sets of cells cut each other: of each the numbers of the sets it lies in, and its
/// cells.
pub(super) type Parts = Arc<[(Vec<usize>, Cells)]>;

/// One day's answers.
#[derive(Debug)]
pub(super) struct Roster {
    units: Stamp,
    day: NaiveDate,
    calendar: Calendar,
    /// [`Calendar::version`].
    pub(super) version: String,
    chosen: Vec<OnceLock<Cells>>,
    overlaps: Mutex<BTreeMap<Vec<u32>, Parts>>,
}

impl Roster {
    pub(super) fn new(targets: usize, units: &Units, day: NaiveDate, calendar: &Calendar) -> Self {
        Self {
            units: units.stamp().clone(),
            day,
            calendar: calendar.clone(),
            version: calendar.version(),
            chosen: (0..targets).map(|_| OnceLock::new()).collect(),
            overlaps: Mutex::default(),
        }
    }

    /// The day.
    pub(super) fn day(&self) -> NaiveDate {
        self.day
    }

    /// Whether these are the answers for that day, those units and that calendar.
    pub(super) fn is_for(&self, units: &Units, day: NaiveDate, calendar: &Calendar) -> bool {
        self.day == day && self.units.is_same(units.stamp()) && self.calendar == *calendar
    }

    /// The cells of a target that does not depend on the document.
    pub(super) fn cells(&self, number: u32, targets: &Targets, units: &Units) -> Cells {
        let choose = || Cells::from(choose(targets, units, self.day, &BTreeSet::new()));
        self.chosen.get(number as usize).map_or_else(choose, |cells| cells.get_or_init(choose).clone())
    }

    /// How the cells of these targets overlap.
    pub(super) fn overlap(&self, numbers: &[u32], sets: &[&Cells]) -> Parts {
        // A panic elsewhere leaves at worst an overlap out of the memory, never a wrong one in it.
        let mut overlaps = self.overlaps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = overlaps.get(numbers) {
            return known.clone();
        }
        if overlaps.len() >= MOST_OVERLAPS {
            overlaps.clear();
        }
        let parts = overlap(sets);
        overlaps.insert(numbers.to_vec(), parts.clone());
        parts
    }
}

/// How sets of cells overlap.
pub(super) fn overlap(sets: &[&Cells]) -> Parts {
    if let [only] = sets
        && !only.is_empty()
    {
        return [(vec![0], (*only).clone())].into();
    }
    let mut chosen_by: BTreeMap<&UnitId, Vec<usize>> = BTreeMap::new();
    for (number, cells) in sets.iter().enumerate() {
        cells.iter().for_each(|cell| chosen_by.entry(cell).or_default().push(number));
    }
    let mut parts: BTreeMap<Vec<usize>, Vec<UnitId>> = BTreeMap::new();
    for (cell, numbers) in chosen_by {
        parts.entry(numbers).or_default().push(cell.clone());
    }
    parts.into_iter().map(|(numbers, cells)| (numbers, Cells::from(cells))).collect()
}
