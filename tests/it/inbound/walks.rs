//! Reading the mailbox: lines that break at any step, UIDs that change their meaning, messages beyond the cage.

use vanthu::app::inbound::Collected;
use vanthu::app::ports::Inbox as _;

use super::bounces::report;
use super::fake::FakeInbox;
use super::{collect, holds, job, letter, mailed, reply, states};

/// Steps of the walk below: one list, four heads, three bodies, three puttings away.
const STEPS: u32 = 11;

/// The line breaks, or the process dies, after every possible number of steps: nothing is lost and nothing
/// counts twice.
#[tokio::test]
async fn a_line_that_breaks_anywhere_loses_nothing_and_repeats_nothing() {
    for steps in 0..=STEPS {
        let rig = mailed().await;
        let (first, second) = (letter(&rig, "cb-1-1@mau.example"), letter(&rig, "cb-2@mau.example"));
        let inbox = FakeInbox::with([
            b"From: a@b.example\r\n\r\nx".to_vec(),
            reply(&first, "cb-1-1@mau.example", "Lời riêng"),
            reply(&second, "cb-2@mau.example", "Đã nhận"),
            report(&letter(&rig, "cb-1-2@mau.example"), "cb-1-2@mau.example", "failed", "5.1.1"),
        ]);
        inbox.break_after(Some(steps));
        let mut open = inbox.open().await.unwrap();
        let broken = job(&rig).collect(open.as_mut()).await;
        assert_eq!(broken.is_err(), steps < STEPS, "{steps}");
        inbox.break_after(None);
        collect(&rig, &inbox).await;
        assert_eq!(inbox.counts(), (1, 3), "after {steps} steps");
        assert_eq!(
            states(&rig).await,
            [
                "cb-1-1 open – Sent",
                "cb-1-2 open – NoContact",
                "cb-2 acknowledged replied Sent",
                "cb-3 open – NoContact"
            ],
            "after {steps} steps"
        );
        let kinds: Vec<_> = holds(&rig).await.iter().map(|hold| hold.kind.as_str()).collect();
        assert_eq!(kinds, ["undeliverable", "reply"], "after {steps} steps");
    }
}

#[tokio::test]
async fn messages_that_come_again_under_other_numbers_are_known() {
    let rig = mailed().await;
    let (first, second) = (letter(&rig, "cb-1-1@mau.example"), letter(&rig, "cb-2@mau.example"));
    let inbox = FakeInbox::with([
        reply(&first, "cb-1-1@mau.example", "Lời riêng"),
        reply(&second, "cb-2@mau.example", "Đã nhận"),
    ]);
    collect(&rig, &inbox).await;
    let (before, waiting) = (states(&rig).await, holds(&rig).await.len());
    inbox.renumber();
    inbox.put(reply(&letter(&rig, "cb-1-2@mau.example"), "cb-1-2@mau.example", "đã nhận"));
    let done = collect(&rig, &inbox).await;
    assert_eq!(done, Collected { known: 2, answers: 1, ..Collected::default() });
    assert_eq!(holds(&rig).await.len(), waiting);
    assert_eq!(states(&rig).await[0], before[0]);
    assert_eq!(inbox.counts(), (0, 3));
}

/// Of whatever size and shape: a hold with the reason, and the next message is read.
#[tokio::test]
async fn messages_beyond_the_cage_wait_for_people() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    let mut large = reply(&first, "cb-1-1@mau.example", "Đã nhận");
    large.resize(100_000_000, b'a');
    let mut many = super::reply_with(
        &first,
        "cb-1-1@mau.example",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "Đã nhận, xin gửi kèm",
    );
    many.extend("--b\r\n\r\n".repeat(100_000).into_bytes());
    let inbox =
        FakeInbox::with([large, many, reply(&letter(&rig, "cb-2@mau.example"), "cb-2@mau.example", "Rõ")]);
    let done = collect(&rig, &inbox).await;
    assert_eq!(done, Collected { unreadable: 2, answers: 1, ..Collected::default() });
    assert!(states(&rig).await[0].starts_with("cb-1-1 open"));
    let told: Vec<_> = holds(&rig).await.into_iter().rev().map(|hold| hold.reason).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    thư lớn 100 MB, quá mức được đọc; đã chuyển sang thư mục thư đã xử lý của hộp thư nhận, chưa ai đọc
    thư có quá nhiều phần; đã chuyển sang thư mục thư đã xử lý của hộp thư nhận, chưa ai đọc
    ");
    let kept = rig.store.message(1).await.unwrap().unwrap();
    assert!(kept.text.is_none());
}
