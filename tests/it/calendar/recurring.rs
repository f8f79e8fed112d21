//! Duties that come again open their next period by themselves, once, for whoever still bears them.

use std::collections::BTreeMap;

use vanthu::app::acknowledge::{OnBehalf, staff};
use vanthu::app::recur::{Recurred, recur};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::deadline::{Every, Recurrence};
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::{Answer, State};
use vanthu::domain::rule::{DueSource, Ruleset};

use crate::support::rig::{Rig, local};

/// Monday 02/03/2026: a report due on the 25th of every month.
async fn rig() -> Rig {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let mut rules = rig.office.ruleset.rules.clone();
    rules[0].due = vec![DueSource::Recurring(Recurrence { every: Every::Month, day: 25, month: 1 })];
    rig.office.ruleset = Ruleset::new(rules, "định kỳ".to_owned());
    rig.ioffice.put(FakeDocument::new(
        1,
        "1-KH/ĐUK",
        "Báo cáo chuyên đề hằng tháng",
        local("2026-03-02 08:00"),
    ));
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

async fn step(rig: &Rig) -> Recurred {
    recur(rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now()).await.unwrap()
}

/// Live rows of a cell: their tasks.
async fn live(rig: &Rig, cell: &str) -> Vec<String> {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let rows = rows.into_iter().map(|row| row.obligation);
    rows.filter(|row| row.cell.as_str() == cell && row.state.is_live()).map(|row| row.task.0).collect()
}

async fn answer(rig: &Rig, cell: &str, answer: Answer) {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let rows = rows.into_iter().map(|row| row.obligation).filter(|row| row.cell.as_str() == cell);
    let obligations: Vec<_> = rows.map(|row| row.id).collect();
    let now = rig.clock_now();
    let entry =
        OnBehalf { obligations: &obligations, answer: &answer, actor: "vt", reason: "gọi điện", now };
    staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}

#[tokio::test]
async fn the_next_period_opens_when_this_one_is_due() {
    let rig = rig().await;
    rig.go("2026-03-28 23:00");
    assert_eq!(step(&rig).await, Recurred::default(), "the cell is chased for this one first");
    rig.go("2026-03-30 08:00");
    assert_eq!(step(&rig).await, Recurred { ended: 1, opened: 4 });
    assert_eq!(step(&rig).await, Recurred::default(), "once");
    assert_eq!(live(&rig, "cb-2").await, ["", "@2026-04-25"]);
    let sent = rig.send().await;
    assert!(sent.contains(&"notice cb-2@mau.example".to_owned()), "{sent:?}");
    let letter = rig.mailer.letters().pop().unwrap();
    let names: BTreeMap<_, _> = letter.tasks.iter().map(|task| (task.name.clone(), task.due)).collect();
    assert!(names.keys().any(|name| name.ends_with(" – kỳ 25/04/2026")), "{names:?}");
    rig.go("2026-04-29 08:00");
    assert_eq!(step(&rig).await, Recurred { ended: 1, opened: 4 });
    assert_eq!(live(&rig, "cb-2").await, ["", "@2026-04-25", "@2026-05-25"]);
}

#[tokio::test]
async fn periods_that_passed_while_nobody_looked_are_not_opened_late() {
    let rig = rig().await;
    rig.go("2026-07-01 08:00");
    assert_eq!(step(&rig).await, Recurred { ended: 1, opened: 4 });
    assert_eq!(live(&rig, "cb-2").await, ["", "@2026-07-25"]);
    let journal = rig.store.journal(Some(DocumentId(1)), 0, 0).await.unwrap();
    let passed: Vec<_> = journal.iter().filter_map(|row| row.detail["passed_over"].as_u64()).collect();
    assert_eq!(passed, [3]);
}

#[tokio::test]
async fn whoever_declined_is_not_asked_again_and_whoever_did_it_is() {
    let rig = rig().await;
    answer(&rig, "cb-2", Answer::Declined { reason: "không thuộc".to_owned(), suggested: None }).await;
    answer(&rig, "cb-1-1", Answer::done()).await;
    rig.go("2026-03-30 08:00");
    assert_eq!(step(&rig).await.opened, 3);
    assert!(live(&rig, "cb-2").await.is_empty());
    assert_eq!(live(&rig, "cb-1-1").await, ["@2026-04-25"]);
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    assert!(rows.iter().any(|row| row.obligation.state == State::Done));
}

#[tokio::test]
async fn a_rule_that_is_gone_asks_no_more() {
    let mut rig = rig().await;
    let rules = rig.office.ruleset.rules.iter().skip(1).cloned().collect();
    rig.office.ruleset = Ruleset::new(rules, "bớt".to_owned());
    rig.go("2026-03-30 08:00");
    assert_eq!(step(&rig).await, Recurred { ended: 1, opened: 0 });
}
