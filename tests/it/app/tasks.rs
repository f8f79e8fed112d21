//! A plan: one document, several obligations of each cell, one mail and one page.

use vanthu::app::acknowledge::{self, Desk, Memory, Outcome, Press};
use vanthu::app::ports::HoldKind;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::challenge::challenge;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::{Answer, Grade, Obligation, State};
use vanthu::domain::rule::Ruleset;

use crate::support::rig::{Rig, local};

const CELL: &str = "cb-1-1@mau.example";

fn plan(subject: &str) -> FakeDocument {
    FakeDocument::new(1, "12-KH/ĐUK", subject, local("2026-03-02 08:40"))
}

/// Monday 2026-03-02. Three tasks: for all by Friday 13th, for all by Friday 6th, for the two cells of a
/// committee by Friday 13th.
async fn opened() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(plan("Kế hoạch năm 2026"));
    let polled = rig.poll().await.unwrap();
    assert_eq!((polled.registered, polled.directives, polled.obligations), (1, 1, 10));
    rig
}

/// The newest letter to an address.
fn letter(rig: &Rig, address: &str) -> Letter {
    rig.mailer.letters().into_iter().rev().find(|letter| letter.to == address).unwrap()
}

/// The tasks a letter lists; those it is about are marked.
fn listed(letter: &Letter) -> Vec<String> {
    let mark = |meant| if meant { "*" } else { "" };
    letter.tasks.iter().map(|task| format!("{}{}", mark(task.is_meant), task.name)).collect()
}

async fn rows(rig: &Rig, cell: &str) -> Vec<Obligation> {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap().into_iter();
    rows.map(|row| row.obligation).filter(|row| row.cell.as_str() == cell).collect()
}

async fn states(rig: &Rig, cell: &str) -> Vec<(String, State)> {
    rows(rig, cell).await.into_iter().map(|row| (row.task.code().to_owned(), row.state)).collect()
}

async fn task(rig: &Rig, cell: &str, code: &str) -> ObligationId {
    rows(rig, cell).await.into_iter().find(|row| row.task.code() == code).unwrap().id
}

/// Presses on the page of a letter, with the digits that stand in it.
async fn press(rig: &Rig, letter: &Letter, task: Option<ObligationId>, answer: Answer) -> Outcome {
    let press = Press {
        token: letter.link.as_deref().unwrap().rsplit('/').next().unwrap().to_owned(),
        task,
        answer,
        stamp: String::new(),
        digits: letter.challenge.clone().unwrap(),
        client: [192, 0, 2, 1].into(),
        agent: "Mozilla/5.0".to_owned(),
        now: rig.clock_now(),
    };
    acknowledge::answer(&desk(rig, &Memory::default()), &press).await.unwrap()
}

fn desk<'a>(rig: &'a Rig, memory: &'a Memory) -> Desk<'a> {
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

fn received() -> Answer {
    Answer::Received { promised: None }
}

fn done() -> Answer {
    Answer::done()
}

#[tokio::test]
async fn a_cell_hears_of_all_its_tasks_in_one_mail() {
    let rig = opened().await;
    let sent = rig.send().await;
    assert_eq!(sent, ["notice cb-1-1@mau.example", "notice cb-1-2@mau.example", "notice cb-2@mau.example"]);
    let three = letter(&rig, CELL);
    assert_eq!(listed(&three), ["*Quán triệt kế hoạch", "*Đăng ký nội dung làm theo", "*Tổ chức toạ đàm"]);
    assert_eq!(three.due, Some(local("2026-03-07 00:00")), "the nearest");
    assert_eq!(three.topic_due, three.due);
    let two = letter(&rig, "cb-2@mau.example");
    assert_eq!(listed(&two), ["*Quán triệt kế hoạch", "*Đăng ký nội dung làm theo"]);
    let holds = rig.store.holds(true).await.unwrap();
    assert_eq!(holds.len(), 1, "one cell without a mailbox is one hold, whatever it is asked");
}

#[tokio::test]
async fn one_press_acknowledges_all_and_each_task_is_done_by_itself() {
    let rig = opened().await;
    rig.send().await;
    let mail = letter(&rig, CELL);
    rig.go("2026-03-02 10:00");
    assert_eq!(press(&rig, &mail, None, received()).await, Outcome::Recorded(Grade::Verified));
    use State::{Acknowledged, Done, Open};
    let all = |state| ["quan-triet", "dang-ky", "toa-dam"].map(|code| (code.to_owned(), state)).to_vec();
    assert_eq!(states(&rig, "cb-1-1").await, all(Acknowledged));
    assert_eq!(states(&rig, "cb-1-2").await, all(Open), "nobody else's");
    assert_eq!(press(&rig, &mail, None, received()).await, Outcome::Already);

    let one = task(&rig, "cb-1-1", "dang-ky").await;
    assert_eq!(press(&rig, &mail, Some(one), done()).await, Outcome::Recorded(Grade::Verified));
    let stand: Vec<_> = states(&rig, "cb-1-1").await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(stand, [Acknowledged, Done, Acknowledged]);
    assert_eq!(rig.store.answers(one).await.unwrap().len(), 2);

    let theirs = task(&rig, "cb-1-2", "dang-ky").await;
    assert_eq!(press(&rig, &mail, Some(theirs), done()).await, Outcome::OtherTask, "another cell's");
    assert_eq!(states(&rig, "cb-1-2").await, all(Open));
}

#[tokio::test]
async fn the_page_shows_every_task_and_writes_nothing() {
    let rig = opened().await;
    rig.send().await;
    let token = letter(&rig, CELL).link.unwrap().rsplit('/').next().unwrap().to_owned();
    let memory = Memory::default();
    let view = acknowledge::view(&desk(&rig, &memory), &token, rig.clock_now()).await.unwrap();
    let titles: Vec<_> = view.tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["Quán triệt kế hoạch", "Đăng ký nội dung làm theo", "Tổ chức toạ đàm"]);
    assert!(view.tasks.iter().all(|task| task.is_task && task.answers.is_empty()));
}

/// What befalls several tasks at one time is one mail, of the sternest kind; a task that is done is not
/// in it, and one that is not due is listed but not meant.
#[tokio::test]
async fn the_ladder_sends_one_mail_at_a_time() {
    let rig = opened().await;
    rig.send().await;
    rig.go("2026-03-02 10:00");
    press(&rig, &letter(&rig, CELL), None, received()).await;
    rig.go("2026-03-04 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await, ["reminder cb-1-2@mau.example", "reminder cb-2@mau.example"]);
    assert_eq!(
        listed(&letter(&rig, "cb-1-2@mau.example")).iter().filter(|line| line.starts_with('*')).count(),
        3
    );

    rig.go("2026-03-05 07:30");
    rig.chase().await;
    assert_eq!(rig.send().await.iter().filter(|mail| mail.ends_with(CELL)).count(), 1);
    assert_eq!(
        listed(&letter(&rig, CELL)),
        ["Quán triệt kế hoạch", "*Đăng ký nội dung làm theo", "Tổ chức toạ đàm"]
    );

    let one = task(&rig, "cb-1-1", "dang-ky").await;
    press(&rig, &letter(&rig, CELL), Some(one), done()).await;
    rig.go("2026-03-12 07:30");
    rig.chase().await;
    let sent = rig.send().await;
    assert_eq!(sent.iter().filter(|mail| mail.ends_with(CELL)).count(), 1, "{sent:?}");
    let mail = letter(&rig, CELL);
    assert_eq!(listed(&mail), ["*Quán triệt kế hoạch", "*Tổ chức toạ đàm"]);
    assert_eq!(mail.due, Some(local("2026-03-14 00:00")));
    assert_eq!(mail.topic_due, Some(local("2026-03-07 00:00")), "the subject line of the thread stays");

    // Long ago one task is late for good, on Friday two are due: the cell that did nothing gets one mail.
    let quiet = rig.mailer.letters().into_iter().filter(|letter| letter.to == "cb-1-2@mau.example");
    let times: Vec<_> = quiet.map(|letter| letter.written).collect();
    let mut distinct = times.clone();
    distinct.dedup();
    assert_eq!(times, distinct, "never two at one time");
}

#[tokio::test]
async fn after_an_outage_a_cell_gets_one_mail_and_a_superior_one() {
    let rig = opened().await;
    rig.send().await;
    rig.go("2026-03-18 07:30");
    rig.chase().await;
    let mut sent = rig.send().await;
    sent.sort();
    assert_eq!(sent, ["escalation db-1@mau.example", "escalation vp@duk.example"]);
    let above = letter(&rig, "db-1@mau.example");
    assert_eq!(above.kind, NoticeKind::Escalation);
    let lines: Vec<_> = above.laggards.iter().map(|one| (one.name.as_str(), one.tasks.len())).collect();
    assert_eq!(lines, [("Chi bộ Thanh tra", 3), ("Chi bộ Văn phòng", 3)]);
}

#[tokio::test]
async fn each_task_that_is_declined_waits_for_staff_by_itself() {
    let rig = opened().await;
    rig.send().await;
    let mail = letter(&rig, CELL);
    for code in ["quan-triet", "dang-ky"] {
        let one = task(&rig, "cb-1-1", code).await;
        press(
            &rig,
            &mail,
            Some(one),
            Answer::Declined { reason: "của chi bộ khác".to_owned(), suggested: None },
        )
        .await;
    }
    let holds = rig.store.holds(true).await.unwrap();
    let declined: Vec<_> = holds
        .iter()
        .filter(|hold| hold.kind == HoldKind::Declined)
        .map(|hold| hold.reason.as_str())
        .collect();
    assert_eq!(
        declined,
        ["việc “Đăng ký nội dung làm theo”: của chi bộ khác", "việc “Quán triệt kế hoạch”: của chi bộ khác"]
    );
}

/// The tasks of the newest revision hold; what is no longer asked is named, once, in the mail of the change.
#[tokio::test]
async fn a_new_revision_keeps_and_drops_task_by_task() {
    let mut rig = opened().await;
    rig.send().await;
    let old = letter(&rig, CELL);
    press(&rig, &old, None, received()).await;
    rig.go("2026-03-03 09:00");
    let mut rules = rig.office.ruleset.rules.clone();
    rules.iter_mut().for_each(|rule| rule.tasks.retain(|task| task.name.id.code() != "dang-ky"));
    rig.office.ruleset = Ruleset::new(rules, "mới".to_owned());
    let mut document = rig.ioffice.document(1).unwrap();
    document.subject = "Kế hoạch năm 2026 (đính chính)".to_owned();
    rig.ioffice.put(document);
    assert_eq!(rig.poll().await.unwrap().obligations, 6);
    let sent = rig.send().await;
    assert_eq!(sent, ["change cb-1-1@mau.example", "change cb-1-2@mau.example", "change cb-2@mau.example"]);
    let new = letter(&rig, CELL);
    assert_eq!(listed(&new), ["*Quán triệt kế hoạch", "*Tổ chức toạ đàm"]);
    assert_eq!(new.dropped, ["Đăng ký nội dung làm theo"]);
    // The link of the old mail answers for what is asked now.
    assert!(matches!(press(&rig, &old, None, received()).await, Outcome::Recorded(_)));
    let states: Vec<_> = states(&rig, "cb-1-1").await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [State::Acknowledged, State::Acknowledged]);
}

/// The digits in the mail are those the page asks for, whichever task is answered.
#[tokio::test]
async fn a_plan_without_a_number_has_one_code() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let mut document = plan("Kế hoạch năm 2026");
    document.symbol = String::new();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig.send().await;
    let mail = letter(&rig, CELL);
    let rows = rows(&rig, "cb-1-1").await;
    let revision = rig.store.revision(rows[0].revision).await.unwrap().unwrap();
    assert_eq!(mail.challenge, Some(challenge(&revision.document, rows[0].id, &rig.policy.secret)));
    let last = Some(rows[2].id);
    assert_eq!(press(&rig, &mail, last, done()).await, Outcome::Recorded(Grade::Verified));
}
