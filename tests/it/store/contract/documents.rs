use std::sync::Arc;

use vanthu::app::ports::{HoldKind, NewHold, Store};
use vanthu::domain::obligation::State;

use crate::store::fixture::{claim, directive, document, enqueue, minute, notice, save, sent, settle};

pub async fn registering_gives_numbers_and_hashes(store: Arc<dyn Store>) {
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.registered(&"ioffice".into(), &"7".into()).await.unwrap(), None);
    let first = document("7", "Lần đầu");
    let one = tx.register(None, &first, b"raw", minute(0)).await.unwrap();
    let two = tx.register(Some(&one), &document("7", "Sửa"), b"raw", minute(1)).await.unwrap();
    let known = tx.registered(&"ioffice".into(), &"7".into()).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((one.number, two.number), (1, 2));
    assert_eq!(one.fingerprint, first.get().fingerprint());
    assert_eq!(one.id, two.id);
    assert!(two.revision > one.revision);
    assert_eq!(known, Some(two));
}

pub async fn a_revision_comes_back_whole(store: Arc<dyn Store>) {
    let directive = directive(&*store, "7", &["cb-1"]).await;
    let mut tx = store.begin().await.unwrap();
    tx.keep_trace(directive.registered.revision, r#"{"outcome":"unmatched"}"#).await.unwrap();
    tx.keep_trace(directive.registered.revision, r#"{"outcome":"assigned"}"#).await.unwrap();
    let inside = tx.revision(directive.registered.revision).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    let stored = store.revision(directive.registered.revision).await.unwrap().unwrap();
    assert_eq!(&stored.document, document("7", "V/v sinh hoạt chuyên đề, lần 1").get());
    assert_eq!(stored.registered, minute(0));
    assert_eq!(stored.trace.as_deref(), Some(r#"{"outcome":"assigned"}"#));
    assert_eq!((inside.id, inside.trace), (stored.id, stored.trace));
    assert_eq!(store.duty(directive.duty).await.unwrap().unwrap().duty, crate::store::fixture::duty());
    assert!(store.revision(vanthu::domain::ids::RevisionId(99)).await.unwrap().is_none());
    assert!(store.duty(vanthu::domain::ids::DutyId(99)).await.unwrap().is_none());
}

pub async fn a_content_may_come_back(store: Arc<dyn Store>) {
    let mut tx = store.begin().await.unwrap();
    let mut known = None;
    for subject in ["A", "B", "A"] {
        known = Some(tx.register(known.as_ref(), &document("7", subject), b"", minute(0)).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(known.unwrap().number, 3);
}

pub async fn documents_are_listed_newest_first_with_their_tally(store: Arc<dyn Store>) {
    let old = directive(&*store, "7", &["cb-1", "cb-2", "cb-3"]).await;
    let revised = directive(&*store, "8", &["cb-1", "cb-2"]).await;
    directive(&*store, "8", &["cb-1"]).await;
    enqueue(&*store, &old, &[notice(old.registered.revision, "cb-2")]).await;
    for claimed in claim(&*store, "a", 1, 9).await {
        settle(&*store, &claimed, sent(), 1).await;
    }
    let done = store.obligation(old.obligations[0].0).await.unwrap().unwrap().obligation;
    save(&*store, &done.closed(State::Done, minute(5))).await;

    let rows = store.documents(9, minute(700)).await.unwrap();
    let seen: Vec<_> =
        rows.iter().map(|row| (row.external_id.as_str(), row.tally.clone(), row.late)).collect();
    assert_eq!(
        seen,
        [("8", vec![(State::Open, 1)], 0), ("7", vec![(State::Open, 2), (State::Done, 1)], 1)],
        "the newest revision counts, and only a cell that was reached is late"
    );
    assert_eq!(rows[1].due, Some(minute(600)));
    assert_eq!(rows[0].id, revised.registered.id);
    assert_eq!(store.documents(1, minute(0)).await.unwrap().len(), 1);
    let one = store.document(old.registered.id, minute(100)).await.unwrap().unwrap();
    assert_eq!((one.external_id.as_str(), one.late), ("7", 1), "past the day to acknowledge by");
    assert!(store.document(vanthu::domain::ids::DocumentId(99), minute(0)).await.unwrap().is_none());
}

pub async fn symbols_find_the_newest_revision_only(store: Arc<dyn Store>) {
    directive(&*store, "7", &["cb-1"]).await;
    directive(&*store, "8", &["cb-1"]).await;
    directive(&*store, "8", &["cb-1"]).await;
    let found = store.find_documents("16-KH/ĐUK", minute(0)).await.unwrap();
    assert_eq!(found.iter().map(|row| row.external_id.as_str()).collect::<Vec<_>>(), ["8", "7"]);
    for other in ["16-KH/DUK", "6-KH/ĐUK", ""] {
        assert!(store.find_documents(other, minute(0)).await.unwrap().is_empty(), "{other}");
    }
}

pub async fn history_comes_in_pages_as_it_was_routed(store: Arc<dyn Store>) {
    for (id, subject) in [("7", "A"), ("8", "B"), ("9", "C")] {
        let mut tx = store.begin().await.unwrap();
        let one = tx.register(None, &document(id, subject), b"", minute(0)).await.unwrap();
        tx.keep_trace(one.revision, subject).await.unwrap();
        if id == "8" {
            let hold = NewHold {
                kind: HoldKind::Unmatched,
                source: "ioffice".into(),
                external_id: "8".into(),
                document: Some(one.id),
                unit: None,
                task: None,
                reason: String::new(),
                raw: None,
            };
            tx.open_hold(&hold, minute(0)).await.unwrap();
            tx.register(Some(&one), &document(id, "B sửa"), b"", minute(5)).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.replay(minute(0), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.document_id);
        seen.extend(page.into_iter().map(|one| (one.document.subject, one.trace, one.held)));
    }
    let trace = |text: &str| Some(text.to_owned());
    let expected = [("A", trace("A"), false), ("B sửa", None, true), ("C", trace("C"), false)];
    assert_eq!(seen, expected.map(|(subject, trace, held)| (subject.to_owned(), trace, held)));
    assert_eq!(store.replay_size(minute(0)).await.unwrap(), 3);
    let late: Vec<_> = store.replay(minute(1), None, 9).await.unwrap();
    assert_eq!(late.len(), 1, "what counts is when the newest revision came");
    assert_eq!(store.replay_size(minute(1)).await.unwrap(), 1);
}
