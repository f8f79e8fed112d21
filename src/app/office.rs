//! The office: what its staff wrote in files, checked and taken together, so that a reload replaces
//! all of it or nothing.

use chrono::NaiveDate;

use crate::domain::calendar::Calendar;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
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

impl Office {
    /// The calendar by which a unit works: that of its sector, else the office's own.
    pub fn calendar_of(&self, unit: &UnitId) -> &Calendar {
        self.calendar.of_sector(self.units.get(unit).and_then(|unit| unit.sector.as_deref()))
    }

    /// The language in which an address of the office or its leadership is written to on a day; nothing where it
    /// names none, or is none of theirs.
    pub fn staff_language(&self, address: &str, day: NaiveDate) -> Option<Language> {
        let own = [&self.units.office, &self.units.leadership].into_iter().flatten();
        own.filter_map(|unit| self.units.language_of(unit, day, |known| known.eq_ignore_ascii_case(address)))
            .next()
    }
}
