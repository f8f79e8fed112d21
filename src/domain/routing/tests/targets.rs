//! Whom a rule chooses.

use super::*;
use crate::domain::rule::Direct;

#[track_caller]
fn chosen(to: Targets, paper: &Document, expected: &[&str]) {
    assert_eq!(cells(&run(vec![rule("r", When::default(), to)], paper)), expected);
}

fn to(addressees: &[&str]) -> Document {
    Document { addressees: words(addressees), ..document("1-KH/TU", "x") }
}

fn list(ids: &[&str]) -> Vec<UnitId> {
    ids.iter().map(|id| (*id).into()).collect()
}

#[test]
fn tags_choose_and_except() {
    let paper = to(&[]);
    let tag = |tags: &[&str]| Targets { tag: words(tags), ..Targets::default() };
    chosen(tag(&["border"]), &paper, &["cb-1-2", "cb-2"]);
    chosen(tag(&["border", "no-clerk"]), &paper, &["cb-1-2", "cb-2", "dn-1"]);
    chosen(Targets { sector: words(&["administration"]), ..tag(&["border"]) }, &paper, &["cb-2"]);
    chosen(Targets { except_tag: words(&["border"]), ..everyone() }, &paper, &["cb-1-1", "dn-1"]);
    // What is excepted is excepted even where it is named.
    chosen(
        Targets { units: list(&["cb-2"]), except_tag: words(&["border"]), ..everyone() },
        &paper,
        &["cb-1-1", "dn-1"],
    );
}

#[test]
fn a_committee_stands_for_its_cells_where_the_rule_cascades() {
    let paper = to(&[]);
    let one = |cascade| Targets { units: list(&["db-1"]), cascade, ..Targets::default() };
    chosen(one(false), &paper, &[]);
    chosen(one(true), &paper, &["cb-1-1", "cb-1-2"]);
    let kind = |cascade| Targets { kind: words(&["committee"]), cascade, ..Targets::default() };
    chosen(kind(false), &paper, &[]);
    chosen(kind(true), &paper, &["cb-1-1", "cb-1-2"]);
    chosen(Targets { except: list(&["cb-1-1"]), ..kind(true) }, &paper, &["cb-1-2"]);
    // A cell below an excepted committee is excepted too.
    chosen(
        Targets { units: list(&["duk"]), except: list(&["db-1"]), ..one(true) },
        &paper,
        &["cb-2", "dn-1"],
    );
}

#[test]
fn direct_addressees_are_found_by_code_name_and_alias() {
    let direct = |direct| Targets { direct: Some(direct), ..Targets::default() };
    chosen(direct(Direct::Addressees), &to(&["cb-2", "TÊN DN-1", "Sở Tài chính"]), &["cb-2", "dn-1"]);
    chosen(direct(Direct::Addressees), &to(&["db-1"]), &[]);
    chosen(direct(Direct::Cells), &to(&["db-1"]), &["cb-1-1", "cb-1-2"]);
    chosen(direct(Direct::Cells), &to(&["Đảng ủy Khối các cơ quan"]), &["cb-1-1", "cb-1-2", "cb-2", "dn-1"]);
    chosen(direct(Direct::Cells), &to(&[]), &[]);
    let cells = Targets { sector: words(&["public-service"]), ..direct(Direct::Cells) };
    chosen(cells, &to(&["db-1"]), &["cb-1-2"]);
    let cascade = Targets { sector: words(&["administration"]), cascade: true, ..direct(Direct::Addressees) };
    chosen(cascade, &to(&["db-1"]), &["cb-1-1", "cb-1-2"]);
}

#[test]
fn a_unit_that_is_not_chosen_learns_why() {
    let units = units();
    let why = |to: &Targets, id: &str| {
        let unit = units.get(&id.into()).unwrap();
        missed(to, unit, &units, day("2026-01-15"), &Default::default())
    };
    let border = Targets { tag: words(&["border"]), ..Targets::default() };
    assert_eq!(why(&border, "dn-1"), Some(Missed::Tag));
    assert_eq!(why(&border, "db-1"), Some(Missed::NotACell));
    assert_eq!(
        why(&Targets { except_tag: words(&["border"]), ..everyone() }, "cb-2"),
        Some(Missed::TagExcepted)
    );
    let direct = Targets { direct: Some(Direct::Addressees), ..Targets::default() };
    assert_eq!(why(&direct, "cb-2"), Some(Missed::NotAddressed));
    let below = Targets { units: list(&["db-1"]), cascade: true, ..Targets::default() };
    assert_eq!((why(&below, "cb-1-1"), why(&below, "cb-2")), (None, Some(Missed::NotNamed)));
}

#[test]
fn the_next_recurring_day_is_due() {
    use crate::domain::deadline::{Every, Recurrence};
    // Received on Thursday 15 January 2026.
    let cases = [
        (Every::Week, 5, 1, "2026-01-16"),
        (Every::Month, 25, 1, "2026-01-25"),
        (Every::Month, 15, 1, "2026-02-15"),
        (Every::Month, 31, 1, "2026-01-31"),
        (Every::Quarter, 31, 2, "2026-02-28"),
        (Every::Quarter, 20, 3, "2026-03-20"),
        (Every::Quarter, 10, 1, "2026-04-10"),
        (Every::Year, 15, 12, "2026-12-15"),
        (Every::Year, 15, 1, "2027-01-15"),
    ];
    for (every, on, month, expected) in cases {
        let mut recurring = rule("r", When::default(), everyone());
        recurring.due = vec![DueSource::Recurring(Recurrence { every, day: on, month })];
        let Outcome::Assigned { assignments } = run(vec![recurring], &to(&[])).outcome else { panic!() };
        let duty = &assignments[0].duty;
        assert_eq!(duty.due, Some(calendar().end_of_day(day(expected))), "{every:?} {on} {month}");
        assert!(duty.due_why.as_ref().unwrap().reading.contains("kỳ tới"));
    }
}

#[test]
fn another_day_other_units_and_another_calendar_are_not_answered_from_memory() {
    let ruleset = Ruleset::new(vec![rule("r", When::default(), everyone())], "h".to_owned());
    let paper = to(&[]);
    let cells_of =
        |units: &Units, calendar: &Calendar, now| cells(&decide(&ruleset, &paper, units, calendar, now));
    let (all, none) = (units(), Units::default());
    assert_eq!(cells_of(&all, &calendar(), now()).len(), 4);
    assert_eq!(cells_of(&none, &calendar(), now()).len(), 0);
    assert_eq!(cells_of(&all, &calendar(), now()).len(), 4);
    let mut ended = unit("cb-2", "cell", "administration", Some("duk"));
    ended.valid.until = Some(day("2026-01-15"));
    let kind = Kind { id: "cell".to_owned(), name: "chi bộ".to_owned(), cell: true };
    let one = Units::new(None, vec![kind], Default::default(), [ended]);
    assert_eq!(cells_of(&one, &calendar(), now()), ["cb-2"]);
    assert!(cells_of(&one, &calendar(), now() + chrono::TimeDelta::days(1)).is_empty());
}
