//! Only what is committed is acknowledged to the axis, and everything that is, is.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::hold::Desk;
use vanthu::app::ingest::PollError;
use vanthu::app::ports::{Abilities, HoldKind, Listed, Listing, PageToken, Reading, Source, SourceError};
use vanthu::domain::ids::SourceId;

use super::fake::{Act, Fake};
use super::{Place, lgsp_server, vxp_server};
use crate::support::rig::Rig;

/// A rig and an axis that go by one clock.
async fn rig_and_fake(provincial: bool) -> (Rig, Place, Fake) {
    let rig = Rig::at("2026-03-02 09:00").await;
    let place = Place { folder: tempfile::tempdir().unwrap(), clock: rig.clock.clone() };
    let fake = match provincial {
        true => lgsp_server::start(&place.clock).await,
        false => vxp_server::start(&place.clock).await,
    };
    (rig, place, fake)
}

/// Dies before its first acknowledgement, as a process does between the commit and the next request.
struct Dying<S>(S);

#[async_trait]
impl<S: Source> Source for Dying<S> {
    fn id(&self) -> &SourceId {
        self.0.id()
    }
    fn credentials(&self) -> String {
        self.0.credentials()
    }
    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        self.0.list(page).await
    }
    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        self.0.read(row).await
    }
    fn abilities(&self) -> Abilities {
        self.0.abilities()
    }
    fn served(&self) -> Option<DateTime<Utc>> {
        self.0.served()
    }
    fn drains(&self) -> bool {
        self.0.drains()
    }
    async fn confirm(&self, _: &Listed) -> Result<(), SourceError> {
        Err(SourceError::Unreachable("chết giữa chừng".to_owned()))
    }
}

async fn documents(rig: &Rig) -> usize {
    rig.store.documents(100, rig.clock_now()).await.unwrap().len()
}

#[tokio::test]
async fn a_crash_between_commit_and_acknowledgement_costs_nothing() {
    for provincial in [false, true] {
        let (rig, place, fake) = rig_and_fake(provincial).await;
        fake.put("1", "Chuyên đề quý I");
        let dying = match provincial {
            true => rig.poll_from(&Dying(place.lgsp(&fake))).await,
            false => rig.poll_from(&Dying(place.vxp(&fake))).await,
        };
        assert!(matches!(dying, Err(PollError::Source(SourceError::Unreachable(_)))));
        assert_eq!((documents(&rig).await, fake.acknowledged().len()), (1, 0));

        let source: Box<dyn Source> =
            if provincial { Box::new(place.lgsp(&fake)) } else { Box::new(place.vxp(&fake)) };
        let again = rig.poll_from(source.as_ref()).await.unwrap();
        assert_eq!((again.listed, again.read, again.registered), (1, 0, 0), "known, so not read again");
        assert_eq!(fake.acknowledged(), ["1"]);
        assert_eq!(documents(&rig).await, 1);
        rig.poll_from(source.as_ref()).await.unwrap();
        assert_eq!(fake.asked("updateStatus"), 1, "what the axis knows it is not told again");
        fake.check();
    }
}

#[tokio::test]
async fn withheld_documents_are_never_acknowledged_and_wait_on_the_axis() {
    for provincial in [false, true] {
        let (rig, place, fake) = rig_and_fake(provincial).await;
        fake.put("1", "(MẬT) Chuyên đề chim hoạ mi");
        fake.put("2", "Chuyên đề quý I");
        let source: Box<dyn Source> =
            if provincial { Box::new(place.lgsp(&fake)) } else { Box::new(place.vxp(&fake)) };
        for at in ["2026-03-02 09:00", "2026-03-02 09:05", "2026-03-03 17:00"] {
            rig.go(at);
            rig.poll_from(source.as_ref()).await.unwrap();
            assert_eq!(fake.acknowledged(), ["2"], "{at}");
        }
        let holds = rig.store.holds(true).await.unwrap();
        assert_eq!(holds.iter().filter(|hold| hold.kind == HoldKind::Secret).count(), 1);
        fake.check();
    }
}

/// A provincial axis goes on listing what it was told is kept; sweeps by the hour and by night look for what
/// is new there, and fetch no message twice.
#[tokio::test]
async fn what_is_kept_is_never_fetched_again() {
    let (rig, place, fake) = rig_and_fake(true).await;
    fake.put("1", "Chuyên đề quý I");
    let source = place.lgsp(&fake);
    for at in ["2026-03-02 09:00", "2026-03-02 10:30", "2026-03-03 02:00", "2026-03-03 17:00"] {
        rig.go(at);
        assert_eq!(rig.poll_from(&source).await.unwrap().listed, 1, "{at}");
    }
    assert_eq!((fake.asked("getEdoc"), fake.asked("updateStatus")), (1, 1));
    fake.check();
}

#[tokio::test]
async fn a_row_that_is_listed_twice_is_read_and_acknowledged_once() {
    let (rig, place, fake) = rig_and_fake(false).await;
    fake.put("1", "Chuyên đề quý I");
    fake.put("1", "Chuyên đề quý I");
    let polled = rig.poll_from(&place.vxp(&fake)).await.unwrap();
    assert_eq!((polled.listed, polled.read, polled.registered), (2, 1, 1));
    assert_eq!((fake.asked("getEdoc"), fake.asked("updateStatus")), (1, 1));
    fake.check();
}

/// A message that goes while it is being fetched (another program took it, the sender withdrew it) is no
/// fault: nothing is held, nothing is acknowledged, and the walk goes on.
#[tokio::test]
async fn a_row_that_vanishes_holds_nobody() {
    let (rig, place, fake) = rig_and_fake(false).await;
    fake.put("1", "Chuyên đề quý I");
    fake.put("2", "Chuyên đề quý II");
    fake.script("getEdoc", Act::Vanish("1".to_owned()));
    let polled = rig.poll_from(&place.vxp(&fake)).await.unwrap();
    assert_eq!((polled.listed, polled.read, polled.registered, polled.broken), (2, 1, 1, 0));
    assert_eq!(fake.acknowledged(), ["2"]);
    let holds = rig.store.holds(true).await.unwrap();
    assert!(holds.iter().all(|hold| hold.kind != HoldKind::Broken), "{holds:?}");
    fake.check();
}

/// What the axis counts and what it lists must agree: a short list moves no cursor, and is seen.
#[tokio::test]
async fn a_list_shorter_than_its_count_is_seen() {
    let (rig, place, fake) = rig_and_fake(true).await;
    fake.put("1", "Chuyên đề quý I");
    let short = serde_json::json!({"success": true, "count": 7, "data": []});
    fake.script_many("syncReceivedEdocList", 0, 9, Act::Body(short));
    let polled = rig.poll_from(&place.lgsp(&fake)).await.unwrap();
    assert!(!polled.good);
    let state = rig.store.polls().await.unwrap().remove(0);
    assert_eq!(state.cursor.watermark, None);
    assert!(state.watch.gap.is_some(), "{:?}", state.watch);
    fake.clear_faults();
    assert!(rig.poll_from(&place.lgsp(&fake)).await.unwrap().good);
}

#[tokio::test]
async fn what_cannot_be_read_is_held_and_stays_on_the_axis() {
    let (rig, place, fake) = rig_and_fake(false).await;
    fake.put_text("1", "edoc", "<khac>không phải edXML</khac>".to_owned());
    fake.put("2", "Chuyên đề quý I");
    fake.script_many("getEdoc", 1, 9, Act::Status(500));
    let source = place.vxp(&fake);
    let polled = rig.poll_from(&source).await.unwrap();
    assert_eq!(polled.broken, 2);
    let holds = rig.store.holds(true).await.unwrap();
    let mut held: Vec<_> = holds.iter().map(|hold| hold.external_id.as_str()).collect();
    held.sort_unstable();
    assert_eq!(held, ["1", "2"]);
    for hold in &holds {
        let raw = rig.store.hold_raw(hold.id).await.unwrap();
        assert_eq!(raw.is_some(), hold.external_id.as_str() == "1", "of the second nothing came");
    }
    rig.poll_from(&source).await.unwrap();
    assert_eq!(fake.acknowledged(), Vec::<String>::new());
}

/// Each on an axis of its own: read again at a person's word, or dismissed.
#[tokio::test]
async fn what_could_not_be_read_is_read_again_or_dismissed() {
    for dismissed in [false, true] {
        let (rig, place, fake) = rig_and_fake(false).await;
        fake.put_text("1", "edoc", "<khac>không phải edXML</khac>".to_owned());
        let source = place.vxp(&fake);
        for _ in 0..4 {
            rig.poll_from(&source).await.unwrap();
            rig.clock.advance_to(rig.clock_now() + TimeDelta::minutes(5));
        }
        let [hold] = &rig.store.holds(true).await.unwrap()[..] else { panic!() };
        let desk = Desk {
            store: rig.store.as_ref(),
            office: &rig.office,
            policy: &rig.policy,
            actor: "chị Lan",
            reason: "đã nhận bản giấy",
            now: rig.clock_now(),
        };
        if dismissed {
            desk.dismiss(hold.id).await.unwrap();
        } else {
            fake.mend("1", "Chuyên đề quý I");
            desk.release(hold.id).await.unwrap();
        }
        // A night is passed over: what was given up is looked at again then.
        for _ in 0..2 {
            rig.clock.advance_to(rig.clock_now() + TimeDelta::hours(24));
            rig.poll_from(&source).await.unwrap();
        }
        assert_eq!(documents(&rig).await, usize::from(!dismissed));
        assert_eq!(fake.acknowledged(), ["1"], "dismissed: {dismissed}");
        let holds = rig.store.holds(true).await.unwrap();
        assert!(holds.iter().all(|hold| hold.kind != HoldKind::Broken), "{holds:?}");
    }
}

#[tokio::test]
async fn an_acknowledgement_the_axis_refuses_keeps_nobody_waiting() {
    let (rig, place, fake) = rig_and_fake(false).await;
    for id in ["1", "2", "3"] {
        fake.put(id, "Chuyên đề quý I");
    }
    let refusal = serde_json::json!({"status": "FAIL", "ErrorCode": "4"});
    fake.script_many("updateStatus", 1, 1, Act::Body(refusal));
    let source = place.vxp(&fake);
    let polled = rig.poll_from(&source).await.unwrap();
    assert_eq!((polled.registered, polled.unconfirmed), (3, 1));
    assert_eq!(fake.acknowledged(), ["1", "3"]);
    let polled = rig.poll_from(&source).await.unwrap();
    assert_eq!((polled.listed, polled.read, polled.unconfirmed), (1, 0, 0));
    assert_eq!(fake.acknowledged(), ["1", "2", "3"]);
    fake.check();
}

#[tokio::test]
async fn an_acknowledgement_whose_answer_is_lost_is_made_again() {
    let (rig, place, fake) = rig_and_fake(false).await;
    fake.put("1", "Chuyên đề quý I");
    fake.script_many("updateStatus", 0, 4, Act::Status(503));
    let source = place.vxp(&fake);
    assert!(rig.poll_from(&source).await.is_err());
    assert_eq!(documents(&rig).await, 1);
    rig.poll_from(&source).await.unwrap();
    assert_eq!(fake.acknowledged(), ["1"]);
    assert_eq!(rig.send().await.len(), 3, "the cells are told once");
    fake.check();
}

#[tokio::test]
async fn a_list_that_fails_acknowledges_nothing_and_moves_no_cursor() {
    let (rig, place, fake) = rig_and_fake(false).await;
    fake.put("1", "Chuyên đề quý I");
    fake.script_many("getReceivedEdocList", 0, 9, Act::Half);
    let source = place.vxp(&fake);
    assert!(rig.poll_from(&source).await.is_err());
    assert_eq!((documents(&rig).await, fake.acknowledged().len(), fake.asked("updateStatus")), (0, 0, 0));
    assert_eq!(rig.store.polls().await.unwrap()[0].cursor.watermark, None);
}
