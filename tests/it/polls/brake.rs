//! Nobody is mailed in a flood without a person's word.

use chrono::TimeDelta;
use proptest::prelude::*;
use vanthu::app::ports::{HoldKind, NoticeFilter};
use vanthu::domain::brake::Baseline;
use vanthu::domain::document::Urgency;
use vanthu::domain::notice::Delivery;

use super::upstream::{Desk, Paper};
use crate::support::rig::local;

/// Mails in a delivery state.
async fn mails(desk: &Desk, delivery: Delivery) -> usize {
    let filter = NoticeFilter { delivery: Some(delivery), ..NoticeFilter::default() };
    desk.store.notices(&filter).await.unwrap().len()
}

#[tokio::test]
async fn a_full_system_is_registered_in_silence() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.baseline = Baseline::Silent;
    desk.put((1..=35).map(|id| Paper::new(id, local("2026-03-02 08:59"))));
    desk.put([Paper::new(36, local("2026-03-02 09:00"))]);
    let polled = desk.poll().await.unwrap();
    assert_eq!((polled.registered, polled.silent, polled.obligations), (36, 35, 4));
    assert_eq!(mails(&desk, Delivery::Queued).await, 3, "what came at the first poll is new");
    let holds = desk.store.holds(true).await.unwrap();
    let brakes: Vec<_> = holds.iter().filter(|hold| hold.kind == HoldKind::Brake).collect();
    assert_eq!(brakes.len(), 1, "one hold for all of them");
    assert!(
        brakes[0].reason.starts_with("35 văn bản có ở nguồn từ trước lần đọc đầu tiên"),
        "{}",
        brakes[0].reason
    );
    assert_eq!(desk.store.replay_size(local("2026-01-01 00:00")).await.unwrap(), 1, "no plan wakes them");

    // An edit is as old as its document; what comes late with an old date is new to us all the same.
    let mut edited = Paper::new(7, local("2026-03-02 08:59"));
    edited.subject.push_str(" (sửa)");
    desk.pass(TimeDelta::minutes(5));
    desk.put([edited, Paper::new(50, local("2026-02-05 08:00"))]);
    let polled = desk.poll().await.unwrap();
    assert_eq!((polled.registered, polled.obligations), (2, 4));
    assert_eq!(mails(&desk, Delivery::Queued).await, 6);
}

#[tokio::test]
async fn a_first_walk_that_breaks_off_is_still_the_first() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.baseline = Baseline::Silent;
    desk.put((1..=35).map(|id| Paper::new(id, local("2026-03-02 08:00"))));
    let down = vanthu::app::ports::SourceError::Unreachable("mã HTTP 500".to_owned());
    desk.mishap(3, super::upstream::Mishap::Fails(down));
    desk.poll().await.unwrap_err();
    desk.pass(TimeDelta::minutes(5));
    assert_eq!(desk.poll().await.unwrap().silent, 15);
    assert_eq!(mails(&desk, Delivery::Queued).await, 0);
}

#[tokio::test]
async fn a_flood_is_registered_and_kept_back_and_what_is_urgent_is_not() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.directives = Some(5);
    let now = desk.now();
    desk.put((1..=20).map(|id| Paper::new(id, now)));
    desk.put([Paper { urgency: Urgency::Express, ..Paper::new(21, now - TimeDelta::hours(1)) }]);
    let polled = desk.poll().await.unwrap();
    assert_eq!((polled.registered, polled.braked, polled.obligations), (21, 15, 84), "nothing is lost");
    assert_eq!((mails(&desk, Delivery::Queued).await, mails(&desk, Delivery::Held).await), (18, 45));
    desk.pass(TimeDelta::minutes(61));
    let now = desk.now();
    desk.put((31..=33).map(|id| Paper::new(id, now)));
    assert_eq!(desk.poll().await.unwrap().braked, 0, "an hour later there is room again");
}

#[tokio::test]
async fn an_edit_of_what_is_kept_back_is_kept_back() {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.directives = Some(0);
    desk.put([Paper::new(1, desk.now())]);
    desk.poll().await.unwrap();
    desk.care.directives = None;
    desk.pass(TimeDelta::hours(2));
    let mut edited = Paper::new(1, desk.now());
    edited.subject.push_str(" (sửa)");
    desk.put([edited]);
    assert_eq!(desk.poll().await.unwrap().braked, 1);
    let delivered = [Delivery::Queued, Delivery::Held, Delivery::Dropped];
    let mut counts = Vec::new();
    for delivery in delivered {
        counts.push(mails(&desk, delivery).await);
    }
    assert_eq!(counts, [0, 3, 3], "the mails about what is no more are dropped");
}

/// Arrivals of one poll: minutes since the last, directives, of these hoả tốc.
fn arrivals() -> impl Strategy<Value = Vec<(i64, u64, u64)>> {
    prop::collection::vec((0..50_i64, 0..6_u64, 0..2_u64), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever comes when: within any hour no more directives and mails are let through than the limits say,
    /// those that cannot wait aside.
    #[test]
    fn no_sequence_of_polls_tells_more_than_the_limits(
        polls in arrivals(), directives in 0..8_u64, mails in 0..20_u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::at("2026-03-02 09:00", 10).await;
            (desk.care.directives, desk.care.mails) = (Some(directives), Some(mails));
            let (mut id, mut told) = (0, Vec::new());
            for (minutes, common, express) in polls {
                desk.pass(TimeDelta::minutes(minutes));
                for urgency in (0..common).map(|_| Urgency::Normal).chain((0..express).map(|_| Urgency::Express)) {
                    id += 1;
                    desk.put([Paper { urgency, ..Paper::new(id, desk.now()) }]);
                }
                let before = queued(&desk).await;
                desk.poll().await.unwrap();
                let after = queued(&desk).await;
                told.push((desk.now(), after.0 - before.0));
                prop_assert_eq!(after.1 - before.1, usize::try_from(express).unwrap() * 3, "hoả tốc always leaves");
            }
            for (end, _) in &told {
                let hour = told.iter().filter(|(at, _)| *at <= *end && *at > *end - TimeDelta::hours(1));
                let within: usize = hour.map(|(_, common)| common).sum();
                prop_assert!(within as u64 <= mails, "{} mails in the hour before {}", within, end);
                prop_assert!(within as u64 <= directives * 3, "{} mails in the hour before {}", within, end);
            }
            Ok(())
        })?;
    }
}

/// Mails that may leave: common ones, and those about what cannot wait.
async fn queued(desk: &Desk) -> (usize, usize) {
    let filter = NoticeFilter { delivery: Some(Delivery::Queued), ..NoticeFilter::default() };
    let mut urgent = 0;
    let notices = desk.store.notices(&filter).await.unwrap();
    for notice in &notices {
        let revision = desk.store.revision(notice.revision).await.unwrap().unwrap();
        urgent += usize::from(revision.document.urgency == Urgency::Express);
    }
    (notices.len() - urgent, urgent)
}
