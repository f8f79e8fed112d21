//! What is left over when something ends: requests about work that is no more, mails that come back late, tables
//! that waited for a server, mails kept back that a person has seen to, and rests that run out.

use std::sync::Arc;

use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::policy::Policy;
use vanthu::app::ports::{HoldKind, HoldRow, NoticeFilter, NoticeRow, SendOutcome, Verdict};
use vanthu::app::respite::Desk;
use vanthu::app::{inbound, waking};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::bulletin::News;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::notice::{Delivery, Letter};
use vanthu::domain::obligation::{Answer, RespiteKind};
use vanthu::domain::sending::{SafeList, Sending};
use vanthu::domain::unit::{Mailbox, Validity};

use crate::support::office::with_units;
use crate::support::rig::{Rig, local};
use crate::support::scripted::{Scripted, paper, revocation, update};

/// Monday 2026-03-02, with a document from an axis registered and told.
async fn opened() -> (Rig, Scripted) {
    let (mut rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    let mut units: Vec<_> = rig.office.units.iter().cloned().collect();
    for unit in units.iter_mut().filter(|unit| unit.id.as_str() == "cb-2") {
        unit.mailboxes.push(Mailbox {
            address: "pho-cb-2@mau.example".to_owned(),
            post: "deputy".to_owned(),
            order: 9,
            language: None,
            valid: Validity::default(),
        });
    }
    rig.office.units = with_units(&rig.office.units, units);
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    rig.send().await;
    (rig, axis)
}

async fn id(rig: &Rig, document: i64, cell: &str) -> ObligationId {
    let rows = rig.store.obligations(DocumentId(document), false).await.unwrap();
    rows.iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation.id
}

fn desk<'a>(rig: &'a Rig, reason: &'a str) -> Desk<'a> {
    let (store, office, policy, now) = (rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now());
    Desk { store, office, policy, actor: "van-thu", reason, now }
}

async fn asks_for_more_time(rig: &Rig) -> HoldRow {
    let row = id(rig, 1, "cb-2").await;
    let answer =
        Answer::MoreTime { until: "2026-03-20".parse().unwrap(), reason: "Bí thư đi học".to_owned() };
    let entry =
        OnBehalf { obligations: &[row], answer: &answer, actor: "vt", reason: "gọi", now: rig.clock_now() };
    acknowledge::staff(rig.store.as_ref(), (&rig.office.calendar, &rig.policy.voices), &entry).await.unwrap();
    let holds = rig.store.holds(true).await.unwrap();
    holds.into_iter().find(|hold| hold.kind == HoldKind::MoreTime).unwrap()
}

/// Nobody can grant time for what was revoked or excused: the hold closes by itself, and says why.
#[tokio::test]
async fn a_request_about_work_that_is_no_more_closes_by_itself() {
    for (ends, why) in [("revoked", "văn bản đã được thu hồi"), ("excused", "chi bộ được miễn việc này")]
    {
        let (rig, axis) = opened().await;
        let asked = asks_for_more_time(&rig).await;
        match ends {
            "revoked" => {
                axis.deliver(revocation(&paper("k1")));
                rig.poll_from(&axis).await.unwrap();
            }
            _ => {
                let row = id(&rig, 1, "cb-2").await;
                desk(&rig, "đã sáp nhập").excuse(&[row]).await.unwrap();
            }
        }
        let hold = rig.store.hold(asked.id).await.unwrap().unwrap();
        assert!(hold.closed.is_some() && hold.decided.is_none(), "{ends}: {hold:?}");
        assert_eq!(hold.reason, format!("xin gia hạn đến 20/03/2026: Bí thư đi học – tự khép: {why}"));
        let request = rig.store.requests(DocumentId(1)).await.unwrap().remove(0);
        assert_eq!((request.verdict, request.why.as_deref()), (Some(Verdict::Overtaken), Some(why)));
        assert_eq!(rig.attend().await.requests, 0, "{ends}: the office is not asked about it");
    }
}

fn letter(rig: &Rig, to: &str) -> Letter {
    rig.mailer.letters().into_iter().rfind(|letter| letter.to == to).unwrap()
}

/// The report comes after a small change, which carried the row to a newer revision: the next mailbox hears.
#[tokio::test]
async fn a_mail_that_comes_back_after_a_small_change_is_tried_at_the_next_mailbox() {
    let (rig, axis) = opened().await;
    let first = letter(&rig, "cb-2@mau.example");
    rig.go("2026-03-03 09:00");
    axis.deliver(update(&paper("k1"), |document| document.signer = Some("Bí thư".to_owned())));
    rig.poll_from(&axis).await.unwrap();
    rig.send().await;
    let report = crate::inbound::bounces::report(&first, "cb-2@mau.example", "failed", "5.1.1");
    let collected = crate::inbound::collect(&rig, &crate::inbound::fake::FakeInbox::with([report])).await;
    assert_eq!(collected, inbound::Collected { reports: 1, ..Default::default() });
    let sent = rig.send().await;
    assert!(sent.contains(&"notice pho-cb-2@mau.example".to_owned()), "{sent:?}");
    let next = letter(&rig, "pho-cb-2@mau.example");
    assert_eq!((next.facts.symbol, next.link.is_some()), (first.facts.symbol, true));
}

async fn notices(rig: &Rig, delivery: Delivery) -> Vec<NoticeRow> {
    let filter = NoticeFilter { delivery: Some(delivery), ..NoticeFilter::default() };
    rig.store.notices(&filter).await.unwrap()
}

/// Two documents whose tables fall on two days of one outage: afterwards one mail tells of both.
#[tokio::test]
async fn what_a_superior_missed_through_an_outage_leaves_as_one_mail() {
    let rig = Rig::at("2026-03-02 09:00").await;
    for (number, symbol, due) in [(1, "12-KH/ĐUK", "2026-03-13"), (2, "13-KH/ĐUK", "2026-03-16")] {
        let mut document =
            FakeDocument::new(number, symbol, "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
        document.due = due.parse().ok();
        rig.ioffice.put(document);
    }
    rig.poll().await.unwrap();
    rig.send().await;
    let down = SendOutcome::Retry { reason: "421 tạm ngừng".to_owned(), everyone: true };
    rig.mailer.script("*", Some(down));
    for day in 13..=26 {
        rig.go(&format!("2026-03-{day} 07:45"));
        rig.chase().await;
        rig.send().await;
    }
    let all = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    let tables = all.iter().filter(|notice| notice.unit.as_str() == "db-1").count();
    assert_eq!(tables, 2, "one for each document, on two days");
    rig.mailer.script("*", None);
    rig.go("2026-03-26 15:00");
    let before = rig.mailer.letters().len();
    rig.send().await;
    let letters: Vec<_> = rig
        .mailer
        .letters()
        .into_iter()
        .skip(before)
        .filter(|letter| letter.to == "db-1@mau.example")
        .collect();
    assert_eq!(letters.len(), 1, "{letters:?}");
    let others = letters[0].others.iter().map(|matter| matter.facts.symbol.as_str());
    let mut told: Vec<_> = others.chain([letters[0].facts.symbol.as_str()]).collect();
    told.sort_unstable();
    assert_eq!(told, ["12-KH/ĐUK", "13-KH/ĐUK"]);
    let dropped = notices(&rig, Delivery::Dropped).await;
    let why: Vec<_> = dropped.iter().filter(|notice| notice.mailbox == "db-1@mau.example").collect();
    assert!(!why.is_empty() && why.iter().all(|notice| notice.reply.is_some()), "{dropped:?}");
}

/// A mail kept back for its domain stays so when a person closes the hold, and goes on saying why, and who has
/// seen to it.
#[tokio::test]
async fn a_mail_outside_the_safe_list_stays_explained_after_its_hold_was_closed() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let safe = SafeList::new(["khac.example".to_owned()]);
    rig.policy =
        Arc::new(Policy { sending: Sending { safe, ..Sending::default() }, ..(*rig.policy).clone() });
    rig.ioffice.put(FakeDocument::new(1, "12-KH/ĐUK", "Chuyên đề", rig.clock_now()));
    rig.poll().await.unwrap();
    rig.dispatch().await;
    let holds = rig.store.holds(true).await.unwrap();
    let hold = holds.iter().find(|hold| hold.unit.as_ref().is_some_and(|unit| unit.as_str() == "cb-2"));
    desk(&rig, "đã gọi điện báo").dismiss(hold.unwrap().id).await.unwrap();
    let held = notices(&rig, Delivery::Held).await;
    let [one] = held.iter().filter(|notice| notice.mailbox == "cb-2@mau.example").collect::<Vec<_>>()[..]
    else {
        panic!("{held:?}")
    };
    let reply = one.reply.as_deref().unwrap();
    assert!(
        reply.contains("mail.domains")
            && reply.ends_with("; van-thu đã xem ngày 02/03/2026: đã gọi điện báo"),
        "{reply}"
    );
    let others = held.iter().filter(|notice| notice.mailbox != "cb-2@mau.example");
    assert!(others.map(|notice| notice.reply.as_deref()).all(|reply| !reply.unwrap().contains("đã xem")));
}

/// On the working day before the last one, once; not about what was let rest today or is done.
#[tokio::test]
async fn the_office_is_told_before_a_rest_ends() {
    let (rig, _) = opened().await;
    rig.go("2026-03-04 10:00");
    let rows = [id(&rig, 1, "cb-2").await, id(&rig, 1, "cb-1-1").await, id(&rig, 1, "cb-1-2").await];
    let monday = "2026-03-09".parse().unwrap();
    desk(&rig, "Bí thư đi học").mute(&rows[..1], monday).await.unwrap();
    desk(&rig, "chờ hướng dẫn").pause(&rows[1..], monday).await.unwrap();
    desk(&rig, "đã họp bù").excuse(&rows[2..]).await.unwrap();
    let tell = async |rig: &Rig, at: &str| {
        rig.go(at);
        waking::tell(rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now()).await.unwrap()
    };
    assert_eq!(tell(&rig, "2026-03-05 00:00").await, 0, "two working days before");
    assert_eq!(tell(&rig, "2026-03-06 00:00").await, 1, "Friday, for a rest that ends with Monday");
    assert_eq!(tell(&rig, "2026-03-09 00:00").await, 0, "once");
    let due = rig.store.due_bulletins(rig.clock_now()).await.unwrap();
    let News::Rest(news) = &due[0].bulletin.news else { panic!("{due:?}") };
    assert_eq!((due[0].bulletin.to.as_str(), news.ends), ("vp@duk.example", monday));
    let told: Vec<_> = news.rests.iter().map(|rest| (rest.obligation, rest.kind)).collect();
    let mut meant = vec![(rows[0], RespiteKind::Mute), (rows[1], RespiteKind::Pause)];
    meant.sort_by_key(|(row, _)| *row);
    assert_eq!(told, meant);

    rig.go("2026-03-09 10:00");
    desk(&rig, "đã về").resume(&rows[..1]).await.unwrap();
    desk(&rig, "lại đi").mute(&rows[..1], "2026-03-10".parse().unwrap()).await.unwrap();
    assert_eq!(tell(&rig, "2026-03-09 11:00").await, 0, "whoever let it rest today knows");
    assert_eq!(
        tell(&rig, "2026-03-10 00:00").await,
        1,
        "a machine that slept through the day tells on the last one"
    );
}
