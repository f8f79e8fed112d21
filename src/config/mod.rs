//! The edge to people's files: TOML → checked settings, units, calendar and compiled ruleset, with
//! every finding at its file, line and column.

pub mod duration;
pub mod secret;
pub mod settings;
