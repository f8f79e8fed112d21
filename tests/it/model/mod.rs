//! The register against a model of it: documents arrive, cells answer, mails leave, ladders are looked at, time
//! passes, and death comes between any two waits of any of it. What was confirmed is there, what was cut short is
//! there whole or not at all, and nobody who has ended a matter is asked for it again.
//!
//! Both engines play the same story. A story that fails is kept in `tests/proptest-regressions` and told again first.
//! `VANTHU_STORIES` sets how many are told (docs/RELIABILITY.md).

mod truth;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use proptest::prelude::*;
use vanthu::app::acknowledge::{self, OnBehalf};
use vanthu::app::ports::Store;
use vanthu::domain::obligation::Answer;

use crate::support::number;
use crate::support::rig::Rig;
use crate::support::scripted::{Scripted, paper};
use crate::support::store::{Keep, file_store};
use crate::support::{postgres, rig};
use truth::{CELLS, Rows, Truth, Word};

/// Mails that one death can leave in doubt: those in flight.
const SESSIONS: usize = 3;

/// What happens next; a number is how many waits it survives.
#[derive(Debug, Clone)]
enum Event {
    Arrive,
    Look(Option<u32>),
    Send(Option<u32>),
    Chase(Option<u32>),
    Answer { document: prop::sample::Index, cell: usize, word: Word, cut: Option<u32> },
    Pass { hours: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let cut = || prop::option::weighted(0.4, 0..60_u32);
    let word = prop_oneof![3 => Just(Word::Received), 2 => Just(Word::Done), 1 => Just(Word::Declined)];
    prop_oneof![
        3 => Just(Event::Arrive),
        4 => cut().prop_map(Event::Look),
        5 => cut().prop_map(Event::Send),
        3 => cut().prop_map(Event::Chase),
        6 => (any::<prop::sample::Index>(), 0..CELLS.len(), word, cut())
            .prop_map(|(document, cell, word, cut)| Event::Answer { document, cell, word, cut }),
        3 => (1..60_i64).prop_map(|hours| Event::Pass { hours }),
    ]
}

/// Lets work go on until it has waited so often, then lets go of it, as death would.
async fn cut<F: Future>(work: F, waits: Option<u32>) -> Option<F::Output> {
    let (mut work, mut left) = (pin!(work), waits);
    poll_fn(|context| match (work.as_mut().poll(context), &mut left) {
        (Poll::Ready(done), _) => Poll::Ready(Some(done)),
        (Poll::Pending, Some(0)) => Poll::Ready(None),
        (Poll::Pending, Some(left)) => {
            *left -= 1;
            Poll::Pending
        }
        (Poll::Pending, None) => Poll::Pending,
    })
    .await
}

struct Story {
    rig: Rig,
    axis: Scripted,
    truth: Truth,
}

impl Story {
    async fn new(store: Arc<dyn Store>, keep: Keep) -> Self {
        let rig = Rig::on(store, keep, "2026-03-02 08:00").await;
        Self { rig, axis: Scripted::new("truc"), truth: Truth::default() }
    }

    async fn live(&mut self, event: &Event) {
        match event {
            Event::Arrive => self.arrive(),
            Event::Look(waits) => self.look(*waits).await,
            Event::Send(waits) => self.send(*waits).await,
            Event::Chase(waits) => {
                let done = cut(self.rig.chase(), *waits).await;
                self.survive(done.is_some()).await;
            }
            Event::Answer { document, cell, word, cut } if self.truth.registered() > 0 => {
                let document = self.truth.nth(document.index(self.truth.registered()));
                self.answer((document, CELLS[*cell]), *word, *cut).await;
            }
            Event::Answer { .. } => {}
            Event::Pass { hours } => self.pass(*hours),
        }
        self.truth.compare(&self.rows().await);
        self.truth.judge_letters(&self.rig.mailer.letters(), SESSIONS);
    }

    fn arrive(&mut self) {
        let number = self.truth.arrived();
        let symbol = format!("{number}-KH/ĐUK");
        self.axis.deliver(vanthu::domain::document::Document { symbol, ..paper(&format!("k{number}")) });
    }

    async fn look(&mut self, waits: Option<u32>) {
        let done = cut(Box::pin(self.rig.poll_from(&self.axis)), waits).await;
        if let Some(done) = &done {
            assert!(done.is_ok(), "{done:?}");
        }
        self.survive(done.is_some()).await;
        self.truth.looked(done.is_some(), &self.rows().await);
    }

    async fn send(&mut self, waits: Option<u32>) {
        let done = cut(Box::pin(self.rig.dispatch()), waits).await;
        self.truth.sent(done.is_some());
        self.survive(done.is_some()).await;
    }

    async fn answer(&mut self, (document, cell): (usize, &'static str), word: Word, waits: Option<u32>) {
        let rows = self.rows().await;
        let of_cell = rows[&document].iter().find(|row| row.obligation.cell.as_str() == cell);
        let ids = [of_cell.unwrap().obligation.id];
        let answer = match word {
            Word::Received => Answer::Received { promised: None },
            Word::Done => Answer::done(),
            Word::Declined => {
                Answer::Declined { reason: "việc của đơn vị khác".to_owned(), suggested: None }
            }
        };
        let entry = OnBehalf {
            obligations: &ids,
            answer: &answer,
            actor: "vt",
            reason: "gọi điện",
            now: self.rig.clock_now(),
        };
        let facts = (&self.rig.office.calendar, &self.rig.policy.voices);
        let done = cut(acknowledge::staff(self.rig.store.as_ref(), facts, &entry), waits).await;
        self.survive(done.is_some()).await;
        match done {
            Some(done) => {
                done.unwrap();
                self.truth.answered((document, cell), word);
            }
            None => self.truth.perhaps_answered((document, cell), word, &self.rows().await),
        }
    }

    fn pass(&self, hours: i64) {
        self.rig.clock.advance_to(self.rig.clock_now() + chrono::TimeDelta::hours(hours));
    }

    /// After a death the next life of the same machine frees what was claimed.
    async fn survive(&self, lived: bool) {
        if !lived {
            let mut tx = self.rig.store.begin().await.unwrap();
            tx.recover(self.rig.clock_now()).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    /// The obligations of each registered document.
    async fn rows(&self) -> Rows {
        let store = &self.rig.store;
        let mut all = Rows::new();
        for document in store.documents(u32::MAX, self.rig.clock_now()).await.unwrap() {
            let number = document.external_id.as_str().parse().unwrap();
            all.insert(number, store.obligations(document.id, false).await.unwrap());
        }
        all
    }

    /// A week of undisturbed work.
    async fn settle(&mut self) {
        for _ in 0..7 {
            let next = self.rig.clock_now() + chrono::TimeDelta::days(1);
            let morning = self.rig.office.calendar.date_of(next);
            self.rig.clock.advance_to(rig::local(&format!("{morning} 09:00")));
            for event in [Event::Look(None), Event::Send(None), Event::Chase(None), Event::Send(None)] {
                self.live(&event).await;
            }
        }
        self.truth.judge_end(&self.rig.mailer.letters());
    }
}

async fn tell(store: Arc<dyn Store>, keep: Keep, events: &[Event]) {
    let mut story = Story::new(store, keep).await;
    for event in events {
        story.live(event).await;
    }
    story.settle().await;
    story.rig.store.close().await;
}

fn stories() -> u32 {
    u32::try_from(number("VANTHU_STORIES", 8)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: stories(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_register_tells_what_happened(events in prop::collection::vec(event(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (file, folder) = file_store().await;
            Box::pin(tell(file, Keep::Folder(folder), &events)).await;
            let (server, database) = postgres::temp_store().await;
            Box::pin(tell(server, Keep::Database(database), &events)).await;
        });
    }
}
