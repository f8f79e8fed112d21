//! What a source shows: looks of cells, and what a comparison found.

use std::sync::Arc;

use vanthu::app::ports::{Differ, ReceiptLook, Span, Store};
use vanthu::domain::ids::ExternalId;
use vanthu::domain::obligation::{Contact, State};
use vanthu::domain::receipt::Times;
use vanthu::domain::tally;

use super::super::fixture::{Directive, directive, minute, save};

/// A source showed that these cells have looked, at these minutes.
async fn look(store: &dyn Store, directive: &Directive, cells: &[(&str, Option<i64>)]) {
    let times = |seen: Option<i64>| Times { received: Some(minute(0)), seen: seen.map(minute) };
    let look = ReceiptLook {
        document: directive.registered.id,
        source: "ioffice".into(),
        cells: cells.iter().map(|(cell, seen)| ((*cell).into(), times(*seen))).collect(),
        receivers: 9,
        unmatched: 7,
        at: minute(99),
    };
    let mut tx = store.begin().await.unwrap();
    tx.keep_receipts(&look).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn a_first_look_stays(store: Arc<dyn Store>) {
    let directive = directive(store.as_ref(), "1", &["cb-1", "cb-2"]).await;
    look(store.as_ref(), &directive, &[("cb-1", None), ("cb-2", Some(5))]).await;
    look(store.as_ref(), &directive, &[("cb-1", Some(7)), ("cb-2", Some(9))]).await;
    look(store.as_ref(), &directive, &[("cb-1", None), ("cb-2", None)]).await;
    let kept = store.receipts(directive.registered.id).await.unwrap();
    let seen: Vec<_> =
        kept.iter().map(|one| (one.cell.as_ref().map(|cell| cell.as_str()), one.times.seen)).collect();
    assert_eq!(seen, [(Some("cb-1"), Some(minute(7))), (Some("cb-2"), Some(minute(5))), (None, None)]);
    assert_eq!((kept[2].receivers, kept[2].times.received), (7, Some(minute(99))));
    let mut tx = store.begin().await.unwrap();
    let of = tx.receipts_of(directive.registered.id, &"ioffice".into()).await.unwrap();
    assert_eq!(of.len(), 2);
    assert!(tx.receipts_of(directive.registered.id, &"truc".into()).await.unwrap().is_empty());
}

/// A look reaches the cell; lateness in SQL and in the domain agree about it. At a later revision it must be new.
pub async fn a_look_is_contact(store: Arc<dyn Store>) {
    let first = directive(store.as_ref(), "1", &["cb-1", "cb-2"]).await;
    look(store.as_ref(), &first, &[("cb-1", Some(-5)), ("cb-2", None)]).await;
    let now = minute(700);
    let contacts = async || {
        let rows = store.obligations(first.registered.id, false).await.unwrap();
        let late: u64 =
            rows.iter().map(|row| u64::from(tally::is_late(&row.obligation, row.contact, now))).sum();
        let told = store.tally(now).await.unwrap();
        assert_eq!(told.iter().filter(|row| row.late).map(|row| row.count).sum::<u64>(), late);
        rows.iter().map(|row| row.contact).collect::<Vec<_>>()
    };
    assert_eq!(contacts().await, [Contact::Seen, Contact::NoContact]);
    let second = directive(store.as_ref(), "1", &["cb-1", "cb-2"]).await;
    assert_eq!(contacts().await, [Contact::NoContact, Contact::NoContact]);
    look(store.as_ref(), &second, &[("cb-2", Some(3))]).await;
    assert_eq!(contacts().await, [Contact::NoContact, Contact::Seen]);
}

pub async fn what_has_open_work_is_watched(store: Arc<dyn Store>) {
    let first = directive(store.as_ref(), "information/1", &["cb-1"]).await;
    keep_origin(store.as_ref(), &first, "information/1").await;
    let ids = async |since| -> Vec<ExternalId> {
        let watched = store.watched(&"ioffice".into(), since).await.unwrap();
        watched.into_iter().map(|one| one.external_id).collect()
    };
    assert_eq!(ids(None).await, ["information/1".into()]);
    assert_eq!(ids(Some(minute(0))).await, ["information/1".into()]);
    assert_eq!(ids(Some(minute(1))).await, []);
    let row = store.obligations(first.registered.id, false).await.unwrap().remove(0).obligation;
    save(store.as_ref(), &row.closed(State::Done, minute(1))).await;
    assert_eq!(ids(None).await, []);
}

async fn keep_origin(store: &dyn Store, directive: &Directive, id: &str) {
    use super::super::fixture::document;
    use vanthu::app::ports::NewOrigin;
    let document = document(id, "V/v sinh hoạt chuyên đề");
    let mut tx = store.begin().await.unwrap();
    let origin = NewOrigin {
        document: directive.registered.id,
        content: document.get(),
        key: None,
        raw: None,
        seen: minute(0),
    };
    tx.keep_origin(&origin).await.unwrap();
    tx.commit().await.unwrap();
}

async fn found(store: &dyn Store, at: i64, ids: &[(&str, bool)]) {
    let mut tx = store.begin().await.unwrap();
    let rows: Vec<_> = ids.iter().map(|(id, overdue)| (ExternalId::from(*id), *overdue)).collect();
    tx.note_found(&"ioffice".into(), minute(at), &rows).await.unwrap();
    tx.commit().await.unwrap();
}

async fn conclude(store: &dyn Store, at: i64, (from, until): (&str, &str)) -> Vec<(String, Differ)> {
    let span = Span { from: from.parse().unwrap(), until: until.parse().unwrap() };
    let mut tx = store.begin().await.unwrap();
    tx.conclude_compare(&"ioffice".into(), minute(at), span).await.unwrap();
    tx.commit().await.unwrap();
    let all = store.differences(None).await.unwrap();
    all.into_iter().map(|one| (one.external_id.to_string(), one.differ)).collect()
}

/// Documents of the fixture are issued on 15 January.
pub async fn a_comparison_marks_what_it_did_not_find(store: Arc<dyn Store>) {
    const WEEKS: (&str, &str) = ("2026-01-01", "2026-01-31");
    for id in ["1", "2"] {
        let directive = directive(store.as_ref(), id, &["cb-1"]).await;
        keep_origin(store.as_ref(), &directive, id).await;
    }
    found(store.as_ref(), 10, &[("1", false), ("2", false), ("2", true), ("9", true)]).await;
    assert_eq!(conclude(store.as_ref(), 10, WEEKS).await, [], "both have a due date; nobody knows 9");
    found(store.as_ref(), 20, &[("1", false)]).await;
    let missing = [("2".to_owned(), Differ::Missing)];
    assert_eq!(conclude(store.as_ref(), 20, ("2026-01-14", "2026-01-31")).await, [], "too near the edge");
    assert_eq!(conclude(store.as_ref(), 20, ("2026-02-01", "2026-02-28")).await, [], "not in the span");
    assert_eq!(conclude(store.as_ref(), 20, WEEKS).await, missing);
    found(store.as_ref(), 30, &[("1", false)]).await;
    assert_eq!(conclude(store.as_ref(), 30, WEEKS).await, missing);
    assert_eq!(store.differences(None).await.unwrap()[0].since, minute(20));
    found(store.as_ref(), 40, &[("1", true), ("2", false)]).await;
    assert_eq!(conclude(store.as_ref(), 40, WEEKS).await, []);
    let row =
        store.obligations(vanthu::domain::ids::DocumentId(1), false).await.unwrap().remove(0).obligation;
    save(store.as_ref(), &row.closed(State::Done, minute(41))).await;
    assert_eq!(store.differences(None).await.unwrap()[0].differ, Differ::Finished);
    found(store.as_ref(), 50, &[("1", false), ("2", false)]).await;
    assert_eq!(conclude(store.as_ref(), 50, WEEKS).await, []);
}

pub async fn what_was_never_read_is_unknown(store: Arc<dyn Store>) {
    use vanthu::app::ports::ReadMark;
    let mut tx = store.begin().await.unwrap();
    let mark = ReadMark { external_id: "2".into(), fingerprint: None, broken: false };
    tx.mark_read(&"ioffice".into(), &[mark], minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    let ids: Vec<ExternalId> = ["3", "2", "1"].map(Into::into).to_vec();
    assert_eq!(store.unknown(&"ioffice".into(), &ids).await.unwrap(), ["3".into(), "1".into()]);
    assert_eq!(store.unknown(&"truc".into(), &ids).await.unwrap().len(), 3);
    assert!(store.unknown(&"ioffice".into(), &[]).await.unwrap().is_empty());
}
