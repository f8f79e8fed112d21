//! Thu hồi, cập nhật, thay thế: whatever comes first, each cell is told what concerns it, once.

use vanthu::app::acknowledge::{self, Desk, Memory, OnBehalf};
use vanthu::app::ports::HoldKind;
use vanthu::domain::document::Document;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::notice::Letter;
use vanthu::domain::obligation::{Answer, Obligation, State};
use vanthu::domain::operation::{Field, Standing};

use crate::support::rig::Rig;
use crate::support::scripted::{Scripted, paper, receiver, replacement, revocation, update};

const CELLS: [&str; 3] = ["cb-1-1@mau.example", "cb-1-2@mau.example", "cb-2@mau.example"];

/// Monday 2026-03-02, with the document of key `k1` registered and told.
async fn opened() -> (Rig, Scripted, Document) {
    let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    axis.deliver(paper("k1"));
    assert_eq!(rig.poll_from(&axis).await.unwrap().obligations, 4);
    assert_eq!(rig.send().await, CELLS.map(|cell| format!("notice {cell}")));
    (rig, axis, paper("k1"))
}

fn mails(kind: &str) -> Vec<String> {
    CELLS.map(|cell| format!("{kind} {cell}")).to_vec()
}

async fn rows(rig: &Rig, document: i64) -> Vec<Obligation> {
    let rows = rig.store.obligations(DocumentId(document), false).await.unwrap();
    rows.into_iter().map(|row| row.obligation).collect()
}

async fn states(rig: &Rig, document: i64) -> Vec<(String, State)> {
    rows(rig, document).await.into_iter().map(|row| (row.cell.0, row.state)).collect()
}

async fn standing(rig: &Rig, document: i64) -> Standing {
    rig.store.document(DocumentId(document), rig.clock_now()).await.unwrap().unwrap().standing
}

async fn holds(rig: &Rig) -> Vec<(HoldKind, String)> {
    let holds = rig.store.holds(true).await.unwrap().into_iter();
    holds.filter(|hold| hold.kind != HoldKind::NoContact).map(|hold| (hold.kind, hold.reason)).collect()
}

async fn acknowledge(rig: &Rig, cell: &str) {
    let id = rows(rig, 1).await.into_iter().find(|row| row.cell.as_str() == cell).unwrap().id;
    let answer = Answer::Received { promised: None };
    let entry =
        OnBehalf { obligations: &[id], answer: &answer, actor: "vt", reason: "gọi", now: rig.clock_now() };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
}

fn last(rig: &Rig, address: &str) -> Letter {
    rig.mailer.letters().into_iter().rev().find(|letter| letter.to == address).unwrap()
}

#[tokio::test]
async fn a_revocation_stops_everything_and_is_told_once() {
    let (rig, axis, paper) = opened().await;
    acknowledge(&rig, "cb-2").await;
    axis.deliver(revocation(&paper));
    rig.go("2026-03-03 09:00");
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(rig.send().await, mails("withdrawal"));
    let letter = last(&rig, CELLS[0]);
    assert_eq!(
        (letter.news.standing, letter.news.reason.as_deref()),
        (Standing::Revoked, Some("phát hành nhầm"))
    );
    assert!(letter.link.is_none());
    assert_eq!(states(&rig, 1).await.iter().filter(|(_, state)| *state == State::Withdrawn).count(), 4);

    // Once more under another id, as clients of the axis do.
    axis.deliver(revocation(&paper));
    assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 0);
    rig.go("2026-04-30 09:00");
    assert_eq!(rig.chase().await.looked, 0, "no reminder after the poll that saw it");
    assert!(rig.send().await.is_empty());
}

#[tokio::test]
async fn a_link_says_that_its_document_was_revoked() {
    let (rig, axis, paper) = opened().await;
    let link = last(&rig, CELLS[0]).link.unwrap();
    axis.deliver(revocation(&paper));
    rig.poll_from(&axis).await.unwrap();
    let memory = Memory::default();
    let desk = Desk {
        store: rig.store.as_ref(),
        keyring: &rig.policy.keyring,
        secret: &rig.policy.secret,
        memory: &memory,
        calendar: &rig.office.calendar,
        units: &rig.office.units,
        voices: &rig.policy.voices,
    };
    let token = link.rsplit('/').next().unwrap();
    let view = acknowledge::view(&desk, token, rig.clock_now()).await.unwrap();
    assert_eq!((view.standing, view.tasks[0].obligation.state), (Standing::Revoked, State::Withdrawn));
}

#[tokio::test]
async fn an_unsent_mail_about_a_revoked_document_never_leaves() {
    let (rig, axis) = (Rig::at("2026-03-01 20:00").await, Scripted::new("truc"));
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    assert!(rig.send().await.is_empty(), "Sunday night");
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    rig.go("2026-03-02 09:00");
    assert!(rig.send().await.is_empty(), "who was never told needs no withdrawal");
    assert!(holds(&rig).await.is_empty());
}

#[tokio::test]
async fn a_small_change_informs_and_everything_carries_on() {
    let (rig, axis, paper) = opened().await;
    acknowledge(&rig, "cb-2").await;
    let before = rows(&rig, 1).await;
    axis.deliver(update(&paper, |document| document.signer = Some("Bí thư".to_owned())));
    rig.go("2026-03-03 09:00");
    let polled = rig.poll_from(&axis).await.unwrap();
    assert_eq!((polled.registered, polled.obligations), (1, 0));
    let after = rows(&rig, 1).await;
    let moved: Vec<_> =
        before.iter().map(|row| Obligation { revision: after[0].revision, ..row.clone() }).collect();
    assert_eq!(after, moved, "state, acknowledgement, dues and ladder are kept");
    assert_ne!(before[0].revision, after[0].revision);
    assert_eq!(rig.send().await, mails("change"));
    let news = last(&rig, CELLS[2]).news;
    let edits: Vec<_> =
        news.edits.iter().map(|edit| (edit.field, edit.old.as_str(), edit.new.as_str())).collect();
    assert_eq!(
        (edits.as_slice(), news.retouched),
        ([(Field::Signer, "Phó Bí thư", "Bí thư")].as_slice(), true)
    );

    // The ladder goes on where it was: only who has not acknowledged is reminded.
    rig.go("2026-03-04 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, [format!("reminder {}", CELLS[0]), format!("reminder {}", CELLS[1])]);
}

#[tokio::test]
async fn a_silent_office_is_not_told_of_small_changes() {
    let (mut rig, axis, paper) = opened().await;
    let mut policy = rig.policy.as_ref().clone();
    policy.operations.tells_small = false;
    rig.policy = policy.into();
    axis.deliver(update(&paper, |document| document.signer = Some("Bí thư".to_owned())));
    assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 1);
    assert!(rig.send().await.is_empty());
}

#[tokio::test]
async fn spelling_is_no_news_and_an_update_without_a_change_is_none() {
    let (rig, axis, paper) = opened().await;
    axis.deliver(update(&paper, |_| ()));
    assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 0);
    axis.deliver(update(&paper, |document| document.issuer = "ĐẢNG ỦY  KHỐI".to_owned()));
    assert_eq!(rig.poll_from(&axis).await.unwrap().registered, 1);
    assert!(rig.send().await.is_empty());
}

#[tokio::test]
async fn a_change_that_matters_asks_anew() {
    let (rig, axis, paper) = opened().await;
    acknowledge(&rig, "cb-2").await;
    axis.deliver(update(&paper, |document| document.due = "2026-03-20".parse().ok()));
    rig.go("2026-03-03 09:00");
    assert_eq!(rig.poll_from(&axis).await.unwrap().obligations, 4);
    assert!(states(&rig, 1).await.iter().all(|(_, state)| *state == State::Open));
    assert_eq!(rig.send().await, mails("change"));
    let news = last(&rig, CELLS[2]).news;
    assert_eq!((news.edits[0].old.as_str(), news.edits[0].new.as_str()), ("13/03/2026", "20/03/2026"));
    assert!(!news.retouched);
}

/// The first mail waits for Monday, the change comes on Sunday: one mail, of what is true on Monday.
#[tokio::test]
async fn a_first_mail_that_waits_is_carried_to_the_new_content() {
    let (rig, axis) = (Rig::at("2026-03-01 20:00").await, Scripted::new("truc"));
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    axis.deliver(update(&paper("k1"), |document| document.signer = Some("Bí thư".to_owned())));
    rig.poll_from(&axis).await.unwrap();
    rig.go("2026-03-02 09:00");
    assert_eq!(rig.send().await, mails("notice"));
    let contacts = rig.store.obligations(DocumentId(1), false).await.unwrap();
    assert_eq!(contacts.iter().filter(|row| row.notices_sent == 1).count(), 3);
}

#[tokio::test]
async fn a_replacement_is_one_mail_that_names_what_it_replaces() {
    let (rig, axis, paper) = opened().await;
    acknowledge(&rig, "cb-2").await;
    axis.deliver(replacement("k2", &[&paper], &[]));
    assert_eq!(rig.poll_from(&axis).await.unwrap().obligations, 4);
    assert_eq!(standing(&rig, 1).await, Standing::Replaced);
    assert_eq!(rig.send().await, mails("notice"));
    let replaced: Vec<_> = last(&rig, CELLS[0]).news.replaces.into_iter().map(|facts| facts.symbol).collect();
    assert_eq!(replaced, ["12-KH/ĐUK"]);
    assert!(states(&rig, 1).await.iter().all(|(_, state)| *state == State::Withdrawn));
    let answered = rows(&rig, 1).await.into_iter().find(|row| row.cell.as_str() == "cb-2").unwrap();
    assert_eq!(rig.store.answers(answered.id).await.unwrap().len(), 1, "what was answered stays");
}

#[tokio::test]
async fn who_is_not_in_the_new_document_hears_what_replaces_the_old() {
    let (rig, axis, paper) = opened().await;
    let mut new = replacement("k2", &[&paper], &[]);
    new.subject = "Thanh tra nội bộ".to_owned();
    axis.deliver(new);
    assert_eq!(rig.poll_from(&axis).await.unwrap().obligations, 2);
    let (both, rest) = (&CELLS[..2], CELLS[2]);
    let mut expected: Vec<_> = both.iter().map(|cell| format!("notice {cell}")).collect();
    expected.push(format!("withdrawal {rest}"));
    assert_eq!(rig.send().await, expected);
    let news = last(&rig, rest).news;
    assert_eq!(news.replaced_by[0].symbol, "k2-KH/ĐUK");
}

#[tokio::test]
async fn a_replacement_for_others_is_none_for_us() {
    let (mut rig, axis, paper) = opened().await;
    let mut policy = rig.policy.as_ref().clone();
    policy.operations.organs = vec!["H37.10".to_owned()];
    rig.policy = policy.into();
    axis.deliver(replacement("k2", &[&paper], &["H37.99"]));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(standing(&rig, 1).await, Standing::InForce);
    axis.deliver(replacement("k3", &[&paper], &["H37.99", "H37.10"]));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(standing(&rig, 1).await, Standing::Replaced);
}

#[tokio::test]
async fn an_office_without_a_name_of_its_own_asks_a_person_whom_is_meant() {
    let (rig, axis, paper) = opened().await;
    axis.deliver(receiver(&paper, "H37.10", false));
    rig.poll_from(&axis).await.unwrap();
    let holds = holds(&rig).await;
    assert_eq!(holds[0].0, HoldKind::Operation);
    assert!(holds[0].1.contains("operations.organs"), "{holds:?}");
    assert_eq!(standing(&rig, 1).await, Standing::InForce);
}

#[tokio::test]
async fn a_receiver_that_is_removed_is_withdrawn_and_may_come_back() {
    let (rig, axis, paper) = opened().await;
    axis.deliver(receiver(&paper, "Đảng bộ Sở Mẫu", false));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(rig.send().await, [format!("withdrawal {}", CELLS[0]), format!("withdrawal {}", CELLS[1])]);
    assert_eq!(standing(&rig, 1).await, Standing::InForce, "others still have it");
    assert!(last(&rig, CELLS[0]).news.replaced_by.is_empty());
}

#[tokio::test]
async fn an_office_that_is_removed_and_added_again_is_asked_anew() {
    let (mut rig, axis, paper) = opened().await;
    let mut policy = rig.policy.as_ref().clone();
    policy.operations.organs = vec!["H37.10".to_owned()];
    rig.policy = policy.into();
    axis.deliver(receiver(&paper, "H37.10", false));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(standing(&rig, 1).await, Standing::Removed);
    assert_eq!(rig.send().await, mails("withdrawal"));
    axis.deliver(receiver(&paper, "H37.10", true));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(standing(&rig, 1).await, Standing::InForce);
    assert_eq!(rig.send().await, mails("change"));
}

#[tokio::test]
async fn what_comes_before_its_original_waits_and_is_shown() {
    let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    let held = holds(&rig).await;
    assert_eq!(held[0].0, HoldKind::Operation);
    insta::assert_snapshot!(held[0].1, @"thu hồi văn bản có mã k1 mà sổ chưa có; sẽ tự áp dụng khi văn bản đó đến. Quá ngày 01/04/2026 vẫn chưa đến thì đề nghị hỏi nơi gửi");

    axis.deliver(paper("k1"));
    let polled = rig.poll_from(&axis).await.unwrap();
    assert_eq!((polled.registered, polled.obligations), (1, 0));
    assert_eq!(standing(&rig, 1).await, Standing::Revoked);
    assert!(holds(&rig).await.is_empty());
    assert!(rig.send().await.is_empty());
}

/// An operation may find its original by what both papers say, where that came by another way.
#[tokio::test]
async fn the_axis_revokes_what_ioffice_delivered() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let (ioffice, axis) = (Scripted::new("ioffice"), Scripted::new("truc"));
    let mut plain = paper("");
    plain.exchange = Default::default();
    ioffice.deliver(plain);
    rig.poll_from(&ioffice).await.unwrap();
    rig.send().await;
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    assert_eq!(rig.send().await, mails("withdrawal"));
}

#[tokio::test]
async fn an_operation_that_names_nothing_is_held_with_its_bytes() {
    let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    let mut aimless = revocation(&paper("k1"));
    aimless.exchange.key = None;
    axis.deliver(aimless);
    rig.poll_from(&axis).await.unwrap();
    insta::assert_debug_snapshot!(holds(&rig).await, @r#"
    [
        (
            Operation,
            "nghiệp vụ thu hồi không nêu mã văn bản nào: 12-KH/ĐUK ngày 02/03/2026 của Đảng uỷ Khối, “Sinh hoạt chuyên đề quý I”",
        ),
    ]
    "#);
}

/// An update has an id of its own, and its sender may go on with that one; whichever comes first.
#[tokio::test]
async fn an_operation_may_name_the_update_instead_of_its_original() {
    let first = paper("k1");
    let second = update(&first, |document| document.due = "2026-03-20".parse().ok());
    let mut last = revocation(&second);
    last.exchange.concerns = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
        for number in order {
            axis.deliver([&first, &second, &last][number].clone());
            rig.poll_from(&axis).await.unwrap();
        }
        assert_eq!(standing(&rig, 1).await, Standing::Revoked, "{order:?}");
        assert!(holds(&rig).await.is_empty(), "{order:?}: {:?}", holds(&rig).await);
    }
}

/// Staff read what happened on the document's own page and by `show`.
#[tokio::test]
async fn its_history_is_told() {
    let (rig, axis, paper) = opened().await;
    axis.deliver(update(&paper, |document| document.due = "2026-03-20".parse().ok()));
    rig.poll_from(&axis).await.unwrap();
    axis.deliver(replacement("k2", &[&paper], &[]));
    rig.poll_from(&axis).await.unwrap();
    let history = vanthu::app::history::history(rig.store.as_ref(), DocumentId(1)).await.unwrap();
    assert_eq!(history.standing, Standing::Replaced);
    assert_eq!(history.replaced_by[0].symbol, "k2-KH/ĐUK");
    assert_eq!(history.changes[0].edits[0].field, Field::Due);
    let operations: Vec<_> = history.origins.iter().map(|origin| origin.operation.as_str()).collect();
    assert_eq!(operations, ["new", "update"]);
    let new = vanthu::app::history::history(rig.store.as_ref(), DocumentId(2)).await.unwrap();
    assert_eq!(new.replaces[0].id, DocumentId(1));
}
