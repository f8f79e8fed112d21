//! The office as its files describe it: who there is, when people work, what the rules say. Swapped
//! as a whole when the files change.

use crate::domain::calendar::Calendar;
use crate::domain::rule::Ruleset;
use crate::domain::unit::Units;

/// One accepted state of the office's files.
#[derive(Debug, Clone)]
pub struct Office {
    /// Its name as mails show it.
    pub name: String,
    /// Phone in the footer of mails.
    pub phone: Option<String>,
    /// Everybody.
    pub units: Units,
    /// Working days and hours.
    pub calendar: Calendar,
    /// The rules.
    pub ruleset: Ruleset,
}
