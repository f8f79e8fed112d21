use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::domain::calendar::BeforeDay;
use crate::domain::change::Difference;
use crate::domain::ids::{DocumentId, ObligationId, RevisionId, UnitId};
use crate::domain::ladder::Ladder;
use crate::domain::obligation::{Duty, Grade, Owed, Role, State};
use crate::domain::plan::{Act, Asked, FORM, Group, Kept, Part};
use crate::domain::stamp::Stamp;
use crate::domain::unit::Unit;

fn at(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    Ho_Chi_Minh.from_local_datetime(&day.and_time(NaiveTime::MIN)).unwrap().with_timezone(&Utc)
}

/// 24:00 of a day.
fn end(day: &str) -> DateTime<Utc> {
    at(day) + chrono::Duration::days(1)
}

fn calendar() -> Calendar {
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(NaiveTime::from_hms_opt(8, 0, 0).unwrap(), NaiveTime::from_hms_opt(17, 0, 0).unwrap())],
        before_day: BeforeDay::Exclusive,
        years: [(2026, Default::default())].into(),
    }
}

fn units() -> Units {
    let unit = |(id, name): (&str, &str)| Unit::new(id, "cell", name);
    let all = [
        ("cb-a", "Chi bộ Ân Thi"),
        ("cb-b", "Chi bộ Đảng uỷ"),
        ("cb-c", "Chi bộ Dân vận"),
        ("cb-d", "Chi bộ Yên Mỹ"),
        ("cb-e", "Chi bộ Bảo tàng"),
    ];
    Units::new(None, Vec::new(), Default::default(), all.map(unit))
}

fn duty(role: Role, due: Option<&str>) -> Duty {
    Duty {
        task: None,
        role,
        owes: vec![Owed::Acknowledge, Owed::Report],
        rules: vec!["chuyen-de-quy".into()],
        rule_names: vec!["Sinh hoạt chuyên đề".to_owned()],
        acknowledge_due: None,
        due: due.map(end),
        due_why: None,
        ladder: Ladder::default(),
        grade: Grade::Clicked,
        figures: Vec::new(),
        ruleset: "0123456789ab".to_owned(),
    }
}

fn part(cell: &str, act: Act) -> Part {
    let mails = if act.mail().is_some() { vec![format!("{cell}@mau.example")] } else { Vec::new() };
    Part { cell: UnitId::from(cell), act, mails, instead: None }
}

fn change(number: i64, was: Fate, is: Fate, groups: Vec<Group>) -> Change {
    let rule = |fate| if fate == Fate::Unmatched { Vec::new() } else { vec![RuleId::from("chuyen-de-quy")] };
    Change {
        document: DocumentId(number),
        revision: RevisionId(number),
        symbol: format!("{number}-KH/ĐUK"),
        subject: "Kế hoạch sinh hoạt chuyên đề quý I về học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh".to_owned(),
        registered: "2026-03-02".parse().unwrap(),
        was,
        is,
        rules_before: rule(was),
        rules_after: rule(is),
        groups,
        hold: None,
        kept: None,
        mark: String::new(),
    }
}

/// A document given at last, one that changes for whoever is not done, one taken away, one that is over.
fn plan() -> Plan {
    let (o, keep) = (ObligationId(1), |kept| Act::Keep { kept });
    let cells = ["cb-a", "cb-b", "cb-c", "cb-d", "cb-e"];
    let given = Group {
        task: None,
        differences: vec![Difference::Added],
        before: None,
        after: Some(duty(Role::Lead, Some("2026-03-31"))),
        cells: cells.map(|cell| part(cell, Act::Open)).to_vec(),
    };
    let later = Group {
        task: None,
        differences: vec![Difference::Role, Difference::Owes, Difference::Due],
        before: Some(Asked { owes: vec![Owed::Acknowledge], ..Asked::from(&duty(Role::Lead, None)) }),
        after: Some(duty(Role::Support, Some("2026-04-15"))),
        cells: vec![
            part("cb-a", Act::Change { obligation: o }),
            part("cb-b", keep(Kept::Answered(State::Done))),
            part("cb-c", Act::Reopen { obligation: o }),
        ],
    };
    let gone = |act| Group {
        task: None,
        differences: vec![Difference::Removed],
        before: Some(Asked::from(&duty(Role::Inform, Some("2026-03-31")))),
        after: None,
        cells: vec![part("cb-d", act)],
    };
    let taken = change(14, Fate::Assigned, Fate::Unmatched, vec![gone(Act::Withdraw { obligation: o })]);
    let over = change(15, Fate::Assigned, Fate::Nobody, vec![gone(keep(Kept::Settled))]);
    Plan {
        form: FORM,
        made: at("2026-03-04"),
        actor: "vt".to_owned(),
        since: at("2025-12-04"),
        before: Baseline::Register,
        after: Stamp { rules: "ba9876543210".to_owned(), ..Stamp::default() },
        position: 9,
        looked: 1234,
        apart: 0,
        changes: vec![
            Change { hold: Some(HoldAct::Close), ..change(12, Fate::Unmatched, Fate::Assigned, vec![given]) },
            change(13, Fate::Assigned, Fate::Assigned, vec![later]),
            Change { hold: Some(HoldAct::Open), ..taken },
            Change { kept: Some(Kept::Settled), ..over },
        ],
    }
}

#[test]
fn a_plan_reads_document_by_document() {
    let (plan, units, calendar) = (plan(), units(), calendar());
    let text = PlanText { plan: &plan, units: &units, calendar: &calendar };
    let documents: Vec<_> = plan.changes.iter().map(|change| text.document(change)).collect();
    let summary = plan.summary();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        text.heading(),
        documents.join("\n"),
        text.summary(&summary)
    ));
}

#[test]
fn the_table_by_cell_is_in_vietnamese_order() {
    let (plan, units, calendar) = (plan(), units(), calendar());
    let text = PlanText { plan: &plan, units: &units, calendar: &calendar };
    let rows: Vec<_> = text.cells(&plan.summary()).iter().map(|row| row.join(" | ")).collect();
    insta::assert_snapshot!(format!("{}\n{}", COLUMNS.join(" | "), rows.join("\n")));
}

#[test]
fn a_saved_plan_is_the_plan() {
    let plan = plan();
    let back: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!((back.id(), back), (plan.id(), plan));
}
