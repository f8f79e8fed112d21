//! Office time as the demo's people keep it: Monday to Friday, 07:30–11:30 and 13:30–17:00, at +07:00
//! (Vietnam has no summer time), holidays of a fixed date left out (Bộ luật Lao động 2019, Đ112). They know
//! nothing of Tết or swapped days: some do work then, and vanthu must cope.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

/// The sessions of a working day in minutes from local midnight.
const SESSIONS: [(u32, u32); 2] = [(450, 690), (810, 1020)];
/// Minutes of one working day.
pub(super) const DAY_MINUTES: u64 = 450;

/// Holidays of a fixed date, as (month, day).
const HOLIDAYS: [(u32, u32); 4] = [(1, 1), (4, 30), (5, 1), (9, 2)];

/// The zone of Vietnam.
#[expect(clippy::unwrap_used, reason = "seven hours are within a day; every test of this file runs it")]
pub(super) fn zone() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap()
}

/// The local date of an instant.
pub(super) fn local_date(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&zone()).date_naive()
}

/// Whether people work on a date.
pub(super) fn is_working_day(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend && !HOLIDAYS.contains(&(date.month(), date.day()))
}

/// The instant `minute` working minutes into a date, counted over its sessions; the end of work where
/// there are not as many.
pub(super) fn at_work(date: NaiveDate, minute: u64) -> DateTime<Utc> {
    let minute = u32::try_from(minute).unwrap_or(u32::MAX);
    let morning = SESSIONS[0].1 - SESSIONS[0].0;
    let of_day = if minute < morning {
        SESSIONS[0].0 + minute
    } else {
        (SESSIONS[1].0.saturating_add(minute - morning)).min(SESSIONS[1].1)
    };
    at(date, of_day)
}

/// The instant of a local time, given in minutes from midnight.
pub(super) fn at(date: NaiveDate, minute: u32) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    (local - TimeDelta::hours(7)).and_utc()
}

/// The instant reached after `minutes` of work from `from`; off hours do not count.
pub(super) fn after(from: DateTime<Utc>, minutes: u64) -> DateTime<Utc> {
    let local = from.with_timezone(&zone());
    let total = worked(local.time()) + minutes;
    if !is_working_day(local.date_naive()) {
        return at_work(days_later(local.date_naive(), 1 + minutes / DAY_MINUTES), minutes % DAY_MINUTES);
    }
    if total < DAY_MINUTES {
        return at_work(local.date_naive(), total).max(from);
    }
    at_work(days_later(local.date_naive(), total / DAY_MINUTES), total % DAY_MINUTES)
}

/// The date `days` working days after a date.
pub(super) fn days_later(date: NaiveDate, days: u64) -> NaiveDate {
    nth_working_day(date.iter_days(), days).unwrap_or(date)
}

/// The date `days` working days before a date.
pub(super) fn days_earlier(date: NaiveDate, days: u64) -> NaiveDate {
    nth_working_day(date.iter_days().rev(), days).unwrap_or(date)
}

/// The last of `count` working days after the first of `days`.
fn nth_working_day(days: impl Iterator<Item = NaiveDate>, count: u64) -> Option<NaiveDate> {
    let working = days.skip(1).filter(|day| is_working_day(*day));
    working.take(usize::try_from(count).unwrap_or(usize::MAX)).last()
}

/// Working minutes of a day that lie before a local time.
fn worked(time: NaiveTime) -> u64 {
    let now = time.num_seconds_from_midnight() / 60;
    let sessions = SESSIONS.iter().map(|&(from, until)| now.clamp(from, until) - from);
    u64::from(sessions.sum::<u32>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> DateTime<Utc> {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc() - TimeDelta::hours(7)
    }

    #[test]
    fn work_goes_on_in_working_hours_only() {
        for (from, minutes, until) in [
            ("2026-11-20 08:00", 30, "2026-11-20 08:30"),
            ("2026-11-20 11:00", 60, "2026-11-20 14:00"),
            ("2026-11-20 16:30", 60, "2026-11-23 08:00"),
            ("2026-11-20 05:00", 10, "2026-11-20 07:40"),
            ("2026-11-20 23:00", 0, "2026-11-23 07:30"),
            ("2026-11-21 09:00", 5, "2026-11-23 07:35"),
            ("2026-11-21 09:00", 450, "2026-11-24 07:30"),
            ("2026-11-19 09:00", 900, "2026-11-23 09:00"),
            ("2026-09-01 16:45", 30, "2026-09-03 07:45"),
        ] {
            assert_eq!(after(local(from), minutes), local(until), "{from} + {minutes}");
        }
    }

    #[test]
    fn days_step_over_weekends() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(days_later(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(days_later(day("2026-11-20"), 0), day("2026-11-20"));
        assert_eq!(days_earlier(day("2026-11-23"), 2), day("2026-11-19"));
        assert_eq!(at_work(day("2026-11-20"), 9999), local("2026-11-20 17:00"));
    }
}
