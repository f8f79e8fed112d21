use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use vanthu::app::ports::{Clock as _, Store};
use vanthu::runtime::clock::WallClock;

use crate::store::fixture::{claim, directive, enqueue, minute, notice, sent, settle};

/// Asks for a job now, for a time.
async fn hold(store: &dyn Store, job: &str, instance: &str, time: TimeDelta) -> Option<i64> {
    let mut tx = store.begin().await.unwrap();
    let epoch = tx.take_lease(job, instance, time, WallClock.now()).await.unwrap();
    tx.commit().await.unwrap();
    epoch
}

pub async fn a_job_is_held_by_one_until_its_time_has_passed(store: Arc<dyn Store>) {
    let (short, long) = (TimeDelta::milliseconds(1_500), TimeDelta::minutes(1));
    assert_eq!(hold(&*store, "chase", "a", short).await, Some(1));
    assert_eq!(hold(&*store, "chase", "b", long).await, None);
    assert_eq!(hold(&*store, "inbox", "b", long).await, Some(1), "another job");
    assert_eq!(hold(&*store, "chase", "a", short).await, Some(1), "renewed");
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(hold(&*store, "chase", "b", long).await, Some(2), "taken anew");
    assert_eq!(hold(&*store, "chase", "a", short).await, None);
}

pub async fn what_was_given_back_is_free(store: Arc<dyn Store>) {
    let long = TimeDelta::minutes(1);
    for job in ["a", "chase", "inbox"] {
        hold(&*store, job, "a", long).await.unwrap();
    }
    hold(&*store, "b", "b", long).await.unwrap();
    let shared = store.server_time().await.unwrap().is_some();
    let living = store.instances().await.unwrap();
    assert_eq!(living, if shared { vec!["a", "b"] } else { vec![] });
    let mut tx = store.begin().await.unwrap();
    tx.give_back("a").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hold(&*store, "chase", "b", long).await, Some(2));
    assert_eq!(hold(&*store, "inbox", "a", long).await, Some(2), "one's own is taken anew too");
    assert_eq!(store.instances().await.unwrap(), if shared { vec!["b"] } else { vec![] });
}

/// A claim whose commit was not answered: its mails are due again, nobody else's are touched, and what it might still
/// record counts for nothing.
pub async fn what_was_claimed_unawares_is_freed(store: Arc<dyn Store>) {
    let cells = ["cb-1", "cb-2", "cb-3"];
    let directive = directive(&*store, "7", &cells).await;
    enqueue(&*store, &directive, &cells.map(|cell| notice(directive.registered.revision, cell))).await;
    let unawares = claim(&*store, "a", 1, 2).await;
    assert_eq!(claim(&*store, "b", 1, 9).await.len(), 1);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.take_back("a", minute(1)).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert!(!settle(&*store, &unawares[0], sent(), 1).await, "it is nobody's claim any more");
    let again = claim(&*store, "c", 1, 9).await;
    assert_eq!(again.len(), 2, "that of b stays its own");
    assert!(again.iter().all(|claimed| claimed.doubtful == Some(minute(1))));
    assert!(again.iter().all(|claimed| claimed.epoch == unawares[0].epoch + 1));
}
