use std::sync::Arc;

use vanthu::app::ports::{
    Asked, Decision, HoldKind, NewDoubt, NewHold, NewRequest, RequestRow, Store, Verdict,
};
use vanthu::domain::ids::HoldId;
use vanthu::domain::obligation::{Answer, State};

use crate::store::fixture::{directive, minute, save};

fn decision(verdict: Verdict) -> Decision {
    Decision {
        given: "2026-01-20".parse().ok(),
        moved: Some(minute(900)),
        actor: Some("vanthu01".to_owned()),
        why: Some("bão".to_owned()),
        ..Decision::by_itself(verdict, minute(9))
    }
}

async fn all(store: &dyn Store, directive: &crate::store::fixture::Directive) -> Vec<RequestRow> {
    store.requests(directive.registered.id).await.unwrap()
}

/// A request comes back whole, waits for one decision, and is told once.
pub async fn a_request_is_decided_once(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let more = NewRequest {
        obligation: directive.obligations[0].0,
        hold: HoldId(3),
        asks: Asked::MoreTime { until: "2026-01-22".parse().unwrap() },
        reason: "đi học".to_owned(),
        due: Some(minute(600)),
        at: minute(5),
    };
    let declined = NewRequest {
        obligation: directive.obligations[1].0,
        hold: HoldId(4),
        asks: Asked::Declined { suggested: Some("cb-9".into()) },
        ..more.clone()
    };
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_request(&more).await.unwrap();
    tx.open_request(&declined).await.unwrap();
    assert_eq!(tx.open_requests(more.obligation).await.unwrap().len(), 1);
    assert_eq!(tx.open_request_under(HoldId(3)).await.unwrap().unwrap().id, id);
    tx.commit().await.unwrap();
    let rows = all(&*store, &directive).await;
    assert_eq!((&rows[0].asks, &rows[1].asks), (&more.asks, &declined.asks));
    assert_eq!((rows[0].cell.as_str(), rows[0].due, rows[0].verdict), ("cb-1", more.due, None));
    assert_eq!(store.untold_requests().await.unwrap().len(), 2);
    assert_eq!(store.sheet(more.obligation).await.unwrap().unwrap().requests, rows[..1]);

    let mut tx = store.begin().await.unwrap();
    tx.told_request(id, minute(6)).await.unwrap();
    assert!(tx.decide_request(id, &decision(Verdict::Granted)).await.unwrap());
    assert!(!tx.decide_request(id, &decision(Verdict::Refused)).await.unwrap(), "somebody decided before");
    assert!(tx.open_request_under(HoldId(3)).await.unwrap().is_none());
    tx.commit().await.unwrap();
    let decided = store.request_under(HoldId(3)).await.unwrap().unwrap();
    assert_eq!(store.request(id).await.unwrap().as_ref(), Some(&decided));
    assert_eq!((decided.verdict, decided.moved), (Some(Verdict::Granted), Some(minute(900))));
    assert_eq!((decided.actor.as_deref(), decided.why.as_deref()), (Some("vanthu01"), Some("bão")));
    assert_eq!(store.untold_requests().await.unwrap().len(), 1);
    assert_eq!(store.corrections(minute(0)).await.unwrap().len(), 1);
    assert!(store.corrections(minute(6)).await.unwrap().is_empty(), "too long ago");
}

/// One row for all presses of an obligation; it ends with the answer, or with the work.
pub async fn a_doubt_is_kept_once_and_ends(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let doubt = |index: usize, at: i64| NewDoubt {
        obligation: directive.obligations[index].0,
        why: "after-mail",
        answer: Answer::Received { promised: None },
        evidence: "192.0.2.7 x".to_owned(),
        at: minute(at),
    };
    let mut tx = store.begin().await.unwrap();
    assert!(tx.note_doubt(&doubt(0, 1)).await.unwrap());
    assert!(!tx.note_doubt(&doubt(0, 2)).await.unwrap());
    assert!(tx.note_doubt(&doubt(1, 3)).await.unwrap());
    tx.commit().await.unwrap();
    let doubts = store.doubts(Some(directive.registered.id)).await.unwrap();
    let told: Vec<_> = doubts.iter().map(|doubt| (doubt.cell.as_str(), doubt.presses, doubt.first)).collect();
    assert_eq!(told, [("cb-2", 1, minute(3)), ("cb-1", 2, minute(1))]);
    assert_eq!(store.unasked_doubts(minute(1)).await.unwrap().len(), 1, "the others are too fresh");
    let mut tx = store.begin().await.unwrap();
    tx.asked_doubt(directive.obligations[0].0, minute(70)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.unasked_doubts(minute(99)).await.unwrap().len(), 1);

    let row = store.obligation(directive.obligations[1].0).await.unwrap().unwrap().obligation;
    save(&*store, &row.closed(State::Withdrawn, minute(80))).await;
    assert!(store.unasked_doubts(minute(99)).await.unwrap().is_empty());
    let mut tx = store.begin().await.unwrap();
    tx.end_doubts(&[(directive.obligations[0].0, minute(90))]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.doubts(None).await.unwrap().is_empty());
}

/// What waits under a hold is found by what a second one would be about.
pub async fn a_hold_like_another_is_found(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let hold = NewHold {
        kind: HoldKind::MoreTime,
        source: "ioffice".into(),
        external_id: "7".into(),
        document: Some(directive.registered.id),
        unit: Some("cb-1".into()),
        task: None,
        reason: "x".to_owned(),
        raw: None,
    };
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_hold(&hold, minute(1)).await.unwrap();
    assert!(id.is_some() && tx.open_hold(&hold, minute(2)).await.unwrap().is_none());
    assert_eq!(tx.open_hold_like(&hold).await.unwrap(), id);
    let other = NewHold { unit: Some("cb-2".into()), ..hold.clone() };
    assert_eq!(tx.open_hold_like(&other).await.unwrap(), None);
    tx.release_hold(id.unwrap(), minute(3)).await.unwrap();
    assert_eq!(tx.open_hold_like(&hold).await.unwrap(), None);
}
