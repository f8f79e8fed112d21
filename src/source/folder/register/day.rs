//! Days in cells: text, or the serial number of a spreadsheet whose cell lost its format.

use chrono::{Days, NaiveDate};

use crate::source::when::When;

/// Day 0 of spreadsheets since 1 March 1900: before it they count a 29 February that never was.
const ZERO: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);
/// Serial numbers that are days of offices: 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<u64> = 20_000..=80_000;
/// What people write where there is no day.
const NONE: [&str; 6] = ["-", "–", "—", "không", "không có", "x"];

/// A day; `None` for a cell that names none.
///
/// # Errors
/// Unit for a cell that is filled with something else; what stands there is for the caller not to tell.
pub(super) fn read(text: &str) -> Result<Option<NaiveDate>, ()> {
    let text = text.trim().trim_start_matches("ngày").trim();
    if text.is_empty() || NONE.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    if let Some(when) = When::parse(text) {
        return Ok(Some(when.day));
    }
    serial(text).map(Some).ok_or(())
}

fn serial(text: &str) -> Option<NaiveDate> {
    let whole = text.split_once(['.', ',']).map_or(text, |(whole, _)| whole);
    let days: u64 = whole.parse().ok()?;
    SERIALS.contains(&days).then(|| ZERO?.checked_add_days(Days::new(days))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_every_spelling() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 15);
        for text in [
            "15/01/2026",
            "15/1/2026 08:05",
            "2026-01-15",
            "15.01.2026",
            "ngày 15/01/2026",
            "46037",
            "46037.5",
        ] {
            assert_eq!(read(text), Ok(day), "{text}");
        }
        for none in ["", " ", "-", "Không"] {
            assert_eq!(read(none), Ok(None), "{none}");
        }
        for bad in ["31/02/2026", "15/13/2026", "tháng 1", "1900", "15", "999999999999999999999", "1/15/26"]
        {
            assert_eq!(read(bad), Err(()), "{bad}");
        }
    }
}
