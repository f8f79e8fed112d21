//! The edge to people's files: TOML → checked settings, units, calendar and compiled ruleset, with
//! every finding at its file, line and column.

pub mod address;
pub mod calendar;
pub mod code;
pub mod diagnostic;
pub mod duration;
pub mod fields;
pub mod file;
pub mod folder;
pub mod rule;
pub mod secret;
pub mod settings;
pub mod suggest;
pub mod syntax;
pub mod unit;
