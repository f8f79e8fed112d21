//! Faults of the calendar.

use chrono::{TimeZone as _, Utc};
use vanthu::config::calendar::missing_years;
use vanthu::config::settings::Language;

use super::office::Office;

fn year(old: &str, new: &str) -> String {
    Office::new().exchange("calendar/2026.toml", old, new).tells()
}

fn general(old: &str, new: &str) -> String {
    Office::new().exchange("calendar/calendar.toml", old, new).tells()
}

#[test]
fn days_of_another_year() {
    insta::assert_snapshot!(year("2026-01-01 =", "2025-01-01 ="));
}

#[test]
fn days_that_do_not_exist() {
    insta::assert_snapshot!(year("2026-01-01 =", "2026-02-30 ="));
}

#[test]
fn off_and_worked_at_once() {
    let work =
        "\n[work]\n2026-01-01 = \"làm bù\"\n2026-01-05 = \"làm bù\"\n2026-01-10 = \"thay cho 02/01\"\n";
    insta::assert_snapshot!(Office::new().append("calendar/2026.toml", work).tells());
}

#[test]
fn a_year_nobody_confirmed() {
    insta::assert_snapshot!(year("confirmed = true", "confirmed = false"));
}

#[test]
fn a_year_confirmed_by_nothing() {
    insta::assert_snapshot!(year("basis = \"12729/VPCP-KGVX\"\n", ""));
}

#[test]
fn a_year_written_twice() {
    let office =
        Office::new().with("calendar/2026-moi.toml", "year = 2026\nbasis = \"1/TB\"\nconfirmed = true\n");
    insta::assert_snapshot!(office.tells());
}

#[test]
fn unknown_zone_and_weekday() {
    insta::assert_snapshot!(general("Ho_Chi_Minh\"\nweek = [\"mon\"", "Hanoi\"\nweek = [\"thứ hai\""));
}

#[test]
fn hours_out_of_order() {
    insta::assert_snapshot!(general("\"13:30-17:00\"", "\"11:00-17:00\", \"17h-19h\""));
}

#[test]
fn missing_years_are_asked_for_in_time() {
    let loaded = Office::new().load().unwrap();
    let at = |year, month| Utc.with_ymd_and_hms(year, month, 15, 3, 0, 0).unwrap();
    let missing = |now| missing_years(&loaded.office.calendar, "calendar", now);
    assert_eq!(missing(at(2026, 10)).warnings(), 0);
    assert_eq!(missing(at(2026, 11)).warnings(), 1);
    assert_eq!(missing(at(2027, 12)).warnings(), 2);
    insta::assert_snapshot!(missing(at(2027, 3)).render(Language::Vi, false));
}
