//! What names a row of a register through a mend: a row that could not be read is held under it, and the row that
//! was put right knows by it which hold it settles. Any cell may have been the wrong one, so of four things, number
//! of arrival, year, symbol and issuing body, one may be missing or unreadable. Three of them together are
//! one document: numbers begin anew with every year and with every body.
//!
//! Rows that may be secret have no such name: a short text behind a hash can be found by trying.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::heading::Column;
use super::row::Row;
use crate::domain::ids::ExternalId;
use crate::domain::legacy;
use crate::domain::text::tone_key;
use crate::source::folder::item::broken_id;

/// How many of the four must be known.
const ENOUGH: usize = 3;

/// Number of arrival, year, symbol, issuing body; empty where it is missing or unreadable.
type Parts = [String; 4];

/// The name of an unreadable row; `None` where too little of it can be read.
pub(super) fn of(row: &Row<'_>) -> Option<String> {
    let year = years(row).into_iter().next().unwrap_or_default();
    name(&parts(row, year))
}

/// The ids by which a row may have been held while one thing about it was wrong.
pub(super) fn former(row: &Row<'_>) -> Vec<ExternalId> {
    let mut names = BTreeSet::new();
    for year in years(row) {
        let whole = parts(row, year);
        names.extend(name(&whole));
        for missing in 0..whole.len() {
            let mut less = whole.clone();
            if let Some(part) = less.get_mut(missing) {
                part.clear();
            }
            names.extend(name(&less));
        }
    }
    names.iter().map(|name| broken_id(name)).collect()
}

fn name(parts: &Parts) -> Option<String> {
    let known = parts.iter().filter(|part| !part.is_empty()).count();
    (known >= ENOUGH).then(|| json!(["row", parts]).to_string())
}

fn parts(row: &Row<'_>, year: String) -> Parts {
    let arrival = row.text(Column::ArrivalNumber).trim_start_matches('0').to_owned();
    let symbol = row.symbol();
    let is_day = NaiveDate::parse_from_str(&symbol, "%Y-%m-%d").is_ok();
    let symbol = if is_day { String::new() } else { readable(&symbol) };
    [arrival, year, symbol, readable(row.text(Column::Issuer))]
}

fn readable(text: &str) -> String {
    if legacy::suspect(text).is_some() { String::new() } else { tone_key(text) }
}

/// The years its days name, that of the document first: they differ around New Year.
fn years(row: &Row<'_>) -> Vec<String> {
    let days = [Column::Issued, Column::Arrived].map(|column| row.day(column).ok().flatten());
    let mut years: Vec<_> = days.iter().flatten().map(|day| day.year().to_string()).collect();
    years.dedup();
    years
}
