//! What cells answer by mail.

use vanthu::app::hold;
use vanthu::app::inbound::{Collected, forget};
use vanthu::domain::ids::DocumentId;

use super::fake::FakeInbox;
use super::{collect, holds, job, letter, mailed, reply, reply_with, states};

#[tokio::test]
async fn keywords_acknowledge_and_finish_with_a_grade_of_their_own() {
    let rig = mailed().await;
    let (first, second) = (letter(&rig, "cb-1-1@mau.example"), letter(&rig, "cb-2@mau.example"));
    let inbox = FakeInbox::with([
        reply(&first, "cb-1-1@mau.example", "Đã nhận ạ."),
        reply(&second, "CB-2@mau.example", "Đã báo cáo số 12-BC/CB ngày 01/3/2026"),
    ]);
    let done = collect(&rig, &inbox).await;
    assert_eq!(done, Collected { answers: 2, ..Collected::default() });
    assert_eq!(
        states(&rig).await,
        [
            "cb-1-1 acknowledged replied Sent",
            "cb-1-2 open – Sent",
            "cb-2 done replied Sent",
            "cb-3 open – NoContact"
        ]
    );
    assert_eq!(inbox.counts(), (0, 2), "what was dealt with is put away");
    assert!(holds(&rig).await.is_empty());
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let answers = rig.store.answers(rows[2].obligation.id).await.unwrap();
    assert_eq!((answers.len(), answers[0].channel.as_str()), (1, "reply"));
    let told = serde_json::to_value(&answers[0].answer).unwrap();
    assert_eq!(told["report_symbol"], "12-BC/CB");
    assert_eq!(told["report_date"], "2026-03-01");
}

#[tokio::test]
async fn a_deputy_and_a_second_mailbox_of_the_cell_may_answer() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    let inbox = FakeInbox::with([reply(&first, "pho-cb-1-1@mau.example", "đã nhận")]);
    assert_eq!(collect(&rig, &inbox).await.answers, 1);
}

/// Words of their own, a stranger who was forwarded the mail: for people, never an answer.
#[tokio::test]
async fn everything_else_waits_for_people_with_its_words() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    let inbox = FakeInbox::with([
        reply(&first, "cb-1-1@mau.example", "Chi bộ đề nghị gia hạn vì đang đại hội."),
        reply(&first, "nguoi-la@noi-khac.example", "Đã nhận"),
        reply(&first, "cb-2@mau.example", "Đã nhận"),
        reply(&first, "cb-1-1@mau.example", "Đã báo cáo số 1-BC/CB ngày 31/02/2026"),
    ]);
    let done = collect(&rig, &inbox).await;
    assert_eq!(done, Collected { messages: 4, ..Collected::default() });
    assert!(states(&rig).await[0].starts_with("cb-1-1 open"));
    let holds = holds(&rig).await;
    let mut told = Vec::new();
    for row in holds.iter().rev() {
        let about = hold::about(rig.store.as_ref(), row.id, super::now(&rig)).await.unwrap().unwrap();
        let words = about.mail.unwrap().text.unwrap_or_default();
        told.push(format!(
            "{}: {} | {}",
            row.kind.as_str(),
            row.reason,
            words.lines().next().unwrap_or_default()
        ));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    reply: cb-1-1 trả lời thư: lời riêng, máy không tự hiểu | Chi bộ đề nghị gia hạn vì đang đại hội.
    reply: thư trả lời việc của cb-1-1: người gửi không phải hộp thư của chi bộ | Đã nhận
    reply: thư trả lời việc của cb-1-1: người gửi không phải hộp thư của chi bộ | Đã nhận
    reply: cb-1-1 trả lời thư: ngày của báo cáo không có thật hoặc chưa tới | Đã báo cáo số 1-BC/CB ngày 31/02/2026
    ");
    let late = super::now(&rig) + chrono::Duration::days(1);
    assert_eq!(forget(rig.store.as_ref(), late).await.unwrap(), 4);
    let about = hold::about(rig.store.as_ref(), holds[0].id, late).await.unwrap().unwrap();
    let mail = about.mail.unwrap();
    assert_eq!((mail.text, mail.sender), (None, None), "words are kept for a while only");
}

#[tokio::test]
async fn machines_change_nothing() {
    let rig = mailed().await;
    let first = letter(&rig, "cb-1-1@mau.example");
    let signs = [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: auto_reply\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "List-Id: <x.y.example>\r\n",
        "X-Autoreply: yes\r\n",
        "Return-Path: <>\r\n",
    ];
    let mut messages: Vec<_> =
        signs.iter().map(|sign| reply_with(&first, "cb-1-1@mau.example", sign, "Đã nhận")).collect();
    messages.push(reply(&first, "cb-1-1@mau.example", "Đã nhận. Hiện tôi không có mặt tại cơ quan."));
    let before = states(&rig).await;
    let inbox = FakeInbox::with(messages);
    let done = collect(&rig, &inbox).await;
    assert_eq!(done, Collected { automatic: 7, ..Collected::default() });
    assert_eq!(states(&rig).await, before);
    assert!(holds(&rig).await.is_empty());
    assert!(rig.send().await.is_empty(), "nobody is answered");
}

/// The mailbox may be a person's too: what is not about our mails is neither read nor moved.
#[tokio::test]
async fn other_mail_is_left_alone() {
    let rig = mailed().await;
    let other = "From: a@b.example\r\nTo: vanthu@vanthu.example\r\nSubject: x\r\nIn-Reply-To: <y@vanthu.example>\r\n\r\nĐã nhận";
    let own = "From: a@b.example\r\nSubject: x\r\n\r\nxin chào".as_bytes().to_vec();
    let inbox = FakeInbox::with([other.as_bytes().to_vec(), own]);
    assert_eq!(collect(&rig, &inbox).await, Collected { passed: 2, ..Collected::default() });
    assert_eq!(inbox.counts(), (2, 0));
    assert!(rig.store.inbound_tally().await.unwrap().is_empty(), "nothing of it is kept");
    let state = rig.store.inbox(job(&rig).inbox).await.unwrap().unwrap();
    assert_eq!((state.uid, state.good.is_some()), (2, true), "and it is not looked at again");
}
