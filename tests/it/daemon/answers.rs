//! `kill -9` while cells answer: who saw "recorded" stays recorded.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::kill::Random;
use super::mail::{Mail, taken};
use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::net;
use crate::support::outside::{Bounds, Outside};

const DOCUMENTS: usize = 60;
const CLIENTS: usize = 4;

/// Which cell acknowledged which document.
pub type Said = (String, String);

#[test]
fn an_answer_that_was_confirmed_survives_any_kill() {
    let world = World::new();
    let outside = Outside::new();
    (1..).take(DOCUMENTS).for_each(|id| outside.delivered(id));
    let mails = sent(&world, DOCUMENTS);
    world.sink.mails().iter().for_each(|mail| outside.took(mail));
    let mut random = Random(5);
    let next = AtomicUsize::new(0);
    let confirmed = Mutex::new(BTreeSet::new());
    let mut kills = 0;
    while next.load(Ordering::Relaxed) < mails.len() {
        let daemon = world.start();
        let count = || confirmed.lock().unwrap().len();
        let enough = count() + usize::try_from(random.below(8)).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| answer((&world, &outside), &mails, &next, &confirmed));
            }
            let done = || count() > enough || next.load(Ordering::Relaxed) >= mails.len();
            wait_until("some answers are confirmed", done);
            std::thread::sleep(Duration::from_micros(random.below(20_000)));
            daemon.kill();
        });
        kills += 1;
    }
    let confirmed = confirmed.into_inner().unwrap();
    println!("{kills} kills, {} answers, {} confirmed", mails.len(), confirmed.len());
    assert!(kills > 3 && confirmed.len() > mails.len() / 2, "{kills} kills, {} confirmed", confirmed.len());
    let stored = acknowledged(&world, DOCUMENTS);
    let lost: Vec<_> = confirmed.difference(&stored).collect();
    assert!(lost.is_empty(), "confirmed, and not in the register: {lost:?}");
    println!("{}", outside.judge(&world, Bounds { kills, workers: 1, per_day: DOCUMENTS }));
}

/// The notices of all documents, sent.
pub fn sent(world: &World, documents: usize) -> Vec<Mail> {
    (1..).take(documents).for_each(|id| world.deliver(id));
    let daemon = world.start();
    wait_until("all mails are out", || world.sink.count() == documents * CELLS);
    assert!(daemon.terminate().0.success());
    taken(&world.sink)
}

/// Answers mail after mail until nobody listens any more, and notes what was confirmed.
fn answer(
    (world, outside): (&World, &Outside),
    mails: &[Mail],
    next: &AtomicUsize,
    confirmed: &Mutex<BTreeSet<Said>>,
) {
    while let Some(mail) = mails.get(next.fetch_add(1, Ordering::Relaxed)) {
        let answered = press(world, mail);
        let cell = mail.to.split('@').next().unwrap();
        outside.visited("POST", (cell, &mail.symbol), matches!(answered, Some((200, _))));
        match answered {
            Some((200, _)) => {
                confirmed.lock().unwrap().insert(said(mail));
            }
            Some((status, page)) => panic!("{status}: {page}"),
            None => break,
        }
    }
}

/// Answers one mail as a person does who reads it; `None` where nobody listens.
pub fn press(world: &World, mail: &Mail) -> Option<(u16, String)> {
    let digits: String = mail.symbol.chars().take_while(char::is_ascii_digit).collect();
    net::post(world.web, &mail.path, &format!("answer=received&digits={digits}"))
}

/// What an answer to a mail comes to.
pub fn said(mail: &Mail) -> Said {
    (mail.to.split('@').next().unwrap().to_owned(), mail.symbol.clone())
}

/// What the register holds as acknowledged.
pub fn acknowledged(world: &World, documents: usize) -> BTreeSet<Said> {
    let mut found = BTreeSet::new();
    for number in 1..=documents {
        let shown = world.vanthu(&["show", &format!("#{number}"), "--json"]).json();
        let symbol = shown[0]["document"]["symbol"].as_str().unwrap();
        for row in shown[0]["obligations"].as_array().unwrap() {
            if row["state"] == "acknowledged" {
                found.insert((row["cell"].as_str().unwrap().to_owned(), symbol.to_owned()));
            }
        }
    }
    found
}
