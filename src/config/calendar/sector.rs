//! Sectors that work otherwise than the office: `[[sector]]` of calendar.toml. A swap of days binds officials;
//! enterprises are only encouraged to follow it, and some work on Saturday morning.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::{spans, weekdays};
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::suggest::similar;
use crate::domain::calendar::{Calendar, Year};
use crate::domain::unit::Units;

/// How sectors differ from the office; what is absent is as in the office.
pub(super) struct Sector {
    codes: Vec<String>,
    week: Option<[bool; 7]>,
    mornings: Option<[bool; 7]>,
    hours: Option<Vec<(NaiveTime, NaiveTime)>>,
    swaps: bool,
}

/// Reads `[[sector]]`.
pub(super) fn read(fields: &Fields<'_>, units: Option<&Units>) -> Vec<Sector> {
    fields.tables("sector", "[[sector]]").into_iter().map(|fields| one(fields, units)).collect()
}

fn one(fields: Fields<'_>, units: Option<&Units>) -> Sector {
    if !fields.has("code") {
        fields.missing("code");
    }
    let mut codes = Vec::new();
    for code in fields.texts("code") {
        if let Some(units) = units.filter(|units| !units.sectors.contains_key(&code.value)) {
            let known = units.sectors.iter();
            let known =
                known.map(|(code, name)| (format!("{code} – {name}"), [code.as_str(), name.as_str()]));
            let finding = Diagnostic::new(Code::UnknownSector, code.place).with(code.value.as_str());
            fields.report(finding.or_rather(similar(&code.value, known)));
        }
        codes.push(code.value);
    }
    let written = |key| {
        let days = weekdays(&fields, key);
        fields.has(key).then_some(days)
    };
    let sector = Sector {
        codes,
        week: written("week"),
        mornings: written("mornings"),
        hours: Some(spans(&fields)).filter(|hours| !hours.is_empty()),
        swaps: fields.flag("swaps").unwrap_or(true),
    };
    fields.finish();
    sector
}

/// The calendars of all sectors that differ.
pub(super) fn calendars(office: &Calendar, sectors: &[Sector]) -> BTreeMap<String, Calendar> {
    let each = |sector: &Sector| {
        let calendar = Calendar {
            week: sector.week.unwrap_or(office.week),
            mornings: sector.mornings.unwrap_or(office.mornings),
            hours: sector.hours.clone().unwrap_or_else(|| office.hours.clone()),
            years: office.years.iter().map(|(number, year)| (*number, bound(year, sector.swaps))).collect(),
            sectors: BTreeMap::new(),
            ..office.clone()
        };
        sector.codes.iter().map(move |code| (code.clone(), calendar.clone())).collect::<Vec<_>>()
    };
    sectors.iter().flat_map(each).collect()
}

/// A year as it binds a sector: without its swaps where those do not.
fn bound(year: &Year, swaps: bool) -> Year {
    let mut year = year.clone();
    if !swaps {
        year.swaps.clear();
        year.work.clear();
    }
    year
}
