use std::sync::Arc;

use vanthu::app::ports::{Given, HoldKind, NewHold, NewRestoration, NewStatus, OriginId, Store};
use vanthu::domain::ids::ObligationId;
use vanthu::domain::status::StatusCode;

use crate::store::fixture::{claim, directive, enqueue, minute, notice};

fn put_back() -> NewRestoration {
    NewRestoration {
        origin: "vanthu-20260114T180000Z.db".to_owned(),
        taken: Some(minute(-600)),
        restored: minute(0),
        author: "văn thư".to_owned(),
        given: Given::default(),
    }
}

async fn restore(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    tx.restored(&put_back()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn release(store: &dyn Store) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let released = tx.release_restored("chánh văn phòng", "đã xem", minute(90)).await.unwrap();
    tx.commit().await.unwrap();
    released
}

pub async fn nothing_leaves_until_it_is_released(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    let mut tx = store.begin().await.unwrap();
    let status = NewStatus {
        document: directive.registered.id,
        origin: OriginId { source: "ioffice".into(), external_id: "7".into() },
        code: StatusCode::Arrived,
        occasion: String::new(),
        key: "khoá".to_owned(),
        description: "đã nhận".to_owned(),
        author: None,
        reason: None,
        at: minute(0),
    };
    assert!(tx.enqueue_status(&status).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.restoring().await.unwrap(), None);

    restore(&*store).await;
    let restoration = store.restoring().await.unwrap().unwrap();
    let new = put_back();
    assert_eq!(
        (restoration.origin, restoration.taken, restoration.author),
        (new.origin, new.taken, new.author)
    );
    assert!(claim(&*store, "a", 5, 9).await.is_empty());
    assert!(!claims_status(&*store).await);

    assert_eq!(release(&*store).await, 1);
    assert_eq!(release(&*store).await, 0, "only once");
    assert_eq!(store.restoring().await.unwrap(), None);
    let known = store.restorations().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].released, known[0].reason.as_deref()), (Some(minute(90)), Some("đã xem")));
    assert_eq!(claim(&*store, "a", 5, 9).await.len(), 1);
    assert!(claims_status(&*store).await);
}

async fn claims_status(store: &dyn Store) -> bool {
    let request = vanthu::app::ports::ClaimRequest {
        instance: "a".to_owned(),
        now: minute(5),
        lease_until: minute(6),
        limit: 1,
    };
    let mut tx = store.begin().await.unwrap();
    let claimed = tx.claim_status(&request, &["ioffice".into()]).await.unwrap();
    tx.commit().await.unwrap();
    claimed.is_some()
}

/// Numbers that stand in links, Message-IDs and on paper, given by the register that is lost.
pub async fn no_number_of_the_lost_register_is_given_again(store: Arc<dyn Store>) {
    let before = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let last = before.obligations.iter().map(|(id, _)| id.0).max().unwrap();
    let hold = NewHold {
        kind: HoldKind::Unmatched,
        source: "ioffice".into(),
        external_id: "9".into(),
        document: None,
        unit: None,
        task: None,
        reason: "x".to_owned(),
        raw: None,
    };
    restore(&*store).await;
    let restoration = store.restoring().await.unwrap().unwrap();
    assert!(!restoration.lost(ObligationId(last)), "the copy knew it");
    assert!(restoration.lost(ObligationId(last + 1)) && restoration.lost(ObligationId(last + 1_000_000)));

    let after = directive(&*store, "8", &["cb-1", "cb-2"]).await;
    for (id, _) in &after.obligations {
        assert!(id.0 > last + 1_000_000 && !restoration.lost(*id), "{id}");
    }
    assert_eq!(after.obligations[1].0.0, after.obligations[0].0.0 + 1, "and then one after the other");
    assert!(after.registered.id.0 > before.registered.id.0 + 10_000);
    assert!(after.registered.revision.0 > before.registered.revision.0 + 10_000);
    let mut tx = store.begin().await.unwrap();
    let opened = tx.open_hold(&hold, minute(0)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(opened.0 > 10_000, "{opened}");

    restore(&*store).await;
    let third = directive(&*store, "9", &["cb-1"]).await;
    assert!(third.obligations[0].0.0 > after.obligations[1].0.0 + 1_000_000, "a second time too");
}
