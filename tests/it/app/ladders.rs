//! Ladders in the whole: what is caught up, who is told of how many, and whom nobody chases.

use chrono::NaiveDate;
use vanthu::app::ports::{HoldKind, NoticeFilter, SendOutcome};
use vanthu::app::respite::{Desk, RespiteError};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::{DocumentId, ObligationId, UnitId};
use vanthu::domain::ladder::{Anchor, CatchUp, Ladder, Recipient, Step, StepKind, Until};
use vanthu::domain::notice::{Delivery, Letter};
use vanthu::domain::obligation::State;
use vanthu::domain::rule::Ruleset;
use vanthu::domain::unit::{Absence, Unit, Units, Validity};

use crate::support::rig::{Rig, local};

/// A rig on Monday 2026-03-02 whose rules all have this ladder.
async fn rig_with(ladder: Ladder) -> Rig {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let mut rules = rig.office.ruleset.rules.clone();
    rules.iter_mut().for_each(|rule| rule.ladder = ladder.clone());
    rig.office.ruleset = Ruleset::new(rules, rig.office.ruleset.hash.clone());
    rig
}

fn step(number: u16, offset: i32, kind: StepKind, to: Recipient) -> Step {
    Step { number, anchor: Anchor::Due, offset, hours: 0, kind, to, until: Until::Done }
}

/// Chased twice, criticised, and then all above hear of it.
fn stern() -> Ladder {
    let steps = vec![
        step(1, 1, StepKind::Chase, Recipient::Cell),
        step(2, 2, StepKind::Chase, Recipient::Cell),
        step(3, 3, StepKind::Criticise, Recipient::Cell),
        step(4, 3, StepKind::Criticise, Recipient::Parent),
        step(5, 4, StepKind::Review, Recipient::Cell),
        step(6, 4, StepKind::Review, Recipient::Leadership),
    ];
    Ladder { name: "nghiêm".to_owned(), steps, ..Ladder::default() }
}

/// Delivers a directive due on Friday 2026-03-13 to every cell, and sends its notices.
async fn deliver(rig: &Rig, number: i64, symbol: &str) {
    let mut document =
        FakeDocument::new(number, symbol, "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig.send().await;
}

async fn tick(rig: &Rig, at: &str) -> Vec<String> {
    rig.go(at);
    rig.chase().await;
    rig.send().await
}

fn last(rig: &Rig, address: &str) -> Letter {
    rig.mailer.letters().into_iter().rfind(|letter| letter.to == address).unwrap()
}

async fn id(rig: &Rig, document: i64, cell: &str) -> ObligationId {
    let rows = rig.store.obligations(DocumentId(document), false).await.unwrap();
    rows.iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation.id
}

fn rests<'a>(rig: &'a Rig, reason: &'a str) -> Desk<'a> {
    let (store, office, policy, now) = (rig.store.as_ref(), &rig.office, &rig.policy, rig.clock_now());
    Desk { store, office, policy, actor: "van-thu", reason, now }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_waited_for_the_mail_server_is_overtaken_by_the_next_step() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let before = rig.mailer.letters().len();
    rig.mailer.script("*", Some(SendOutcome::Retry { reason: "421 tạm ngừng".to_owned(), everyone: true }));
    assert!(tick(&rig, "2026-03-16 08:00").await.is_empty());
    assert!(tick(&rig, "2026-03-17 08:00").await.is_empty());
    rig.mailer.script("*", None);
    rig.go("2026-03-17 15:00");
    rig.send().await;
    let letters: Vec<_> = rig.mailer.letters().into_iter().skip(before).collect();
    let mut readers: Vec<_> = letters.iter().map(|letter| letter.to.clone()).collect();
    readers.sort();
    let all = readers.len();
    readers.dedup();
    assert!(all > 0 && all == readers.len(), "each once: {readers:?}");
    let filter = NoticeFilter { delivery: Some(Delivery::Dropped), ..NoticeFilter::default() };
    let dropped = rig.store.notices(&filter).await.unwrap();
    assert_eq!(dropped.len(), all);
    assert!(dropped.iter().all(|notice| notice.reply.as_deref() == Some("đã có thư nhắc mới hơn")));
}

#[tokio::test]
async fn steps_have_kinds_that_are_counted_each_by_itself() {
    let mut rig = rig_with(stern()).await;
    rig.office.units = rig.office.units.clone().led_by(Some("db-1".into()));
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let mut told = Vec::new();
    for at in ["2026-03-16 07:30", "2026-03-17 07:30", "2026-03-18 07:30", "2026-03-19 07:30"] {
        tick(&rig, at).await;
        let measure = last(&rig, "cb-2@mau.example").measure.unwrap();
        told.push((measure.kind, measure.times));
    }
    assert_eq!(
        told,
        [
            (StepKind::Chase, Some(1)),
            (StepKind::Chase, Some(2)),
            (StepKind::Criticise, Some(1)),
            (StepKind::Review, Some(1)),
        ]
    );
    let steps = rig.store.stepped(&[id(&rig, 1, "cb-2").await]).await.unwrap();
    let readers: Vec<_> = steps.iter().map(|step| (step.step, step.unit.as_str())).collect();
    assert_eq!(readers, [(1, "cb-2"), (2, "cb-2"), (3, "cb-2"), (4, "duk"), (5, "cb-2"), (6, "db-1")]);
}

#[tokio::test]
async fn a_superior_gets_one_mail_about_all_documents_and_a_leadership_too() {
    let mut rig = rig_with(stern()).await;
    rig.office.units = rig.office.units.clone().led_by(Some("duk".into()));
    for (number, symbol) in [(1, "12-KH/ĐUK"), (2, "13-KH/ĐUK"), (3, "14-KH/ĐUK")] {
        deliver(&rig, number, symbol).await;
    }
    let sent = tick(&rig, "2026-03-18 07:30").await;
    let above: Vec<_> = sent.iter().filter(|mail| mail.starts_with("escalation")).collect();
    assert_eq!(above, ["escalation db-1@mau.example", "escalation vp@duk.example"]);
    let letter = last(&rig, "db-1@mau.example");
    assert_eq!((letter.laggards.len(), letter.others.len()), (2, 2));
    assert!(letter.others.iter().all(|matter| matter.laggards.len() == 2));

    let sent = tick(&rig, "2026-03-19 07:30").await;
    assert!(sent.contains(&"escalation vp@duk.example".to_owned()), "{sent:?}");
    let letter = last(&rig, "vp@duk.example");
    assert_eq!(letter.laggards.len() + letter.others.iter().map(|one| one.laggards.len()).sum::<usize>(), 12);
}

#[tokio::test]
async fn what_a_week_of_silence_missed_is_caught_up_as_the_ladder_says() {
    for (catch_up, expected) in [
        (CatchUp::Latest, vec!["chase cb-2@mau.example", "escalation vp@duk.example"]),
        (CatchUp::All, vec!["chase cb-2@mau.example", "escalation vp@duk.example"]),
        (CatchUp::None, vec![]),
    ] {
        let rig = rig_with(Ladder { catch_up, ..stern() }).await;
        deliver(&rig, 1, "12-KH/ĐUK").await;
        let mut sent = tick(&rig, "2026-03-24 07:30").await;
        sent.retain(|mail| mail.contains("cb-2@") || mail.contains("vp@"));
        assert_eq!(sent, expected, "{catch_up:?}");
        let steps = rig.store.stepped(&[id(&rig, 1, "cb-2").await]).await.unwrap();
        let numbers: Vec<_> = steps.iter().map(|step| step.step).collect();
        let all: Vec<u16> = match catch_up {
            CatchUp::Latest => vec![5, 6],
            CatchUp::All => vec![1, 2, 3, 4, 5, 6],
            CatchUp::None => Vec::new(),
        };
        assert_eq!(numbers, all, "{catch_up:?}");
    }
}

#[tokio::test]
async fn nobody_is_chased_who_was_never_reached_and_staff_are_told() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let holds = rig.store.holds(true).await.unwrap();
    let mut tx = rig.store.begin().await.unwrap();
    for hold in &holds {
        tx.release_hold(hold.id, rig.clock_now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let sent = tick(&rig, "2026-03-16 07:30").await;
    assert_eq!(sent.len(), 3, "{sent:?}");
    let holds = rig.store.holds(true).await.unwrap();
    let told: Vec<_> = holds.iter().map(|hold| (hold.kind, hold.unit.clone())).collect();
    assert_eq!(told, [(HoldKind::NoContact, Some(UnitId::from("cb-3")))]);
    tick(&rig, "2026-03-18 07:30").await;
    assert_eq!(rig.store.holds(true).await.unwrap().len(), 1, "told once while it waits");
    let office = last(&rig, "vp@duk.example");
    let cell = office.laggards.iter().find(|cell| cell.name == "Chi bộ Quỹ Mẫu").unwrap();
    assert!(cell.unreached && cell.days_late == 0, "{cell:?}");
}

/// The secretary is away for a week; first a deputy reads, then nobody.
#[tokio::test]
async fn a_deputy_is_chased_for_whom_and_a_cell_nobody_reads_for_becomes_a_hold() {
    let mut rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let away = |from: &str, until: &str, deputy: Option<&str>| Absence {
        mailbox: None,
        person: Some("đồng chí Bí thư".to_owned()),
        valid: Validity { from: Some(day(from)), until: Some(day(until)) },
        deputy: deputy.map(str::to_owned),
    };
    let absences = vec![
        away("2026-03-16", "2026-03-16", Some("pho@mau.example")),
        away("2026-03-17", "2026-03-17", None),
    ];
    let units = &rig.office.units;
    let all = units.iter().cloned().map(|unit| match unit.id.as_str() {
        "cb-2" => Unit { absences: absences.clone(), ..unit },
        _ => unit,
    });
    rig.office.units = Units::new(units.office.clone(), units.kinds.clone(), units.sectors.clone(), all);
    let sent = tick(&rig, "2026-03-16 07:30").await;
    assert!(sent.contains(&"chase pho@mau.example".to_owned()), "{sent:?}");
    assert_eq!(last(&rig, "pho@mau.example").instead_of.unwrap().person.unwrap(), "đồng chí Bí thư");
    let sent = tick(&rig, "2026-03-17 07:30").await;
    assert!(!sent.iter().any(|mail| mail.contains("cb-2") || mail.contains("pho@")), "{sent:?}");
    let holds = rig.store.holds(true).await.unwrap();
    assert!(holds.iter().any(|hold| hold.unit == Some("cb-2".into())), "{holds:?}");
}

#[tokio::test]
async fn a_muted_cell_hears_nothing_while_its_clock_runs_and_is_caught_up_once() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let cell = id(&rig, 1, "cb-2").await;
    let done = rests(&rig, "chi bộ đại hội").mute(&[cell], day("2026-03-17")).await.unwrap();
    assert_eq!((done.obligations, done.mails), (1, 0));
    for at in ["2026-03-16 07:30", "2026-03-17 07:30"] {
        let sent = tick(&rig, at).await;
        assert!(!sent.contains(&"chase cb-2@mau.example".to_owned()), "{sent:?}");
    }
    let row = rig.store.obligation(cell).await.unwrap().unwrap();
    assert_eq!(row.obligation.due, Some(local("2026-03-14 00:00")), "its clock runs");
    let sent = tick(&rig, "2026-03-18 07:30").await;
    assert!(sent.contains(&"chase cb-2@mau.example".to_owned()), "{sent:?}");
    assert_eq!(last(&rig, "cb-2@mau.example").measure.unwrap().kind, StepKind::Criticise);
    assert!(rig.store.resting(&[]).await.unwrap().is_empty(), "it ended by itself");
    let cells = last(&rig, "vp@duk.example").laggards;
    assert!(cells.iter().any(|cell| cell.name == "Chi bộ Hội Mẫu"), "{cells:?}");
}

#[tokio::test]
async fn a_paused_cell_gets_the_working_time_of_the_pause() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let cell = id(&rig, 1, "cb-2").await;
    rig.go("2026-03-03 07:30");
    let done = rests(&rig, "chờ hướng dẫn của cấp trên").pause(&[cell], day("2026-03-06")).await.unwrap();
    assert_eq!((done.obligations, done.mails), (1, 1));
    assert_eq!(rig.send().await, ["change cb-2@mau.example"]);
    let due = async || rig.store.obligation(cell).await.unwrap().unwrap().obligation.due;
    assert_eq!(due().await, Some(local("2026-03-20 00:00")), "four working days later");
    let again = rests(&rig, "x").mute(&[cell], day("2026-03-09")).await;
    assert!(matches!(again, Err(RespiteError::Resting(row)) if row == cell));

    rig.go("2026-03-05 07:30");
    rests(&rig, "đã có hướng dẫn").resume(&[cell]).await.unwrap();
    assert_eq!(due().await, Some(local("2026-03-18 00:00")), "only what was rested");
    assert_eq!(rig.send().await, ["change cb-2@mau.example"]);
    assert!(tick(&rig, "2026-03-16 07:30").await.iter().all(|mail| !mail.contains("cb-2@")));
    let sent = tick(&rig, "2026-03-18 07:30").await;
    assert!(sent.contains(&"chase cb-2@mau.example".to_owned()), "{sent:?}");
    let journal = rig.store.journal(None, 0, 0).await.unwrap();
    let acts: Vec<_> = journal.iter().filter_map(|row| row.detail.get("act")?.as_str()).collect();
    assert_eq!(acts, ["pause", "resume"]);
}

#[tokio::test]
async fn an_excused_cell_is_told_and_left_in_peace() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let cell = id(&rig, 1, "cb-2").await;
    rests(&rig, "chi bộ mới thành lập").excuse(&[cell]).await.unwrap();
    assert_eq!(rig.send().await, ["withdrawal cb-2@mau.example"]);
    let row = rig.store.obligation(cell).await.unwrap().unwrap().obligation;
    assert_eq!((row.state, row.next_action), (State::Excused, None));
    assert!(tick(&rig, "2026-03-16 07:30").await.iter().all(|mail| !mail.contains("cb-2@")));
    let again = rests(&rig, "x").excuse(&[cell]).await;
    assert!(matches!(again, Err(RespiteError::Closed(row)) if row == cell));
}

#[tokio::test]
async fn what_rests_needs_a_reason_an_end_ahead_and_work_that_is_open() {
    let rig = rig_with(stern()).await;
    deliver(&rig, 1, "12-KH/ĐUK").await;
    let cell = id(&rig, 1, "cb-2").await;
    let until = |reason, day: NaiveDate| {
        let rests = rests(&rig, reason);
        async move { rests.mute(&[cell], day).await }
    };
    assert!(matches!(until(" ", day("2026-03-09")).await, Err(RespiteError::NoReason)));
    assert!(matches!(until("x", day("2026-03-01")).await, Err(RespiteError::Past(_))));
    assert!(matches!(until("x", day("2028-03-01")).await, Err(RespiteError::TooLong(_))));
    let unknown = rests(&rig, "x").mute(&[ObligationId(99)], day("2026-03-09")).await;
    assert!(matches!(unknown, Err(RespiteError::Unknown(_))));
    assert!(matches!(rests(&rig, "x").resume(&[cell]).await, Err(RespiteError::Awake(_))));
    assert!(matches!(rests(&rig, "x").mute(&[], day("2026-03-09")).await, Err(RespiteError::Nothing)));
}
