//! Which mornings bring which mails.

use vanthu::app::digest::Gathered;
use vanthu::app::ports::{NoticeFilter, SendOutcome};
use vanthu::app::respite::Desk;
use vanthu::domain::digest::Pain;
use vanthu::domain::notice::{Delivery, Letter, NoticeKind};
use vanthu::domain::obligation::Answer;

use super::{document, done, number, rig, say, turn};
use crate::support::rig::Rig;

const PLAN: &str = "12-KH/ĐUK";
const BOTH: [&str; 2] = [PLAN, "9-HD/ĐUK"];

/// Monday 2026-03-02: a plan with three tasks for two cells and two for another, then a directive.
async fn opened() -> Rig {
    let rig = rig("2026-03-02 09:00").await;
    rig.ioffice.put(document(1, PLAN, "Kế hoạch năm 2026", "2026-03-02 08:40"));
    let mut directive = document(2, "9-HD/ĐUK", "Sinh hoạt chuyên đề quý I", "2026-03-02 08:45");
    directive.due = "2026-03-13".parse().ok();
    rig.ioffice.put(directive);
    rig.poll().await.unwrap();
    assert_eq!(rig.send().await.len(), 6);
    rig
}

fn digest(rig: &Rig, address: &str) -> Letter {
    let letters = rig.mailer.letters().into_iter().rev();
    let mut digests = letters.filter(|letter| letter.kind == NoticeKind::Digest);
    digests.find(|letter| letter.to == address).unwrap()
}

#[tokio::test]
async fn the_reminders_of_a_morning_are_one_mail_in_the_order_of_pain() {
    let rig = opened().await;
    rig.go("2026-03-03 08:00");
    say(&rig, "cb-2", &BOTH, done()).await;
    say(&rig, "cb-1-2", &[PLAN], done()).await;

    rig.go("2026-03-04 07:30");
    // cb-1-1 has four things open, cb-1-2 one, cb-2 none; each open document would remind by itself.
    assert_eq!(turn(&rig).await, Gathered { cells: 1, folded: 2 });
    assert_eq!(rig.send().await, ["digest cb-1-1@mau.example"]);
    rig.go("2026-03-04 07:34");
    assert!(rig.send().await.is_empty());
    rig.go("2026-03-04 07:35");
    assert_eq!(turn(&rig).await, Gathered::default());
    assert_eq!(rig.send().await, ["reminder cb-1-2@mau.example"], "one thing alone: its plain reminder");

    let letter = digest(&rig, "cb-1-1@mau.example");
    let items = &letter.digest.as_ref().unwrap().items;
    let order: Vec<_> =
        items.iter().map(|item| (item.pain, item.facts.symbol.as_str(), item.task.as_deref())).collect();
    assert_eq!(
        order,
        [
            (Pain::Late, "12-KH/ĐUK", Some("Đăng ký nội dung làm theo")),
            (Pain::Late, "9-HD/ĐUK", None),
            (Pain::Late, "12-KH/ĐUK", Some("Quán triệt kế hoạch")),
            (Pain::Late, "12-KH/ĐUK", Some("Tổ chức toạ đàm")),
        ]
    );
    // Each with a link of its own that answers for it.
    let mut links: Vec<_> = items.iter().map(|item| item.link.as_str()).collect();
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), 4);
    assert!(letter.link.is_none());
    for item in items {
        let token = item.link.rsplit('/').next().unwrap();
        let claims = rig.policy.keyring.verify(token, rig.clock_now()).unwrap();
        assert_eq!(claims.obligation, item.obligation);
    }
}

/// No mail names what staff muted, not even the one of the morning, also where they muted it after it was made.
#[tokio::test]
async fn what_was_muted_is_left_out() {
    let rig = opened().await;
    let mute = async |cell: &str, document: &str| {
        let rows = rig.store.obligations(number(&rig, document).await, false).await.unwrap();
        let ids: Vec<_> = rows
            .iter()
            .map(|row| &row.obligation)
            .filter(|row| row.cell.as_str() == cell)
            .map(|row| row.id)
            .collect();
        let (store, office, policy, now) = (rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now());
        let rests = Desk { store, office, policy, actor: "van-thu", reason: "đang sáp nhập", now };
        rests.mute(&ids, "2026-03-20".parse().unwrap()).await.unwrap();
    };
    mute("cb-2", PLAN).await;
    mute("cb-2", "9-HD/ĐUK").await;
    rig.go("2026-03-04 07:30");
    assert_eq!(turn(&rig).await.cells, 2);
    mute("cb-1-1", PLAN).await;
    assert_eq!(rig.send().await, ["digest cb-1-1@mau.example", "digest cb-1-2@mau.example"]);
    let items = digest(&rig, "cb-1-1@mau.example").digest.unwrap().items;
    assert_eq!(items.iter().map(|item| item.facts.symbol.as_str()).collect::<Vec<_>>(), ["9-HD/ĐUK"]);
}

/// Nobody reads of one directive twice on a morning: what came in the night has its first notice, and is listed from
/// the next morning on.
#[tokio::test]
async fn what_came_in_the_night_is_not_listed_beside_its_notice() {
    let rig = opened().await;
    rig.go("2026-03-04 05:00");
    let mut directive = document(3, "10-HD/ĐUK", "Sinh hoạt chuyên đề quý II", "2026-03-04 04:40");
    directive.due = "2026-03-20".parse().ok();
    rig.ioffice.put(directive);
    rig.poll().await.unwrap();
    rig.go("2026-03-04 07:30");
    turn(&rig).await;
    let sent = rig.send().await;
    assert!(sent.contains(&"notice cb-2@mau.example".to_owned()), "{sent:?}");
    let listed = |rig: &Rig| -> Vec<String> {
        let items = digest(rig, "cb-2@mau.example").digest.unwrap().items;
        items.into_iter().map(|item| item.facts.symbol).collect()
    };
    assert!(!listed(&rig).contains(&"10-HD/ĐUK".to_owned()));
    rig.go("2026-03-05 07:30");
    turn(&rig).await;
    rig.send().await;
    assert!(listed(&rig).contains(&"10-HD/ĐUK".to_owned()));
}

/// What was folded is in the outbox with its reason, and the digest with everything it told of.
#[tokio::test]
async fn the_outbox_proves_what_the_digest_told() {
    let rig = opened().await;
    rig.go("2026-03-04 07:30");
    assert_eq!(turn(&rig).await, Gathered { cells: 3, folded: 6 });
    rig.send().await;
    let notices = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    let folded: Vec<_> = notices.iter().filter(|notice| notice.delivery == Delivery::Dropped).collect();
    assert_eq!(folded.len(), 6);
    assert!(folded.iter().all(|notice| {
        notice.kind == NoticeKind::Reminder && notice.reply.as_deref().unwrap().contains("gộp vào thư")
    }));
    let journal = rig.store.journal(None, 0, 0).await.unwrap();
    assert!(journal.iter().any(|entry| entry.detail["digest"] == "2026-03-04" && entry.detail["cells"] == 3));
}

/// What is late nags every working morning until it is done; a morning on which nothing presses is quiet.
#[tokio::test]
async fn one_on_each_morning_that_presses() {
    let rig = opened().await;
    let mut days = Vec::new();
    for day in ["03", "04", "05", "06", "07", "08", "09"] {
        rig.go(&format!("2026-03-{day} 07:30"));
        turn(&rig).await;
        let sent = rig.send().await;
        if sent.iter().any(|mail| mail == "digest cb-2@mau.example") {
            days.push(day);
        }
        if day == "05" {
            say(&rig, "cb-2", &BOTH, Answer::Received { promised: None }).await;
        }
        // Later turns of the same day make no second one.
        rig.go(&format!("2026-03-{day} 15:00"));
        assert_eq!(turn(&rig).await, Gathered::default());
        assert!(!rig.send().await.iter().any(|mail| mail.starts_with("digest")));
    }
    // On the 3rd the acknowledgement ends, from the 4th it is late; acknowledged on the 5th; on the 6th the
    // registration ends, which is late on Monday. Not at the weekend.
    assert_eq!(days, ["03", "04", "05", "06", "09"]);
}

/// A mail server that was away all day gets the newest digest of each cell and no older one (T89).
#[tokio::test]
async fn after_an_outage_only_the_newest() {
    let rig = opened().await;
    let down = SendOutcome::Retry { reason: "đóng cửa".to_owned(), everyone: true };
    rig.mailer.script("*", Some(down));
    for day in ["04", "05"] {
        rig.go(&format!("2026-03-{day} 07:30"));
        turn(&rig).await;
        rig.dispatch().await;
    }
    rig.mailer.script("*", None);
    rig.go("2026-03-05 09:00");
    turn(&rig).await;
    let digests: Vec<_> = rig.send().await.into_iter().filter(|mail| mail.starts_with("digest")).collect();
    let mut one_each = digests.clone();
    one_each.dedup();
    assert_eq!(digests, one_each);
    assert_eq!(digests.len(), 3);
    assert!(
        rig.mailer
            .letters()
            .iter()
            .filter_map(|letter| letter.digest.as_ref())
            .all(|digest| { digest.day == "2026-03-05".parse().unwrap() })
    );
}

/// Put together while the office sleeps, by a daemon that was down in the morning, or in the evening.
#[tokio::test]
async fn a_late_start_still_folds_and_an_evening_does_not() {
    let rig = opened().await;
    rig.go("2026-03-04 10:15");
    assert_eq!(turn(&rig).await.cells, 3);
    let rig = opened().await;
    rig.go("2026-03-04 17:00");
    assert_eq!(turn(&rig).await, Gathered::default());
    // What the ladders wrote in the evening waits for the next morning, and is folded then with what is new.
    assert!(rig.send().await.is_empty());
    rig.go("2026-03-05 07:30");
    assert_eq!(turn(&rig).await, Gathered { cells: 3, folded: 9 });
    assert_eq!(rig.send().await.len(), 3);
}

/// Hoả tốc waits for nothing and is folded into nothing; a first notice leaves by itself.
#[tokio::test]
async fn what_cannot_wait_is_a_mail_of_its_own() {
    let rig = opened().await;
    let mut express = document(3, "1-CĐ/ĐUK", "Sinh hoạt chuyên đề hoả tốc", "2026-03-02 09:05");
    express.urgency = "Hoả tốc".to_owned();
    rig.ioffice.put(express);
    rig.go("2026-03-02 09:10");
    rig.poll().await.unwrap();
    assert_eq!(rig.send().await.iter().filter(|mail| mail.starts_with("notice")).count(), 3);

    rig.go("2026-03-04 07:30");
    rig.ioffice.put(document(4, "14-CV/ĐUK", "Sinh hoạt chuyên đề mới", "2026-03-04 07:20"));
    rig.poll().await.unwrap();
    assert_eq!(turn(&rig).await, Gathered { cells: 3, folded: 6 });
    let sent = rig.send().await;
    let count = |kind: &str| sent.iter().filter(|mail| mail.starts_with(kind)).count();
    assert_eq!((count("reminder"), count("notice"), count("digest")), (3, 3, 3), "{sent:?}");
}

/// A digest is written from what is true when it leaves.
#[tokio::test]
async fn what_was_answered_meanwhile_is_left_out() {
    let rig = opened().await;
    rig.go("2026-03-04 07:30");
    turn(&rig).await;
    say(&rig, "cb-1-1", &[PLAN], done()).await;
    say(&rig, "cb-2", &BOTH, done()).await;
    assert_eq!(rig.send().await, ["digest cb-1-1@mau.example", "digest cb-1-2@mau.example"]);
    assert_eq!(digest(&rig, "cb-1-1@mau.example").digest.unwrap().items.len(), 1);
}

/// Taking back the document under which a digest is kept takes back no digest.
#[tokio::test]
async fn a_withdrawn_document_does_not_take_the_digest_along() {
    let rig = opened().await;
    rig.go("2026-03-04 07:30");
    turn(&rig).await;
    for document in BOTH {
        let document = number(&rig, document).await;
        let mut tx = rig.store.begin().await.unwrap();
        tx.drop_queued(document, None, "thu hồi").await.unwrap();
        let units = ["cb-1-1", "cb-2"].map(|cell| cell.into()).into();
        tx.drop_queued_of(document, &units, "thu hồi").await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(rig.send().await.len(), 3);
}

/// Digests of a month are one thread, those of the next another.
#[tokio::test]
async fn a_thread_for_each_month() {
    let rig = opened().await;
    let mut threads = Vec::new();
    for day in ["03-04", "03-05", "04-01"] {
        rig.go(&format!("2026-{day} 07:30"));
        turn(&rig).await;
        rig.send().await;
        let letter = digest(&rig, "cb-2@mau.example");
        threads.push((letter.thread, letter.facts.kind_name.unwrap()));
    }
    assert_eq!(threads[0], threads[1]);
    assert_ne!(threads[1], threads[2]);
    assert_eq!(threads[2].1, "Việc cần làm tháng 4/2026");
}
