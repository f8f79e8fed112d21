//! What names a row of a register through a mend: a row that could not be read is held under it, and the row that
//! was put right knows by it which hold it settles. Any cell may have been the wrong one, so of four things, number
//! of arrival, year, symbol and issuing body, one may be missing or unreadable. Three of them together are
//! one document: numbers begin anew with every year and with every body.
//!
//! Rows that may be secret have no such name: a short text behind a hash can be found by trying.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::item::broken_id;
use crate::domain::ids::ExternalId;
use crate::domain::legacy;
use crate::domain::text::tone_key;

/// How many of the four must be known.
const ENOUGH: usize = 3;

/// Number of arrival, year, symbol, issuing body; empty where it is missing or unreadable.
type Parts = [String; 4];

/// What a row says of which document it is, as it stands there.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    /// Number of arrival.
    pub arrival: String,
    /// Số, ký hiệu.
    pub symbol: String,
    /// The issuing body.
    pub issuer: String,
    /// The days that could be read, that of the document first: their years differ around New Year.
    pub days: Vec<NaiveDate>,
}

impl Trace {
    /// The name of an unreadable row; `None` where too little of it can be read.
    pub(super) fn name(&self) -> Option<String> {
        name(&self.parts(self.days.first()))
    }

    /// The ids by which a row may have been held while one thing about it was wrong.
    pub(super) fn former(&self) -> Vec<ExternalId> {
        let mut names = BTreeSet::new();
        for day in &self.days {
            let whole = self.parts(Some(day));
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

    fn parts(&self, day: Option<&NaiveDate>) -> Parts {
        let is_day = NaiveDate::parse_from_str(&self.symbol, "%Y-%m-%d").is_ok();
        let symbol = if is_day { String::new() } else { readable(&self.symbol) };
        let arrival = self.arrival.trim_start_matches('0').to_owned();
        let year = day.map(|day| day.year().to_string()).unwrap_or_default();
        [arrival, year, symbol, readable(&self.issuer)]
    }
}

fn name(parts: &Parts) -> Option<String> {
    let known = parts.iter().filter(|part| !part.is_empty()).count();
    (known >= ENOUGH).then(|| json!(["row", parts]).to_string())
}

fn readable(text: &str) -> String {
    if legacy::suspect(text).is_some() { String::new() } else { tone_key(text) }
}
