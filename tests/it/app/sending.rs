//! When mails may leave and to whom: office hours of the reader's sector, rates, the safe list, a trial run.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use vanthu::app::policy::Policy;
use vanthu::app::ports::{HoldKind, NoticeFilter, NoticeRow, SendOutcome};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::document::Urgency;
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::Contact;
use vanthu::domain::sending::{Pace, Rate, SafeList, Sending};

use crate::support::rig::{Rig, local};

const CELLS: [&str; 3] = ["cb-1-1@mau.example", "cb-1-2@mau.example", "cb-2@mau.example"];

fn sends(rig: &mut Rig, sending: Sending) {
    rig.policy = Arc::new(Policy { sending, ..(*rig.policy).clone() });
}

fn put(rig: &Rig, id: i64, symbol: &str, urgency: &str) {
    let mut document = FakeDocument::new(id, symbol, "Chuyên đề", rig.clock_now());
    document.urgency = urgency.to_owned();
    rig.ioffice.put(document);
}

async fn notices(rig: &Rig) -> Vec<NoticeRow> {
    let mut all = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    all.sort_by_key(|notice| notice.id);
    all
}

async fn times(rig: &Rig) -> Vec<DateTime<Utc>> {
    notices(rig).await.iter().map(|notice| notice.sent_at.unwrap_or(notice.send_at)).collect()
}

/// A server that comes back at night, after its mails were due in the day: they wait for the morning.
#[tokio::test]
async fn what_waited_for_a_server_does_not_leave_at_night() {
    let rig = Rig::at("2026-03-02 16:58").await;
    put(&rig, 1, "12-KH/ĐUK", "");
    put(&rig, 2, "1-CĐ/TU", "Hỏa tốc");
    rig.poll().await.unwrap();
    let down = SendOutcome::Retry { reason: "421".to_owned(), everyone: true };
    rig.mailer.script("*", Some(down));
    rig.dispatch().await;
    rig.mailer.script("*", None);
    rig.go("2026-03-02 22:00");
    let done = rig.dispatch().await;
    assert_eq!((done.sent, done.postponed), (3, 3), "hoả tốc leaves, the others wait");
    assert!(rig.mailer.letters().iter().all(|letter| letter.facts.urgency == Urgency::Express));
    let waiting: Vec<_> =
        notices(&rig).await.into_iter().filter(|row| row.delivery == Delivery::Queued).collect();
    assert!(waiting.iter().all(|row| row.send_at == local("2026-03-03 07:30")), "{waiting:?}");
    assert!(waiting.iter().all(|row| row.reply.as_deref() == Some("chờ đến giờ làm việc của nơi nhận")));
    assert!(waiting.iter().all(|row| row.tries <= 1), "waiting for the morning is no try: {waiting:?}");
    rig.go("2026-03-03 07:29");
    assert_eq!(rig.dispatch().await.sent, 0);
    rig.go("2026-03-03 07:30");
    assert_eq!(rig.dispatch().await.sent, 3);
}

/// A sector that works on Saturday morning is written to on Saturday morning, the others on Monday.
#[tokio::test]
async fn the_hours_are_those_of_the_readers_sector() {
    let mut rig = Rig::at("2026-03-07 08:00").await;
    let mut enterprise = rig.office.calendar.clone();
    enterprise.week[5] = true;
    enterprise.hours =
        vec![(NaiveTime::from_hms_opt(8, 0, 0).unwrap(), NaiveTime::from_hms_opt(10, 0, 0).unwrap())];
    rig.office.calendar.sectors.insert("enterprise".to_owned(), enterprise);
    let mut units: Vec<_> = rig.office.units.iter().cloned().collect();
    for unit in units.iter_mut().filter(|unit| unit.id.as_str() == "cb-2") {
        unit.sector = Some("enterprise".to_owned());
    }
    rig.office.units = crate::support::office::with_units(&rig.office.units, units);
    put(&rig, 1, "12-KH/ĐUK", "");
    rig.poll().await.unwrap();
    assert_eq!(rig.send().await, ["notice cb-2@mau.example"]);
    rig.go("2026-03-09 07:30");
    assert_eq!(rig.send().await, ["notice cb-1-1@mau.example", "notice cb-1-2@mau.example"]);
}

/// What cannot wait is for the office to say.
#[tokio::test]
async fn khan_leaves_at_once_where_the_office_says_so() {
    let mut rig = Rig::at("2026-03-06 20:00").await;
    put(&rig, 1, "12-KH/ĐUK", "Khẩn");
    sends(&mut rig, Sending { at_once: Urgency::Urgent, ..Sending::default() });
    rig.poll().await.unwrap();
    assert_eq!(rig.send().await.len(), 3);
}

/// Four mails to each of three mailboxes, two an hour: in order, spread, inside office hours, also when the
/// program starts anew in between; hoả tốc does not wait.
#[tokio::test]
async fn a_mailbox_gets_no_more_than_its_rate_and_in_order() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let mailbox = Rate::parse("2 per hour");
    sends(&mut rig, Sending { pace: Pace { mailbox, ..Pace::default() }, ..Sending::default() });
    for (id, symbol) in [(1, "1-KH/ĐUK"), (2, "2-KH/ĐUK"), (3, "3-KH/ĐUK"), (4, "4-KH/ĐUK")] {
        put(&rig, id, symbol, "");
        rig.poll().await.unwrap();
    }
    let done = rig.dispatch().await;
    assert_eq!((done.sent, done.postponed), (6, 6));
    let third = notices(&rig).await.into_iter().find(|row| row.delivery == Delivery::Queued).unwrap();
    assert_eq!(third.reply.as_deref(), Some("chờ lượt: gửi tối đa 2 thư mỗi giờ"));
    put(&rig, 5, "5-CĐ/TU", "Hỏa tốc");
    rig.poll().await.unwrap();
    assert_eq!(rig.dispatch().await.sent, 3, "hoả tốc waits for nobody");
    for clock in ["10:30", "11:00", "11:29", "13:30", "14:00", "14:30"] {
        rig.go(&format!("2026-03-02 {clock}"));
        rig.dispatch().await;
    }
    for mailbox in CELLS {
        let letters = rig.mailer.letters().into_iter().filter(|letter| letter.to == mailbox);
        let symbols: Vec<_> = letters.map(|letter| letter.facts.symbol).collect();
        assert_eq!(symbols, ["1-KH/ĐUK", "2-KH/ĐUK", "5-CĐ/TU", "3-KH/ĐUK", "4-KH/ĐUK"], "{mailbox}");
    }
    let calendar = &rig.office.calendar;
    assert!(times(&rig).await.iter().all(|at| calendar.next_office_instant(*at) == *at));
}

/// Mails to one host leave at its pace; those to others are not held up by it.
#[tokio::test]
async fn a_host_has_a_pace_of_its_own() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let hosts = [("mau.example".to_owned(), Rate::parse("1 per minute").unwrap())].into();
    sends(&mut rig, Sending { pace: Pace { hosts, ..Pace::default() }, ..Sending::default() });
    put(&rig, 1, "12-KH/ĐUK", "");
    rig.poll().await.unwrap();
    assert_eq!(rig.dispatch().await.sent, 1);
    let waiting: Vec<_> = notices(&rig).await.into_iter().filter(|row| row.sent_at.is_none()).collect();
    assert_eq!(
        waiting.iter().map(|row| row.send_at).collect::<Vec<_>>(),
        [local("2026-03-02 10:01"), local("2026-03-02 10:02")]
    );
    rig.go("2026-03-02 10:01");
    assert_eq!(rig.dispatch().await.sent, 1);
    rig.go("2026-03-02 10:02");
    assert_eq!(rig.dispatch().await.sent, 1);
}

/// A mail to a domain outside the list is held and shown, and leaves once the list admits it.
#[tokio::test]
async fn a_mail_outside_the_safe_list_is_held_and_not_lost() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let safe = |domain: &str| SafeList::new([domain.to_owned()]);
    sends(&mut rig, Sending { safe: safe("*.mau.example"), ..Sending::default() });
    put(&rig, 1, "12-KH/ĐUK", "");
    rig.poll().await.unwrap();
    let done = rig.dispatch().await;
    assert_eq!((done.sent, done.held, done.failed), (0, 3, 0));
    assert!(notices(&rig).await.iter().all(|row| row.delivery == Delivery::Held && row.tries == 0));
    let holds = rig.store.holds(true).await.unwrap();
    let told: Vec<_> = holds.iter().filter(|hold| hold.kind == HoldKind::Undeliverable).collect();
    assert_eq!(told.len(), 3);
    assert!(told[0].reason.contains("mail.domains"), "{}", told[0].reason);

    let admit = async |rig: &Rig, domain: &str| {
        let mut tx = rig.store.begin().await.unwrap();
        let admitted = tx.admit(&safe(domain), rig.clock_now()).await.unwrap();
        tx.commit().await.unwrap();
        admitted
    };
    assert_eq!(admit(&rig, "khac.example").await, 0);
    assert_eq!(admit(&rig, "mau.example").await, 3);
    assert_eq!(admit(&rig, "mau.example").await, 0, "once");
    sends(&mut rig, Sending { safe: safe("mau.example"), ..Sending::default() });
    assert_eq!(rig.send().await, CELLS.map(|cell| format!("notice {cell}")));
}

/// One that a person sends again by hand goes, where the list admits it by then; a brake's never does.
#[tokio::test]
async fn a_held_mail_can_be_sent_by_hand() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let safe = SafeList::new(["khac.example".to_owned()]);
    sends(&mut rig, Sending { safe, ..Sending::default() });
    put(&rig, 1, "12-KH/ĐUK", "");
    rig.poll().await.unwrap();
    rig.dispatch().await;
    let first = notices(&rig).await[0].id;
    sends(&mut rig, Sending::default());
    let mut tx = rig.store.begin().await.unwrap();
    assert!(tx.requeue(first, rig.clock_now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(rig.send().await.len(), 1);
}

/// In a trial run no cell counts as told: it is unreached and never late.
#[tokio::test]
async fn a_trial_run_tells_nobody() {
    let mut rig = Rig::at("2026-03-02 10:00").await;
    let shadow = Some("thu@mau.example".to_owned());
    sends(
        &mut rig,
        Sending { shadow, safe: SafeList::new(["khac.example".to_owned()]), ..Sending::default() },
    );
    put(&rig, 1, "12-KH/ĐUK", "");
    rig.poll().await.unwrap();
    let done = rig.dispatch().await;
    assert_eq!((done.sent, done.diverted, done.held), (0, 3, 0));
    let rows = notices(&rig).await;
    assert!(rows.iter().all(|row| row.delivery == Delivery::Dropped && row.sent_at.is_none()));
    assert!(rows[0].reply.as_deref().unwrap().starts_with("chạy thử, đã gửi đến thu@mau.example"));
    let asked = rig.store.obligations(rows[0].document, false).await.unwrap();
    assert!(asked.iter().all(|row| !row.contact.is_reached()), "{asked:?}");
    assert!(asked.iter().any(|row| row.contact == Contact::Unsent), "{asked:?}");
    rig.go("2026-04-30 10:00");
    let tally = rig.store.tally(rig.clock_now()).await.unwrap();
    assert!(tally.iter().all(|row| !row.late && row.unreached), "{tally:?}");
}
