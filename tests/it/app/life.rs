//! The life of an obligation, from the document to the last escalation.

use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::ports::Store;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::{Answer, Contact, State};

use crate::support::rig::{Rig, local};

/// Monday 2026-03-02; due Friday 2026-03-13.
async fn opened() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    let received = local("2026-03-02 08:40");
    let mut document = FakeDocument::new(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I", received);
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    let polled = rig.poll().await.unwrap();
    assert_eq!((polled.registered, polled.directives, polled.obligations), (1, 1, 4));
    rig
}

async fn answer(rig: &Rig, cell: &str, answer: Answer) {
    let id = obligation(rig.store.as_ref(), cell).await;
    let entry = OnBehalf {
        obligations: &[id],
        answer: &answer,
        actor: "vt",
        reason: "gọi điện",
        now: rig.clock_now(),
    };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}

async fn obligation(store: &dyn Store, cell: &str) -> ObligationId {
    let rows = store.obligations(DocumentId(1), false).await.unwrap();
    rows.iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation.id
}

#[tokio::test]
async fn every_cell_is_noticed_once_and_the_one_without_a_mailbox_is_shown() {
    let rig = opened().await;
    assert_eq!(
        rig.send().await,
        ["notice cb-1-1@mau.example", "notice cb-1-2@mau.example", "notice cb-2@mau.example"]
    );
    assert!(rig.send().await.is_empty());
    assert_eq!(rig.poll().await.unwrap().registered, 0);
    assert!(rig.send().await.is_empty());
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let unreached: Vec<_> = rows.iter().filter(|row| row.contact == Contact::NoContact).collect();
    assert_eq!(unreached.len(), 1);
    assert_eq!(unreached[0].obligation.cell.as_str(), "cb-3");
    let holds = rig.store.holds(true).await.unwrap();
    assert_eq!(holds.iter().map(|hold| hold.kind.as_str()).collect::<Vec<_>>(), ["no-contact"]);
}

#[tokio::test]
async fn the_ladder_is_climbed_until_each_cell_is_done() {
    let rig = opened().await;
    rig.send().await;
    answer(&rig, "cb-2", Answer::Received { promised: None }).await;

    // The second working day: whoever has not acknowledged is reminded.
    rig.go("2026-03-04 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["reminder cb-1-1@mau.example", "reminder cb-1-2@mau.example"]);

    answer(&rig, "cb-1-1", Answer::done()).await;
    rig.go("2026-03-12 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["reminder cb-1-2@mau.example", "reminder cb-2@mau.example"]);
    rig.go("2026-03-13 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["reminder cb-1-2@mau.example", "reminder cb-2@mau.example"]);

    // Late: chased, then the committee hears of its own cell and the office of the base cells.
    rig.go("2026-03-16 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["chase cb-1-2@mau.example", "chase cb-2@mau.example"]);
    rig.go("2026-03-17 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["escalation db-1@mau.example", "escalation vp@duk.example"]);
    let letters = rig.mailer.letters();
    let committee = letters.iter().find(|letter| letter.to == "db-1@mau.example").unwrap();
    let names: Vec<_> = committee.laggards.iter().map(|laggard| laggard.name.as_str()).collect();
    assert_eq!(names, ["Chi bộ Thanh tra"]);
    assert_eq!(committee.laggards[0].days_late, 2);
    assert!(committee.link.is_none());

    for cell in ["cb-1-2", "cb-2", "cb-3"] {
        answer(&rig, cell, Answer::done()).await;
    }
    rig.go("2026-04-30 07:30");
    assert_eq!(rig.chase().await.looked, 0);
    assert!(rig.send().await.is_empty());
}

#[tokio::test]
async fn after_an_outage_at_most_the_newest_step_is_sent() {
    let rig = opened().await;
    rig.send().await;
    rig.go("2026-03-14 20:00");
    rig.chase().await;
    // Saturday night: written, but it waits for Monday's office hours.
    assert!(rig.send().await.is_empty());
    rig.go("2026-03-16 07:30");
    let sent = rig.send().await;
    assert_eq!(sent.iter().filter(|mail| mail.ends_with("cb-2@mau.example")).count(), 1, "{sent:?}");
}

#[tokio::test]
async fn a_reminder_overtaken_by_an_answer_is_not_sent() {
    let rig = opened().await;
    rig.send().await;
    rig.go("2026-03-04 07:30");
    rig.chase().await;
    answer(&rig, "cb-1-1", Answer::Received { promised: None }).await;
    assert_eq!(rig.send().await, ["reminder cb-1-2@mau.example", "reminder cb-2@mau.example"]);
}

#[tokio::test]
async fn a_new_revision_asks_anew_and_says_so() {
    let rig = opened().await;
    rig.send().await;
    answer(&rig, "cb-2", Answer::Received { promised: None }).await;
    rig.go("2026-03-03 09:00");
    let mut document = rig.ioffice.document(1).unwrap();
    document.subject = "Thanh tra chuyên môn quý I".to_owned();
    rig.ioffice.put(document);
    let polled = rig.poll().await.unwrap();
    assert_eq!((polled.registered, polled.obligations), (1, 2));
    assert_eq!(
        rig.send().await,
        ["change cb-1-1@mau.example", "change cb-1-2@mau.example", "withdrawal cb-2@mau.example"]
    );
    let all = rig.store.obligations(DocumentId(1), true).await.unwrap();
    let withdrawn = all.iter().filter(|row| row.obligation.state == State::Withdrawn).count();
    assert_eq!((all.len(), withdrawn), (6, 4));
    let threads: std::collections::BTreeSet<_> = rig
        .mailer
        .letters()
        .iter()
        .filter(|letter| letter.to == "cb-1-1@mau.example")
        .map(|letter| letter.thread.clone())
        .collect();
    assert_eq!(threads.len(), 1);
}

/// What an obligation was opened with is its own: a ladder that changes is for obligations to come.
#[tokio::test]
async fn open_obligations_keep_the_ladder_they_opened_with() {
    let mut rig = opened().await;
    rig.send().await;
    for rule in &mut rig.office.ruleset.rules {
        rule.ladder.name = "gấp".to_owned();
        rule.ladder.steps.truncate(1);
        rule.ladder.steps[0].offset = 5;
    }
    let received = local("2026-03-02 08:50");
    let mut document = FakeDocument::new(2, "13-KH/ĐUK", "Sinh hoạt chuyên đề quý II", received);
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    assert_eq!(rig.poll().await.unwrap().obligations, 4);
    rig.send().await;

    rig.go("2026-03-04 07:30");
    rig.chase().await;
    let reminded = ["cb-1-1", "cb-1-2", "cb-2"].map(|cell| format!("reminder {cell}@mau.example"));
    assert_eq!(rig.send().await, reminded, "the first document's, by the ladder of two days");
    let about = |rig: &Rig| rig.mailer.letters().last().unwrap().facts.symbol.clone();
    assert_eq!(about(&rig), "12-KH/ĐUK");
    rig.go("2026-03-09 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, reminded, "the second's, by the ladder of five");
    assert_eq!(about(&rig), "13-KH/ĐUK");
}
