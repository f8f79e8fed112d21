//! The office's data files together: units, calendar, rules and the tests beside them. They are read
//! once at start and again on every reload; a broken file changes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::allow::{self, Allowance};
use super::calendar;
use super::diagnostic::{Findings, Report};
use super::file::{self, Place, SourceFile};
use super::folder::{self, Folder};
use super::rule::{self, Places, RuleTest};
use super::settings::{Files, Settings};
use super::{edition, unit};
use crate::domain::calendar::Calendar;
use crate::domain::edition::Edition;
use crate::domain::ids::{RuleId, UnitId};
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
    /// The texts all of it was read from.
    pub edition: Edition,
    /// Where all this stands, for findings that come later.
    pub marks: Marks,
}

/// Largest units file that is read, in bytes: some 300,000 units.
const MOST_UNITS: u64 = 64 << 20;

/// Places in the files of an office, and what is allowed there.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Where each rule's parts stand.
    pub rules: BTreeMap<RuleId, Places>,
    /// Where each unit's code stands.
    pub units: BTreeMap<UnitId, Place>,
    /// Warnings that somebody allows.
    pub allowances: Vec<Allowance>,
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
    /// `templates/mail/*`, the office's own; checked by those who render mails.
    pub templates: Vec<Arc<SourceFile>>,
    /// Names of the two folders in findings: rules, calendar.
    pub folders: [String; 2],
}

impl Texts {
    /// Reads the files that the settings name.
    pub fn read(files: &Files, root: &Path, findings: &Findings) -> Self {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let (rules, calendar) = (shown(&files.rules), shown(&files.calendar));
        let units = SourceFile::read_at_most(&files.units, &shown(&files.units), MOST_UNITS);
        Self {
            rules: folder::read(&files.rules, &rules, findings),
            units: units.map_err(|finding| findings.add(finding)).ok(),
            calendar: folder::read(&files.calendar, &calendar, findings).files,
            templates: edition::templates(files, &shown(&files.templates), findings),
            folders: [rules, calendar],
        }
    }

    /// Checks everything together. `None` beside findings that are errors. `sources` are the codes of
    /// the configured sources; without them `source` in rules goes unchecked.
    pub fn compile(&self, sources: Option<&[String]>, findings: &Findings) -> Option<Office> {
        let [rules, calendar] = &self.folders;
        let (units, places) = self.units.as_ref().and_then(|file| unit::read(file, findings)).unzip();
        let calendar = calendar::read(calendar, &self.calendar, units.as_ref(), findings);
        let rules = rule::read(rules, &self.rules, units.as_ref(), sources, findings);
        let mut allowances = rules.allowances;
        allowances.extend(self.units.iter().flat_map(|file| allow::read(file, findings)));
        let marks = Marks { rules: rules.places, units: places.unwrap_or_default(), allowances };
        let stamp = self.stamp(&rules.ruleset);
        let (ruleset, tests, edition) = (rules.ruleset, rules.tests, self.edition());
        let office = Office { units: units?, calendar: calendar?, ruleset, tests, marks, stamp, edition };
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
    let mut report = findings.into_report();
    let Some(office) = office else { return Err(report) };
    allow::apply(&mut report, &office.marks.allowances);
    Ok((office, report))
}

/// The office as an edition that was kept describes it, with the warnings. An edition that was good may
/// be refused by a later version of this program.
///
/// # Errors
/// Everything found, if an error is among it.
pub fn restore_office(settings: &Settings, edition: &Edition) -> Result<(Office, Report), Report> {
    let findings = Findings::default();
    let office = Texts::of(edition).compile(Some(&source_ids(settings)), &findings);
    let mut report = findings.into_report();
    let Some(office) = office else { return Err(report) };
    allow::apply(&mut report, &office.marks.allowances);
    Ok((office, report))
}

/// Units and rules as far as they can be read, whatever else is wrong: for help while somebody types.
pub fn draft(settings: Option<&Settings>, root: &Path) -> (Units, Ruleset) {
    let findings = Findings::default();
    let files = settings.map_or_else(|| Files::default().below(root), |settings| settings.files.clone());
    let texts = Texts::read(&files, root, &findings);
    let read = texts.units.as_ref().and_then(|file| unit::read(file, &findings));
    let units = read.map(|(units, _)| units).unwrap_or_default();
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
    settings.sources.iter().map(|source| source.id().to_owned()).collect()
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
