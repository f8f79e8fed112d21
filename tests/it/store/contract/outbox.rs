use std::sync::Arc;

use vanthu::app::ports::{NewNotice, NoticeFilter, Settled, Store};
use vanthu::domain::ids::NoticeId;
use vanthu::domain::notice::Delivery;

use crate::store::fixture::{claim, directive, enqueue, minute, notice, notices, save, sent, settle};

pub async fn counts_and_the_oldest_that_is_due(store: Arc<dyn Store>) {
    assert_eq!(store.outbox(minute(0)).await.unwrap(), (vec![], None));
    let directive = directive(&*store, "7", &[]).await;
    let new: Vec<_> = [(3, 9), (2, 1), (9, 5), (-5, 5)]
        .into_iter()
        .enumerate()
        .map(|(number, (at, priority))| NewNotice {
            send_at: minute(at),
            priority,
            ..notice(directive.registered.revision, &format!("cb-{number}"))
        })
        .collect();
    enqueue(&*store, &directive, &new).await;
    let claimed = claim(&*store, "a", -4, 9).await.remove(0);
    settle(&*store, &claimed, sent(), 0).await;
    let (counts, oldest) = store.outbox(minute(4)).await.unwrap();
    assert_eq!(counts, [(Delivery::Queued, 3), (Delivery::Sent, 1)]);
    assert_eq!(oldest, Some(minute(2)));
    assert_eq!(store.outbox(minute(1)).await.unwrap().1, None, "nothing is due yet");
}

pub async fn what_comes_next_is_the_earliest_of_all(store: Arc<dyn Store>) {
    assert_eq!((store.next_send().await.unwrap(), store.next_action().await.unwrap()), (None, None));
    let directive = directive(&*store, "7", &["cb-1"]).await;
    assert_eq!(store.next_action().await.unwrap(), Some(minute(30)), "the ladder");
    let make = |unit: &str, at, priority| NewNotice {
        send_at: minute(at),
        priority,
        ..notice(directive.registered.revision, unit)
    };
    enqueue(&*store, &directive, &[make("a", 20, 1), make("b", 10, 9), make("c", 15, 4)]).await;
    assert_eq!(store.next_send().await.unwrap(), Some(minute(10)), "the least urgent comes first");
    assert_eq!(claim(&*store, "a", 10, 9).await.len(), 1);
    assert_eq!(store.next_send().await.unwrap(), Some(minute(11)), "the lease of what is being sent");
    claim(&*store, "a", 25, 9).await;
    let mut row = store.obligation(directive.obligations[0].0).await.unwrap().unwrap().obligation;
    row.next_action = Some(minute(12));
    save(&*store, &row).await;
    assert_eq!(store.next_action().await.unwrap(), Some(minute(12)));
}

pub async fn dropping_spares_the_newest_revision(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-1"]).await;
    let old = ["cb-1", "cb-2", "cb-3"].map(|cell| notice(first.registered.revision, cell));
    enqueue(&*store, &first, &old).await;
    let claimed = claim(&*store, "a", 1, 2).await;
    settle(&*store, &claimed[0], sent(), 1).await;
    let second = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &second, &[notice(second.registered.revision, "cb-1")]).await;
    let other = directive(&*store, "8", &["cb-1"]).await;
    enqueue(&*store, &other, &[notice(other.registered.revision, "cb-1")]).await;

    let mut tx = store.begin().await.unwrap();
    let id = first.registered.id;
    assert_eq!(tx.drop_queued(id, Some(second.registered.revision), "thay thế").await.unwrap(), 1);
    assert_eq!(tx.drop_queued(id, Some(second.registered.revision), "thay thế").await.unwrap(), 0);
    tx.commit().await.unwrap();
    let states = |rows: Vec<vanthu::app::ports::NoticeRow>| {
        rows.into_iter().map(|row| row.delivery).collect::<Vec<_>>()
    };
    use Delivery::{Dropped, Queued, Sending, Sent};
    assert_eq!(states(notices(&*store).await), [Sent, Sending, Dropped, Queued, Queued]);

    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.drop_queued(id, None, "thu hồi").await.unwrap(), 1);
    tx.commit().await.unwrap();
    let rows = notices(&*store).await;
    assert_eq!(rows[3].reply.as_deref(), Some("thu hồi"));
    assert_eq!(states(rows), [Sent, Sending, Dropped, Dropped, Queued]);
}

pub async fn requeueing_gives_a_fresh_start(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    let claimed = claim(&*store, "a", 1, 9).await.remove(0);
    let requeue = |id: NoticeId| {
        let store = store.clone();
        async move {
            let mut tx = store.begin().await.unwrap();
            let done = tx.requeue(id, minute(40)).await.unwrap();
            tx.commit().await.unwrap();
            done
        }
    };
    assert!(!requeue(claimed.id).await, "it is being sent");
    settle(&*store, &claimed, Settled::Failed { reason: "550".to_owned() }, 1).await;
    assert!(requeue(claimed.id).await);
    assert!(requeue(claimed.id).await, "also from the queue");
    assert!(!requeue(NoticeId(99)).await);
    let again = claim(&*store, "a", 40, 9).await.remove(0);
    assert_eq!(again.tries, 0);
    settle(&*store, &again, sent(), 41).await;
    assert!(!requeue(claimed.id).await, "it was accepted");
}

pub async fn filters_narrow_the_list(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &[]).await;
    let second = directive(&*store, "8", &[]).await;
    for (directive, cells) in [(&first, ["cb-1", "cb-2"]), (&second, ["cb-1", "cb-3"])] {
        enqueue(&*store, directive, &cells.map(|cell| notice(directive.registered.revision, cell))).await;
    }
    let claimed = claim(&*store, "a", 1, 1).await.remove(0);
    settle(&*store, &claimed, sent(), 1).await;
    let all = NoticeFilter::default;
    let cases = [
        (all(), vec![4, 3, 2, 1]),
        (NoticeFilter { limit: 3, ..all() }, vec![4, 3, 2]),
        (NoticeFilter { delivery: Some(Delivery::Sent), ..all() }, vec![1]),
        (NoticeFilter { document: Some(first.registered.id), ..all() }, vec![2, 1]),
        (NoticeFilter { id: Some(NoticeId(3)), ..all() }, vec![3]),
        (
            NoticeFilter { delivery: Some(Delivery::Queued), document: Some(first.registered.id), ..all() },
            vec![2],
        ),
        (NoticeFilter { id: Some(NoticeId(3)), document: Some(first.registered.id), ..all() }, vec![]),
    ];
    for (filter, expected) in cases {
        let found: Vec<_> = store.notices(&filter).await.unwrap().iter().map(|row| row.id.0).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}
