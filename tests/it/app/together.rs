//! Presses at the same time: they share commits, each is recorded once, and whoever gives up takes nobody down.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::join_all;
use vanthu::app::acknowledge::{self, AnswerError, Desk, Memory, Outcome, Press, View};
use vanthu::app::ports::JournalKind;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::chain::Verdict;
use vanthu::domain::obligation::{Answer, Grade};

use crate::support::rig::{Rig, local};

/// Monday 2026-03-02: one directive, three cells with a mailbox, an hour after their mails.
async fn mailed() -> Rig {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(FakeDocument::new(
        1,
        "0612-KH/ĐUK",
        "Sinh hoạt chuyên đề quý I",
        local("2026-03-02 08:40"),
    ));
    rig.poll().await.unwrap();
    rig.send().await;
    rig.go("2026-03-02 10:00");
    rig
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

/// A press for each letter, with the digits that stand in it.
fn presses(rig: &Rig, answer: &Answer) -> Vec<Press> {
    let press = |letter: vanthu::domain::notice::Letter| Press {
        token: letter.link.as_deref().unwrap().rsplit('/').next().unwrap().to_owned(),
        task: None,
        answer: answer.clone(),
        stamp: String::new(),
        digits: letter.challenge.unwrap(),
        client: [192, 0, 2, 1].into(),
        agent: "Mozilla/5.0".to_owned(),
        now: rig.clock_now(),
    };
    rig.mailer.letters().into_iter().map(press).collect()
}

async fn answered(rig: &Rig) -> usize {
    let journal = rig.store.journal(None, 0, 0).await.unwrap();
    journal.iter().filter(|row| row.kind == JournalKind::Answered).count()
}

#[tokio::test]
async fn presses_at_once_are_each_recorded_once() {
    let (rig, memory) = (mailed().await, Memory::default());
    let presses = presses(&rig, &Answer::Received { promised: None });
    assert_eq!(presses.len(), 3);
    let four_times: Vec<_> = presses.iter().cycle().take(12).collect();
    let told = join_all(
        four_times
            .into_iter()
            .map(async |press| acknowledge::answer(&desk(&rig, &memory), press).await.unwrap()),
    )
    .await;
    let count = |outcome| told.iter().filter(|told| **told == outcome).count();
    assert_eq!(count(Outcome::Recorded(Grade::Verified)), 3, "{told:?}");
    assert_eq!(count(Outcome::Already), 9, "{told:?}");
    assert_eq!(answered(&rig).await, 3);
    let walked = rig.store.verify_journal(Vec::new(), &|_| ()).await.unwrap();
    assert!(matches!(walked, Verdict::Whole { .. }), "{walked:?}");
}

#[tokio::test]
async fn whoever_gives_up_takes_nobody_down() {
    for polls in 0..40 {
        let (rig, memory) = (mailed().await, Memory::default());
        let presses = presses(&rig, &Answer::Received { promised: None });
        let press = async |press| acknowledge::answer(&desk(&rig, &memory), press).await;
        let [gone, second, third] = &presses[..] else { panic!("three letters") };
        let all = async { tokio::join!(given_up(press(gone), polls), press(second), press(third)) };
        let (_, second, third) = tokio::time::timeout(Duration::from_secs(20), Box::pin(all)).await.unwrap();
        for told in [second, third] {
            let recorded = Outcome::Recorded(Grade::Verified);
            // Whoever recorded it may have gone before it could say so.
            assert!(matches!(told, Ok(told) if told == recorded || told == Outcome::Already), "{polls}");
        }
        let stands = press(gone).await.unwrap();
        assert!([Outcome::Recorded(Grade::Verified), Outcome::Already].contains(&stands), "{polls}");
        assert_eq!(answered(&rig).await, 3, "{polls}");
    }
}

/// Lets go of something after so many looks at it.
async fn given_up(work: impl Future<Output = Result<Outcome, AnswerError>>, mut polls: usize) {
    let mut work = pin!(work);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(());
        }
        polls -= 1;
        work.as_mut().poll(context).map(|_| ())
    })
    .await;
}

/// Everything a page shows, but for its note, which tells the instant.
fn shown(view: &View) -> String {
    format!("{:#?}", View { stamp: String::new(), ..view.clone() })
}

/// After each press of a cell's page, and where another came in between: what is shown without asking the register again is
/// what the register holds.
#[tokio::test]
async fn what_is_shown_after_a_press_is_what_the_register_holds() {
    let (rig, memory) = (mailed().await, Memory::default());
    let day = |day: &str| day.parse().unwrap();
    let more = |until| Answer::MoreTime { until: day(until), reason: "Chờ số liệu".to_owned() };
    let done = |note: &str| Answer::Done {
        report_symbol: None,
        report_date: None,
        note: Some(note.to_owned()),
        link: None,
        figures: Vec::new(),
    };
    let answers = [
        Answer::Received { promised: Some(day("2026-03-09")) },
        Answer::Received { promised: Some(day("2026-03-10")) },
        more("2026-04-20"),
        done("Đã họp"),
        done("Đã họp"),
        done("Đã họp, 12 người dự"),
    ];
    let desk = desk(&rig, &memory);
    for between in [false, true] {
        let first = presses(&rig, &answers[0]).swap_remove(usize::from(between));
        for answer in &answers {
            let press = Press { answer: answer.clone(), ..first.clone() };
            let opened = acknowledge::open(&desk, &press.token, press.now).await.unwrap();
            if between {
                let earlier = Press { answer: Answer::Received { promised: None }, ..press.clone() };
                acknowledge::answer(&desk, &earlier).await.unwrap();
            }
            let pressed = opened.press(&desk, &press).await.unwrap();
            let after = opened.after(&desk, &pressed, press.now).await.unwrap();
            let held = acknowledge::view(&desk, &press.token, press.now).await.unwrap();
            assert_eq!(shown(&after), shown(&held), "{answer:?}: {:?}", pressed.outcome);
        }
    }
}
