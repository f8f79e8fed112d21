//! Written dates: `15/3/2026`, `15-3-2026`, `15.3.2026`, `15/3`, `15 tháng 3 năm 2026`.

use chrono::{Datelike, NaiveDate};
use regex::Captures;

use super::Context;

/// The pattern of a date, without its leading `ngày`; read it with [`Written::read`].
pub(super) const DATE: &str = concat!(
    r"(?:(?P<d>[0-9]{1,2})\s*(?P<sep>[/.\-])\s*(?P<m>[0-9]{1,2})(?:\s*[/.\-]\s*(?P<y>[0-9]{4}|[0-9]{2}))?",
    r"|(?P<dw>[0-9]{1,2})\s+tháng\s+(?P<mw>[0-9]{1,2})(?:\s*(?:,?\s*năm|/|-)\s*(?P<yw>[0-9]{4}))?)\b",
);

/// A date as written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    day: u32,
    month: u32,
    year: Option<i32>,
    /// Separated by dots or dashes and without a year: may as well be a decimal or a range.
    pub(super) weak: bool,
}

impl Written {
    /// The date of a match of [`DATE`]; `None` if the number goes on behind it, or is no date.
    pub(super) fn read(captures: &Captures<'_>, text: &str) -> Option<Self> {
        if goes_on(text.get(captures.get(0)?.end()..)?) {
            return None;
        }
        let day = number(captures, "d").or_else(|| number(captures, "dw"))?;
        let month = number(captures, "m").or_else(|| number(captures, "mw"))?;
        let year = number(captures, "y").or_else(|| number(captures, "yw")).map(full_year);
        let weak = year.is_none() && captures.name("sep").is_some_and(|sep| sep.as_str() != "/");
        Some(Self { day, month, year, weak })
    }

    /// Whether the year was written.
    pub(super) fn has_year(self) -> bool {
        self.year.is_some()
    }

    /// The day meant and whether its year was written: without a year the next such day on or after the
    /// document's own. `None` for days that do not exist.
    pub(super) fn resolve(self, context: &Context<'_>) -> Option<(NaiveDate, bool)> {
        if let Some(year) = self.year {
            return NaiveDate::from_ymd_opt(year, self.month, self.day).map(|date| (date, true));
        }
        let base = context.base();
        // Eight years reach the next 29/02 from anywhere, also over 2100.
        let years = base.year()..=base.year().saturating_add(8);
        let mut dates = years.filter_map(|year| NaiveDate::from_ymd_opt(year, self.month, self.day));
        dates.find(|date| *date >= base).map(|date| (date, false))
    }
}

/// A named group as a number.
pub(super) fn number(captures: &Captures<'_>, name: &str) -> Option<u32> {
    captures.name(name)?.as_str().parse().ok()
}

/// Whether digits follow a separator: `15/3` of `15/3/20267` or of `15/3-20/3`.
pub(super) fn goes_on(rest: &str) -> bool {
    let mut letters = rest.chars();
    matches!(letters.next(), Some('/' | '.' | '-'))
        && letters.next().is_some_and(|next| next.is_ascii_digit())
}

fn full_year(written: u32) -> i32 {
    let year = if written < 100 { 2000 + written } else { written };
    i32::try_from(year).unwrap_or(i32::MAX)
}
