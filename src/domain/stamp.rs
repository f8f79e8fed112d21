//! Stamp: which texts an office's rules, units and calendar were read from. Two offices with the same
//! stamp decide alike.

use serde::{Deserialize, Serialize};

/// SHA-256 over names and texts of the files, first 12 hex digits each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The rules; the same as [`Ruleset::hash`](super::rule::Ruleset::hash).
    pub rules: String,
    /// The units.
    pub units: String,
    /// The calendar.
    pub calendar: String,
}

impl Stamp {
    /// What differs, in words for people: `quy tắc`, `tổ chức`, `lịch làm việc`.
    pub fn differs(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("quy tắc", &self.rules, &other.rules),
            ("tổ chức", &self.units, &other.units),
            ("lịch làm việc", &self.calendar, &other.calendar),
        ];
        parts.into_iter().filter(|(_, one, two)| one != two).map(|(word, ..)| word).collect()
    }
}
