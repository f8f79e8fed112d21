//! Every order of arrival, with every repetition, ends as the order in which things were sent.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use vanthu::app::ports::NoticeFilter;
use vanthu::domain::document::Document;
use vanthu::domain::ids::{RevisionId, UnitId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::operation::Standing;

use crate::support::rig::Rig;
use crate::support::scripted::{Scripted, paper, replacement, revocation, update};

/// What was sent, in order: a document, its update, one that replaces it, its revocation.
fn sent() -> [Document; 4] {
    let first = paper("k1");
    [
        first.clone(),
        update(&first, |document| document.due = "2026-03-20".parse().ok()),
        replacement("k2", &[&first], &[]),
        revocation(&first),
    ]
}

/// How the register stands: of each symbol whether it holds, and who must act on it by when.
type End = BTreeMap<String, (Standing, Vec<(String, String)>)>;

async fn end(rig: &Rig) -> End {
    let mut end = BTreeMap::new();
    for row in rig.store.documents(9, rig.clock_now()).await.unwrap() {
        let rows = rig.store.obligations(row.id, false).await.unwrap().into_iter();
        let live = rows.map(|row| row.obligation).filter(|row| row.state.is_live());
        let live = live.map(|row| (row.cell.0, format!("{:?}", row.due))).collect();
        end.insert(row.document.symbol, (row.standing, live));
    }
    end
}

/// Delivers in an order, one poll each, sending between polls or not; how it ends.
async fn play(order: &[usize], sends: &[bool]) -> (End, Vec<String>) {
    let (rig, axis) = (Rig::at("2026-03-02 09:00").await, Scripted::new("truc"));
    let sent = sent();
    for (number, sends) in order.iter().zip(sends) {
        axis.deliver(sent[*number].clone());
        rig.poll_from(&axis).await.unwrap();
        if *sends {
            rig.send().await;
        }
    }
    rig.send().await;
    let mut seen: BTreeMap<(RevisionId, UnitId), u32> = BTreeMap::new();
    for notice in rig.store.notices(&NoticeFilter::default()).await.unwrap() {
        if notice.delivery == Delivery::Sent {
            *seen.entry((notice.revision, notice.unit)).or_default() += 1;
        }
    }
    let often = seen.into_iter().filter(|(_, times)| *times > 1);
    (end(&rig).await, often.map(|(key, times)| format!("{key:?} {times}")).collect())
}

#[test]
fn any_order_and_repetition_ends_as_what_was_sent() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (canonical, _) = runtime.block_on(play(&[0, 1, 2, 3], &[true; 4]));
    assert_eq!(canonical["12-KH/ĐUK"].0, Standing::Revoked);
    assert_eq!(canonical["k2-KH/ĐUK"].1.len(), 4);

    let orders = Just(vec![0_usize, 1, 2, 3, 0, 1, 2, 3]).prop_shuffle();
    let cases = (orders, prop::collection::vec(any::<bool>(), 8));
    let mut runner = TestRunner::new(Config { cases: 48, ..Config::default() });
    runner
        .run(&cases, |(order, sends)| {
            let (end, often) = runtime.block_on(play(&order, &sends));
            prop_assert_eq!(&end, &canonical, "{:?} {:?}", order, sends);
            // A cell hears of one revision at most once, and of its end once.
            prop_assert!(often.is_empty(), "{:?} {:?}: {:?}", order, sends, often);
            Ok(())
        })
        .unwrap();
}

/// Without replacement and revocation: the updated document, whichever came first.
#[tokio::test]
async fn an_update_before_its_original_is_told_as_one_new_document() {
    let (first, _) = play(&[0, 1], &[true; 2]).await;
    let (second, _) = play(&[1, 0], &[true; 2]).await;
    assert_eq!(first["12-KH/ĐUK"].0, Standing::InForce);
    assert_eq!(first, second);
}
