mod properties;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::*;

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn named(days: &[(&str, &str)]) -> BTreeMap<NaiveDate, String> {
    days.iter().map(|(day, name)| (date(day), (*name).to_owned())).collect()
}

/// 2026 as announced, with the swap of 02/01 for 10/01; 2027 and later are not confirmed.
fn calendar() -> Calendar {
    let off = named(&[
        ("2026-01-01", "Tết Dương lịch"),
        ("2026-01-02", "hoán đổi"),
        ("2026-02-16", "Tết Nguyên đán"),
        ("2026-02-17", "Tết Nguyên đán"),
        ("2026-02-18", "Tết Nguyên đán"),
        ("2026-02-19", "Tết Nguyên đán"),
        ("2026-02-20", "Tết Nguyên đán"),
        ("2026-04-27", "nghỉ bù Giỗ Tổ"),
        ("2026-04-30", "Ngày Chiến thắng"),
        ("2026-05-01", "Ngày Quốc tế lao động"),
        ("2026-09-01", "Quốc khánh"),
        ("2026-09-02", "Quốc khánh"),
    ]);
    let work = named(&[("2026-01-10", "hoán đổi cho 02/01/2026")]);
    let year = Year { off, work, basis: Some("12729/VPCP-KGVX".to_owned()), ..Year::default() };
    Calendar {
        zone: Tz::Asia__Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7, 30), time(11, 30)), (time(13, 0), time(16, 30))],
        before_day: BeforeDay::Exclusive,
        years: BTreeMap::from([(2026, year)]),
    }
}

#[test]
fn a_day_says_what_it_is() {
    let cases = [
        ("2026-01-01", false, "nghỉ: Tết Dương lịch", false),
        ("2026-01-02", false, "nghỉ: hoán đổi", false),
        ("2026-01-03", false, "thứ Bảy", false),
        ("2026-01-04", false, "Chủ nhật", false),
        ("2026-01-05", true, "ngày làm việc", false),
        ("2026-01-10", true, "làm bù: hoán đổi cho 02/01/2026", false),
        ("2026-02-18", false, "nghỉ: Tết Nguyên đán", false),
        ("2027-01-01", false, "nghỉ: Tết Dương lịch", true),
        ("2027-09-02", false, "nghỉ: Quốc khánh", true),
        ("2027-02-08", true, "ngày làm việc", true),
        ("2028-04-30", false, "nghỉ: Ngày Chiến thắng", true),
        ("2028-02-29", true, "ngày làm việc", true),
    ];
    for (day, working, why, provisional) in cases {
        let why = why.to_owned();
        assert_eq!(calendar().day(date(day)), Day { date: date(day), working, why, provisional });
    }
}

#[test]
fn working_days_are_counted_without_the_first() {
    let cases = [
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-06", 1, "2026-03-09"),
        // Tết: from Friday 13/02 the next working day is Monday 23/02.
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-02-17", 1, "2026-02-23"),
        ("2026-02-23", -1, "2026-02-13"),
        ("2026-02-12", 3, "2026-02-24"),
        // The swapped Saturday counts.
        ("2025-12-31", 6, "2026-01-10"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-01-12", -1, "2026-01-10"),
        ("2026-01-05", -1, "2025-12-31"),
        // Year end into an unconfirmed year, and the leap day.
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-01-04", -1, "2026-12-31"),
        ("2028-02-28", 1, "2028-02-29"),
        ("2028-03-01", -1, "2028-02-29"),
        // Zero.
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-07", 0, "2026-03-09"),
        ("2026-02-14", 0, "2026-02-23"),
    ];
    for (from, n, expected) in cases {
        assert_eq!(calendar().add_working_days(date(from), n), date(expected), "{from} {n:+}");
    }
}

#[test]
fn working_days_between_two_days() {
    let cases = [
        ("2026-03-02", "2026-03-02", 0),
        ("2026-03-02", "2026-03-09", 5),
        ("2026-03-09", "2026-03-02", -5),
        ("2026-02-13", "2026-02-23", 1),
        ("2026-02-14", "2026-02-22", 0),
        ("2025-12-31", "2026-01-10", 6),
        ("2026-03-06", "2026-03-07", 0),
    ];
    for (from, to, expected) in cases {
        assert_eq!(calendar().working_days_between(date(from), date(to)), expected, "{from}..{to}");
    }
}

/// The same rules, written the slow way: a list of the worked days of ten years, and positions in it.
fn worked_days(calendar: &Calendar) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    let mut day = date("2022-01-01");
    while day < date("2033-01-01") {
        let listed = |list: fn(&Year) -> &BTreeMap<NaiveDate, String>| {
            calendar.years.values().any(|year| list(year).contains_key(&day))
        };
        let fixed = ["01-01", "04-30", "05-01", "09-02"].contains(&day.format("%m-%d").to_string().as_str());
        let weekend = matches!(day.format("%u").to_string().as_str(), "6" | "7");
        let holiday = if day.year() == 2026 { listed(|year| &year.off) } else { fixed };
        if (!weekend && !holiday) || listed(|year| &year.work) {
            days.push(day);
        }
        day = day.succ_opt().unwrap();
    }
    days
}

#[test]
fn a_second_implementation_agrees_on_every_day_of_seven_years() {
    let calendar = calendar();
    let worked = worked_days(&calendar);
    for day in date("2024-01-01").iter_days().take_while(|day| *day <= date("2030-12-31")) {
        // Position of the first worked day at or after `day`, and whether it is `day`.
        let at = worked.partition_point(|other| *other < day);
        let today = usize::from(worked[at] == day);
        assert_eq!(calendar.is_working(day), today == 1, "{day}");
        for n in [1, 2, 5, 10, 22] {
            let context = format!("{day} ± {n}");
            let ahead = calendar.add_working_days(day, i32::try_from(n).unwrap());
            let back = calendar.add_working_days(day, -i32::try_from(n).unwrap());
            assert_eq!((back, ahead), (worked[at - n], worked[at + today + n - 1]), "{context}");
            assert_eq!(calendar.working_days_between(day, ahead), i32::try_from(n).unwrap(), "{context}");
        }
        assert_eq!(calendar.add_working_days(day, 0), worked[at]);
        assert_eq!(calendar.before_day(day), calendar.end_of_day(worked[at - 1]));
    }
}

#[test]
fn the_explanation_lists_what_the_count_passed() {
    let told = |from, n| {
        let days = calendar().explain(date(from), n);
        days.iter().map(|day| format!("{} {}", day.date.format("%d"), day.why)).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-03-05", 2), ["06 ngày làm việc", "07 thứ Bảy", "08 Chủ nhật", "09 ngày làm việc"]);
    assert_eq!(told("2026-03-09", -1), ["08 Chủ nhật", "07 thứ Bảy", "06 ngày làm việc"]);
    assert_eq!(told("2026-03-07", 0), ["07 thứ Bảy", "08 Chủ nhật", "09 ngày làm việc"]);
    assert_eq!(told("2026-03-06", 0), ["06 ngày làm việc"]);
}

#[test]
fn days_end_at_midnight_and_are_shown_as_themselves() {
    let calendar = calendar();
    let end = calendar.end_of_day(date("2026-03-14"));
    assert_eq!(end, utc("2026-03-15T00:00:00+07:00"));
    assert_eq!(calendar.date_of(end), date("2026-03-15"));
    assert_eq!(calendar.due_day(end), date("2026-03-14"));
    assert_eq!(calendar.due_day(utc("2026-03-14T16:30:00+07:00")), date("2026-03-14"));
    assert_eq!(calendar.end_of_day(date("2026-12-31")), utc("2027-01-01T00:00:00+07:00"));
    assert_eq!(calendar.end_of_day(date("2028-02-29")), utc("2028-03-01T00:00:00+07:00"));
}

#[test]
fn before_a_day_is_the_working_day_before_or_the_day() {
    let mut calendar = calendar();
    // 15/03/2026 is a Sunday: before it is Friday 13/03. Before Mồng 2 Tết is Friday 13/02.
    assert_eq!(calendar.due_day(calendar.before_day(date("2026-03-15"))), date("2026-03-13"));
    assert_eq!(calendar.due_day(calendar.before_day(date("2026-02-18"))), date("2026-02-13"));
    assert_eq!(calendar.due_day(calendar.before_day(date("2026-01-11"))), date("2026-01-10"));
    calendar.before_day = BeforeDay::Inclusive;
    assert_eq!(calendar.due_day(calendar.before_day(date("2026-03-15"))), date("2026-03-15"));
}

#[test]
fn office_hours_open_next() {
    let cases = [
        ("2026-03-02T06:00:00+07:00", "2026-03-02T07:30:00+07:00"),
        ("2026-03-02T07:30:00+07:00", "2026-03-02T07:30:00+07:00"),
        ("2026-03-02T09:12:34+07:00", "2026-03-02T09:12:34+07:00"),
        ("2026-03-02T11:30:00+07:00", "2026-03-02T13:00:00+07:00"),
        ("2026-03-02T16:30:00+07:00", "2026-03-03T07:30:00+07:00"),
        ("2026-03-06T17:00:00+07:00", "2026-03-09T07:30:00+07:00"),
        ("2026-02-13T20:00:00+07:00", "2026-02-23T07:30:00+07:00"),
        ("2026-01-09T20:00:00+07:00", "2026-01-10T07:30:00+07:00"),
        ("2026-12-31T20:00:00+07:00", "2027-01-04T07:30:00+07:00"),
    ];
    for (at, expected) in cases {
        assert_eq!(calendar().next_office_instant(utc(at)), utc(expected), "{at}");
    }
    assert_eq!(calendar().opening(date("2026-03-07")), utc("2026-03-07T07:30:00+07:00"));
}

#[test]
fn gaps_and_folds_of_other_zones() {
    let instant = |zone, local: &str| {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        Calendar { zone, ..calendar() }.instant(local.date(), local.time())
    };
    let cases = [
        (Tz::Asia__Ho_Chi_Minh, "2026-03-02 07:30", "2026-03-02T00:30:00Z"),
        // New York: 02:00–03:00 does not exist on 08/03/2026; 01:00–02:00 happens twice on 01/11/2026.
        (Tz::America__New_York, "2026-03-08 02:30", "2026-03-08T07:00:00Z"),
        (Tz::America__New_York, "2026-11-01 01:30", "2026-11-01T05:30:00Z"),
        // Havana skips midnight; Samoa skipped a whole day.
        (Tz::America__Havana, "2026-03-08 00:00", "2026-03-08T05:00:00Z"),
        (Tz::Pacific__Apia, "2011-12-30 00:00", "2011-12-30T10:00:00Z"),
    ];
    for (zone, local, expected) in cases {
        assert_eq!(instant(zone, local), utc(expected), "{zone} {local}");
    }
}

#[test]
fn the_version_follows_the_data() {
    let base = calendar();
    assert_eq!(base.version().len(), 12);
    assert_eq!(base.version(), calendar().version());
    let mut changed = [base.clone(), base.clone(), base.clone(), base.clone(), base.clone()];
    changed[0].before_day = BeforeDay::Inclusive;
    changed[1].week[5] = true;
    changed[2].hours.pop();
    changed[3].years.clear();
    changed[4].years.entry(2026).or_default().off.insert(date("2026-11-24"), "Ngày Văn hóa".to_owned());
    let mut versions: Vec<_> = changed.iter().map(Calendar::version).chain([base.version()]).collect();
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 6);
}

#[test]
fn provisional_is_any_year_on_the_way() {
    let calendar = calendar();
    assert!(!calendar.is_provisional(date("2026-01-01"), date("2026-12-31")));
    assert!(calendar.is_provisional(date("2026-12-31"), date("2027-01-01")));
    assert!(calendar.is_provisional(date("2027-01-01"), date("2026-12-31")));
}

#[test]
fn the_ends_of_time_do_not_panic() {
    let calendar = calendar();
    let idle = Calendar { week: [false; 7], hours: Vec::new(), years: BTreeMap::new(), ..calendar.clone() };
    for calendar in [&calendar, &idle] {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            for n in [-3, 0, 3] {
                calendar.add_working_days(day, n);
                calendar.explain(day, n);
            }
            calendar.before_day(day);
            calendar.opening(day);
            calendar.end_of_day(day);
        }
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            calendar.next_office_instant(at);
            calendar.due_day(at);
        }
    }
    assert_eq!(idle.add_working_days(date("2026-03-02"), 5), date("2026-03-02"));
}

#[test]
fn office_time_counts_office_hours_alone() {
    let calendar = calendar();
    for (from, to, minutes) in [
        ("2026-03-02T01:00:00Z", "2026-03-02T03:00:00Z", 120),
        ("2026-03-02T01:00:00Z", "2026-03-02T07:00:00Z", 210 + 60),
        ("2026-03-02T09:30:00Z", "2026-03-03T00:30:00Z", 0),
        ("2026-03-06T09:00:00Z", "2026-03-09T01:00:00Z", 30 + 30),
        ("2026-02-13T09:30:00Z", "2026-02-23T00:30:00Z", 0),
        ("2026-03-02T03:00:00Z", "2026-03-02T01:00:00Z", 0),
    ] {
        let counted = calendar.office_time(utc(from), utc(to));
        assert_eq!(counted.num_minutes(), minutes, "{from} to {to}");
    }
}
