//! The office: what its staff wrote in files, checked and taken together, so that a reload replaces
//! all of it or nothing.

use crate::domain::calendar::Calendar;
use crate::domain::rule::Ruleset;
use crate::domain::unit::Units;

/// The office as its files describe it now.
#[derive(Debug, Clone)]
pub struct Office {
    /// Its name as mails and pages show it, for example `Văn phòng Đảng uỷ Khối`.
    pub name: String,
    /// Its phone, for people who have a question.
    pub phone: Option<String>,
    /// The organisation tree.
    pub units: Units,
    /// Its calendar.
    pub calendar: Calendar,
    /// The rules in use.
    pub ruleset: Ruleset,
}
