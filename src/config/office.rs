//! The office's data files together: units, calendar, rules and the tests beside them. They are read
//! once at start and again on every reload; a broken file changes nothing.

use std::path::Path;
use std::sync::Arc;

use super::calendar;
use super::diagnostic::{Findings, Report};
use super::file::SourceFile;
use super::folder::{self, Folder};
use super::rule::{self, RuleTest};
use super::settings::{Files, Settings, SourceSettings};
use super::unit;
use crate::domain::calendar::Calendar;
use crate::domain::rule::Ruleset;
use crate::domain::unit::Units;

/// Units, calendar, rules, tests: everything that decides who must do what by when.
#[derive(Debug, Clone)]
pub struct Office {
    /// The organisation tree.
    pub units: Units,
    /// Working days and hours.
    pub calendar: Calendar,
    /// The rules.
    pub ruleset: Ruleset,
    /// The tests beside the rules.
    pub tests: Vec<RuleTest>,
}

/// The texts of the office's data files, with the names findings give them.
#[derive(Debug, Clone)]
pub struct Texts {
    /// `rules.d/*.toml`, in lexical order.
    pub rules: Folder,
    /// `units.toml`
    pub units: Option<Arc<SourceFile>>,
    /// `calendar/*.toml`
    pub calendar: Vec<Arc<SourceFile>>,
    /// Names of the two folders in findings: rules, calendar.
    pub folders: [String; 2],
}

impl Texts {
    /// Reads the files that the settings name.
    pub fn read(files: &Files, root: &Path, findings: &Findings) -> Self {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let (rules, calendar) = (shown(&files.rules), shown(&files.calendar));
        let units = SourceFile::read(&files.units, &shown(&files.units));
        Self {
            rules: folder::read(&files.rules, &rules, findings),
            units: units.map_err(|finding| findings.add(finding)).ok(),
            calendar: folder::read(&files.calendar, &calendar, findings).files,
            folders: [rules, calendar],
        }
    }

    /// Checks everything together. `None` beside findings that are errors. `sources` are the codes of
    /// the configured sources; without them `source` in rules goes unchecked.
    pub fn compile(&self, sources: Option<&[String]>, findings: &Findings) -> Option<Office> {
        let [rules, calendar] = &self.folders;
        let units = self.units.as_ref().and_then(|file| unit::read(file, findings));
        let calendar = calendar::read(calendar, &self.calendar, findings);
        let rules = rule::read(rules, &self.rules, units.as_ref(), sources, findings);
        let office =
            Office { units: units?, calendar: calendar?, ruleset: rules.ruleset, tests: rules.tests };
        (!findings.has_errors()).then_some(office)
    }
}

/// Reads the office's data files anew, and with them the warnings. `root` is the folder of
/// `vanthu.toml`; findings name files relative to it.
///
/// # Errors
/// Everything found, if an error is among it.
pub fn load_office(settings: &Settings, root: &Path) -> Result<(Office, Report), Report> {
    let findings = Findings::default();
    let office = compile(Some(settings), root, &findings);
    let report = findings.into_report();
    match office {
        Some(office) => Ok((office, report)),
        None => Err(report),
    }
}

/// Units and rules as far as they can be read, whatever else is wrong: for help while somebody types.
pub fn draft(settings: Option<&Settings>, root: &Path) -> (Units, Ruleset) {
    let findings = Findings::default();
    let files = settings.map_or_else(|| Files::default().below(root), |settings| settings.files.clone());
    let texts = Texts::read(&files, root, &findings);
    let units = texts.units.as_ref().and_then(|file| unit::read(file, &findings)).unwrap_or_default();
    let sources = settings.map(source_ids);
    let [folder, _] = &texts.folders;
    let rules = rule::read(folder, &texts.rules, Some(&units), sources.as_deref(), &findings);
    (units, rules.ruleset)
}

/// [`load_office`] into findings that are already being gathered. Where the settings are broken, the
/// data files are still checked at their usual places.
pub fn compile(settings: Option<&Settings>, root: &Path, findings: &Findings) -> Option<Office> {
    let files = settings.map_or_else(|| Files::default().below(root), |settings| settings.files.clone());
    let sources = settings.map(source_ids);
    Texts::read(&files, root, findings).compile(sources.as_deref(), findings)
}

/// Codes of the configured sources.
pub fn source_ids(settings: &Settings) -> Vec<String> {
    settings.sources.iter().map(|SourceSettings::Ioffice(source)| source.id.clone()).collect()
}
