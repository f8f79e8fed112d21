//! The page of every code: its wrong example is told exactly so, its right one not at all.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use vanthu::config::code::{Code, Severity};
use vanthu::config::page::{Block, Page, blocks};
use vanthu::config::rule::lint::evidence;
use vanthu::config::settings::Language;
use vanthu::config::unit::import::{self, Import};
use vanthu::config::{Loaded, Report, load_offline, sheet};
use vanthu::domain::document::Document;
use vanthu::domain::routing::{RuleVerdict, route};

use super::base;
use super::office::Office;

/// An office in which an example stands, and the documents its register has.
struct Stage {
    office: Office,
    register: Vec<(String, String)>,
    /// The spreadsheet that is imported, and the day by which.
    sheet: Option<String>,
    as_of: Option<NaiveDate>,
}

impl Stage {
    fn new(part: &str) -> Self {
        let stage = Self { office: base::office(), register: Vec::new(), sheet: None, as_of: None };
        blocks(part).into_iter().fold(stage, Self::block)
    }

    fn block(mut self, block: Block<'_>) -> Self {
        self.office = match block.head.as_slice() {
            ["sh"] => return self.commands(&block.text),
            ["csv", path] => {
                self.sheet = Some((*path).to_owned());
                self.office.with(path, block.text)
            }
            [_, path] => self.office.with(path, block.text),
            [_, path, "+"] => self.office.append(path, &block.text),
            [_, path, "utf-16"] => self
                .office
                .with(path, block.text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
            [_, path, "latin-1"] => {
                let bytes = block.text.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
                self.office.with(path, bytes.collect::<Vec<_>>())
            }
            head => panic!("{head:?}"),
        };
        self
    }

    /// The few commands that examples need.
    fn commands(mut self, text: &str) -> Self {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.split_once(' ').unwrap_or((line, "")) {
                ("#", _) => {}
                ("rm", path) => std::fs::remove_file(self.office.root().join(path)).unwrap(),
                ("export", assignment) => {
                    let (name, value) = assignment.split_once('=').unwrap();
                    self.office = self.office.env(name, value);
                }
                ("fill", rest) => {
                    let (path, megabytes) = rest.split_once(' ').unwrap();
                    let text = "# đầy\n".repeat(megabytes.parse::<usize>().unwrap() << 17);
                    self.office = self.office.with(path, text);
                }
                ("repeat", rest) => {
                    let (path, count) = rest.split_once(' ').unwrap();
                    let each = lines.by_ref().map(|line| format!("{line}\n")).collect::<String>();
                    let all = (0..count.parse::<usize>().unwrap()).map(|n| numbered(&each, n));
                    self.office = self.office.append(path, &all.collect::<String>());
                }
                ("register", rest) => {
                    let (symbol, subject) = rest.split_once(' ').unwrap();
                    self.register.push((symbol.to_owned(), subject.to_owned()));
                }
                ("vanthu", rest) => self.as_of = Some(self.day_of_import(rest)),
                (command, _) => panic!("{command}"),
            }
        }
        self
    }

    /// What is imported is the sheet of the example; only the day is the command's to say.
    fn day_of_import(&self, command: &str) -> NaiveDate {
        let words: Vec<_> = command.split_whitespace().collect();
        let ["units", "import", sheet, "--as-of", day] = words.as_slice() else { panic!("{command}") };
        assert_eq!(self.sheet.as_deref(), Some(*sheet));
        day.parse().unwrap()
    }

    fn report(&self) -> Report {
        let mut report = base::examine(&self.office);
        if let Some(path) = &self.sheet {
            report.extend(self.import(path).unwrap_or_else(|refused| refused));
        }
        if !self.register.is_empty() {
            report.extend(self.unused(&self.office.load().unwrap()));
        }
        report
    }

    /// Imports a sheet: what is told of it, and of the units as they are then written.
    fn import(&self, path: &str) -> Result<Report, Report> {
        let sheet = sheet::read(&self.office.root().join(path), None);
        let sheet = sheet.map_err(|finding| Report { diagnostics: vec![finding] })?;
        let (units, today) = (self.office.load()?.office.units, base::now().date_naive());
        let job = Import { sheet: &sheet, units: &units, today, as_of: self.as_of, dissolve: None };
        let (plan, mut told) = import::plan(&job)?;
        let before = std::fs::read_to_string(self.office.root().join("units.toml")).unwrap();
        let after = import::apply(&before, &plan).unwrap();
        std::fs::write(self.office.root().join("units.toml"), after).unwrap();
        told.extend(base::examine(&self.office));
        Ok(told)
    }

    fn unused(&self, loaded: &Loaded) -> Report {
        let data = &loaded.office;
        let mut matched = BTreeSet::new();
        for (symbol, subject) in &self.register {
            let (symbol, subject) = (symbol.clone(), subject.clone());
            let document = Document { symbol, subject, ..data.tests[0].document.clone() };
            let trace = route(&data.ruleset, &document, &data.units, &data.calendar, base::now());
            let hit = trace.rules.into_iter().filter(|rule| rule.verdict == RuleVerdict::Matched);
            matched.extend(hit.map(|rule| rule.rule));
        }
        // The base's own rule is not what the example is about.
        matched.insert("chuyen-de".into());
        evidence::unused(data, &matched, self.register.len(), base::now().date_naive())
    }
}

/// An entry of `repeat`: its number, and the next one's.
fn numbered(entry: &str, n: usize) -> String {
    entry.replace("{n}", &n.to_string()).replace("{n+1}", &(n + 1).to_string())
}

/// What else comes with a code by its nature.
fn beside(code: Code) -> &'static [Code] {
    match code {
        Code::MoreSyntax => &[Code::Unquoted],
        Code::TooMany => &[Code::NoMailbox],
        _ => &[],
    }
}

#[test]
fn wrong_examples_are_told_and_right_ones_are_not() {
    let mut faults = Vec::new();
    for code in Code::ALL.iter().copied() {
        let page = Page::of(code);
        let told = |part: &str| {
            let report = Stage::new(part).report();
            let untested = report.shown().any(|finding| finding.code == Code::Untested);
            let mut codes = base::codes(&report);
            codes.extend((code == Code::Untested && untested).then_some(code));
            (codes, report)
        };
        let (mut wrong, report) = told(page.wrong);
        wrong.retain(|found| !beside(code).contains(found));
        if wrong != [code] {
            faults.push(format!("{} wrong: {wrong:?}\n{report}", code.id()));
        }
        let (right, report) = told(page.right);
        if !right.is_empty() {
            faults.push(format!("{} right: {right:?}\n{report}", code.id()));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_page_is_whole() {
    for code in Code::ALL {
        let page = Page::of(*code);
        for language in [Language::Vi, Language::En] {
            let text = page.text(language);
            assert!(text.starts_with(code.id()), "{text}");
            assert!(text.lines().next().unwrap().len() > 8, "{text}");
            assert!(!text.contains("```") && !text.contains("## "), "{text}");
        }
        assert!(!blocks(page.wrong).is_empty() && !blocks(page.right).is_empty(), "{}", code.id());
    }
}

#[test]
fn a_page_reads_well() {
    insta::assert_snapshot!(Page::of(Code::Shadowed).text(Language::Vi));
    insta::assert_snapshot!(Page::of(Code::SmartQuote).text(Language::En));
}

#[test]
fn codes_are_found_however_typed() {
    for typed in ["VT004", "vt004", "4", "004", " VT4 "] {
        assert_eq!(Code::find(typed), Some(Code::SmartQuote), "{typed}");
    }
    assert_eq!(Code::find("VT999"), None);
    assert_eq!(Code::find("quy tắc"), None);
}

#[test]
fn the_files_alone_need_no_machine() {
    let office = base::office();
    std::fs::remove_dir_all(office.root().join("credentials")).unwrap();
    assert!(base::codes(&base::examine(&office)).contains(&Code::SecretUnread));
    let loaded = load_offline(office.root()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.warnings.errors(), 0);
    assert_eq!(Code::SecretUnread.severity(), Severity::Error);
}
