//! The edge to people's files: TOML → checked settings, units, calendar and compiled ruleset, with
//! every finding at its file, line and column.
//!
//! Settings (`vanthu.toml`, `vanthu.toml.d/*.toml`, `VANTHU_*`) are merged by the `config` crate and
//! then read strictly; units, calendars and rules are read from their own TOML with spans. Both gather
//! [`diagnostic::Findings`] and never stop at the first.

pub mod address;
pub mod calendar;
pub mod code;
mod defaults;
pub mod diagnostic;
pub mod duration;
pub mod fields;
pub mod file;
pub mod folder;
pub mod golden;
pub mod load;
pub mod office;
pub mod rule;
pub mod rules_test;
pub mod sample;
pub mod secret;
pub mod settings;
pub mod sheet;
pub mod suggest;
pub mod syntax;
pub mod tagged;
pub mod unit;

use std::collections::BTreeMap;
use std::path::Path;

pub use self::diagnostic::Report;
pub use self::load::Shown;
pub use self::office::{Office, load_office, load_other};

use self::diagnostic::Findings;
use self::settings::Settings;

/// Everything the files say.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The daemon's settings, with secrets filled in and paths resolved.
    pub settings: Settings,
    /// Units, calendar, rules and tests.
    pub office: Office,
    /// Every effective setting with its origin, for `config show --origin`.
    pub shown: Vec<Shown>,
    /// What works but should be looked at.
    pub warnings: Report,
}

/// Loads everything below `root`, the folder of `vanthu.toml`.
///
/// `env` is the whole environment; `credentials` is `$CREDENTIALS_DIRECTORY`.
///
/// # Errors
/// Everything found in all files, if an error is among it.
pub fn load(
    root: &Path,
    env: &BTreeMap<String, String>,
    credentials: Option<&Path>,
) -> Result<Loaded, Report> {
    let findings = Findings::default();
    let settings = load::settings(root, env, credentials, &findings);
    let office = office::compile(settings.as_ref().map(|(settings, _)| settings), root, &findings);
    let report = findings.into_report();
    match (settings, office) {
        (Some((settings, shown)), Some(office)) => Ok(Loaded { settings, office, shown, warnings: report }),
        _ => Err(report),
    }
}
