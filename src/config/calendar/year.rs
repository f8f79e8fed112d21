//! One year of the calendar.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::{Fields, day};
use crate::config::file::{Place, SourceFile, Sourced};
use crate::config::syntax;
use crate::domain::calendar::{Calendar, Part, Year, weekday_name};

/// A year with the places of its parts.
pub(super) struct DraftYear {
    number: Sourced<i64>,
    off: Vec<(Sourced<NaiveDate>, String)>,
    work: Vec<(Sourced<NaiveDate>, String)>,
    /// What is off, with what is worked for it.
    swaps: Vec<(Sourced<NaiveDate>, NaiveDate)>,
    half: Vec<(Sourced<NaiveDate>, (Part, String))>,
    /// Everything but the days.
    year: Year,
}

/// Outer `None`: not TOML. Inner `None`: no year number.
pub(super) fn read(file: &Arc<SourceFile>, findings: &Findings) -> Option<Option<DraftYear>> {
    let table = syntax::parse(file, findings)?;
    let fields = Fields::top(file, table.get_ref(), findings);
    if !fields.has("year") {
        fields.missing("year");
    }
    let number = fields.number("year", 2000..=2200);
    let basis = confirmed_basis(&fields, number.as_ref());
    let plain = |key| fields.text(key).map(|text| text.value);
    let draft = basis.is_none();
    let year = Year {
        basis,
        basis_date: fields.date("basis_date").map(|date| date.value),
        basis_link: plain("basis_link"),
        confirmed_by: plain("confirmed_by"),
        draft,
        ..Year::default()
    };
    let part = |part: Part, days: Vec<(Sourced<NaiveDate>, String)>| {
        days.into_iter().map(move |(date, reason)| (date, (part, reason)))
    };
    let mornings = days(&fields, "morning", "[morning]", number.as_ref());
    let afternoons = days(&fields, "afternoon", "[afternoon]", number.as_ref());
    let year = DraftYear {
        off: days(&fields, "off", "[off]", number.as_ref()),
        work: days(&fields, "work", "[work]", number.as_ref()),
        swaps: swaps(&fields, number.as_ref()),
        half: part(Part::Morning, mornings).chain(part(Part::Afternoon, afternoons)).collect(),
        number: number.clone().unwrap_or(Sourced { value: 0, place: fields.place() }),
        year,
    };
    fields.finish();
    Some(number.map(|_| year))
}

/// Days given off, each with the rest day that is worked for it, in this year or the one beside.
fn swaps(fields: &Fields<'_>, year: Option<&Sourced<i64>>) -> Vec<(Sourced<NaiveDate>, NaiveDate)> {
    let worked = |text: &str, place: &Place| {
        let worked = day(text);
        if worked.is_none() {
            fields.report(Diagnostic::new(Code::BadDate, place.clone()).with(text));
        }
        worked
    };
    let days = days(fields, "swap", "[swap]", year).into_iter();
    days.filter_map(|(off, text)| Some((worked(&text, &off.place)?, off)))
        .map(|(worked, off)| (off, worked))
        .collect()
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
pub(super) fn worked_anyway(years: &[Option<DraftYear>], calendar: &Calendar, findings: &Findings) {
    for year in years.iter().flatten() {
        let swapped =
            year.swaps.iter().map(|(off, worked)| Sourced { value: *worked, place: off.place.clone() });
        for date in year.work.iter().map(|(date, _)| date.clone()).chain(swapped) {
            let weekday = date.value.weekday().num_days_from_monday() as usize;
            if let Some(off) = year.off.iter().find(|(off, _)| off.value == date.value) {
                let finding = Diagnostic::new(Code::OffAndWork, date.place).with(date.value.to_string());
                findings.add(finding.and_at(&off.0.place, ("nghỉ", "off")));
            } else if calendar.week.get(weekday).copied().unwrap_or(false) {
                findings.add(Diagnostic::new(Code::AlreadyWorked, date.place).with(date.value.to_string()));
            }
        }
    }
}

/// Days given off for a swap that are days of rest anyway: the wrong date, most likely.
pub(super) fn rested_anyway(years: &[Option<DraftYear>], calendar: &Calendar, findings: &Findings) {
    for year in years.iter().flatten() {
        for (off, _) in &year.swaps {
            let weekday = off.value.weekday().num_days_from_monday() as usize;
            let holiday = year.off.iter().find(|(holiday, _)| holiday.value == off.value);
            let is_rest = !calendar.week.get(weekday).copied().unwrap_or(true);
            let why = match holiday {
                Some((_, name)) => name.clone(),
                None if is_rest => weekday_name(off.value).to_owned(),
                None => continue,
            };
            let finding = Diagnostic::new(Code::SwapAtRest, off.place.clone());
            findings.add(finding.with(off.value.to_string()).with(why));
        }
    }
}

pub(super) fn add(
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
    let year = Year {
        off: plain(draft.off),
        work: plain(draft.work),
        swaps: draft.swaps.into_iter().map(|(off, worked)| (off.value, worked)).collect(),
        half: draft.half.into_iter().map(|(date, half)| (date.value, half)).collect(),
        ..draft.year
    };
    years.insert(number, year);
}
