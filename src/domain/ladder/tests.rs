use chrono::{NaiveTime, TimeZone};
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::domain::ids::{DocumentId, DutyId, ObligationId, RevisionId};

fn calendar() -> Calendar {
    let time = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
    let mut year = crate::domain::calendar::Year::default();
    year.off.insert("2026-03-09".parse().unwrap(), "nghỉ thử".to_owned());
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7), time(16))],
        before_day: Default::default(),
        years: [(2026, year)].into(),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Ho_Chi_Minh.from_local_datetime(&local).unwrap().with_timezone(&Utc)
}

fn step(number: u16, anchor: Anchor, offset: i32, until: Until) -> Step {
    Step { number, anchor, offset, hours: 0, kind: StepKind::Remind, to: Recipient::Cell, until }
}

fn ladder() -> Ladder {
    let steps = vec![
        step(1, Anchor::Notice, 1, Until::Acknowledged),
        step(2, Anchor::Due, -3, Until::Done),
        step(3, Anchor::Due, 0, Until::Done),
        step(4, Anchor::Due, 1, Until::Done),
    ];
    Ladder { name: "thử".to_owned(), steps, ..Ladder::default() }
}

fn taken(advice: &Advice<'_>) -> Vec<u16> {
    advice.take.iter().map(|planned| planned.step.number).collect()
}

/// Opened Monday 2026-03-02, due 24:00 of Friday 2026-03-13; Monday the 9th is a holiday.
fn row() -> Obligation {
    Obligation {
        id: ObligationId(1),
        document: DocumentId(1),
        revision: RevisionId(1),
        duty: DutyId(1),
        task: crate::domain::ids::TaskId::only(),
        cell: "cb".into(),
        state: State::Open,
        opened: at("2026-03-02 09:00"),
        since: at("2026-03-02 09:00"),
        acknowledge_due: None,
        due: Some(calendar().end_of_day("2026-03-13".parse().unwrap())),
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: None,
    }
}

#[test]
fn steps_stand_at_the_opening_of_working_days() {
    let ladder = ladder();
    let planned: Vec<_> =
        plan(&row(), &ladder, &calendar()).iter().map(|planned| (planned.step.number, planned.at)).collect();
    assert_eq!(
        planned,
        [
            (1, at("2026-03-03 07:30")),
            (2, at("2026-03-10 07:30")),
            (3, at("2026-03-13 07:30")),
            (4, at("2026-03-16 07:30")),
        ]
    );
}

#[test]
fn opening_plans_and_the_due_step_is_taken_once() {
    let (ladder, calendar) = (ladder(), calendar());
    let mut row = row();
    let first = advise(&row, &ladder, row.opened, &calendar);
    assert_eq!((first.take, first.next), (Vec::new(), Some(at("2026-03-03 07:30"))));
    row.next_action = first.next;
    let early = advise(&row, &ladder, at("2026-03-03 07:29"), &calendar);
    assert_eq!((early.take, early.next), (Vec::new(), Some(at("2026-03-03 07:30"))));
    let due = advise(&row, &ladder, at("2026-03-03 07:30"), &calendar);
    assert_eq!(taken(&due), [1]);
    row.next_action = due.next;
    let again = advise(&row, &ladder, at("2026-03-03 07:31"), &calendar);
    assert_eq!((again.take, again.next), (Vec::new(), Some(at("2026-03-10 07:30"))));
}

#[test]
fn after_an_outage_only_the_newest_due_step_is_taken() {
    let ladder = ladder();
    let mut row = row();
    row.next_action = Some(at("2026-03-03 07:30"));
    let advice = advise(&row, &ladder, at("2026-03-14 12:00"), &calendar());
    assert_eq!((taken(&advice), advice.skipped), (vec![3], vec![1, 2]));
    assert_eq!(advice.next, Some(at("2026-03-16 07:30")));
    let advice = advise(&row, &ladder, at("2026-05-01 12:00"), &calendar());
    assert_eq!((taken(&advice), advice.next), (vec![4], None));
}

#[test]
fn an_acknowledgement_stops_its_own_steps_and_done_stops_all() {
    let ladder = ladder();
    let numbers = |state| {
        let row = Obligation { state, ..row() };
        plan(&row, &ladder, &calendar()).iter().map(|planned| planned.step.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(State::Open), [1, 2, 3, 4]);
    assert_eq!(numbers(State::Acknowledged), [2, 3, 4]);
    for closed in [State::Done, State::Declined, State::Excused, State::Withdrawn] {
        assert!(numbers(closed).is_empty());
    }
}

#[test]
fn a_due_on_a_rest_day_is_reminded_of_on_the_working_day_before() {
    let mut row = row();
    row.due = Some(calendar().end_of_day("2026-03-15".parse().unwrap()));
    let ladder = Ladder { steps: vec![step(1, Anchor::Due, 0, Until::Done)], ..Ladder::default() };
    assert_eq!(plan(&row, &ladder, &calendar())[0].at, at("2026-03-13 07:30"));
}

#[test]
fn steps_before_the_opening_are_left_out() {
    let mut row = row();
    row.due = Some(calendar().end_of_day("2026-03-03".parse().unwrap()));
    let ladder = ladder();
    let numbers: Vec<_> =
        plan(&row, &ladder, &calendar()).iter().map(|planned| planned.step.number).collect();
    assert_eq!(numbers, [1, 3, 4]);
}

#[test]
fn steps_of_one_instant_are_taken_together_whoever_they_write_to() {
    let mut ladder = ladder();
    ladder.steps.push(Step { to: Recipient::Parent, ..step(5, Anchor::Due, 1, Until::Done) });
    let row = Obligation { next_action: Some(at("2026-03-10 07:30")), ..row() };
    let advice = advise(&row, &ladder, at("2026-03-16 08:00"), &calendar());
    assert_eq!((taken(&advice), advice.skipped), (vec![4, 5], vec![2, 3]));
}

#[test]
fn what_was_missed_is_caught_up_as_the_ladder_says() {
    let row = Obligation { next_action: Some(at("2026-03-03 07:30")), ..row() };
    let all: (Vec<u16>, Vec<u16>) = (vec![1, 2, 3], vec![]);
    let cases = [
        (CatchUp::Latest, "2026-03-14 12:00", (vec![3], vec![1, 2])),
        (CatchUp::All, "2026-03-14 12:00", all),
        (CatchUp::None, "2026-03-14 12:00", (vec![], vec![1, 2, 3])),
        (CatchUp::None, "2026-03-13 16:00", (vec![3], vec![1, 2])),
    ];
    for (catch_up, now, expected) in cases {
        let ladder = Ladder { catch_up, ..ladder() };
        let advice = advise(&row, &ladder, at(now), &calendar());
        assert_eq!((taken(&advice), advice.skipped), expected, "{catch_up:?} {now}");
        assert_eq!(advice.next, Some(at("2026-03-16 07:30")));
    }
}

#[test]
fn hours_are_office_hours_before_and_after_an_instant() {
    let hours = |number, anchor, hours| Step { hours, ..step(number, anchor, 0, Until::Done) };
    let steps = vec![
        hours(1, Anchor::Notice, 2),
        hours(2, Anchor::Notice, 9),
        hours(3, Anchor::Due, -1),
        hours(4, Anchor::Due, -10),
        hours(5, Anchor::Due, 1),
    ];
    let ladder = Ladder { steps, ..Ladder::default() };
    let row = row();
    let planned: Vec<_> =
        plan(&row, &ladder, &calendar()).iter().map(|planned| (planned.step.number, planned.at)).collect();
    assert_eq!(
        planned,
        [
            (1, at("2026-03-02 11:00")),
            (2, at("2026-03-03 09:00")),
            (4, at("2026-03-12 15:30")),
            (3, at("2026-03-13 15:30")),
            (5, at("2026-03-16 08:30")),
        ]
    );
}

#[test]
fn frozen_ladders_of_older_registers_can_still_be_read() {
    let text = r#"{"name":"standard","steps":[{"number":1,"anchor":"due","offset":3,"kind":"escalate",
        "to":"parent","until":"done"}]}"#;
    let ladder: Ladder = serde_json::from_str(text).unwrap();
    let step = Step { kind: StepKind::Chase, to: Recipient::Parent, ..step(1, Anchor::Due, 3, Until::Done) };
    assert_eq!(ladder, Ladder { name: "standard".to_owned(), steps: vec![step], ..Ladder::default() });
    let again = serde_json::to_string(&ladder).unwrap();
    assert_eq!(again, text.replace("\n        ", "").replace("escalate", "chase"));
}
