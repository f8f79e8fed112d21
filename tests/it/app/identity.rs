//! One directive, two ways in: one entry in the register, one mail to each cell.

use vanthu::app::hold::{Decided, Desk, HoldError, To, Wanted};
use vanthu::app::ports::HoldKind;
use vanthu::domain::document::Document;
use vanthu::domain::ids::{DocumentId, HoldId};
use vanthu::domain::obligation::Role;

use crate::support::rig::Rig;
use crate::support::scripted::{Scripted, paper, revocation};

/// As iOffice delivers it: no exchange at all.
fn plain() -> Document {
    Document { exchange: Default::default(), ..paper("") }
}

struct Two {
    rig: Rig,
    ioffice: Scripted,
    axis: Scripted,
}

async fn two() -> Two {
    let rig = Rig::at("2026-03-02 09:00").await;
    Two { rig, ioffice: Scripted::new("ioffice"), axis: Scripted::new("truc") }
}

async fn documents(rig: &Rig) -> usize {
    rig.store.documents(9, rig.clock_now()).await.unwrap().len()
}

async fn ambiguous(rig: &Rig) -> Option<(HoldId, String)> {
    let holds = rig.store.holds(true).await.unwrap().into_iter();
    let mut holds = holds.filter(|hold| hold.kind == HoldKind::Ambiguous);
    holds.next().map(|hold| (hold.id, hold.reason))
}

#[tokio::test]
async fn the_same_directive_by_two_sources_is_one_with_two_origins() {
    let Two { rig, ioffice, axis } = two().await;
    ioffice.deliver(plain());
    rig.poll_from(&ioffice).await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
    let mut other = paper("k1");
    (other.issuer, other.subject) = ("ĐẢNG ỦY KHỐI".to_owned(), "Sinh hoạt chuyên đề  quý I".to_owned());
    axis.deliver(other);
    let polled = rig.poll_from(&axis).await.unwrap();
    assert_eq!((polled.registered, polled.obligations, documents(&rig).await), (0, 0, 1));
    assert!(rig.send().await.is_empty());
    let origins = rig.store.origins(DocumentId(1)).await.unwrap();
    let named: Vec<_> = origins.iter().map(|origin| origin.content.source.as_str()).collect();
    assert_eq!(named, ["ioffice", "truc"]);
    assert!(ambiguous(&rig).await.is_none());

    // What the axis then does with it finds it by its key.
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
}

#[tokio::test]
async fn a_number_alone_is_no_identity() {
    for (edit, what) in [
        (
            (|document: &mut Document| document.issued = "2025-03-02".parse().ok()) as fn(&mut Document),
            "year",
        ),
        (|document| document.symbol = "12-KH/TU".to_owned(), "symbol"),
        (
            |document| {
                document.issuer = "Tỉnh uỷ".to_owned();
                document.subject = "Chuyên đề chuyển đổi số trong các cơ quan đảng".to_owned();
            },
            "another body about another matter",
        ),
    ] {
        let Two { rig, ioffice, axis } = two().await;
        ioffice.deliver(plain());
        rig.poll_from(&ioffice).await.unwrap();
        let mut other = paper("k1");
        edit(&mut other);
        axis.deliver(other);
        rig.poll_from(&axis).await.unwrap();
        assert_eq!(documents(&rig).await, 2, "{what}");
        assert!(ambiguous(&rig).await.is_none(), "{what}");
    }
}

#[tokio::test]
async fn within_one_source_ids_are_the_identity() {
    let Two { rig, ioffice, .. } = two().await;
    ioffice.deliver(plain());
    ioffice.deliver(plain());
    rig.poll_from(&ioffice).await.unwrap();
    assert_eq!(documents(&rig).await, 2);
}

/// A near match: both are shown, and one call settles it.
async fn near() -> (Two, HoldId) {
    let two = two().await;
    two.ioffice.deliver(plain());
    two.rig.poll_from(&two.ioffice).await.unwrap();
    two.rig.send().await;
    let mut other = paper("k1");
    other.issuer = "Đảng uỷ Khối các cơ quan".to_owned();
    two.axis.deliver(other);
    assert_eq!(two.rig.poll_from(&two.axis).await.unwrap().registered, 0);
    let (hold, reason) = ambiguous(&two.rig).await.unwrap();
    insta::allow_duplicates! { insta::assert_snapshot!(reason, @"12-KH/ĐUK ngày 02/03/2026 của Đảng uỷ Khối các cơ quan, “Sinh hoạt chuyên đề quý I” có thể là văn bản đã có trong sổ: #1 12-KH/ĐUK ngày 02/03/2026 của Đảng uỷ Khối, “Sinh hoạt chuyên đề quý I” (tên cơ quan ban hành khác nhau). Cần xác định là một hay là hai văn bản"); }
    assert!(two.rig.send().await.is_empty(), "nobody is told before a person says");
    (two, hold)
}

fn desk(rig: &Rig) -> Desk<'_> {
    let (store, now) = (rig.store.as_ref(), rig.clock_now());
    Desk { store, office: &rig.office, policy: &rig.policy, actor: "vt", reason: "so bản giấy", now }
}

async fn same(rig: &Rig, hold: HoldId, document: i64) -> Result<Decided, HoldError> {
    let wanted = Wanted { to: To::Document(DocumentId(document)), role: Role::Lead, due: None };
    desk(rig).assign(hold, &wanted).await
}

#[tokio::test]
async fn a_person_says_that_it_is_the_same() {
    let (Two { rig, axis, .. }, hold) = near().await;
    same(&rig, hold, 1).await.unwrap();
    assert_eq!((documents(&rig).await, ambiguous(&rig).await), (1, None));
    assert!(rig.send().await.is_empty());
    assert_eq!(rig.store.origins(DocumentId(1)).await.unwrap().len(), 2);
    assert!(matches!(same(&rig, hold, 1).await, Err(HoldError::Gone(_))));
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
}

#[tokio::test]
async fn a_person_says_that_it_is_another() {
    let (Two { rig, .. }, hold) = near().await;
    let done = desk(&rig).release(hold).await.unwrap();
    assert_eq!(done, Decided { documents: 1, opened: 4, mails: 3 });
    assert_eq!((documents(&rig).await, ambiguous(&rig).await), (2, None));
    assert_eq!(rig.send().await.len(), 3);
}

#[tokio::test]
async fn a_choice_of_nothing_changes_nothing() {
    let (Two { rig, .. }, hold) = near().await;
    assert!(matches!(same(&rig, hold, 9).await, Err(HoldError::NotThis(DocumentId(9)))));
    assert!(ambiguous(&rig).await.is_some());
}

#[tokio::test]
async fn what_was_dismissed_does_not_come_back_until_it_changes() {
    let (Two { rig, axis, .. }, hold) = near().await;
    desk(&rig).dismiss(hold).await.unwrap();
    rig.go("2026-03-02 16:00");
    rig.poll_from(&axis).await.unwrap();
    rig.go("2026-03-03 16:00");
    rig.poll_from(&axis).await.unwrap();
    assert_eq!((documents(&rig).await, ambiguous(&rig).await), (1, None));
    axis.edit(1, |document| document.subject = "Sinh hoạt chuyên đề quý I năm 2026".to_owned());
    rig.poll_from(&axis).await.unwrap();
    assert!(ambiguous(&rig).await.is_some(), "another content is another question");
}

/// The axis leads; iOffice may say what it likes about what the axis says, and fills what it leaves out.
#[tokio::test]
async fn two_origins_that_differ_do_not_take_turns() {
    let Two { mut rig, ioffice, axis } = two().await;
    let mut policy = rig.policy.as_ref().clone();
    policy.operations.order = vec!["truc".into(), "ioffice".into()];
    rig.policy = policy.into();
    let mut typed = plain();
    (typed.signer, typed.due) = (Some("PBT".to_owned()), None);
    let number = ioffice.deliver(typed);
    rig.poll_from(&ioffice).await.unwrap();
    rig.send().await;
    axis.deliver(paper("k1"));
    assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 1, "the leading source completes it");
    rig.send().await;
    for round in 0..3 {
        ioffice.edit(number, |document| document.signer = Some(format!("PBT {round}")));
        assert_eq!(rig.poll_from(&ioffice).await.unwrap().registered, 0);
        assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 0);
    }
    ioffice.edit(number, |document| document.field = Some("Công tác Đảng".to_owned()));
    assert_eq!(rig.poll_from(&ioffice).await.unwrap().registered, 1, "what the leading one leaves out");
    let row = rig.store.document(DocumentId(1), rig.clock_now()).await.unwrap().unwrap();
    assert_eq!(row.document.signer.as_deref(), Some("Phó Bí thư"));
    assert_eq!(row.document.field.as_deref(), Some("Công tác Đảng"));
}
