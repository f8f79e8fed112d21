use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, DutyId, RevisionId, TaskId, UnitId};

fn calendar() -> Calendar {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        hours: vec![(time(7, 30), time(11, 30)), (time(13, 0), time(16, 30))],
        before_day: Default::default(),
        years: [(2026, Default::default())].into(),
        sectors: Default::default(),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Ho_Chi_Minh.from_local_datetime(&local).unwrap().to_utc()
}

fn row(state: State, acknowledge_due: Option<&str>, due: Option<&str>) -> Obligation {
    Obligation {
        id: ObligationId(1),
        document: DocumentId(1),
        revision: RevisionId(1),
        duty: DutyId(1),
        task: TaskId::only(),
        cell: UnitId::from("cb-1"),
        state,
        opened: at("2026-03-02 09:00"),
        since: at("2026-03-02 09:00"),
        acknowledge_due: acknowledge_due.map(at),
        due: due.map(at),
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: None,
    }
}

/// On the morning of Monday 2026-03-16. 24:00 of a day belongs to that day.
#[test]
fn what_presses_how_much() {
    use State::{Acknowledged, Open};
    let cases = [
        (Acknowledged, None, Some("2026-03-14 00:00"), Pain::Late, Some(-1)),
        (Open, Some("2026-03-05 00:00"), Some("2026-04-01 00:00"), Pain::Late, Some(-8)),
        (Acknowledged, Some("2026-03-05 00:00"), Some("2026-04-01 00:00"), Pain::Rest, Some(11)),
        (Acknowledged, None, Some("2026-03-17 00:00"), Pain::Today, Some(0)),
        (Open, None, Some("2026-03-16 15:00"), Pain::Today, Some(0)),
        (Open, Some("2026-03-17 00:00"), None, Pain::Today, Some(0)),
        (Open, Some("2026-03-18 00:00"), Some("2026-03-20 00:00"), Pain::Unheard, Some(3)),
        (Open, None, None, Pain::Unheard, None),
        (Acknowledged, None, None, Pain::Rest, None),
    ];
    let (now, calendar) = (at("2026-03-16 07:30"), calendar());
    for (state, acknowledge, due, pain, left) in cases {
        let row = row(state, acknowledge, due);
        assert_eq!(Pain::of(&row, now, &calendar), pain, "{row:?}");
        assert_eq!(days_left(&row, now, &calendar), left, "{row:?}");
    }
}

#[test]
fn only_what_presses_calls() {
    assert_eq!(Pain::ALL.map(Pain::calls), [true, true, false, false]);
}

fn item(number: i64, pain: Pain, days_left: Option<i32>, symbol: &str) -> Item {
    let facts = Facts {
        symbol: symbol.to_owned(),
        kind_name: None,
        issuer: String::new(),
        issued: None,
        subject: None,
        urgency: Urgency::Normal,
    };
    Item {
        obligation: ObligationId(number),
        facts,
        task: None,
        role: Role::Lead,
        owes: Vec::new(),
        pain,
        acknowledged: true,
        acknowledge_due: None,
        due: None,
        days_left,
        link: String::new(),
        challenge: String::new(),
    }
}

#[test]
fn the_order_is_that_of_pain() {
    let mut items = vec![
        item(1, Pain::Rest, Some(4), "10-KH/ĐUK"),
        item(2, Pain::Unheard, None, "9-KH/ĐUK"),
        item(3, Pain::Late, Some(-1), "8-KH/ĐUK"),
        item(4, Pain::Today, Some(0), "7-KH/ĐUK"),
        item(5, Pain::Late, Some(-12), "6-KH/ĐUK"),
        item(6, Pain::Rest, Some(4), "9-KH/ĐUK"),
        item(7, Pain::Unheard, Some(2), "5-KH/ĐUK"),
    ];
    sort(&mut items);
    let order: Vec<_> = items.iter().map(|item| item.obligation.0).collect();
    // The latest first; within one pain and day 9 comes before 10.
    assert_eq!(order, [5, 3, 4, 7, 2, 6, 1]);
}

#[test]
fn a_morning_begins_with_the_office_and_ends_with_its_hours() {
    let hour = |text: &str| text.parse::<NaiveTime>().unwrap();
    for (set, now, expected) in [
        ("07:30:00", "2026-03-16 07:29", None),
        ("07:30:00", "2026-03-16 07:30", Some("2026-03-16 07:30")),
        ("07:30:00", "2026-03-16 11:00", Some("2026-03-16 07:30")),
        ("07:30:00", "2026-03-16 16:30", None),
        ("06:00:00", "2026-03-16 07:00", None),
        ("06:00:00", "2026-03-16 07:30", Some("2026-03-16 07:30")),
        ("08:15:00", "2026-03-16 08:00", None),
        ("08:15:00", "2026-03-16 08:15", Some("2026-03-16 08:15")),
    ] {
        assert_eq!(due_at(hour(set), at(now), &calendar()), expected.map(at), "{set} {now}");
    }
}

/// An information that was acknowledged is no open work, though its row stays live; with a due it is, because
/// late has one meaning.
#[test]
fn what_was_only_to_be_acknowledged_is_settled_then() {
    use Owed::{Acknowledge, Report};
    use State::{Acknowledged, Open};
    for (state, owes, due, settled) in [
        (Acknowledged, vec![Acknowledge], None, true),
        (Open, vec![Acknowledge], None, false),
        (Acknowledged, vec![Acknowledge, Report], None, false),
        (Acknowledged, vec![Acknowledge], Some("2026-04-01 00:00"), false),
    ] {
        assert_eq!(is_settled(&row(state, None, due), &owes), settled, "{state:?} {owes:?} {due:?}");
    }
}
