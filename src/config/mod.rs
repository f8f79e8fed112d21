//! The edge to people's files: TOML → checked settings, units, calendar and compiled ruleset, with
//! every finding at its file, line and column.
//!
//! Settings (`vanthu.toml`, `vanthu.toml.d/*.toml`, `VANTHU_*`) are merged by the `config` crate and
//! then read strictly; units, calendars and rules are read from their own TOML with spans. Both gather
//! [`diagnostic::Findings`] and never stop at the first.

pub mod address;
pub mod allow;
pub mod calendar;
pub mod code;
mod defaults;
pub mod diagnostic;
pub mod draft;
pub mod duration;
pub mod edition;
pub mod fields;
pub mod file;
pub mod folder;
pub mod format;
pub mod golden;
pub mod limit;
pub mod load;
pub mod office;
pub mod outside;
pub mod page;
pub mod rate;
pub mod rule;
pub mod rules_test;
pub mod sample;
pub mod sarif;
pub mod schema;
pub mod secret;
pub mod settings;
pub mod sheet;
pub mod suggest;
pub mod syntax;
pub mod tagged;
pub mod unit;
pub mod write;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};

pub use self::diagnostic::Report;
pub use self::load::{Secrets, Shown};
pub use self::office::{Office, load_office, load_other, restore_office};

use self::code::Code;
use self::diagnostic::Findings;
use self::rule::lint::evidence;
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

/// The settings alone, below `root`: for what must work while the office's files are broken.
///
/// # Errors
/// Everything found in the settings, if an error is among it.
pub fn load_settings(
    root: &Path,
    env: &BTreeMap<String, String>,
    secrets: Secrets<'_>,
) -> Result<Settings, Report> {
    let findings = Findings::default();
    let settings = load::settings(root, env, secrets, &findings);
    settings.map(|(settings, _)| settings).ok_or_else(|| findings.into_report())
}

/// Loads everything but secrets below `root`: for commands that work on the office's files and send nothing.
///
/// # Errors
/// Everything found in all files, if an error is among it.
pub fn load_without_secrets(root: &Path, env: &BTreeMap<String, String>) -> Result<Loaded, Report> {
    load_within(root, env, Secrets::LeftOut)
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
    load_within(root, env, Secrets::Filled(credentials))
}

/// [`load`] from the files alone: what they say, whatever machine they are on. Secrets stay empty.
///
/// # Errors
/// Everything found in all files, if an error is among it.
pub fn load_offline(root: &Path) -> Result<Loaded, Report> {
    load_within(root, &BTreeMap::new(), Secrets::LeftOut)
}

fn load_within(root: &Path, env: &BTreeMap<String, String>, secrets: Secrets<'_>) -> Result<Loaded, Report> {
    let findings = Findings::default();
    if let Some(missing) = load::missing(root) {
        findings.add(missing);
        return Err(findings.into_report());
    }
    let settings = load::settings(root, env, secrets, &findings);
    let office = office::compile(settings.as_ref().map(|(settings, _)| settings), root, &findings);
    let mut report = findings.into_report();
    let (Some((settings, shown)), Some(office)) = (settings, office) else { return Err(report) };
    allow::apply(&mut report, &office.marks.allowances);
    Ok(Loaded { settings, office, shown, warnings: report })
}

/// Looks at what was loaded as it stands on a day: years without a calendar, rules and mailboxes that
/// have run out, the tests beside the rules. A rule that does not do what its author wrote down is as
/// wrong as one that cannot be read. `faults` are those of the mail templates, which whoever renders
/// them has found; `now` is the instant of the check.
///
/// # Errors
/// The findings, if an error is among them.
pub fn examine(mut loaded: Loaded, faults: Report, now: DateTime<Utc>) -> Result<Loaded, Report> {
    let office = &loaded.office;
    let folder = loaded.settings.files.calendar.display().to_string();
    let tested = rules_test::run(office);
    let mut report = std::mem::take(&mut loaded.warnings);
    report.extend(calendar::missing_years(&office.calendar, &folder, now));
    report.extend(evidence::standing(office, office.calendar.date_of(now)));
    report.extend(outside::mailboxes(&loaded.settings, office, office.calendar.date_of(now)));
    report.extend(evidence::tested(office, &tested));
    report.extend(rules_test::report(&tested));
    report.extend(faults);
    allow::apply(&mut report, &office.marks.allowances);
    // What the documents of the register would show is judged by whoever has them.
    report.extend(allow::unused(&report, &office.marks.allowances, |code| code != Code::Unused));
    if report.errors() > 0 {
        return Err(report);
    }
    loaded.warnings = report;
    Ok(loaded)
}
