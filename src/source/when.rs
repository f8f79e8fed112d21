//! Dates as document systems write them: `dd/MM/yyyy`, `dd/MM/yyyy HH:mm[:ss]`, `yyyy-MM-dd…`, `yyyy/MM/dd…`.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// Years a document of today's offices can bear; `15/01/0026` is a typing error, not a date.
const YEARS: std::ops::RangeInclusive<i32> = 1945..=2200;

/// A date and, where the text has one, the time of day; both in the office's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) struct When {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
}

impl When {
    /// Reads a date; `None` if the text is not one.
    pub(in crate::source) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, time) = match text.split_once([' ', 'T']) {
            Some((day, time)) => (day, clock(time)),
            None => (text, None),
        };
        Some(Self { day: calendar_day(day)?, time })
    }

    /// The instant, at the start of the day where there is no time. A zone whose clocks jump gives
    /// the earlier of two readings, `None` inside a gap.
    pub(in crate::source) fn instant(self, zone: Tz) -> Option<DateTime<Utc>> {
        let local = self.day.and_time(self.time.unwrap_or(NaiveTime::MIN));
        local.and_local_timezone(zone).earliest().map(|at| at.to_utc())
    }
}

fn calendar_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 || day.len() > 2 || month.len() > 2 {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    let date = NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)?;
    YEARS.contains(&year).then_some(date)
}

fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_spelling() {
        let table = [
            ("15/01/2026", Some("2026-01-15 -")),
            ("5/1/2026", Some("2026-01-05 -")),
            ("15/01/2026 08:05", Some("2026-01-15 08:05:00")),
            ("15/01/2026 08:05:09", Some("2026-01-15 08:05:09")),
            ("2026-01-15T08:05:09.120", Some("2026-01-15 08:05:09.120")),
            ("2026-01-15", Some("2026-01-15 -")),
            ("2026/01/15 23:59:59", Some("2026-01-15 23:59:59")),
            (" 15-01-2026 ", Some("2026-01-15 -")),
            ("15.1.2026", Some("2026-01-15 -")),
            ("15/01/2026 sáng", Some("2026-01-15 -")),
            ("31/02/2026", None),
            ("15/01/26", None),
            ("15/01/0026", None),
            ("01/2026", None),
            ("null", None),
            ("", None),
            ("ngày 15", None),
        ];
        for (text, expected) in table {
            let read = When::parse(text).map(|when| {
                format!("{} {}", when.day, when.time.map_or_else(|| "-".to_owned(), |time| time.to_string()))
            });
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn local_time_becomes_an_instant() {
        let zone = chrono_tz::Asia::Ho_Chi_Minh;
        let at = |text| When::parse(text).unwrap().instant(zone).unwrap().to_rfc3339();
        assert_eq!(at("15/01/2026 08:05"), "2026-01-15T01:05:00+00:00");
        assert_eq!(at("15/01/2026"), "2026-01-14T17:00:00+00:00");
    }
}
