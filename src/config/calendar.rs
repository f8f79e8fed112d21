//! calendar/*.toml → [`Calendar`]: `calendar.toml` says zone, week and hours; one file per year says
//! which days are off and which rest days are worked instead, and by which notice. Holidays are never
//! computed: they are decided every year, some only days ahead.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::code::Code;
use super::diagnostic::{Diagnostic, Findings, Report};
use super::fields::{Fields, day};
use super::file::{Place, SourceFile, Sourced};
use super::syntax;
use crate::domain::calendar::{BeforeDay, Calendar, Year};

/// The file beside the years.
pub const GENERAL: &str = "calendar.toml";
const WEEKDAYS: [(&str, usize); 7] =
    [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)];
const BEFORE_DAY: [(&str, BeforeDay); 2] =
    [("exclusive", BeforeDay::Exclusive), ("inclusive", BeforeDay::Inclusive)];
/// Days on which next year's calendar is wanted: the notices of recent years came in October and
/// December, so from November on its absence is worth a word.
const ASK_FROM_MONTH: u32 = 11;

/// Reads the files of the calendar folder. `None` if one of them is not TOML, or `calendar.toml` is
/// missing; with lesser faults, what could be read comes back beside the findings.
///
/// A year with `confirmed = false` is taken without its `basis`, and told by a warning.
pub fn read(folder: &str, files: &[Arc<SourceFile>], findings: &Findings) -> Option<Calendar> {
    let is_general = |file: &&Arc<SourceFile>| file.path.rsplit('/').next() == Some(GENERAL);
    let general = files.iter().find(is_general);
    if general.is_none() {
        let path = format!("{folder}/{GENERAL}");
        findings.add(super::file::unreadable(&path, &std::io::ErrorKind::NotFound.into()));
    }
    let calendar = general.and_then(|file| read_general(file, findings));
    let years: Vec<_> =
        files.iter().filter(|file| !is_general(file)).map(|file| read_year(file, findings)).collect();
    let (mut calendar, years) = (calendar?, years.into_iter().collect::<Option<Vec<_>>>()?);
    worked_anyway(&years, &calendar, findings);
    let mut first = BTreeMap::new();
    for year in years.into_iter().flatten() {
        add_year(&mut calendar.years, year, &mut first, findings);
    }
    Some(calendar)
}

/// Warnings about years that are missing as of `now`: the running year, and from 1 November the next.
pub fn missing_years(calendar: &Calendar, folder: &str, now: DateTime<Utc>) -> Report {
    let today = calendar.date_of(now);
    let next = (today.month() >= ASK_FROM_MONTH).then_some(today.year() + 1);
    let wanted = [today.year()].into_iter().chain(next);
    let missing = wanted.filter(|year| !calendar.years.contains_key(year)).map(|year| {
        let path = format!("{folder}/{year}.toml");
        Diagnostic::new(Code::MissingYear, Place::Path(folder.to_owned())).with(year.to_string()).with(path)
    });
    Report { diagnostics: missing.collect() }
}

fn read_general(file: &Arc<SourceFile>, findings: &Findings) -> Option<Calendar> {
    let table = syntax::parse(file, findings)?;
    let fields = Fields::top(file, table.get_ref(), findings);
    let calendar = Calendar {
        zone: fields
            .required_text("zone")
            .and_then(|name| zone(&fields, name))
            .unwrap_or(chrono_tz::Asia::Ho_Chi_Minh),
        week: week(&fields),
        hours: hours(&fields),
        before_day: fields.word("before_day", &BEFORE_DAY).unwrap_or_default(),
        years: BTreeMap::new(),
    };
    fields.finish();
    Some(calendar)
}

fn zone(fields: &Fields<'_>, name: Sourced<String>) -> Option<Tz> {
    let zone = name.value.parse().ok();
    if zone.is_none() {
        fields.report(Diagnostic::new(Code::UnknownZone, name.place).with(name.value));
    }
    zone
}

fn week(fields: &Fields<'_>) -> [bool; 7] {
    let mut week = [false; 7];
    if !fields.has("week") {
        fields.missing("week");
    }
    for weekday in fields.words("week", &WEEKDAYS) {
        if let Some(worked) = week.get_mut(weekday) {
            *worked = true;
        }
    }
    week
}

fn hours(fields: &Fields<'_>) -> Vec<(NaiveTime, NaiveTime)> {
    let mut hours: Vec<(NaiveTime, NaiveTime)> = Vec::new();
    let written = fields.texts("hours");
    if written.is_empty() {
        fields.missing("hours");
    }
    for text in written {
        let after = hours.last().map(|(_, end)| *end);
        match parse_hours(&text.value).filter(|(start, _)| after.is_none_or(|after| after <= *start)) {
            Some(pair) => hours.push(pair),
            None => fields.report(Diagnostic::new(Code::BadHours, text.place).with(text.value)),
        }
    }
    hours
}

fn parse_hours(text: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (start, end) = text.split_once(['-', '–'])?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let (start, end) = (time(start)?, time(end)?);
    (start < end).then_some((start, end))
}

/// A year with the places of its parts.
struct DraftYear {
    number: Sourced<i64>,
    off: Vec<(Sourced<NaiveDate>, String)>,
    work: Vec<(Sourced<NaiveDate>, String)>,
    basis: Option<String>,
}

/// Outer `None`: not TOML. Inner `None`: no year number.
fn read_year(file: &Arc<SourceFile>, findings: &Findings) -> Option<Option<DraftYear>> {
    let table = syntax::parse(file, findings)?;
    let fields = Fields::top(file, table.get_ref(), findings);
    if !fields.has("year") {
        fields.missing("year");
    }
    let number = fields.number("year", 2000..=2200);
    let year = DraftYear {
        off: days(&fields, "off", "[off]", number.as_ref()),
        work: days(&fields, "work", "[work]", number.as_ref()),
        basis: confirmed_basis(&fields, number.as_ref()),
        number: number.clone().unwrap_or(Sourced { value: 0, place: fields.place() }),
    };
    fields.finish();
    Some(number.map(|_| year))
}

/// The notice's number, if the year is confirmed by one.
fn confirmed_basis(fields: &Fields<'_>, year: Option<&Sourced<i64>>) -> Option<String> {
    let basis = fields.text("basis").filter(|basis| !basis.value.trim().is_empty());
    let confirmed = fields.flag("confirmed").unwrap_or(false);
    if confirmed && basis.is_none() {
        fields.report(Diagnostic::new(
            Code::NoBasis,
            fields.key_place("confirmed").unwrap_or_else(|| fields.place()),
        ));
    }
    if !confirmed && let Some(year) = year {
        let place = fields.key_place("confirmed").unwrap_or_else(|| year.place.clone());
        fields.report(Diagnostic::new(Code::Unconfirmed, place).with(year.value.to_string()));
        return None;
    }
    basis.map(|basis| basis.value)
}

fn days(
    fields: &Fields<'_>,
    key: &'static str,
    name: &'static str,
    year: Option<&Sourced<i64>>,
) -> Vec<(Sourced<NaiveDate>, String)> {
    let Some(table) = fields.table(key, name) else { return Vec::new() };
    let mut days = Vec::new();
    for (written, reason) in table.entries() {
        let Some(date) = day(&written.value) else {
            fields.report(Diagnostic::new(Code::BadDate, written.place).with(written.value));
            continue;
        };
        if let Some(year) = year.filter(|year| i64::from(date.year()) != year.value) {
            let finding = Diagnostic::new(Code::OtherYear, written.place.clone()).with(date.to_string());
            fields.report(finding.with(year.value.to_string()));
        }
        days.push((written.map(|_| date), reason.value));
    }
    days
}

/// Made-up days that are working days anyway: the wrong date, most likely.
fn worked_anyway(years: &[Option<DraftYear>], calendar: &Calendar, findings: &Findings) {
    for year in years.iter().flatten() {
        for (date, _) in &year.work {
            let weekday = date.value.weekday().num_days_from_monday() as usize;
            if let Some(off) = year.off.iter().find(|(off, _)| off.value == date.value) {
                let finding =
                    Diagnostic::new(Code::OffAndWork, date.place.clone()).with(date.value.to_string());
                findings.add(finding.and_at(&off.0.place, ("nghỉ", "off")));
            } else if calendar.week.get(weekday).copied().unwrap_or(false) {
                findings.add(
                    Diagnostic::new(Code::AlreadyWorked, date.place.clone()).with(date.value.to_string()),
                );
            }
        }
    }
}

fn add_year(
    years: &mut BTreeMap<i32, Year>,
    draft: DraftYear,
    first: &mut BTreeMap<i32, Place>,
    findings: &Findings,
) {
    let Ok(number) = i32::try_from(draft.number.value) else { return };
    if let Some(earlier) = first.get(&number) {
        let finding = Diagnostic::new(Code::DuplicateId, draft.number.place).with(number.to_string());
        findings.add(finding.with("calendar").and_at(earlier, ("lần đầu", "the first time")));
        return;
    }
    first.insert(number, draft.number.place);
    let plain = |days: Vec<(Sourced<NaiveDate>, String)>| {
        days.into_iter().map(|(date, reason)| (date.value, reason)).collect()
    };
    years.insert(number, Year { off: plain(draft.off), work: plain(draft.work), basis: draft.basis });
}
