use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn hanoi(expression: &str) -> Schedule {
    Schedule::parse(expression, Tz::Asia__Ho_Chi_Minh).unwrap()
}

/// The next instants after `after`, as local day, time and weekday.
#[track_caller]
fn check(expression: &str, zone: Tz, after: &str, expected: &[&str]) {
    let schedule = Schedule::parse(expression, zone).unwrap();
    let next = std::iter::successors(schedule.next_after(utc(after)), |at| schedule.next_after(*at));
    let told = next.map(|at| at.with_timezone(&zone).format("%d/%m %H:%M %a").to_string());
    assert_eq!(told.take(expected.len()).collect::<Vec<_>>(), expected, "{expression}");
}

#[test]
fn weekdays_are_posix() {
    // 01/03/2026 is a Sunday.
    let cases: &[(&str, &[&str])] = &[
        (
            "0 7 * * 1-5",
            &[
                "02/03 07:00 Mon",
                "03/03 07:00 Tue",
                "04/03 07:00 Wed",
                "05/03 07:00 Thu",
                "06/03 07:00 Fri",
                "09/03 07:00 Mon",
            ],
        ),
        ("0 7 * * 0", &["01/03 07:00 Sun", "08/03 07:00 Sun"]),
        ("0 7 * * 7", &["01/03 07:00 Sun", "08/03 07:00 Sun"]),
        ("0 7 * * 0,6", &["01/03 07:00 Sun", "07/03 07:00 Sat", "08/03 07:00 Sun"]),
        ("0 7 * * 5-7", &["01/03 07:00 Sun", "06/03 07:00 Fri", "07/03 07:00 Sat", "08/03 07:00 Sun"]),
        (
            "0 7 * * */2",
            &["01/03 07:00 Sun", "03/03 07:00 Tue", "05/03 07:00 Thu", "07/03 07:00 Sat", "08/03 07:00 Sun"],
        ),
        ("0 7 * * 1-5/2", &["02/03 07:00 Mon", "04/03 07:00 Wed", "06/03 07:00 Fri", "09/03 07:00 Mon"]),
        ("0 7 * * MON-Fri", &["02/03 07:00 Mon", "03/03 07:00 Tue"]),
        ("0 7 * * fri-sun", &["01/03 07:00 Sun", "06/03 07:00 Fri", "07/03 07:00 Sat", "08/03 07:00 Sun"]),
        ("0 7 * * 0-6", &["01/03 07:00 Sun", "02/03 07:00 Mon"]),
    ];
    for (expression, expected) in cases {
        check(expression, Tz::Asia__Ho_Chi_Minh, "2026-03-01T00:00:00+07:00", expected);
    }
}

#[test]
fn minutes_hours_and_dates() {
    let cases: &[(&str, &[&str])] = &[
        ("*/5 7-17 * * 1-5", &["02/03 07:00 Mon", "02/03 07:05 Mon", "02/03 07:10 Mon"]),
        ("0 7,13 1,15 * *", &["01/03 07:00 Sun", "01/03 13:00 Sun", "15/03 07:00 Sun"]),
        ("0 0 29 2 *", &["29/02 00:00 Tue", "29/02 00:00 Sun"]),
        ("0 0 31 * *", &["31/03 00:00 Tue", "31/05 00:00 Sun"]),
        ("59 23 31 dec *", &["31/12 23:59 Thu", "31/12 23:59 Fri"]),
        (
            "30 6 10-20/5 jan-mar *",
            &["10/03 06:30 Tue", "15/03 06:30 Sun", "20/03 06:30 Fri", "10/01 06:30 Sun"],
        ),
    ];
    for (expression, expected) in cases {
        check(expression, Tz::Asia__Ho_Chi_Minh, "2026-03-01T00:00:00+07:00", expected);
    }
}

#[test]
fn clock_changes_run_a_planned_time_once_and_in_order() {
    let new_york = Tz::America__New_York;
    // 02:00–03:00 does not exist on 08/03/2026.
    check(
        "30 2 * * *",
        new_york,
        "2026-03-07T00:00:00-05:00",
        &["07/03 02:30 Sat", "08/03 03:00 Sun", "09/03 02:30 Mon"],
    );
    check(
        "*/30 1-3 * * *",
        new_york,
        "2026-03-08T01:00:00-05:00",
        &["08/03 01:30 Sun", "08/03 03:00 Sun", "08/03 03:30 Sun"],
    );
    // 01:00–02:00 happens twice on 01/11/2026.
    check(
        "30 1 * * *",
        new_york,
        "2026-10-31T00:00:00-04:00",
        &["31/10 01:30 Sat", "01/11 01:30 Sun", "02/11 01:30 Mon"],
    );
    let twice = Schedule::parse("*/30 1 * * *", new_york).unwrap();
    let expected = ["2026-11-01T01:00:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:00:00-05:00"];
    assert_eq!(twice.next_three(utc("2026-11-01T00:00:00-04:00")), expected.map(utc));
    // Asked in the second pass, the day's run is over.
    let second = utc("2026-11-01T01:10:00-05:00");
    assert_eq!(twice.next_after(second), Some(utc("2026-11-02T01:00:00-05:00")));
    assert_eq!(twice.due(utc("2026-10-31T12:00:00Z"), second), Some(utc("2026-11-01T01:30:00-04:00")));
}

#[test]
fn refused_expressions_say_what_to_write() {
    let cases = [
        ("0 0 7 * * 1-5", "schedule-field-count", "bỏ trường giây"),
        ("0 0 7 * * 7", "schedule-field-count", "bỏ trường giây"),
        ("0 0 7 * * 0 2026", "schedule-field-count", "trường năm"),
        ("", "schedule-field-count", "ở đây có 0"),
        ("0 7 * *", "schedule-field-count", "5 trường"),
        ("@daily", "schedule-shorthand", "@daily"),
        ("0 7 13 * Fri", "schedule-both-days", "tách thành hai lịch"),
        ("0 7 13 * 5", "schedule-both-days", "*"),
        ("0 7 L * *", "schedule-part", "\"L\""),
        ("0 7 * * MON#1", "schedule-part", "\"MON#1\""),
        ("0 7 ? * *", "schedule-part", "\"?\""),
        ("0 7 * * 2/2", "schedule-part", "\"2/2\""),
        ("*/0 7 * * *", "schedule-part", "\"*/0\""),
        ("+5 7 * * *", "schedule-part", "\"+5\""),
        ("5, 7 * * *", "schedule-part", "\"\""),
        ("0 17-7 * * *", "schedule-backwards", "17-23,0-7"),
        ("60 7 * * *", "schedule-range", "trường phút: 60 nằm ngoài khoảng 0–59"),
        ("0 24 * * *", "schedule-range", "0–23"),
        ("0 7 0 * *", "schedule-range", "1–31"),
        ("0 7 * 13 *", "schedule-range", "1–12"),
        ("0 7 * * 8", "schedule-range", "0–7"),
        ("0 7 99999999999 * *", "schedule-part", "99999999999"),
        ("0 7 30 2 *", "schedule-never", "không bao giờ"),
        ("0 7 31 4,6,9,11 *", "schedule-never", "không bao giờ"),
    ];
    for (expression, code, says) in cases {
        let error = Schedule::parse(expression, Tz::Asia__Ho_Chi_Minh).unwrap_err();
        assert_eq!(error.code(), code, "{expression}: {error}");
        assert!(error.to_string().contains(says), "{expression}: {error}");
    }
}

#[test]
fn missed_runs_are_caught_up_once() {
    let morning = hanoi("0 7 * * 1-5");
    let at = |text: &str| utc(&format!("{text}:00+07:00"));
    let cases = [
        // (last planned, now, due)
        ("2026-03-02T07:00", "2026-03-02T12:00", None),
        ("2026-03-02T07:00", "2026-03-03T06:59", None),
        ("2026-03-02T07:00", "2026-03-03T07:00", Some("2026-03-03T07:00")),
        ("2026-03-02T07:00", "2026-03-05T08:00", Some("2026-03-05T07:00")),
        ("2026-03-02T07:00", "2026-04-01T03:00", Some("2026-03-31T07:00")),
        ("2026-03-06T07:00", "2026-03-08T23:00", None),
        // A clock stepped back.
        ("2026-03-06T07:00", "2026-03-05T23:00", None),
    ];
    for (last, now, due) in cases {
        assert_eq!(morning.due(at(last), at(now)), due.map(at), "{last} {now}");
    }
}

#[test]
fn due_is_the_newest_for_every_kind_of_schedule() {
    for expression in ["* * * * *", "*/7 6-9 * * *", "0 0 1 * *", "15 3 * * 6,0", "* * 2 * *"] {
        let schedule = hanoi(expression);
        let last = utc("2026-02-20T00:00:00Z");
        for step in 0..20 {
            let now = last + TimeDelta::minutes(step * 937) + TimeDelta::seconds(step);
            let planned = std::iter::successors(schedule.next_after(last), |at| schedule.next_after(*at));
            let slow = planned.take_while(|at| *at <= now).last();
            assert_eq!(schedule.due(last, now), slow, "{expression} {now}");
        }
    }
}

#[test]
fn the_text_is_kept() {
    let schedule = hanoi(" 0  7 * * 1-5 ");
    assert_eq!(schedule.to_string(), "0  7 * * 1-5");
    assert_eq!(format!("{schedule:?}"), "Schedule(\"0  7 * * 1-5\" Asia/Ho_Chi_Minh)");
    assert_eq!(schedule, hanoi("0  7 * * 1-5"));
}

#[test]
fn the_ends_of_time_do_not_panic() {
    let schedule = hanoi("0 7 * * *");
    // Việt Nam kept +08:00 in 1970.
    assert_eq!(schedule.next_after(DateTime::<Utc>::MIN_UTC), Some(utc("1970-01-02T07:00:00+08:00")));
    assert_eq!(schedule.next_after(DateTime::<Utc>::MAX_UTC), None);
    assert_eq!(schedule.next_three(utc("2100-12-31T00:00:00+07:00")).len(), 1);
    assert_eq!(
        schedule.due(DateTime::<Utc>::MIN_UTC, utc("2026-03-02T08:00:00+07:00")),
        Some(utc("2026-03-02T07:00:00+07:00"))
    );
}
