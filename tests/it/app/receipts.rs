//! Who has looked at a directive in iOffice: evidence of contact, and an answer only where a rule says so.

use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::ports::JournalKind;
use vanthu::demo::ioffice::{Act, FakeDirective, FakeReceiver, Fault};
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::{Grade, State};
use vanthu::domain::rule::Ruleset;
use vanthu::source::ioffice::{Directives, Ioffice, Options, Unmarked};

use crate::support::rig::{self, Rig, local};

const ONLY: DocumentId = DocumentId(1);

async fn rig() -> Rig {
    let mut rig = Rig::at("2026-11-20 07:50").await;
    let (directives, unmarked) = (Directives::Received, Unmarked::Open);
    rig.source =
        Ioffice::new(Options { directives, unmarked, page_size: 3, ..rig::options(&rig.ioffice) }).unwrap();
    rig
}

fn directive(rig: &Rig, receivers: Vec<FakeReceiver>) -> FakeDirective {
    let html = "<p>Sinh hoạt <b>chuyên đề</b> quý IV</p>";
    FakeDirective { receivers, ..FakeDirective::new(5, "Đôn đốc chuyên đề", html, rig.clock_now()) }
}

fn seen(at: &str) -> Option<DateTime<Utc>> {
    Some(local(at))
}

/// Receivers of every kind on three pages: a cell by address, one by name and without a mailbox of its own, one
/// that has not looked, and five that are no cell.
fn receivers() -> Vec<FakeReceiver> {
    let mut all = vec![
        FakeReceiver::new("Văn phòng Sở", "CB-1-1@mau.example", seen("2026-11-20 08:12")),
        FakeReceiver::new("Chi bộ Quỹ Mẫu", "quy@la.example", seen("2026-11-20 08:40")),
        FakeReceiver::new("Chi bộ Hội Mẫu", "", None),
    ];
    all.extend((1..=5).map(|number| {
        FakeReceiver::new(&format!("Phòng {number}"), "la@la.example", seen("2026-11-20 08:00"))
    }));
    all
}

/// Cells with state and contact.
async fn cells(rig: &Rig) -> Vec<String> {
    let rows = rig.store.obligations(ONLY, false).await.unwrap();
    rows.iter()
        .map(|row| format!("{} {} {:?}", row.obligation.cell, row.obligation.state.as_str(), row.contact))
        .collect()
}

async fn looks(rig: &Rig) -> Vec<serde_json::Value> {
    let journal = rig.store.journal(None, 0, 0).await.unwrap();
    journal.into_iter().filter(|row| row.kind == JournalKind::Seen).map(|row| row.detail).collect()
}

#[tokio::test]
async fn a_look_is_evidence_of_contact_and_of_nothing_else() {
    let rig = rig().await;
    rig.ioffice.direct(directive(&rig, receivers()));
    rig.poll().await.unwrap();
    assert_eq!(
        cells(&rig).await,
        ["cb-1-1 open Unsent", "cb-1-2 open Unsent", "cb-2 open Unsent", "cb-3 open NoContact"]
    );
    assert_eq!(looks(&rig).await, Vec::<serde_json::Value>::new(), "nobody has looked yet");
    rig.go("2026-11-20 08:55");
    rig.poll().await.unwrap();
    let expected = ["cb-1-1 open Seen", "cb-1-2 open Unsent", "cb-2 open Unsent", "cb-3 open Seen"];
    assert_eq!(cells(&rig).await, expected);
    let told = looks(&rig).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["cells"][0]["cell"], "cb-1-1");
    assert!(!told[0].to_string().contains("example") && !told[0].to_string().contains("Người nhận"));
    let kept = rig.store.receipts(ONLY).await.unwrap();
    let unmatched: u64 = kept.iter().filter(|one| one.cell.is_none()).map(|one| one.receivers).sum();
    assert_eq!((kept.len(), unmatched), (4, 5), "three cells, and a number for those that are none");
    let first =
        kept.iter().find(|one| one.cell.as_ref().is_some_and(|cell| cell.as_str() == "cb-1-1")).unwrap();
    assert_eq!(first.times.seen, seen("2026-11-20 08:12"));
    let rows = rig.store.obligations(ONLY, false).await.unwrap();
    assert!(rows.iter().all(|row| row.obligation.grade.is_none() && row.obligation.next_action.is_some()));
    // A reached cell is late when its time has come; one that nobody reached is not.
    rig.go("2026-12-20 09:00");
    let late: Vec<_> =
        rig.store.tally(rig.clock_now()).await.unwrap().into_iter().filter(|row| row.late).collect();
    let late: Vec<_> = late.iter().map(|row| row.cell.as_str()).collect();
    assert_eq!(late, ["cb-1-1", "cb-3"]);
}

/// iOffice forgets, or tells of a later look: the first one stays, and is told once.
#[tokio::test]
async fn nothing_is_told_twice_and_nothing_goes_back() {
    let rig = rig().await;
    rig.ioffice.direct(directive(&rig, receivers()));
    rig.poll().await.unwrap();
    let mut later = receivers();
    later[0].seen = seen("2026-11-20 11:00");
    let mut forgotten = receivers();
    forgotten[0].seen = None;
    for (now, receivers) in
        [("2026-11-20 09:00", receivers()), ("2026-11-20 11:30", later), ("2026-11-20 13:00", forgotten)]
    {
        let known = directive(&rig, receivers);
        rig.ioffice.direct(FakeDirective { received: local("2026-11-20 07:50"), ..known });
        rig.go(now);
        rig.poll().await.unwrap();
    }
    assert_eq!(looks(&rig).await.len(), 1);
    let kept = rig.store.receipts(ONLY).await.unwrap();
    assert_eq!(kept[0].times.seen, seen("2026-11-20 08:12"));
    assert_eq!(cells(&rig).await[0], "cb-1-1 open Seen");
}

#[tokio::test]
async fn a_rule_content_with_a_look_takes_it_as_an_answer_and_no_other_rule_does() {
    let mut rig = rig().await;
    let mut rules: Vec<_> = rig.office.ruleset.rules.clone();
    rules[0].grade = Grade::Upstream;
    rig.office.ruleset = Ruleset::new(rules, "upstream0000".to_owned());
    rig.ioffice.direct(directive(&rig, receivers()));
    rig.poll().await.unwrap();
    rig.go("2026-11-20 08:55");
    rig.poll().await.unwrap();
    let expected =
        ["cb-1-1 acknowledged Seen", "cb-1-2 open Unsent", "cb-2 open Unsent", "cb-3 acknowledged Seen"];
    assert_eq!(cells(&rig).await, expected);
    let row = rig.store.obligations(ONLY, false).await.unwrap().remove(0).obligation;
    assert_eq!((row.state, row.grade), (State::Acknowledged, Some(Grade::Upstream)));
    let answers = rig.store.answers(row.id).await.unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].channel, "upstream");
    insta::assert_snapshot!(answers[0].evidence.as_deref().unwrap(), @"đã xem trên ioffice lúc 08:12 20/11/2026");
    rig.go("2026-11-20 10:30");
    rig.poll().await.unwrap();
    assert_eq!(rig.store.answers(row.id).await.unwrap().len(), 1, "asked again, nothing new");
}

/// Within the hour nobody is asked again, and of what nobody owes any more nothing is asked at all.
#[tokio::test]
async fn receivers_are_asked_for_politely() {
    let rig = rig().await;
    rig.ioffice.direct(directive(&rig, receivers()));
    rig.poll().await.unwrap();
    let asked = || rig.ioffice.seen().iter().filter(|seen| seen.path.contains("getuserreceiver")).count();
    assert_eq!(asked(), 3, "eight receivers on three pages");
    rig.go("2026-11-20 08:20");
    rig.poll().await.unwrap();
    assert_eq!(asked(), 3);
    rig.go("2026-11-20 08:55");
    rig.poll().await.unwrap();
    assert_eq!(asked(), 6);
    let mut tx = rig.store.begin().await.unwrap();
    let rows = rig.store.obligations(ONLY, false).await.unwrap();
    let done: Vec<_> = rows.iter().map(|row| row.obligation.closed(State::Done, rig.clock_now())).collect();
    tx.save_obligations(&done).await.unwrap();
    tx.commit().await.unwrap();
    rig.go("2026-11-20 10:00");
    rig.poll().await.unwrap();
    assert_eq!(asked(), 6);
    // Hourly the new ones alone; what is older is asked for at night.
    rig.go("2026-11-24 10:00");
    assert_eq!(asked(), 6);
}

/// A page of receivers that fails costs the poll nothing, and nothing is concluded from half of them.
#[tokio::test]
async fn a_failing_page_of_receivers_is_asked_again_at_the_next_turn() {
    let rig = rig().await;
    rig.ioffice.direct(directive(&rig, receivers()));
    rig.poll().await.unwrap();
    rig.go("2026-11-20 08:55");
    rig.ioffice.script(Fault::on("getuserreceiver", Act::Half).page(2).always());
    assert!(rig.poll().await.unwrap().good);
    assert_eq!(cells(&rig).await[0], "cb-1-1 open Unsent");
    rig.ioffice.clear_faults();
    rig.go("2026-11-20 10:00");
    rig.poll().await.unwrap();
    assert_eq!(cells(&rig).await[0], "cb-1-1 open Seen");
}

/// A look at the first revision is none at the second, unless it came after it.
#[tokio::test]
async fn a_new_revision_must_be_looked_at_anew() {
    let rig = rig().await;
    let first = directive(&rig, receivers());
    rig.ioffice.direct(first.clone());
    rig.poll().await.unwrap();
    rig.go("2026-11-20 08:55");
    rig.poll().await.unwrap();
    assert_eq!(cells(&rig).await[0], "cb-1-1 open Seen");
    let title = "Đôn đốc chuyên đề (sửa nội dung)".to_owned();
    rig.ioffice.direct(FakeDirective { title: title.clone(), ..first.clone() });
    rig.go("2026-11-20 10:00");
    rig.poll().await.unwrap();
    assert_ne!(cells(&rig).await[0], "cb-1-1 open Seen");
    assert_eq!(rig.clock_now() - local("2026-11-20 10:00"), TimeDelta::zero());
}
