//! A document that cannot be read stops nobody else.

use chrono::TimeDelta;
use vanthu::app::ports::HoldKind;

use super::upstream::{Desk, Kind, Paper};
use crate::support::rig::local;

async fn desk(reading: Kind) -> Desk {
    let desk = Desk::at("2026-03-02 09:00", 10).await;
    let received = local("2026-03-02 08:00");
    desk.put((1..=30).map(|id| Paper::new(id, received)));
    desk.put([Paper { reading, ..Paper::new(15, received) }]);
    desk
}

/// Documents that could not be read.
async fn held(desk: &Desk) -> usize {
    let holds = desk.store.holds(true).await.unwrap();
    holds.iter().filter(|hold| hold.kind == HoldKind::Broken).count()
}

/// How often the bad one was read in each of some polls five minutes apart.
async fn tries(desk: &Desk, polls: usize) -> Vec<usize> {
    let mut tries = Vec::new();
    for _ in 0..polls {
        desk.upstream.shelf.lock().unwrap().read.clear();
        desk.poll().await.unwrap();
        tries.push(desk.upstream.shelf.lock().unwrap().read.iter().filter(|id| **id == 15).count());
        desk.pass(TimeDelta::minutes(5));
    }
    tries
}

#[tokio::test]
async fn it_is_quarantined_after_three_tries_and_the_rest_goes_on() {
    for kind in [Kind::Panics, Kind::Garbled] {
        let desk = desk(kind).await;
        let polled = desk.poll().await.unwrap();
        assert_eq!((polled.registered, polled.broken), (29, 1), "{kind:?}: all others, in the same poll");
        assert_eq!(held(&desk).await, 1);
        desk.pass(TimeDelta::minutes(5));
        assert_eq!(tries(&desk, 5).await, [1, 1, 0, 0, 0], "{kind:?}");
    }
}

#[tokio::test]
async fn it_is_tried_again_at_night_and_heals() {
    let desk = desk(Kind::Garbled).await;
    tries(&desk, 4).await;
    desk.clock.advance_to(local("2026-03-03 01:05"));
    assert_eq!(tries(&desk, 2).await, [1, 0]);
    desk.put([Paper::new(15, local("2026-03-02 08:00"))]);
    desk.clock.advance_to(local("2026-03-04 01:05"));
    assert_eq!(desk.poll().await.unwrap().registered, 1);
    assert_eq!(held(&desk).await, 0, "what was read at last waits for nobody");
}

#[tokio::test]
async fn starvation_is_impossible() {
    let desk = Desk::at("2026-03-02 09:00", 10).await;
    let received = local("2026-03-02 08:00");
    desk.put((1..=60).map(|id| Paper {
        reading: if id % 3 == 0 { Kind::Whole } else { Kind::Panics },
        ..Paper::new(id, received)
    }));
    assert_eq!(desk.poll().await.unwrap().registered, 20);
    desk.pass(TimeDelta::minutes(5));
    desk.put([Paper::new(99, desk.now())]);
    assert_eq!(desk.poll().await.unwrap().registered, 1, "not a poll late");
}
