//! What the files of a calendar may say: swaps, half days, sectors.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use vanthu::domain::calendar::{Calendar, Part, YearStanding};
use vanthu::domain::change::assignments;
use vanthu::domain::document::Document;
use vanthu::domain::routing::{Assignment, decide};

use crate::config::office::{Office, YEAR};
use crate::support::scripted::paper;

const SECTOR: &str = r#"
[[sector]]
code = ["enterprise"]
week = ["mon", "tue", "wed", "thu", "fri", "sat"]
mornings = ["sat"]
swaps = false
"#;

const MORE: &str = r#"
[swap]
2026-01-02 = "2026-01-10"

[morning]
2026-02-13 = "nghỉ sớm trước Tết"
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn calendar() -> Calendar {
    let office = Office::new().append("calendar/calendar.toml", SECTOR).append("calendar/2026.toml", MORE);
    office.load().unwrap_or_else(|report| panic!("{report}")).office.calendar
}

#[test]
fn swaps_bind_the_office_and_not_the_enterprises() {
    let calendar = calendar();
    let why = |calendar: &Calendar, text: &str| calendar.day(day(text)).why;
    assert_eq!(why(&calendar, "2026-01-02"), "nghỉ: hoán đổi, làm bù thứ Bảy 10/01/2026");
    assert_eq!(why(&calendar, "2026-01-10"), "làm bù: thay cho thứ Sáu 02/01/2026");
    let own = calendar.of_sector(Some("enterprise"));
    assert_eq!(why(own, "2026-01-02"), "ngày làm việc");
    assert_eq!(why(own, "2026-01-10"), "làm việc buổi sáng");
    assert_eq!(why(own, "2026-01-01"), "nghỉ: Tết Dương lịch");
    assert_eq!(calendar.of_sector(Some("administration")), &calendar);
    assert_ne!(calendar.version(), own.version());
    assert_ne!(calendar.version(), Calendar { sectors: Default::default(), ..calendar.clone() }.version());
}

#[test]
fn half_days_are_counted_by_their_hours() {
    let calendar = calendar();
    assert_eq!(calendar.part(day("2026-02-13")), Part::Morning);
    assert_eq!(calendar.day(day("2026-02-13")).why, "chỉ làm buổi sáng: nghỉ sớm trước Tết");
    // Hours 07:30–11:30 and 13:30–17:00. Thursday 12/02 from 16:00: one hour, then four of the half day, then
    // Saturday and Sunday, then Monday.
    let from = at("2026-02-12T16:00:00+07:00");
    let ends = |hours| calendar.add_office_time(from, TimeDelta::hours(hours));
    assert_eq!(ends(1), at("2026-02-12T17:00:00+07:00"));
    assert_eq!(ends(5), at("2026-02-13T11:30:00+07:00"));
    assert_eq!(ends(6), at("2026-02-16T08:30:00+07:00"));
    assert_eq!(calendar.office_time(from, ends(6)), TimeDelta::hours(6));
    let days = calendar.explain_office_time(from, TimeDelta::hours(6));
    let totals: Vec<_> = days.iter().map(|one| one.total.num_hours()).collect();
    assert_eq!(totals, [1, 5, 5, 5, 6]);
    assert_eq!(
        calendar.next_office_instant(at("2026-02-13T12:00:00+07:00")),
        at("2026-02-16T07:30:00+07:00")
    );
}

#[test]
fn a_draft_is_provisional_and_says_so() {
    let office = Office::new().exchange("calendar/2026.toml", "confirmed = true", "confirmed = false");
    let calendar = office.load().unwrap().office.calendar;
    assert_eq!(calendar.standing(2026), YearStanding::Draft);
    assert!(calendar.is_provisional(day("2026-03-02"), day("2026-03-05")));
    assert!(!calendar.is_guess(day("2026-03-02"), day("2026-03-05")));
    assert_eq!(calendar.wanting(day("2026-10-31")).len(), 1);
    assert_eq!(calendar.wanting(day("2026-11-01")).len(), 2);
}

#[test]
fn faults_of_swaps_and_sectors() {
    let office =
        Office::new().append("calendar/calendar.toml", &SECTOR.replace("enterprise", "doanh nghiep")).with(
            "calendar/2026.toml",
            format!("{YEAR}\n[swap]\n2026-01-02 = \"10/01\"\n2025-12-31 = \"2026-01-08\"\n"),
        );
    insta::assert_snapshot!(office.tells());
}

#[test]
fn dues_are_counted_by_the_sector_of_a_cell() {
    let office = Office::new()
        .append("calendar/calendar.toml", SECTOR)
        .append("calendar/2026.toml", MORE)
        .exchange("rules.d/10.toml", ", sector = [\"administration\"]", "");
    let office = office.load().unwrap_or_else(|report| panic!("{report}")).office;
    let subject = "Sinh hoạt chuyên đề".to_owned();
    let document = Document { subject, due: None, received: None, ..paper("k1") };
    let now = at("2026-01-01T08:00:00+07:00");
    let trace = decide(&office.ruleset, &document, &office.units, &office.calendar, now);
    let due = |group: &Assignment| office.calendar.due_day(group.duty.due.unwrap()).to_string();
    let found: Vec<_> = assignments(&trace.outcome)
        .iter()
        .map(|group| (group.cells.iter().map(|cell| cell.as_str()).collect::<Vec<_>>(), due(group)))
        .collect();
    // The office rests on 02/01 and works on Saturday 10/01; the enterprises work 02/01 and every Saturday.
    assert_eq!(
        found,
        [(vec!["cb-truong-hoc"], "2026-01-22".to_owned()), (vec!["cb-dien-luc"], "2026-01-19".to_owned())]
    );
    let versions: Vec<_> = assignments(&trace.outcome)
        .iter()
        .map(|group| group.duty.due_why.as_ref().unwrap().calendar.clone())
        .collect();
    assert_eq!(versions[0], office.calendar.version());
    assert_eq!(versions[1], office.calendar.of_sector(Some("enterprise")).version());
}
