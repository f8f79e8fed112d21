//! A list of units from a spreadsheet: what it would change in units.toml, told before anything is
//! written, and then written so that comments, order and what the sheet does not speak of stay.
//!
//! An empty cell says nothing; a dash clears. Nothing is ever dropped: a unit the sheet does not have
//! is told of, and ends only by a day that people name.

mod heading;
mod plan;
mod resolve;
mod row;
mod slug;
mod value;
mod write;

use chrono::NaiveDate;

use super::super::diagnostic::{Diagnostic, Report};
use super::super::sheet::Sheet;
use crate::domain::unit::Units;

pub use heading::Column;
pub use plan::{Change, Edit, Missing, Plan};
pub use value::{Value, day_text};
pub use write::{WriteError, apply};

/// What an import works with.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// The units as they are.
    pub units: &'a Units,
    /// Today in the office.
    pub today: NaiveDate,
    /// First day of new names and parents, whose older values then stay with their dates; without it
    /// they are corrections.
    pub as_of: Option<NaiveDate>,
    /// Last day of units that the sheet does not have; without it they stay as they are.
    pub dissolve: Option<NaiveDate>,
}

impl Import<'_> {
    /// The day whose names, parents and mailboxes the sheet is compared with.
    fn day(&self) -> NaiveDate {
        self.as_of.unwrap_or(self.today)
    }
}

/// What the sheet would change, with warnings about it.
///
/// # Errors
/// Every finding, at its cell, if an error is among them.
pub fn plan(import: &Import<'_>) -> Result<(Plan, Report), Report> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    let headings = match heading::find(import.sheet, &mut findings) {
        Ok(headings) => headings,
        Err(finding) => return Err(Report { diagnostics: vec![finding] }),
    };
    let rows = row::rows(import.sheet, &headings, &mut findings);
    let resolved = resolve::Resolver::new(import, &headings, &rows, &mut findings);
    let plan = plan::plan(import, &headings, &rows, &resolved, &mut findings);
    let report = Report { diagnostics: findings };
    if report.errors() > 0 { Err(report) } else { Ok((plan, report)) }
}
