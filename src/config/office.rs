//! The office's data files together: units, calendar, rules and the tests beside them. They are read
//! once at start and again on every reload; a broken file changes nothing.

use std::path::Path;
use std::sync::Arc;

use super::calendar;
use super::diagnostic::{Findings, Report};
use super::file::{self, SourceFile};
use super::folder::{self, Folder};
use super::rule::{self, RuleTest};
use super::settings::{Files, Settings, SourceSettings};
use super::unit;
use crate::domain::calendar::Calendar;
use crate::domain::rule::Ruleset;
use crate::domain::stamp::Stamp;
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
    /// Which texts all this was read from.
    pub stamp: Stamp,
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
        let stamp = self.stamp(&rules.ruleset);
        let office =
            Office { units: units?, calendar: calendar?, ruleset: rules.ruleset, tests: rules.tests, stamp };
        (!findings.has_errors()).then_some(office)
    }

    fn stamp(&self, ruleset: &Ruleset) -> Stamp {
        let units: Vec<_> = self.units.iter().cloned().collect();
        Stamp { rules: ruleset.hash.clone(), units: file::hash(&units), calendar: file::hash(&self.calendar) }
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

/// [`load_office`] into findings that are already being gathered. Where the settings are broken, the
/// data files are still checked at their usual places.
pub fn compile(settings: Option<&Settings>, root: &Path, findings: &Findings) -> Option<Office> {
    let files = settings.map_or_else(|| Files::default().below(root), |settings| settings.files.clone());
    let sources = settings.map(source_ids);
    Texts::read(&files, root, findings).compile(sources.as_deref(), findings)
}

fn source_ids(settings: &Settings) -> Vec<String> {
    settings.sources.iter().map(|SourceSettings::Ioffice(source)| source.id.clone()).collect()
}

/// The office as it would be with other rules: those of `place`, a folder of rules (whose files are then
/// called as if they lay in the office's own folder), or a whole folder of an office, with units and
/// calendar of its own.
///
/// # Errors
/// Everything found, if an error is among it.
pub fn load_other(settings: &Settings, root: &Path, place: &Path) -> Result<Office, Report> {
    let findings = Findings::default();
    let texts = if place.join(Files::default().units).exists() {
        Texts::read(&Files::default().below(place), place, &findings)
    } else {
        let own = Texts::read(&settings.files, root, &findings);
        Texts { rules: folder::read(place, &own.folders[0], &findings), ..own }
    };
    let office = texts.compile(Some(&source_ids(settings)), &findings);
    office.ok_or_else(|| findings.into_report())
}
