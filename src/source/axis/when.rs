//! Times as axes write them: local and without a zone in several orders, or counted.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::source::when::When;

/// Larger numbers count milliseconds, smaller ones seconds: 1e11 seconds is the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// An instant; a time without a zone is one of `zone`. `None` for what is no time, and for a local time
/// that did not happen.
pub(in crate::source) fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        let at = if number.abs() < MILLISECONDS { number.checked_mul(1000)? } else { number };
        return DateTime::from_timestamp_millis(at);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    When::parse(text)?.instant(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_every_order() {
        let nine = Some("2026-03-02T02:05:07Z".parse().unwrap());
        for text in [
            "2026-03-02 09:05:07",
            "2026-03-02 09:05:07.0",
            "2026/03/02 09:05:07",
            "2026-03-02T09:05:07",
            "2026-03-02T09:05:07+07:00",
            "2026-03-02T02:05:07Z",
            " 02/03/2026 09:05:07 ",
            "1772417107",
            "1772417107000",
        ] {
            assert_eq!(instant(text, chrono_tz::Asia::Ho_Chi_Minh), nine, "{text}");
        }
        for text in ["", "null", "hôm qua", "2026-02-30 09:00:00", "9223372036854775807"] {
            assert_eq!(instant(text, chrono_tz::Asia::Ho_Chi_Minh), None, "{text}");
        }
    }
}
