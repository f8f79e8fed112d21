//! Mergers, splits and ends of units, with work that is still open on that day.

use vanthu::app::acknowledge::{self, Desk, Memory, Outcome, Press, View};
use vanthu::app::ports::{HoldKind, JournalKind};
use vanthu::app::reorganise::{Reorganisation, Reorganised, reorganise};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::challenge::stamp;
use vanthu::domain::ids::{DocumentId, ObligationId, UnitId};
use vanthu::domain::obligation::{Answer, Obligation, Role, State};
use vanthu::domain::token::{Claims, mailbox_hash};
use vanthu::domain::unit::{Absence, Succession, Unit, Units, Validity};

use crate::support::rig::{Rig, local};

/// The work begins on Monday 2026-03-02 and is due on Friday 2026-03-13; cells end on Sunday 2026-03-08.
async fn opened() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    put(&rig, 1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I");
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

fn put(rig: &Rig, number: i64, symbol: &str, subject: &str) {
    let mut document = FakeDocument::new(number, symbol, subject, local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
}

/// Changes one unit, as an edit of units.toml and a reload do.
pub(super) fn edit(units: &Units, id: &str, change: impl FnOnce(&mut Unit)) -> Units {
    let mut all: Vec<Unit> = units.iter().cloned().collect();
    match all.iter_mut().find(|unit| unit.id.as_str() == id) {
        Some(unit) => change(unit),
        None => {
            let pattern = units.get(&"cb-2".into()).unwrap();
            let mut unit = Unit { id: id.into(), absences: Vec::new(), ..pattern.clone() };
            unit.names.iter_mut().for_each(|name| name.value = format!("Chi bộ {id}"));
            unit.mailboxes.iter_mut().for_each(|mailbox| mailbox.address = format!("{id}@mau.example"));
            (unit.valid, unit.succession) = (Validity::default(), Succession::default());
            change(&mut unit);
            all.push(unit);
        }
    }
    Units::new(units.office.clone(), units.kinds.clone(), units.sectors.clone(), all)
}

fn ends(rig: &mut Rig, id: &str, successors: &[&str], heir: Option<&str>) {
    rig.office.units = edit(&rig.office.units, id, |unit| {
        unit.valid.until = "2026-03-08".parse().ok();
        let successors = successors.iter().map(|id| UnitId::from(*id)).collect();
        unit.succession = Succession { successors, heir: heir.map(UnitId::from) };
    });
}

pub(super) async fn run(rig: &Rig) -> Reorganised {
    let (store, now) = (rig.store.as_ref(), rig.clock_now());
    let parts = Reorganisation { store, office: &rig.office, policy: &rig.policy, now };
    reorganise(&parts).await.unwrap()
}

pub(super) async fn rows(rig: &Rig, document: i64) -> Vec<Obligation> {
    let rows = rig.store.obligations(DocumentId(document), true).await.unwrap();
    rows.into_iter().map(|row| row.obligation).collect()
}

async fn row(rig: &Rig, cell: &str) -> Obligation {
    rows(rig, 1).await.into_iter().find(|row| row.cell.as_str() == cell).unwrap()
}

pub(super) fn link(rig: &Rig, id: ObligationId) -> String {
    let expires = rig.clock_now() + chrono::Duration::days(180);
    rig.policy.keyring.sign(&Claims { obligation: id, mailbox: mailbox_hash("a@mau.example"), expires })
}

pub(super) fn desk<'a>(rig: &'a Rig, memory: &'a Memory) -> Desk<'a> {
    Desk {
        store: rig.store.as_ref(),
        keyring: &rig.policy.keyring,
        secret: &rig.policy.secret,
        memory,
        calendar: &rig.office.calendar,
        units: &rig.office.units,
        voices: &rig.policy.voices,
    }
}

async fn view(rig: &Rig, id: ObligationId) -> View {
    acknowledge::view(&desk(rig, &Memory::default()), &link(rig, id), rig.clock_now()).await.unwrap()
}

async fn press(rig: &Rig, id: ObligationId) -> Outcome {
    let (memory, now) = (Memory::default(), rig.clock_now());
    let shown = view(rig, id).await.tasks[0].obligation.id;
    let press = Press {
        token: link(rig, id),
        task: None,
        answer: Answer::Received { promised: None },
        stamp: stamp(shown, now - chrono::Duration::seconds(30), &rig.policy.secret),
        digits: String::new(),
        client: std::net::Ipv4Addr::LOCALHOST.into(),
        agent: "Mozilla/5.0".to_owned(),
        now,
    };
    acknowledge::answer(&desk(rig, &memory), &press).await.unwrap()
}

fn open_holds(holds: &[vanthu::app::ports::HoldRow]) -> Vec<String> {
    let kind = |kind| move |hold: &&vanthu::app::ports::HoldRow| hold.kind == kind;
    holds.iter().filter(kind(HoldKind::NoHeir)).map(|hold| hold.reason.clone()).collect()
}

#[tokio::test]
async fn open_work_and_old_links_follow_the_successor_from_its_first_day() {
    let mut rig = opened().await;
    let old = row(&rig, "cb-2").await;
    rig.office.units = edit(&rig.office.units, "cb-4", |unit| unit.valid.from = "2026-03-09".parse().ok());
    ends(&mut rig, "cb-2", &["cb-4"], None);

    rig.go("2026-03-08 23:59");
    assert_eq!(run(&rig).await, Reorganised::default(), "its last day is still its own");
    rig.go("2026-03-09 00:01");
    assert_eq!(run(&rig).await, Reorganised { moved: 1, ..Reorganised::default() });
    assert_eq!(run(&rig).await, Reorganised::default(), "once is enough");

    let new = row(&rig, "cb-4").await;
    assert_eq!(row(&rig, "cb-2").await.state, State::Withdrawn);
    assert_eq!((new.state, new.due, new.duty), (State::Open, old.due, old.duty));
    rig.go("2026-03-09 07:30");
    assert_eq!(rig.send().await, ["notice cb-4@mau.example"]);
    let letter = rig.mailer.letters().pop().unwrap();
    assert_eq!(letter.taken_over_from.as_deref(), Some("Chi bộ Hội Mẫu"));

    let seen = view(&rig, old.id).await;
    assert_eq!((seen.tasks[0].obligation.id, seen.succeeds), (new.id, Some("cb-2".into())));
    rig.go("2026-03-09 09:00");
    assert!(matches!(press(&rig, old.id).await, Outcome::Recorded(_)));
    assert_eq!(row(&rig, "cb-4").await.state, State::Acknowledged);
    assert_eq!(row(&rig, "cb-2").await.state, State::Withdrawn);

    let journal = rig.store.journal(Some(DocumentId(1)), 0, 0).await.unwrap();
    let closed = journal.iter().find(|row| row.kind == JournalKind::Closed).unwrap();
    assert_eq!(closed.detail["cell"], "cb-2");
    assert_eq!(closed.detail["to"], "cb-4");
    assert_eq!(closed.detail["into"], new.id.0);

    rig.go("2026-03-12 08:00");
    rig.chase().await;
    let sent = rig.send().await;
    assert!(sent.contains(&"reminder cb-4@mau.example".to_owned()), "{sent:?}");
    assert!(!sent.iter().any(|mail| mail.ends_with("cb-2@mau.example")), "{sent:?}");
}

#[tokio::test]
async fn a_merger_leaves_one_obligation_and_it_is_the_stricter_one() {
    let mut rig = opened().await;
    let mut stricter = row(&rig, "cb-1-1").await;
    stricter.due = Some(local("2026-03-12 00:00"));
    let mut tx = rig.store.begin().await.unwrap();
    let mut duty = tx.duty(stricter.duty).await.unwrap().unwrap().duty;
    (duty.role, duty.grade) = (Role::Lead, vanthu::domain::obligation::Grade::Verified);
    stricter.duty = tx.open_duty(stricter.revision, &duty).await.unwrap();
    tx.reassign(&[stricter.clone()]).await.unwrap();
    tx.commit().await.unwrap();

    ends(&mut rig, "cb-1-1", &["cb-1-2"], None);
    rig.go("2026-03-09 00:01");
    assert_eq!(run(&rig).await, Reorganised { merged: 1, ..Reorganised::default() });
    let kept = row(&rig, "cb-1-2").await;
    let duty = rig.store.duty(kept.duty).await.unwrap().unwrap().duty;
    assert_eq!((kept.due, duty.grade), (stricter.due, vanthu::domain::obligation::Grade::Verified));
    assert_eq!(rows(&rig, 1).await.iter().filter(|row| row.state.is_live()).count(), 3);
    rig.go("2026-03-09 07:30");
    assert_eq!(rig.send().await, ["change cb-1-2@mau.example"]);
    assert_eq!(view(&rig, stricter.id).await.tasks[0].obligation.id, kept.id);
}

/// What a plan asks goes over task by task: to the heir's own row for the same task where it has one. One
/// mail tells of all of it, and the old link leads to all of it.
#[tokio::test]
async fn tasks_go_over_one_by_one_and_in_one_mail() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    put(&rig, 1, "12-KH/ĐUK", "Kế hoạch năm 2026");
    rig.poll().await.unwrap();
    rig.send().await;
    let old = row(&rig, "cb-1-1").await;
    ends(&mut rig, "cb-1-1", &["cb-2"], None);
    rig.go("2026-03-09 00:01");
    assert_eq!(run(&rig).await, Reorganised { moved: 1, merged: 2, ..Reorganised::default() });
    assert_eq!(run(&rig).await, Reorganised::default(), "once is enough");

    let rows = rows(&rig, 1).await;
    let tasks_of = |cell: &str, live: bool| {
        let rows = rows.iter().filter(|row| row.cell.as_str() == cell && row.state.is_live() == live);
        rows.map(|row| row.task.code()).collect::<Vec<_>>()
    };
    assert_eq!(tasks_of("cb-2", true), ["quan-triet", "dang-ky", "toa-dam"]);
    assert_eq!(tasks_of("cb-1-1", false), ["quan-triet", "dang-ky", "toa-dam"]);
    rig.go("2026-03-09 07:30");
    let sent = rig.send().await;
    assert_eq!(sent.iter().filter(|mail| mail.ends_with("cb-2@mau.example")).count(), 1, "{sent:?}");
    let seen = view(&rig, old.id).await;
    assert_eq!((seen.tasks.len(), seen.succeeds), (3, Some("cb-1-1".into())));
}

#[tokio::test]
async fn a_split_without_an_heir_waits_for_staff_until_one_is_named() {
    let mut rig = opened().await;
    for half in ["cb-5", "cb-6"] {
        rig.office.units = edit(&rig.office.units, half, |_| {});
    }
    ends(&mut rig, "cb-2", &["cb-5", "cb-6"], None);
    rig.go("2026-03-09 00:01");
    assert_eq!(run(&rig).await, Reorganised { held: 1, ..Reorganised::default() });
    run(&rig).await;
    assert_eq!(
        open_holds(&rig.store.holds(true).await.unwrap()),
        [
            "Chi bộ Hội Mẫu đã kết thúc ngày 08/03/2026, chia thành Chi bộ cb-5, Chi bộ cb-6; ghi `heir` để chọn nơi \
          nhận việc đang dở"
        ]
    );
    assert_eq!(row(&rig, "cb-2").await.state, State::Open, "nothing is lost meanwhile");

    ends(&mut rig, "cb-2", &["cb-5", "cb-6"], Some("cb-6"));
    assert_eq!(run(&rig).await, Reorganised { moved: 1, released: 1, ..Reorganised::default() });
    assert_eq!(row(&rig, "cb-6").await.state, State::Open);
    assert!(open_holds(&rig.store.holds(true).await.unwrap()).is_empty());
}

#[tokio::test]
async fn an_heir_that_is_done_with_its_own_part_does_not_swallow_the_other() {
    let mut rig = opened().await;
    let done = row(&rig, "cb-1-2").await.closed(State::Done, rig.clock_now());
    let mut tx = rig.store.begin().await.unwrap();
    tx.save_obligations(&[done]).await.unwrap();
    tx.commit().await.unwrap();
    ends(&mut rig, "cb-1-1", &["cb-1-2"], None);
    rig.go("2026-03-09 00:01");
    assert_eq!(run(&rig).await.held, 1);
    assert_eq!(row(&rig, "cb-1-1").await.state, State::Open);
    let holds = open_holds(&rig.store.holds(true).await.unwrap());
    assert_eq!(
        holds,
        [
            "Chi bộ Thanh tra tiếp nhận việc này nhưng đã báo hoàn thành phần của mình; xem còn phải giao tiếp không"
        ]
    );
}

/// A unit taken out of the file without a word orphans nothing either.
#[tokio::test]
async fn work_of_a_unit_that_the_files_no_longer_know_is_held() {
    let mut rig = opened().await;
    let left: Vec<Unit> =
        rig.office.units.iter().filter(|unit| unit.id.as_str() != "cb-2").cloned().collect();
    let units = &rig.office.units;
    rig.office.units = Units::new(units.office.clone(), units.kinds.clone(), units.sectors.clone(), left);
    assert_eq!(run(&rig).await.held, 1);
    assert_eq!(
        open_holds(&rig.store.holds(true).await.unwrap()),
        ["tệp tổ chức không còn mã `cb-2`; khai lại tổ chức này với `until` và `successor`"]
    );
}

#[tokio::test]
async fn while_the_secretary_is_away_the_deputy_is_mailed_and_told_so() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    rig.office.units = edit(&rig.office.units, "cb-2", |unit| {
        unit.absences.push(Absence {
            mailbox: None,
            person: Some("đồng chí Bí thư".to_owned()),
            valid: Validity { from: "2026-03-02".parse().ok(), until: "2026-03-08".parse().ok() },
            deputy: Some("pho@mau.example".to_owned()),
        });
    });
    put(&rig, 1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I");
    rig.poll().await.unwrap();
    let sent = rig.send().await;
    assert!(sent.contains(&"notice pho@mau.example".to_owned()), "{sent:?}");
    let letters = rig.mailer.letters();
    let letter = letters.iter().find(|letter| letter.to == "pho@mau.example").unwrap();
    assert_eq!(letter.instead_of.as_ref().and_then(|away| away.person.as_deref()), Some("đồng chí Bí thư"));
    rig.go("2026-03-12 08:00");
    rig.chase().await;
    let sent = rig.send().await;
    assert!(sent.contains(&"reminder cb-2@mau.example".to_owned()), "back at her desk: {sent:?}");
}
