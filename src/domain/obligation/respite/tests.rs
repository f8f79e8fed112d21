use chrono::TimeZone;
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::domain::ids::{DocumentId, DutyId, RevisionId, TaskId};

/// Seven hours and a half a day, Monday to Friday.
fn calendar() -> Calendar {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7, 30), time(11, 30)), (time(13, 30), time(17, 0))],
        before_day: Default::default(),
        years: [(2026, Default::default())].into(),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Ho_Chi_Minh.from_local_datetime(&local).unwrap().with_timezone(&Utc)
}

fn end_of(day: &str) -> DateTime<Utc> {
    calendar().end_of_day(day.parse().unwrap())
}

/// Opened Monday 02/03/2026, to be acknowledged by the end of Tuesday and done by the end of the 13th, a Friday.
fn row() -> Obligation {
    Obligation {
        id: ObligationId(1),
        document: DocumentId(1),
        revision: RevisionId(1),
        duty: DutyId(1),
        task: TaskId::only(),
        cell: "cb".into(),
        state: State::Open,
        opened: at("2026-03-02 09:00"),
        since: at("2026-03-02 09:00"),
        acknowledge_due: Some(end_of("2026-03-03")),
        due: Some(end_of("2026-03-13")),
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: Some(at("2026-03-10 07:30")),
    }
}

const BY: (&str, &str) = ("van-thu", "chi bộ tổ chức đại hội");

#[test]
fn a_muted_row_keeps_its_instants_and_what_its_ladder_waited_for() {
    let (muted, respite) = row().muted(BY, at("2026-03-05 09:00"), end_of("2026-03-12"));
    assert_eq!((muted.instants(), muted.next_action), (row().instants(), Some(end_of("2026-03-12"))));
    assert_eq!((respite.floor, respite.kind), (row().next_action, RespiteKind::Mute));
    assert_eq!(muted.roused(&respite, at("2026-03-13 07:30"), &calendar()), row());
}

#[test]
fn the_working_time_of_a_pause_is_given() {
    let monday = at("2026-03-02 10:00");
    let cases = [
        // (paused on, until, due before, due after)
        (monday, end_of("2026-03-02"), end_of("2026-03-13"), end_of("2026-03-16")),
        (monday, end_of("2026-03-06"), end_of("2026-03-13"), end_of("2026-03-20")),
        (at("2026-03-07 10:00"), end_of("2026-03-08"), end_of("2026-03-13"), end_of("2026-03-13")),
        (monday, at("2026-03-02 11:30"), at("2026-03-13 16:00"), at("2026-03-16 08:00")),
        (monday, end_of("2026-03-06"), at("2026-03-02 09:30"), at("2026-03-02 09:30")),
    ];
    for (now, until, due, after) in cases {
        let row = Obligation { due: Some(due), acknowledge_due: None, ..row() };
        let (paused, respite) = row.paused(BY, now, until, &calendar());
        assert_eq!(paused.due, Some(after), "{now} {until} {due}");
        assert_eq!((respite.before.due, respite.after.due), (Some(due), Some(after)));
        assert_eq!(paused.next_action, Some(until));
    }
}

#[test]
fn an_acknowledgement_that_is_still_owed_rests_too() {
    let (now, until) = (at("2026-03-03 07:30"), end_of("2026-03-03"));
    let paused = |state| Obligation { state, ..row() }.paused(BY, now, until, &calendar()).0;
    assert_eq!(paused(State::Open).acknowledge_due, Some(end_of("2026-03-04")));
    assert_eq!(paused(State::Acknowledged).acknowledge_due, row().acknowledge_due);
}

#[test]
fn a_pause_that_ends_early_gives_only_what_was_rested() {
    let calendar = calendar();
    let (paused, respite) = row().paused(BY, at("2026-03-03 07:30"), end_of("2026-03-06"), &calendar);
    assert_eq!(paused.due, Some(end_of("2026-03-19")));
    let roused = paused.roused(&respite, at("2026-03-04 07:30"), &calendar);
    assert_eq!((roused.due, roused.next_action), (Some(end_of("2026-03-16")), None));
    let whole = paused.roused(&respite, at("2026-03-09 07:30"), &calendar);
    assert_eq!(whole.due, paused.due);
}

#[test]
fn what_somebody_moved_during_a_pause_stays_where_they_put_it() {
    let calendar = calendar();
    let (paused, respite) = row().paused(BY, at("2026-03-03 07:30"), end_of("2026-03-06"), &calendar);
    let moved = Obligation { due: Some(end_of("2026-04-30")), ..paused };
    assert_eq!(moved.roused(&respite, at("2026-03-04 07:30"), &calendar).due, moved.due);
}
