//! calendar/*.toml → [`Calendar`]: `calendar.toml` says zone, week and hours, and how sectors differ; one
//! file per year says which days are off and which rest days are worked instead, and by which notice. What
//! counts is what a person confirmed: holidays are decided every year, some only days ahead.

pub mod draft;
mod sector;
mod year;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::code::Code;
use super::diagnostic::{Diagnostic, Findings, Report};
use super::fields::Fields;
use super::file::{Place, SourceFile, Sourced};
use super::syntax;
use crate::domain::calendar::{BeforeDay, Calendar, YearStanding};
use crate::domain::unit::Units;

/// The file beside the years.
pub const GENERAL: &str = "calendar.toml";
const WEEKDAYS: [(&str, usize); 7] =
    [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)];
const BEFORE_DAY: [(&str, BeforeDay); 2] =
    [("exclusive", BeforeDay::Exclusive), ("inclusive", BeforeDay::Inclusive)];

/// Reads the files of the calendar folder. `None` if one of them is not TOML, or `calendar.toml` is
/// missing; with lesser faults, what could be read comes back beside the findings.
///
/// A year with `confirmed = false` is taken as a draft, without its `basis`, and told by a warning. Sectors
/// are held against those of `units`, where there are any.
pub fn read(
    folder: &str,
    files: &[Arc<SourceFile>],
    units: Option<&Units>,
    findings: &Findings,
) -> Option<Calendar> {
    let is_general = |file: &&Arc<SourceFile>| file.path.rsplit('/').next() == Some(GENERAL);
    let general = files.iter().find(is_general);
    if general.is_none() {
        let path = format!("{folder}/{GENERAL}");
        findings.add(super::file::unreadable(&path, &std::io::ErrorKind::NotFound.into()));
    }
    let general = general.and_then(|file| read_general(file, units, findings));
    let years: Vec<_> =
        files.iter().filter(|file| !is_general(file)).map(|file| year::read(file, findings)).collect();
    let ((mut calendar, sectors), years) = (general?, years.into_iter().collect::<Option<Vec<_>>>()?);
    year::worked_anyway(&years, &calendar, findings);
    year::rested_anyway(&years, &calendar, findings);
    let mut first = BTreeMap::new();
    for year in years.into_iter().flatten() {
        year::add(&mut calendar.years, year, &mut first, findings);
    }
    calendar.sectors = sector::calendars(&calendar, &sectors);
    Some(calendar)
}

/// Warnings about years that are missing as of `now`: the running year, and from 1 November the next. That a
/// year is a draft is told at its place.
pub fn missing_years(calendar: &Calendar, folder: &str, now: DateTime<Utc>) -> Report {
    let wanting = calendar.wanting(calendar.date_of(now)).into_iter();
    let missing = wanting.filter(|one| one.standing == YearStanding::Missing).map(|one| {
        let path = format!("{folder}/{}.toml", one.year);
        let finding = Diagnostic::new(Code::MissingYear, Place::Path(folder.to_owned()));
        finding.with(one.year.to_string()).with(path)
    });
    Report { diagnostics: missing.collect() }
}

fn read_general(
    file: &Arc<SourceFile>,
    units: Option<&Units>,
    findings: &Findings,
) -> Option<(Calendar, Vec<sector::Sector>)> {
    let table = syntax::parse(file, findings)?;
    let fields = Fields::top(file, table.get_ref(), findings);
    let calendar = Calendar {
        zone: fields
            .required_text("zone")
            .and_then(|name| zone(&fields, name))
            .unwrap_or(chrono_tz::Asia::Ho_Chi_Minh),
        week: week(&fields),
        mornings: weekdays(&fields, "mornings"),
        hours: hours(&fields),
        before_day: fields.word("before_day", &BEFORE_DAY).unwrap_or_default(),
        years: BTreeMap::new(),
        sectors: BTreeMap::new(),
    };
    let sectors = sector::read(&fields, units);
    fields.finish();
    Some((calendar, sectors))
}

fn zone(fields: &Fields<'_>, name: Sourced<String>) -> Option<Tz> {
    let zone = name.value.parse().ok();
    if zone.is_none() {
        fields.report(Diagnostic::new(Code::UnknownZone, name.place).with(name.value));
    }
    zone
}

fn week(fields: &Fields<'_>) -> [bool; 7] {
    if !fields.has("week") {
        fields.missing("week");
    }
    weekdays(fields, "week")
}

fn weekdays(fields: &Fields<'_>, key: &'static str) -> [bool; 7] {
    let mut week = [false; 7];
    for weekday in fields.words(key, &WEEKDAYS) {
        if let Some(worked) = week.get_mut(weekday) {
            *worked = true;
        }
    }
    week
}

fn hours(fields: &Fields<'_>) -> Vec<(NaiveTime, NaiveTime)> {
    if !fields.has("hours") || fields.is_empty_list("hours") {
        fields.missing("hours");
    }
    spans(fields)
}

fn spans(fields: &Fields<'_>) -> Vec<(NaiveTime, NaiveTime)> {
    let mut hours: Vec<(NaiveTime, NaiveTime)> = Vec::new();
    for text in fields.texts("hours") {
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
