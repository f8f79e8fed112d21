use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::join_all;
use vanthu::app::ports::{NewNotice, NewObligation, Settled, Settlement, Store};
use vanthu::domain::notice::{Delivery, NoticeKind};

use crate::store::fixture::{
    claim, directive, enqueue, minute, new_obligation, notice, notices, sent, settle,
};

pub async fn a_key_is_enqueued_once(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let revision = directive.registered.revision;
    let first = notice(revision, "cb-1");
    let mut other_address = first.clone();
    other_address.key.mailbox = "pho-bi-thu@example.vn".to_owned();
    let mut other_step = first.clone();
    other_step.key.step = "01".to_owned();
    let mut other_kind = first.clone();
    other_kind.key.kind = NoticeKind::Change;
    let mut later = first.clone();
    later.send_at = minute(50);

    assert_eq!(enqueue(&*store, &directive, &[first.clone(), first.clone()]).await, 1);
    assert_eq!(enqueue(&*store, &directive, &[later, other_address, other_step, other_kind]).await, 3);
    assert_eq!(enqueue(&*store, &directive, &[]).await, 0);
    let rows = notices(&*store).await;
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0].send_at, minute(0), "the first one stands as it was");
    assert_eq!(rows[0].message_id, first.message_id);
}

pub async fn urgent_first_then_oldest(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &[]).await;
    let make = |unit: &str, priority, at| NewNotice {
        priority,
        send_at: minute(at),
        ..notice(directive.registered.revision, unit)
    };
    let new = [make("c", 5, 1), make("e", 9, -9), make("a", 1, 3), make("b", 5, 0), make("d", 5, 1)];
    enqueue(&*store, &directive, &new).await;
    let units = |claimed: Vec<vanthu::app::ports::Claimed>| {
        claimed.into_iter().map(|claimed| claimed.key.unit.0).collect::<Vec<_>>()
    };
    assert_eq!(units(claim(&*store, "x", 5, 3).await), ["a", "b", "c"]);
    assert_eq!(units(claim(&*store, "x", 5, 9).await), ["d", "e"]);
}

pub async fn what_is_not_due_is_not_claimed(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let new = NewNotice { send_at: minute(10), ..notice(directive.registered.revision, "cb-1") };
    enqueue(&*store, &directive, &[new]).await;
    assert!(claim(&*store, "a", 9, 9).await.is_empty());
    assert_eq!(claim(&*store, "a", 10, 0).await.len(), 0, "at most none");
    assert_eq!(claim(&*store, "a", 10, 9).await.len(), 1);
}

pub async fn a_claim_carries_what_the_letter_needs(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-1"]).await;
    let new = notice(first.registered.revision, "cb-1");
    enqueue(&*store, &first, std::slice::from_ref(&new)).await;
    let claimed = claim(&*store, "a", 1, 9).await.remove(0);
    assert_eq!(claimed.key, new.key);
    assert_eq!(claimed.document, first.registered.id);
    assert_eq!(claimed.message_id, new.message_id);
    assert_eq!((claimed.tries, claimed.sent_before), (0, 0));
    let stored = store.obligation(first.obligations[0].0).await.unwrap().unwrap().obligation;
    assert_eq!(claimed.obligations, [stored]);
    settle(&*store, &claimed, sent(), 1).await;

    let second = directive(&*store, "7", &["cb-1"]).await;
    let mut change = notice(second.registered.revision, "cb-1");
    change.key.kind = NoticeKind::Change;
    let parent = notice(second.registered.revision, "dang-bo-1");
    enqueue(&*store, &second, &[change, parent]).await;
    let claimed = claim(&*store, "a", 2, 9).await;
    assert_eq!(claimed[0].sent_before, 1, "an earlier revision's mail was about the same document");
    assert_eq!(claimed[0].obligations[0].id, second.obligations[0].0);
    assert_eq!(claimed[1].sent_before, 0);
    assert_eq!(claimed[1].obligations, [], "a superior without a row of its own");
}

pub async fn a_claim_carries_every_task(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let registered = &directive.registered;
    let mut tx = store.begin().await.unwrap();
    let row = NewObligation { task: "ke-hoach/a".into(), ..new_obligation(directive.duty, "cb-1") };
    let opened = tx.open_obligations(registered.id, registered.revision, &[row], minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    let about = vec![(opened[0].0, 4)];
    let first = notice(registered.revision, "cb-1");
    let mut second = NewNotice { about: about.clone(), ..notice(registered.revision, "cb-1") };
    second.key.kind = NoticeKind::Reminder;
    enqueue(&*store, &directive, &[first, second, notice(registered.revision, "cb-2")]).await;
    let claimed = claim(&*store, "a", 1, 9).await;
    let rows: Vec<_> = claimed.iter().map(|one| (one.about.clone(), one.obligations.len())).collect();
    assert_eq!(rows, [(vec![], 2), (about, 2), (vec![], 1)]);
    assert_eq!(claimed[0].obligations[1].task.as_str(), "ke-hoach/a");
}

pub async fn a_claimed_notice_is_not_claimed_again(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    assert_eq!(claim(&*store, "a", 1, 9).await.len(), 1);
    assert!(claim(&*store, "b", 1, 9).await.is_empty());
    assert_eq!(notices(&*store).await[0].delivery, Delivery::Sending);
}

pub async fn a_lease_that_ran_out_is_claimed_with_a_new_epoch(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    let first = claim(&*store, "a", 1, 9).await.remove(0);
    let second = claim(&*store, "b", 2, 9).await.remove(0);
    assert!(second.epoch > first.epoch);
    assert_eq!(second.tries, 1, "a try that ended with its process counts");
    assert_eq!(second.message_id, first.message_id);
    assert!(!settle(&*store, &first, sent(), 2).await);
    assert!(settle(&*store, &second, sent(), 2).await);
}

pub async fn outcomes_move_the_notice(store: Arc<dyn Store>) {
    let because = |text: &str| text.to_owned();
    let cases = [
        (sent(), Delivery::Sent, minute(0), 1, Some("250 2.0.0 Ok: queued")),
        (
            Settled::Retry { at: minute(7), reason: because("451") },
            Delivery::Queued,
            minute(7),
            1,
            Some("451"),
        ),
        (Settled::Failed { reason: because("550") }, Delivery::Failed, minute(0), 1, Some("550")),
        (
            Settled::Ambiguous { at: minute(8), reason: because("im lặng") },
            Delivery::Ambiguous,
            minute(8),
            1,
            Some("im lặng"),
        ),
        (Settled::Dropped { reason: because("đã xong") }, Delivery::Dropped, minute(0), 0, Some("đã xong")),
        (Settled::Released, Delivery::Queued, minute(0), 0, None),
        (
            Settled::Postponed { at: minute(7), reason: because("chờ giờ") },
            Delivery::Queued,
            minute(7),
            0,
            Some("chờ giờ"),
        ),
        (Settled::Held { reason: because("ngoài") }, Delivery::Held, minute(0), 0, Some("ngoài")),
        (Settled::Diverted { reply: because("thử") }, Delivery::Dropped, minute(0), 1, Some("thử")),
    ];
    for (number, (settled, delivery, send_at, tries, reply)) in cases.into_iter().enumerate() {
        let directive = directive(&*store, &number.to_string(), &["cb-1"]).await;
        enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
        let claimed = claim(&*store, "a", 1, 9).await;
        let claimed = claimed.iter().find(|claimed| claimed.document == directive.registered.id).unwrap();
        assert!(settle(&*store, claimed, settled.clone(), 3).await);
        let row = notices(&*store).await.pop().unwrap();
        assert_eq!((row.delivery, row.send_at, row.tries), (delivery, send_at, tries), "{settled:?}");
        assert_eq!(row.reply.as_deref(), reply, "{settled:?}");
        assert_eq!(row.sent_at, (delivery == Delivery::Sent).then(|| minute(3)), "{settled:?}");
        let again = claim(&*store, "a", 9, 9).await;
        let waits = matches!(delivery, Delivery::Queued | Delivery::Ambiguous);
        assert_eq!(again.iter().any(|again| again.id == claimed.id), waits, "{settled:?}");
        for claimed in again {
            settle(&*store, &claimed, sent(), 9).await;
        }
    }
}

pub async fn an_old_epoch_writes_nothing(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    let claimed = claim(&*store, "a", 1, 9).await.remove(0);
    for wrong in [claimed.epoch - 1, claimed.epoch + 1] {
        let mut other = claimed.clone();
        other.epoch = wrong;
        assert!(!settle(&*store, &other, sent(), 1).await, "epochs are compared exactly");
    }
    assert_eq!(notices(&*store).await[0].delivery, Delivery::Sending);
}

pub async fn an_outcome_counts_once(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1", "cb-2"]).await;
    let new = ["cb-1", "cb-2"].map(|cell| notice(directive.registered.revision, cell));
    enqueue(&*store, &directive, &new).await;
    let claimed = claim(&*store, "a", 1, 9).await;
    let of =
        |index: usize, settled| Settlement { id: claimed[index].id, epoch: claimed[index].epoch, settled };
    let outcomes = [
        of(1, Settled::Released),
        of(0, sent()),
        of(1, sent()),
        of(0, Settled::Failed { reason: "x".into() }),
    ];
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.settle(&outcomes, minute(1)).await.unwrap(), [true, true, false, false]);
    assert_eq!(tx.settle(&outcomes, minute(1)).await.unwrap(), [false; 4], "neither is being sent any more");
    tx.commit().await.unwrap();
    let states: Vec<_> = notices(&*store).await.iter().map(|row| row.delivery).collect();
    assert_eq!(states, [Delivery::Sent, Delivery::Queued]);
}

pub async fn two_claimants_never_share_a_notice(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &[]).await;
    let new: Vec<_> =
        (0..100).map(|number| notice(directive.registered.revision, &format!("cb-{number}"))).collect();
    enqueue(&*store, &directive, &new).await;
    let rounds = (0..20).map(|round| {
        let store = store.clone();
        async move { claim(&*store, if round % 2 == 0 { "a" } else { "b" }, 1, 7).await }
    });
    let claimed: Vec<_> = join_all(rounds).await.into_iter().flatten().map(|claimed| claimed.id).collect();
    assert_eq!(claimed.len(), 100);
    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 100);
}

/// The first claimant was stopped past its lease; both come back with an outcome at once.
pub async fn two_claimants_race_to_settle(store: Arc<dyn Store>) {
    for round in 0..10 {
        let directive = directive(&*store, &round.to_string(), &["cb-1"]).await;
        enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
        let stale = claim(&*store, "a", 1, 9).await.remove(0);
        let fresh = claim(&*store, "b", 5, 9).await.remove(0);
        let failed = Settled::Failed { reason: "cũ".to_owned() };
        let (old, new) = tokio::join!(settle(&*store, &stale, failed, 5), settle(&*store, &fresh, sent(), 5));
        assert_eq!((old, new), (false, true));
        assert_eq!(notices(&*store).await.pop().unwrap().delivery, Delivery::Sent);
    }
}

/// What a server says may hold any character; one of them no text of PostgreSQL can hold.
pub async fn a_nul_in_a_reply_is_marked(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    enqueue(&*store, &directive, &[notice(directive.registered.revision, "cb-1")]).await;
    let claimed = claim(&*store, "a", 1, 9).await.remove(0);
    let settled = Settled::Failed { reason: "550 a\0b \\u0000".to_owned() };
    assert!(settle(&*store, &claimed, settled, 1).await);
    assert_eq!(notices(&*store).await[0].reply.as_deref(), Some("550 a\u{fffd}b \\u0000"));
}
