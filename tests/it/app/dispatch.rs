//! Dispatch: outcomes of servers, and what becomes of them.

use vanthu::app::ports::{HoldKind, NoticeFilter, SendOutcome};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::notice::Delivery;

use crate::support::rig::{Rig, local};

async fn opened() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(FakeDocument::new(1, "12-KH/ĐUK", "Chuyên đề", local("2026-03-02 08:40")));
    rig.poll().await.unwrap();
    rig
}

fn retry(everyone: bool) -> SendOutcome {
    SendOutcome::Retry { reason: "451 để sau".to_owned(), everyone }
}

async fn states(rig: &Rig) -> Vec<(Delivery, u32)> {
    let mut all = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    all.sort_by(|a, b| a.mailbox.cmp(&b.mailbox));
    all.iter().map(|notice| (notice.delivery, notice.tries)).collect()
}

#[tokio::test]
async fn one_refused_address_does_not_stop_the_others() {
    let rig = opened().await;
    let refused = SendOutcome::Failed { reason: "550 không có người này".to_owned() };
    rig.mailer.script("cb-1-2@mau.example", Some(refused));
    let done = rig.dispatch().await;
    assert_eq!((done.sent, done.failed, done.down), (2, 1, None));
    assert_eq!(states(&rig).await, [(Delivery::Sent, 1), (Delivery::Failed, 1), (Delivery::Sent, 1)]);
    let holds = rig.store.holds(true).await.unwrap();
    let told: Vec<_> = holds.iter().filter(|hold| hold.kind == HoldKind::Undeliverable).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].reason.contains("550 không có người này"), "{}", told[0].reason);
}

#[tokio::test]
async fn a_transient_refusal_waits_by_the_list_and_then_a_human_is_asked() {
    let rig = opened().await;
    rig.mailer.script("cb-2@mau.example", Some(retry(false)));
    assert_eq!(rig.dispatch().await.retried, 1);
    assert_eq!(rig.dispatch().await.retried, 0, "not before its wait has passed");
    rig.go("2026-03-02 09:01");
    assert_eq!(rig.dispatch().await.retried, 1);
    rig.go("2026-03-02 09:05");
    assert_eq!(rig.dispatch().await.retried, 0);
    rig.go("2026-03-02 09:06");
    assert_eq!(rig.dispatch().await.failed, 1);
    assert_eq!(states(&rig).await[2], (Delivery::Failed, 3));
}

#[tokio::test]
async fn a_server_that_fails_everybody_costs_no_mail_however_long() {
    let rig = opened().await;
    rig.mailer.script("*", Some(retry(true)));
    for day in 3..=20 {
        let done = rig.dispatch().await;
        assert_eq!((done.sent, done.failed), (0, 0));
        let working = rig.office.calendar.is_working(rig.office.calendar.date_of(rig.clock_now()));
        assert_eq!(done.down.is_some(), working, "nothing is tried on a weekend");
        rig.go(&format!("2026-03-{day:02} 09:00"));
    }
    rig.mailer.script("*", None);
    assert_eq!(rig.dispatch().await.sent, 3);
}

#[tokio::test]
async fn silence_behind_the_dot_is_sent_again_with_the_same_message_id() {
    let rig = opened().await;
    let silence = SendOutcome::Ambiguous { reason: "đứt kết nối".to_owned() };
    rig.mailer.script("cb-2@mau.example", Some(silence));
    assert_eq!(rig.dispatch().await.ambiguous, 1);
    let planned = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    let planned = planned.iter().find(|notice| notice.mailbox == "cb-2@mau.example").unwrap();
    rig.mailer.script("cb-2@mau.example", None);
    rig.go("2026-03-02 09:01");
    assert_eq!(rig.dispatch().await.sent, 1);
    let letters = rig.mailer.letters();
    let letter = letters.iter().find(|letter| letter.to == "cb-2@mau.example").unwrap();
    assert_eq!(letter.message_id, planned.message_id);
}

#[tokio::test]
async fn outside_office_hours_only_what_is_urgent_leaves() {
    let rig = Rig::at("2026-03-06 18:00").await;
    let mut urgent = FakeDocument::new(1, "1-CĐ/TU", "Chuyên đề", local("2026-03-06 17:30"));
    urgent.urgency = "Hỏa tốc".to_owned();
    rig.ioffice.put(urgent);
    rig.ioffice.put(FakeDocument::new(2, "2-KH/TU", "Chuyên đề", local("2026-03-06 17:31")));
    rig.poll().await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
    rig.go("2026-03-09 07:29");
    assert!(rig.send().await.is_empty());
    rig.go("2026-03-09 07:30");
    assert_eq!(rig.send().await.len(), 3);
}

#[tokio::test]
async fn letters_carry_one_recipient_and_its_own_link() {
    let rig = opened().await;
    rig.dispatch().await;
    let letters = rig.mailer.letters();
    let links: std::collections::BTreeSet<_> =
        letters.iter().filter_map(|letter| letter.link.clone()).collect();
    assert_eq!(links.len(), letters.len());
    for letter in letters {
        let token = letter.link.as_deref().unwrap().strip_prefix("https://vanthu.example/a/").unwrap();
        assert!(rig.policy.keyring.verify(token, rig.clock_now()).is_ok());
        assert_eq!(letter.challenge.as_deref(), Some("12"));
        assert_eq!(letter.days_left, Some(10));
    }
}

/// Two documents, one mailbox: the second letter waits for the outcome of the first, also where more
/// sessions are free.
#[tokio::test]
async fn a_mailbox_has_one_mail_in_flight_and_its_mails_keep_their_order() {
    let rig = opened().await;
    for (id, symbol) in [(2, "13-KH/ĐUK"), (3, "14-KH/ĐUK")] {
        rig.ioffice.put(FakeDocument::new(id, symbol, "Chuyên đề", local("2026-03-02 08:40")));
        rig.poll().await.unwrap();
    }
    assert_eq!(rig.dispatch().await.sent, 9);
    let letters = rig.mailer.letters();
    for mailbox in ["cb-1-1@mau.example", "cb-1-2@mau.example", "cb-2@mau.example"] {
        let own = letters.iter().filter(|letter| letter.to == mailbox);
        let symbols: Vec<_> = own.map(|letter| letter.facts.symbol.as_str()).collect();
        assert_eq!(symbols, ["12-KH/ĐUK", "13-KH/ĐUK", "14-KH/ĐUK"], "{mailbox}");
    }
    assert_eq!(rig.mailer.most_at_once(), 1, "letters in flight to one mailbox");
}
