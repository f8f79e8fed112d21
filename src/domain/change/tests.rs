use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Grade, Owed, Role};

fn duty(role: Role, due: Option<i64>) -> Duty {
    Duty {
        task: None,
        role,
        owes: vec![Owed::Acknowledge],
        rules: Vec::new(),
        rule_names: Vec::new(),
        acknowledge_due: None,
        due: due.map(|days| DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::days(days)),
        due_why: None,
        ladder: Ladder::default(),
        grade: Grade::Clicked,
        figures: Vec::new(),
        ruleset: String::new(),
    }
}

fn assigned(groups: &[(Duty, &[&str])]) -> Outcome {
    let group = |(duty, cells): &(Duty, &[&str])| Assignment {
        duty: duty.clone(),
        cells: cells.iter().map(|cell| UnitId::from(*cell)).collect::<Vec<_>>().into(),
    };
    Outcome::Assigned { assignments: groups.iter().map(group).collect() }
}

fn told(before: &Outcome, after: &Outcome) -> Vec<String> {
    let line = |shift: &Shift<'_>| {
        let cells: Vec<_> = shift.cells.iter().map(|cell| cell.as_str()).collect();
        format!("{:?} {}", shift.differences, cells.join(" "))
    };
    shifts(before, after).iter().map(line).collect()
}

#[test]
fn every_cell_stands_in_the_shift_it_makes() {
    let before =
        assigned(&[(duty(Role::Lead, Some(1)), &["a", "b", "c"]), (duty(Role::Inform, None), &["d"])]);
    let after = assigned(&[
        (duty(Role::Lead, Some(1)), &["a"]),
        (duty(Role::Lead, Some(2)), &["b", "d"]),
        (duty(Role::Support, None), &["e"]),
    ]);
    assert_eq!(told(&before, &after), ["[Added] e", "[Removed] c", "[Due] b", "[Role, Due] d"],);
}

#[test]
fn what_no_cell_notices_is_no_shift() {
    let mut reworded = duty(Role::Lead, Some(1));
    reworded.ladder.name = "khác".to_owned();
    reworded.ruleset = "khác".to_owned();
    reworded.rule_names = vec!["Tên khác".to_owned()];
    let before = assigned(&[(duty(Role::Lead, Some(1)), &["a", "b"])]);
    assert!(told(&before, &assigned(&[(reworded.clone(), &["a", "b"])])).is_empty());
    // The same duties, but the cells stand in other groups.
    let apart = assigned(&[(reworded, &["b"]), (duty(Role::Lead, Some(1)), &["a"])]);
    assert!(told(&before, &apart).is_empty());
    assert!(told(&Outcome::Unmatched, &Outcome::Unmatched).is_empty());
    assert_eq!(told(&Outcome::Unmatched, &before), ["[Added] a b"]);
}

/// Up to six cells in up to three groups, each group with one of a few duties.
fn outcomes() -> impl Strategy<Value = Outcome> {
    let duties = prop::sample::select(vec![
        duty(Role::Lead, None),
        duty(Role::Lead, Some(3)),
        duty(Role::Inform, Some(3)),
    ]);
    (prop::collection::vec(duties, 3), prop::collection::vec(0_usize..4, 6)).prop_map(|(duties, places)| {
        let cells = |group| {
            let here = places.iter().enumerate().filter(move |(_, place)| **place == group);
            here.map(|(cell, _)| UnitId(format!("cb-{cell}"))).collect::<Vec<_>>()
        };
        let groups = duties
            .into_iter()
            .enumerate()
            .map(|(group, duty)| Assignment { duty, cells: cells(group).into() });
        Outcome::Assigned { assignments: groups.filter(|group| !group.cells.is_empty()).collect() }
    })
}

fn duty_of<'a>(outcome: &'a Outcome, cell: &UnitId) -> Option<&'a Duty> {
    assignments(outcome).iter().find(|group| group.cells.contains(cell)).map(|group| &group.duty)
}

proptest! {
    /// Each cell's duty before and after is what its shift says, and who is in no shift notices nothing.
    #[test]
    fn shifts_say_all_and_nothing_else(before in outcomes(), after in outcomes()) {
        let shifts = shifts(&before, &after);
        for number in 0..6 {
            let cell = UnitId(format!("cb-{number}"));
            let mine: Vec<_> = shifts.iter().filter(|shift| shift.cells.contains(&&cell)).collect();
            let (was, is) = (duty_of(&before, &cell), duty_of(&after, &cell));
            prop_assert_eq!(mine.len(), usize::from(!differences(was, is).is_empty()));
            for shift in mine {
                prop_assert_eq!((shift.before, shift.after), (was, is));
            }
        }
    }
}
