//! Polling: what is registered, held, and never kept.

use vanthu::app::ingest::PollError;
use vanthu::app::ports::{HoldKind, SourceError};
use vanthu::demo::ioffice::{Act, FakeDocument, Fault};

use crate::support::rig::{Rig, local};

fn document(id: i64, subject: &str) -> FakeDocument {
    FakeDocument::new(id, &format!("{id}-KH/ĐUK"), subject, local("2026-03-02 08:00"))
}

async fn kinds(rig: &Rig) -> Vec<HoldKind> {
    let mut kinds: Vec<_> = rig.store.holds(true).await.unwrap().iter().map(|hold| hold.kind).collect();
    kinds.sort_by_key(|kind| kind.as_str());
    kinds
}

#[tokio::test]
async fn secret_and_unknown_documents_leave_nothing_but_a_counter() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let mut marked = document(1, "Chuyên đề chim hoạ mi");
    marked.secrecy = Some("Mật".to_owned());
    let mut unknown = document(2, "Chuyên đề chim hoạ mi");
    unknown.secrecy = None;
    let in_text = document(3, "(MẬT) Chuyên đề chim hoạ mi");
    for paper in [marked, unknown, in_text] {
        rig.ioffice.put(paper);
    }
    let polled = rig.poll().await.unwrap();
    assert_eq!((polled.withheld, polled.registered), (3, 0));
    assert_eq!(kinds(&rig).await, [HoldKind::Secret; 3]);
    assert!(rig.send().await.is_empty());
    let holds = format!("{:?}", rig.store.holds(false).await.unwrap());
    assert!(!holds.contains("hoạ mi") && !holds.contains("KH/ĐUK"), "{holds}");
    assert_eq!(rig.poll().await.unwrap().read, 0, "a withheld row is not read again at once");
}

#[tokio::test]
async fn an_unmatched_document_is_held_and_one_for_nobody_is_not() {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(document(1, "Thư mời dự tiệc"));
    rig.ioffice.put(document(2, "Tài liệu để lưu"));
    let polled = rig.poll().await.unwrap();
    assert_eq!((polled.registered, polled.unmatched, polled.obligations), (2, 1, 0));
    assert_eq!(kinds(&rig).await, [HoldKind::Unmatched]);
}

#[tokio::test]
async fn a_failed_page_moves_no_cursor_and_loses_nothing() {
    let rig = Rig::at("2026-03-02 09:00").await;
    for id in 1..=35 {
        rig.ioffice.put(document(id, "Chuyên đề"));
    }
    rig.ioffice.script(Fault::on("getlistwaitingdocument", Act::Status(500)).page(3).always());
    assert!(matches!(rig.poll().await, Err(PollError::Source(SourceError::Unreachable(_)))));
    let state = rig.store.polls().await.unwrap().remove(0);
    assert_eq!((state.cursor.watermark, state.good, state.failures), (None, None, 1));
    assert!(state.failing_since.is_some() && state.error.is_some());
    assert_eq!(rig.store.documents(100, local("2026-03-02 09:00")).await.unwrap().len(), 20);

    rig.ioffice.clear_faults();
    assert_eq!(rig.poll().await.unwrap().registered, 15);
    let state = rig.store.polls().await.unwrap().remove(0);
    assert_eq!((state.failing_since, state.failures), (None, 0));
    assert_eq!(state.cursor.watermark, Some(local("2026-03-02 08:00")));
}

#[tokio::test]
async fn a_refused_password_is_not_tried_again_for_a_while() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.script(Fault::on("login", Act::Refuse("1".to_owned(), "Sai mật khẩu".to_owned())).always());
    assert!(matches!(rig.poll().await, Err(PollError::Source(SourceError::Denied(_)))));
    let asked = rig.ioffice.seen().len();
    rig.go("2026-03-02 09:20");
    assert!(matches!(rig.poll().await, Err(PollError::TooSoon(_))));
    assert_eq!(rig.ioffice.seen().len(), asked);
    rig.ioffice.clear_faults();
    rig.go("2026-03-02 09:31");
    rig.reconnect();
    rig.poll().await.unwrap();
}

#[tokio::test]
async fn an_edit_seen_in_the_list_is_a_new_revision_and_a_late_row_is_found() {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(document(1, "Chuyên đề"));
    rig.poll().await.unwrap();
    rig.ioffice.put(document(2, "Chuyên đề"));
    let mut old = document(3, "Chuyên đề");
    old.received = local("2026-02-03 08:00");
    rig.ioffice.put(old);
    assert_eq!(rig.poll().await.unwrap().registered, 2);
    // An edit that only the detail shows is met by the overlap's second reading.
    let mut edited = rig.ioffice.document(1).unwrap();
    edited.due = "2026-03-20".parse().ok();
    rig.ioffice.put(edited);
    assert_eq!(rig.poll().await.unwrap().registered, 0);
    rig.go("2026-03-02 16:00");
    assert_eq!(rig.poll().await.unwrap().registered, 1);
}
