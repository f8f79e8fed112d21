//! What the office's TOML files may hold, as JSON schema (draft-07), so that an editor explains and
//! completes while somebody types: descriptions in Vietnamese, offline, and with the office's own codes
//! of cells, kinds and ladders where they are known.
//!
//! The tables of [`rules`], [`units`], [`calendar`] and [`settings`] describe what the readers beside
//! this module accept. The tests hold both together, key by key and word by word, in both directions.

mod backup;
mod calendar;
mod json;
pub mod known;
mod rules;
mod sent;
mod settings;
pub mod shape;
mod source;
mod tenant;
mod units;
mod watch;

#[cfg(test)]
pub mod lexicon;
mod morning;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use known::Known;
use shape::Table;

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `rules.d/*.toml`
    Rules,
    /// `units.toml`
    Units,
    /// `calendar/calendar.toml`
    Calendar,
    /// `calendar/YYYY.toml`
    Year,
    /// `vanthu.toml`
    Settings,
}

impl Schema {
    /// Every kind of file.
    pub const ALL: [Self; 5] = [Self::Rules, Self::Units, Self::Calendar, Self::Year, Self::Settings];

    /// Where `init` writes it, below the folder of `vanthu.toml`; the sample files name it by a relative
    /// `#:schema` line.
    pub fn path(self) -> &'static str {
        match self {
            Self::Rules => "rules.d/rules.schema.json",
            Self::Units => "units.schema.json",
            Self::Calendar => "calendar/calendar.schema.json",
            Self::Year => "calendar/year.schema.json",
            Self::Settings => "vanthu.schema.json",
        }
    }

    /// The schema. With `known`, codes of the office's own data are listed, so that an editor completes
    /// them and marks a wrong one.
    pub fn document(self, known: Option<&Known>) -> Value {
        json::document(self.table(), known)
    }

    /// The schema as the text of a file.
    pub fn text(self, known: Option<&Known>) -> String {
        format!("{:#}\n", self.document(known))
    }

    fn table(self) -> &'static Table {
        match self {
            Self::Rules => &rules::FILE,
            Self::Units => &units::FILE,
            Self::Calendar => &calendar::GENERAL,
            Self::Year => &calendar::YEAR,
            Self::Settings => &settings::FILE,
        }
    }
}
