use std::sync::Arc;

use chrono::{DateTime, Utc};
use vanthu::app::ports::{Again, Cursor, PollState, ReadMark, Store};
use vanthu::domain::ids::ExternalId;
use vanthu::domain::watch::{Gap, Odd, Watch};

use crate::store::fixture::minute;

pub async fn poll_states_are_kept(store: Arc<dyn Store>) {
    let first = PollState { source: "vxp".to_owned(), ..PollState::default() };
    let second = PollState {
        source: "ioffice".to_owned(),
        cursor: Cursor { watermark: Some(minute(-1)) },
        started: Some(minute(0)),
        good: Some(minute(1)),
        failing_since: Some(minute(2)),
        error: Some("không kết nối được".to_owned()),
        failures: 3,
        not_before: Some(minute(9)),
        credentials: Some("1f2e3d4c".to_owned()),
        rows_seen: 221,
        newest: Some(minute(-2)),
        watch: Watch {
            first: Some(minute(-9)),
            settled: true,
            usual: 220,
            gap: Some(Gap { since: minute(1), counted: 3, listed: 2 }),
            told: [(Odd::Gap, minute(1))].into(),
            ..Watch::default()
        },
    };
    for state in [&first, &PollState { source: "ioffice".to_owned(), ..PollState::default() }, &second] {
        let mut tx = store.begin().await.unwrap();
        tx.save_poll(state).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(store.polls().await.unwrap(), [second, first]);
}

async fn mark(store: &dyn Store, marks: &[(&str, Option<&str>)], at: i64) {
    let marks: Vec<_> = marks
        .iter()
        .map(|(id, fingerprint)| ReadMark {
            external_id: (*id).into(),
            fingerprint: fingerprint.map(str::to_owned),
            broken: false,
        })
        .collect();
    let mut tx = store.begin().await.unwrap();
    tx.mark_read(&"ioffice".into(), &marks, minute(at)).await.unwrap();
    tx.commit().await.unwrap();
}

type Row = (ExternalId, String, Option<DateTime<Utc>>);

fn row(id: &str, fingerprint: &str, received: Option<i64>) -> Row {
    (id.into(), fingerprint.to_owned(), received.map(minute))
}

fn again(from: Option<i64>, before: i64, poison: bool) -> Again {
    Again {
        received_from: from.map(minute),
        read_before: minute(before),
        poison,
        kept: true,
        walk: minute(99),
    }
}

async fn unread(store: &dyn Store, rows: &[Row], from: Option<i64>, before: i64) -> Vec<String> {
    let ids = store.unread(&"ioffice".into(), rows, again(from, before, false)).await.unwrap();
    ids.into_iter().map(|id| id.0).collect()
}

pub async fn rows_are_read_when_new_changed_or_to_be_rechecked(store: Arc<dyn Store>) {
    mark(&*store, &[("same", Some("f")), ("changed", Some("f")), ("old", Some("f"))], 0).await;
    mark(&*store, &[("fresh", Some("f")), ("undated", Some("f"))], 0).await;
    mark(&*store, &[("fresh", Some("f"))], 10).await;
    let rows = [
        row("new", "f", Some(-1)),
        row("same", "f", Some(-1)),
        row("changed", "g", Some(-999)),
        row("old", "f", Some(-100)),
        row("fresh", "f", Some(-1)),
        row("undated", "f", None),
    ];
    assert_eq!(unread(&*store, &rows, Some(-50), 0).await, ["new", "changed"], "nothing to recheck yet");
    assert_eq!(unread(&*store, &rows, Some(-50), 5).await, ["new", "same", "changed", "undated"]);
    assert_eq!(unread(&*store, &rows, Some(-100), 5).await, ["new", "same", "changed", "old", "undated"]);
    assert_eq!(unread(&*store, &rows, None, 5).await, ["new", "same", "changed", "old", "undated"]);
    let other = store.unread(&"vxp".into(), &rows[1..2], again(None, 0, false)).await.unwrap();
    assert_eq!(other.len(), 1, "another source, another document");
    assert!(unread(&*store, &[], None, 5).await.is_empty());
}

pub async fn a_withheld_row_is_not_seen_to_change(store: Arc<dyn Store>) {
    mark(&*store, &[("7", None)], 0).await;
    let rows = [row("7", "f", Some(-1))];
    assert!(unread(&*store, &rows, Some(-50), 0).await.is_empty());
    assert_eq!(unread(&*store, &rows, Some(-50), 1).await, ["7"], "but it is looked at again");
    mark(&*store, &[("7", Some("e"))], 2).await;
    assert_eq!(unread(&*store, &rows, Some(-50), 0).await, ["7"]);
}

pub async fn messages_that_were_kept_are_spared_and_known(store: Arc<dyn Store>) {
    mark(&*store, &[("kept", Some("f")), ("changed", Some("f")), ("withheld", None)], 0).await;
    let rows = [
        row("new", "f", Some(-1)),
        row("kept", "f", Some(-1)),
        row("changed", "g", Some(-1)),
        row("withheld", "f", Some(-1)),
    ];
    let source = "ioffice".into();
    let spared = Again { kept: false, ..again(None, 9, true) };
    let ids = store.unread(&source, &rows, spared).await.unwrap();
    assert_eq!(ids.iter().map(ExternalId::as_str).collect::<Vec<_>>(), ["new", "changed", "withheld"]);
    let listed: Vec<_> = rows.iter().map(|(id, ..)| id).collect();
    let kept = store.kept(&source, &listed).await.unwrap();
    assert_eq!(kept.iter().map(ExternalId::as_str).collect::<Vec<_>>(), ["kept", "changed"]);
    assert!(store.kept(&"vxp".into(), &listed).await.unwrap().is_empty(), "another source, another message");
}

pub async fn what_cannot_be_read_is_tried_three_times(store: Arc<dyn Store>) {
    let rows = [row("7", "f", Some(-1))];
    let source = "ioffice".into();
    let fail = async |at| {
        let mark = ReadMark { external_id: "7".into(), fingerprint: None, broken: true };
        let mut tx = store.begin().await.unwrap();
        tx.mark_read(&source, &[mark], minute(at)).await.unwrap();
        tx.commit().await.unwrap();
    };
    for at in 0..2 {
        fail(at).await;
        assert_eq!(unread(&*store, &rows, Some(-50), 0).await, ["7"], "after {} tries", at + 1);
        let same_walk = Again { walk: minute(at), ..again(Some(-50), 0, false) };
        assert!(store.unread(&source, &rows, same_walk).await.unwrap().is_empty(), "not twice in a walk");
    }
    fail(2).await;
    assert!(unread(&*store, &rows, Some(-50), 50).await.is_empty(), "left alone");
    let night = store.unread(&source, &rows, again(Some(-50), 50, true)).await.unwrap();
    assert_eq!(night.len(), 1, "but not for ever");
    let mut tx = store.begin().await.unwrap();
    tx.try_again(&source, &"7".into()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unread(&*store, &rows, Some(-50), 0).await, ["7"], "once more, because a person said so");
    fail(3).await;
    assert!(unread(&*store, &rows, Some(-50), 50).await.is_empty());
    mark(&*store, &[("7", Some("f"))], 4).await;
    assert!(unread(&*store, &rows, Some(-50), 0).await.is_empty(), "read at last: one of many");
}
