//! Mails that come back, and mails that say they did.

use vanthu::app::inbound::Collected;
use vanthu::app::mailbox;
use vanthu::app::ports::SendOutcome;
use vanthu::domain::mailbox::Health;
use vanthu::domain::notice::Letter;

use super::fake::FakeInbox;
use super::{collect, holds, letter, mailed, now, reply, states};

/// A report about a letter, as Postfix writes it.
pub fn report(letter: &Letter, to: &str, action: &str, status: &str) -> Vec<u8> {
    raw_report((&letter.message_id, &letter.message_id), to, action, status)
}

fn raw_report((envelope, returned): (&str, &str), to: &str, action: &str, status: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example\r\nTo: vanthu@vanthu.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n\
         Message-ID: <{status}.{action}.{to}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nI'm sorry\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\
         Original-Envelope-Id: {envelope}\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\n\
         Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} không có hộp thư\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{returned}>\r\nSubject: x\r\n\r\n--B--\r\n"
    )
    .into_bytes()
}

async fn health(rig: &crate::support::rig::Rig, address: &str) -> Health {
    let known = rig.store.mailboxes().await.unwrap();
    known.iter().find(|record| record.address == address).map_or(Health::Ok, |record| record.health)
}

#[tokio::test]
async fn a_bounce_marks_the_mail_kills_the_mailbox_and_tries_the_next() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    let inbox = FakeInbox::with([report(&first, "CB-1-1@mau.example", "failed", "5.1.1")]);
    assert_eq!(collect(&rig, &inbox).await, Collected { reports: 1, ..Collected::default() });
    assert_eq!(health(&rig, "cb-1-1@mau.example").await, Health::Dead);
    assert_eq!(states(&rig).await[0], "cb-1-1 open – Unsent", "the next mailbox is about to hear");
    assert_eq!(rig.send().await, ["notice pho-cb-1-1@mau.example"]);
    assert_eq!(states(&rig).await[0], "cb-1-1 open – Sent");
    let told: Vec<_> = holds(&rig).await.into_iter().map(|hold| hold.reason).collect();
    insta::assert_snapshot!(told.join("\n"), @"không gửi được đến cb-1-1@mau.example: 5.1.1 550 5.1.1 không có hộp thư; hộp thư này được coi là hỏng hẳn; đã chuyển sang pho-cb-1-1@mau.example");
}

#[tokio::test]
async fn a_cell_of_which_everything_came_back_is_unreached_and_not_late() {
    let rig = mailed().await;
    let second = letter(&rig, "cb-2@mau.example");
    collect(&rig, &FakeInbox::with([report(&second, "cb-2@mau.example", "failed", "5.1.1")])).await;
    assert_eq!(states(&rig).await[2], "cb-2 open – NoContact");
    rig.go("2026-03-20 09:00");
    let tally = rig.store.tally(now(&rig)).await.unwrap();
    let of = |cell: &str| tally.iter().find(|row| row.cell.as_str() == cell).unwrap();
    assert_eq!((of("cb-2").late, of("cb-2").unreached), (false, true));
    assert_eq!((of("cb-1-2").late, of("cb-1-2").unreached), (true, false), "who was reached is late");
    let hold = &holds(&rig).await[0];
    assert!(hold.reason.ends_with("; không còn hộp thư nào khác"), "{}", hold.reason);
}

#[tokio::test]
async fn a_full_mailbox_fails_and_dies_of_three_days() {
    let rig = mailed().await;
    for (day, health_after) in
        [("2026-03-02", Health::Failing), ("2026-03-03", Health::Failing), ("2026-03-04", Health::Dead)]
    {
        rig.go(&format!("{day} 10:00"));
        rig.mailer.script(
            "cb-2@mau.example",
            Some(SendOutcome::Failed { reason: "mail:25: 552 5.2.2 hộp thư đầy".to_owned() }),
        );
        let cell = rig.store.live_of(&"cb-2".into()).await.unwrap().remove(0);
        let notice = rig.store.notices(&Default::default()).await.unwrap();
        let notice = notice.iter().find(|row| row.mailbox == "cb-2@mau.example").unwrap().clone();
        let mut tx = rig.store.begin().await.unwrap();
        let key = vanthu::domain::notice::NoticeKey {
            revision: notice.revision,
            unit: cell.cell.clone(),
            kind: vanthu::domain::notice::NoticeKind::Reminder,
            step: format!("02@{day}"),
            mailbox: notice.mailbox.clone(),
        };
        let new = vanthu::app::ports::NewNotice {
            message_id: format!("{day}@vanthu.example"),
            key,
            send_at: now(&rig),
            priority: 1,
            about: Vec::new(),
        };
        tx.enqueue(notice.document, &[new], now(&rig)).await.unwrap();
        tx.commit().await.unwrap();
        rig.dispatch().await;
        assert_eq!(health(&rig, "cb-2@mau.example").await, health_after, "{day}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_dead_mailbox_until_it_is_revived() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    collect(&rig, &FakeInbox::with([report(&first, "cb-1-1@mau.example", "failed", "5.1.1")])).await;
    rig.send().await;
    rig.go("2026-03-11 09:00");
    rig.chase().await;
    let sent = rig.send().await;
    assert!(sent.iter().any(|line| line.ends_with("pho-cb-1-1@mau.example")), "{sent:?}");
    assert!(!sent.iter().any(|line| line.ends_with(" cb-1-1@mau.example")), "{sent:?}");
    let store = rig.store.as_ref();
    mailbox::revive(store, "CB-1-1@mau.example", ("vt", "đã sửa"), now(&rig)).await.unwrap();
    assert_eq!(health(&rig, "cb-1-1@mau.example").await, Health::Ok);
    assert!(mailbox::revive(store, "cb-1-1@mau.example", ("vt", "lại"), now(&rig)).await.is_err());
}

#[tokio::test]
async fn what_proves_that_a_mailbox_lives_heals_it() {
    let rig = mailed().await;
    let second = letter(&rig, "cb-2@mau.example");
    let inbox = FakeInbox::with([report(&second, "cb-2@mau.example", "failed", "5.2.2")]);
    collect(&rig, &inbox).await;
    assert_eq!(health(&rig, "cb-2@mau.example").await, Health::Failing);
    inbox.put(reply(&second, "cb-2@mau.example", "Đã nhận"));
    collect(&rig, &inbox).await;
    assert_eq!(health(&rig, "cb-2@mau.example").await, Health::Ok);
}

#[tokio::test]
async fn delays_and_successes_change_no_mailbox() {
    let rig = mailed().await;
    let second = letter(&rig, "cb-2@mau.example");
    let before = states(&rig).await;
    let inbox = FakeInbox::with([
        report(&second, "cb-2@mau.example", "delayed", "4.4.1"),
        report(&second, "cb-2@mau.example", "relayed", "2.0.0"),
    ]);
    assert_eq!(collect(&rig, &inbox).await.reports, 2);
    assert_eq!(states(&rig).await, before);
    assert_eq!(health(&rig, "cb-2@mau.example").await, Health::Ok);
    assert!(holds(&rig).await.is_empty());
}

/// Promises T57: a report that does not hold an id that nobody can guess, or is not about exactly the address
/// that mail went to, changes nothing, however many come.
#[tokio::test]
async fn forged_reports_change_nothing() {
    let rig = mailed().await;
    let (first, second) = (letter(&rig, "cb-1-1@mau.example"), letter(&rig, "cb-2@mau.example"));
    let (before, ids) = (states(&rig).await, ["1", "17", "abc@vanthu.example", "<>", ""]);
    let mut messages = Vec::new();
    for (n, id) in (0..crate::support::number("VANTHU_FORGED", 1000)).zip(ids.iter().cycle()) {
        let to = if n % 2 == 0 { "cb-1-1@mau.example" } else { "cb-2@mau.example" };
        messages.push(raw_report((id, id), to, "failed", &format!("5.1.{}", 1 + n % 9)));
    }
    // The id of a mail to another, and one that only stands where a forger who saw the thread can put it.
    messages.push(report(&first, "cb-2@mau.example", "failed", "5.1.1"));
    let referring = raw_report(("x", "y"), "cb-2@mau.example", "failed", "5.1.1");
    let head = format!("In-Reply-To: <{}>\r\n", second.message_id);
    messages.push([head.into_bytes(), referring].concat());
    let count = messages.len() as u64;
    let inbox = FakeInbox::with(messages);
    let mut unproved = 0;
    loop {
        let done = collect(&rig, &inbox).await;
        unproved += done.unproved;
        if !done.more {
            break;
        }
    }
    assert_eq!(unproved, count);
    assert_eq!(states(&rig).await, before);
    assert!(rig.store.mailboxes().await.unwrap().is_empty());
    assert!(holds(&rig).await.is_empty());
    assert!(rig.send().await.is_empty());
}
