//! What a person entered outlives an update; what nobody can read waits for a person; weeks come again.

use vanthu::app::due::{Entry, enter};
use vanthu::app::ports::HoldKind;
use vanthu::app::recur::recur;
use vanthu::domain::deadline::{Every, Recurrence};
use vanthu::domain::document::Document;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::rule::{DueSource, Ruleset};

use crate::support::rig::{Rig, local};
use crate::support::scripted::{Scripted, paper, update};

async fn entered(rig: &Rig, day: &str) {
    let entry = Entry {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        document: DocumentId(1),
        task: None,
        day: day.parse().unwrap(),
        actor: "vt",
        reason: "Ban Tổ chức gọi",
        now: rig.clock_now(),
    };
    enter(&entry).await.unwrap();
}

async fn dues(rig: &Rig) -> Vec<Option<chrono::DateTime<chrono::Utc>>> {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let live = rows.into_iter().map(|row| row.obligation).filter(|row| row.state.is_live());
    live.map(|row| row.due).collect()
}

async fn holds(rig: &Rig) -> Vec<String> {
    let holds = rig.store.holds(true).await.unwrap().into_iter();
    holds.filter(|hold| hold.kind == HoldKind::Deadline).map(|hold| hold.reason).collect()
}

#[tokio::test]
async fn an_update_does_not_move_a_due_that_a_person_entered() {
    let edits: [fn(&mut Document); 3] = [
        |document| document.due = "2026-03-20".parse().ok(),
        |document| document.signer = Some("Bí thư".to_owned()),
        |document| document.subject = "Kế hoạch sinh hoạt chuyên đề quý II".to_owned(),
    ];
    for edit in edits {
        let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
        axis.deliver(paper("k1"));
        rig.poll_from(&axis).await.unwrap();
        rig.send().await;
        entered(&rig, "2026-03-27").await;
        rig.go("2026-03-03 09:00");
        axis.deliver(update(&paper("k1"), edit));
        rig.poll_from(&axis).await.unwrap();
        assert_eq!(dues(&rig).await, [Some(local("2026-03-28 00:00")); 4]);
    }
}

/// The rule wants the document's own deadline, else ten working days.
#[tokio::test]
async fn a_deadline_nobody_can_read_waits_for_staff_until_one_is_entered() {
    let cases = [
        ("Sinh hoạt chuyên đề, báo cáo trước ngày 31/02/2026", None, true),
        ("Sinh hoạt chuyên đề, báo cáo chậm nhất ngày 15/01/2026", None, true),
        ("Sinh hoạt chuyên đề, báo cáo trong vòng 5 ngày kể từ khi kết thúc", None, true),
        ("Sinh hoạt chuyên đề", Some("2026-01-02"), true),
        ("Sinh hoạt chuyên đề", Some("2026-03-20"), false),
        ("Sinh hoạt chuyên đề, báo cáo trước ngày 31/02/2026", Some("2026-03-20"), false),
        ("Sinh hoạt chuyên đề theo công văn ngày 31/02/2026", None, false),
        ("Sinh hoạt chuyên đề", None, false),
    ];
    let mut told = Vec::new();
    for (subject, due, waits) in cases {
        let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
        let mut document = paper("k1");
        document.subject = subject.to_owned();
        document.due = due.and_then(|due| due.parse().ok());
        axis.deliver(document);
        rig.poll_from(&axis).await.unwrap();
        let holds_now = holds(&rig).await;
        assert_eq!(holds_now.len(), usize::from(waits), "{subject} {due:?} {holds_now:?}");
        told.extend(holds_now);
        if waits {
            entered(&rig, "2026-03-27").await;
            assert!(holds(&rig).await.is_empty(), "{subject}");
        }
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_year_without_a_calendar_is_told_to_staff() {
    let (mut rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    rig.office.calendar.years.remove(&2027);
    let mut document = paper("k1");
    (document.due, document.subject) = (None, "Sinh hoạt chuyên đề, trước ngày 15/3/2027".to_owned());
    axis.deliver(document);
    rig.poll_from(&axis).await.unwrap();
    let holds = holds(&rig).await;
    assert!(holds[0].contains("vanthu calendar draft 2027"), "{holds:?}");
}

#[tokio::test]
async fn a_weekly_report_opens_its_next_week() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let mut rules = rig.office.ruleset.rules.clone();
    rules[0].due = vec![DueSource::Recurring(Recurrence { every: Every::Week, day: 5, month: 1 })];
    rig.office.ruleset = Ruleset::new(rules, "tuần".to_owned());
    let axis = Scripted::new("truc");
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(dues(&rig).await[0], Some(local("2026-03-07 00:00")), "this Friday");
    rig.go("2026-03-10 08:00");
    let opened = recur(rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now()).await.unwrap();
    assert_eq!(opened.opened, 4);
    assert!(dues(&rig).await.contains(&Some(local("2026-03-14 00:00"))), "next Friday");
}
