//! What a person decides about holds.

use chrono::TimeDelta;
use vanthu::app::chase::chase;
use vanthu::app::hold::{Decided, Desk as Decision, HoldError, To, Wanted, about};
use vanthu::app::ports::{HoldKind, JournalKind, NoticeFilter};
use vanthu::domain::brake::Baseline;
use vanthu::domain::ids::{DocumentId, HoldId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::{Role, State};
use vanthu::render::pages::hold::kept_back;

use super::upstream::{Desk, Kind, Paper};
use crate::support::rig::local;

fn decision<'a>(desk: &'a Desk, reason: &'a str) -> Decision<'a> {
    let Desk { store, office, policy, .. } = desk;
    Decision { store: store.as_ref(), office, policy, actor: "chị Lan", reason, now: desk.now() }
}

async fn hold(desk: &Desk, kind: HoldKind) -> HoldId {
    let holds = desk.store.holds(true).await.unwrap();
    holds.iter().find(|hold| hold.kind == kind).unwrap().id
}

async fn delivered(desk: &Desk, delivery: Delivery) -> usize {
    let filter = NoticeFilter { delivery: Some(delivery), ..NoticeFilter::default() };
    desk.store.notices(&filter).await.unwrap().len()
}

async fn unmatched() -> Desk {
    let desk = Desk::at("2026-03-02 09:00", 10).await;
    let paper = Paper { subject: "Thư mời dự tiệc".to_owned(), ..Paper::new(1, desk.now()) };
    desk.put([paper]);
    desk.poll().await.unwrap();
    desk
}

fn to_cells(cells: &[&str]) -> Wanted {
    let cells = cells.iter().map(|cell| (*cell).into()).collect();
    Wanted { to: To::Cells(cells), role: Role::Lead, due: "2026-03-20".parse().ok() }
}

#[tokio::test]
async fn an_unmatched_document_is_given_to_cells_with_who_and_why() {
    let desk = unmatched().await;
    let id = hold(&desk, HoldKind::Unmatched).await;
    let done =
        decision(&desk, "đồng chí Bí thư giao").assign(id, &to_cells(&["cb-1-1", "cb-2"])).await.unwrap();
    assert_eq!(done, Decided { documents: 1, opened: 2, mails: 2 });
    let rows = desk.store.obligations(DocumentId(1), false).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.obligation.cell.as_str()).collect::<Vec<_>>(), ["cb-1-1", "cb-2"]);
    assert!(rows.iter().all(|row| row.obligation.due.is_some() && row.obligation.next_action.is_some()));
    let journal = desk.store.journal(None, 0, 0).await.unwrap();
    let released = journal.iter().find(|entry| entry.kind == JournalKind::Released).unwrap();
    insta::assert_snapshot!(released.detail.to_string());
    assert!(desk.store.holds(true).await.unwrap().is_empty());
    let again = decision(&desk, "lần nữa").assign(id, &to_cells(&["cb-2"])).await;
    assert!(matches!(again, Err(HoldError::Gone(_))), "{again:?}");
}

#[tokio::test]
async fn a_rule_that_did_not_match_may_be_named() {
    let desk = unmatched().await;
    let id = hold(&desk, HoldKind::Unmatched).await;
    let wanted = Wanted { to: To::Rule("committee".into()), role: Role::Lead, due: None };
    let done = decision(&desk, "như thanh tra").assign(id, &wanted).await.unwrap();
    assert_eq!(done, Decided { documents: 1, opened: 2, mails: 2 });
}

#[tokio::test]
async fn what_cannot_be_done_changes_nothing() {
    let desk = unmatched().await;
    let id = hold(&desk, HoldKind::Unmatched).await;
    let journal = desk.store.position().await.unwrap();
    let desk_of = |reason| decision(&desk, reason);
    let wanted = to_cells(&["cb-2"]);
    for (what, said) in [
        (desk_of(" ").assign(id, &wanted).await, "cần ghi lý do"),
        (desk_of("x").assign(id, &to_cells(&["duk"])).await, "không phải chi bộ đang hoạt động: duk"),
        (desk_of("x").assign(id, &to_cells(&[])).await, "không phải chi bộ đang hoạt động: "),
        (
            desk_of("x").assign(id, &Wanted { to: To::Rule("khong-co".into()), ..wanted.clone() }).await,
            "không có quy tắc “khong-co”",
        ),
        (
            desk_of("x").assign(id, &Wanted { to: To::Rule("archive".into()), ..wanted.clone() }).await,
            "không có chi bộ nào được giao thêm việc",
        ),
        (
            desk_of("x").assign(HoldId(99), &wanted).await,
            "không có việc chờ số 99, hoặc việc đó đã được giải quyết",
        ),
        (desk_of("").dismiss(id).await, "cần ghi lý do"),
    ] {
        assert_eq!(what.unwrap_err().to_string(), said);
    }
    let released = desk_of("x").release(id).await.unwrap_err();
    assert!(matches!(released, HoldError::NotPossible(..)), "{released}");
    assert_eq!(desk.store.position().await.unwrap(), journal);
    desk_of("không ai cần làm gì").dismiss(id).await.unwrap();
    assert!(desk.store.holds(true).await.unwrap().is_empty());
}

/// Ten directives kept back on Friday afternoon.
async fn flooded() -> Desk {
    let mut desk = Desk::at("2026-03-06 16:00", 10).await;
    desk.care.directives = Some(0);
    let now = desk.now();
    desk.put((1..=10).map(|id| Paper::new(id, now)));
    desk.poll().await.unwrap();
    assert_eq!((delivered(&desk, Delivery::Held).await, delivered(&desk, Delivery::Queued).await), (30, 0));
    desk
}

#[tokio::test]
async fn nobody_is_chased_about_what_is_kept_back() {
    let desk = flooded().await;
    desk.pass(TimeDelta::days(30));
    let chased = chase(desk.store.as_ref(), &desk.office, &desk.policy, desk.now()).await.unwrap();
    assert_eq!(chased.enqueued, 0, "neither the cells nor those above them");
}

#[tokio::test]
async fn a_flood_is_let_go_whole_and_its_ladders_begin_then() {
    let desk = flooded().await;
    desk.clock.advance_to(local("2026-03-10 10:00"));
    let id = hold(&desk, HoldKind::Brake).await;
    let done = decision(&desk, "đúng là đợt văn bản mới").release(id).await.unwrap();
    assert_eq!((done.documents, done.mails), (10, 30));
    assert_eq!((delivered(&desk, Delivery::Held).await, delivered(&desk, Delivery::Queued).await), (0, 30));
    let rows = desk.store.obligations(DocumentId(1), false).await.unwrap();
    let row = &rows[0].obligation;
    assert_eq!(
        row.acknowledge_due,
        Some(local("2026-03-12 00:00")),
        "a working day from now, not from Friday"
    );
    assert!(row.next_action > Some(desk.now()));
    assert!(desk.store.holds(true).await.unwrap().iter().all(|hold| hold.kind != HoldKind::Brake));
}

#[tokio::test]
async fn a_flood_that_was_none_is_kept_silent() {
    let desk = flooded().await;
    let id = hold(&desk, HoldKind::Brake).await;
    decision(&desk, "nguồn đưa lại văn bản năm ngoái").dismiss(id).await.unwrap();
    assert_eq!((delivered(&desk, Delivery::Held).await, delivered(&desk, Delivery::Dropped).await), (0, 30));
    let rows = desk.store.obligations(DocumentId(1), false).await.unwrap();
    assert!(rows.iter().all(|row| row.obligation.state == State::Excused));
}

#[tokio::test]
async fn what_lay_there_before_can_be_told_after_all() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.baseline = Baseline::Silent;
    desk.put((1..=5).map(|id| Paper::new(id, local("2026-02-27 09:00"))));
    desk.put([Paper { subject: "Thư mời".to_owned(), ..Paper::new(6, local("2026-02-27 09:00")) }]);
    desk.poll().await.unwrap();
    let id = hold(&desk, HoldKind::Brake).await;
    let done = decision(&desk, "bắt đầu theo dõi từ đây").release(id).await.unwrap();
    assert_eq!(done, Decided { documents: 6, opened: 20, mails: 15 });
    assert_eq!(delivered(&desk, Delivery::Queued).await, 15);
    hold(&desk, HoldKind::Unmatched).await;
    assert_eq!(desk.store.replay_size(local("2026-01-01 00:00")).await.unwrap(), 6, "now they are history");
}

#[tokio::test]
async fn what_a_brake_keeps_back_is_named() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.directives = Some(5);
    let now = desk.now();
    desk.put((1..=30).map(|id| Paper::new(id, now)));
    desk.poll().await.unwrap();
    let id = hold(&desk, HoldKind::Brake).await;
    let about = about(desk.store.as_ref(), id, desk.now()).await.unwrap().unwrap();
    assert_eq!((about.braked.unwrap().documents, about.kept_back.len()), (25, 20));
    insta::assert_snapshot!(kept_back(&about).unwrap());
}

#[tokio::test]
async fn a_broken_document_is_tried_again_when_a_person_says_so() {
    let desk = Desk::at("2026-03-02 09:00", 10).await;
    let bad = Paper { reading: Kind::Garbled, ..Paper::new(1, desk.now()) };
    desk.put([bad.clone()]);
    for _ in 0..4 {
        desk.poll().await.unwrap();
        desk.pass(TimeDelta::minutes(5));
    }
    desk.put([Paper { reading: Kind::Whole, ..bad }]);
    assert_eq!(desk.poll().await.unwrap().read, 0, "given up");
    let id = hold(&desk, HoldKind::Broken).await;
    decision(&desk, "").release(id).await.unwrap();
    desk.pass(TimeDelta::minutes(5));
    assert_eq!(desk.poll().await.unwrap().registered, 1);
}
