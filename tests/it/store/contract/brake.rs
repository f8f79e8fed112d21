use std::sync::Arc;

use vanthu::app::ports::{Braked, HoldKind, NewHold, NoticeFilter, Store};
use vanthu::domain::brake::{Flow, Why};
use vanthu::domain::ids::HoldId;
use vanthu::domain::notice::Delivery;

use crate::store::fixture::{directive, enqueue, minute, notice};

async fn hold(store: &dyn Store) -> HoldId {
    let new = NewHold {
        kind: HoldKind::Brake,
        source: "ioffice".into(),
        external_id: "flood".into(),
        document: None,
        unit: None,
        task: None,
        reason: "1 văn bản".to_owned(),
        raw: None,
    };
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_hold(&new, minute(0)).await.unwrap().unwrap();
    assert_eq!(tx.open_hold_of(HoldKind::Brake, &"ioffice".into(), &"flood".into()).await.unwrap(), Some(id));
    tx.commit().await.unwrap();
    id
}

async fn count(store: &dyn Store, delivery: Delivery) -> usize {
    let filter = NoticeFilter { delivery: Some(delivery), ..NoticeFilter::default() };
    store.notices(&filter).await.unwrap().len()
}

pub async fn what_is_braked_waits_and_is_let_go(store: Arc<dyn Store>) {
    let known = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let (document, revision) = (known.registered.id, known.registered.revision);
    for cell in ["cb-1", "cb-2"] {
        enqueue(&*store, &known, &[notice(revision, cell)]).await;
    }
    let id = hold(&*store).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.queued(revision).await.unwrap(), 2);
    assert_eq!(tx.braked(document).await.unwrap(), None);
    tx.brake(document, id, Why::Flood).await.unwrap();
    assert_eq!(tx.queued(revision).await.unwrap(), 0);
    assert_eq!(tx.braked(document).await.unwrap(), Some((id, Why::Flood)));
    assert_eq!(tx.braked_by(id).await.unwrap(), [document]);
    tx.hold_reason(id, "2 thư").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.braked(id).await.unwrap(), Braked { documents: 1, mails: 2 });
    assert_eq!(store.hold(id).await.unwrap().unwrap().reason, "2 thư");
    assert_eq!(store.next_action().await.unwrap(), None, "ladders rest");
    assert_eq!(store.next_send().await.unwrap(), None);

    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.let_go(document, Some(minute(9)), minute(5)).await.unwrap(), 2);
    assert!(tx.braked_by(id).await.unwrap().is_empty());
    assert_eq!(tx.braked(document).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.next_send().await.unwrap(), Some(minute(9)));
    assert_eq!(store.braked(id).await.unwrap(), Braked::default());
}

pub async fn what_is_braked_may_be_dropped(store: Arc<dyn Store>) {
    let known = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &known, &[notice(known.registered.revision, "cb-1")]).await;
    let id = hold(&*store).await;
    for (why, still) in [(Why::Flood, None), (Why::Baseline, Some((id, Why::Baseline)))] {
        let mut tx = store.begin().await.unwrap();
        tx.brake(known.registered.id, id, why).await.unwrap();
        tx.let_go(known.registered.id, None, minute(5)).await.unwrap();
        assert_eq!(tx.braked(known.registered.id).await.unwrap(), still);
        tx.commit().await.unwrap();
    }
    assert_eq!((count(&*store, Delivery::Dropped).await, count(&*store, Delivery::Held).await), (1, 0));
}

pub async fn the_flow_is_that_of_the_last_hour(store: Arc<dyn Store>) {
    let known = directive(&*store, "7", &["cb-1"]).await;
    let mut tx = store.begin().await.unwrap();
    for (at, mails) in [(0, 5), (30, 7), (60, 1)] {
        tx.passed(known.registered.id, mails, minute(at)).await.unwrap();
    }
    for (since, directives, mails) in [(-1, 3, 13), (0, 2, 8), (30, 1, 1), (60, 0, 0)] {
        assert_eq!(tx.flow(minute(since)).await.unwrap(), Flow { directives, mails }, "{since}");
    }
}
