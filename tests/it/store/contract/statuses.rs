use std::sync::Arc;

use chrono::{DateTime, Utc};
use vanthu::app::ports::{
    ClaimRequest, ClaimedStatus, Heard, HoldKind, NewHold, NewObligation, NewOrigin, NewStatus, OriginId,
    StatusFilter, StatusRow, StatusSettled, StatusSettlement, Store,
};
use vanthu::domain::document::{Document, Exchange, Reference};
use vanthu::domain::ids::{DocumentId, HoldId, SourceId, StatusId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::{Duty, Owed, State};
use vanthu::domain::operation::Key;
use vanthu::domain::secrecy::judge;
use vanthu::domain::status::{Counts, Status, StatusCode, status_key};

use crate::store::fixture::{directive, document, minute, new_obligation};

fn new(document: DocumentId, external_id: &str, code: StatusCode, occasion: &str, at: i64) -> NewStatus {
    let source = SourceId::from("ioffice");
    NewStatus {
        document,
        key: status_key(&source, &external_id.into(), code, occasion),
        origin: OriginId { source, external_id: external_id.into() },
        code,
        occasion: occasion.to_owned(),
        description: "181/221 chi bộ đã nhận".to_owned(),
        author: None,
        reason: None,
        at: minute(at),
    }
}

async fn enqueue(store: &dyn Store, status: &NewStatus) -> bool {
    let mut tx = store.begin().await.unwrap();
    let is_new = tx.enqueue_status(status).await.unwrap();
    tx.commit().await.unwrap();
    is_new
}

async fn claim_for(store: &dyn Store, sources: &[&str], at: i64) -> Option<ClaimedStatus> {
    let sources: Vec<SourceId> = sources.iter().map(|source| SourceId::from(*source)).collect();
    let request =
        ClaimRequest { instance: "a".to_owned(), now: minute(at), lease_until: minute(at + 10), limit: 1 };
    let mut tx = store.begin().await.unwrap();
    let claimed = tx.claim_status(&request, &sources).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn claim(store: &dyn Store, at: i64) -> Option<ClaimedStatus> {
    claim_for(store, &["ioffice"], at).await
}

async fn settle(store: &dyn Store, claimed: &ClaimedStatus, settled: StatusSettled, at: i64) -> bool {
    let settlement = StatusSettlement { id: claimed.status.id, epoch: claimed.epoch, settled };
    let mut tx = store.begin().await.unwrap();
    let counted = tx.settle_status(&settlement, minute(at)).await.unwrap();
    tx.commit().await.unwrap();
    counted
}

fn told() -> StatusSettled {
    StatusSettled::Told { receipt: "R-1".to_owned() }
}

async fn rows(store: &dyn Store) -> Vec<StatusRow> {
    let mut rows = store.statuses(&StatusFilter::default()).await.unwrap();
    rows.reverse();
    rows
}

async fn two(store: &dyn Store) -> DocumentId {
    let id = directive(store, "7", &["cb-1"]).await.registered.id;
    for code in [StatusCode::Arrived, StatusCode::Accepted] {
        assert!(enqueue(store, &new(id, "7", code, "", 0)).await);
    }
    id
}

pub async fn a_status_is_said_once(store: Arc<dyn Store>) {
    let id = two(&*store).await;
    assert!(!enqueue(&*store, &new(id, "7", StatusCode::Arrived, "", 5)).await);
    for occasion in ["m-1", "m-2"] {
        let answer = new(id, "7", StatusCode::ChangeAccepted, occasion, 6);
        assert!(enqueue(&*store, &answer).await, "each question has its answer");
        assert!(!enqueue(&*store, &answer).await);
    }
    let rows = rows(&*store).await;
    assert_eq!(rows.len(), 4);
    let first = &rows[0];
    assert_eq!((first.code, first.delivery, first.at), (StatusCode::Arrived, Delivery::Queued, minute(0)));
    assert_eq!((first.document, first.origin.external_id.as_str(), first.tries), (id, "7", 0));
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.statuses_of(id).await.unwrap(), rows);
    assert_eq!(tx.statuses_of(DocumentId(99)).await.unwrap(), []);
}

pub async fn about_one_document_they_go_in_order(store: Arc<dyn Store>) {
    two(&*store).await;
    let first = claim(&*store, 0).await.unwrap();
    assert_eq!((first.status.code, first.status.tries), (StatusCode::Arrived, 1));
    assert_eq!(first.revision.document.symbol, "16-KH/ĐUK");
    assert!(claim(&*store, 0).await.is_none(), "the next waits for the first");
    let later = StatusSettled::Retry { at: minute(5), reason: "mất mạng".to_owned() };
    assert!(settle(&*store, &first, later, 1).await);
    assert!(claim(&*store, 4).await.is_none(), "not before its time, nor past it");
    assert_eq!(store.next_status().await.unwrap(), Some(minute(0)), "the second is due, but not its turn");
    let again = claim(&*store, 5).await.unwrap();
    assert_eq!((again.status.id, again.status.tries), (first.status.id, 2));
    assert_eq!(again.status.key, first.status.key);
    assert!(settle(&*store, &again, told(), 6).await);
    let second = claim(&*store, 6).await.unwrap();
    assert_eq!(second.status.code, StatusCode::Accepted);
    let told = &rows(&*store).await[0];
    assert_eq!((told.delivery, told.sent_at), (Delivery::Sent, Some(minute(6))));
    assert_eq!(told.reply.as_deref(), Some("R-1"));
}

pub async fn only_the_sources_asked_for_are_served(store: Arc<dyn Store>) {
    two(&*store).await;
    assert!(claim_for(&*store, &[], 0).await.is_none());
    assert!(claim_for(&*store, &["truc"], 0).await.is_none());
    assert!(claim_for(&*store, &["truc", "ioffice"], 0).await.is_some());
}

pub async fn a_lost_claim_comes_back(store: Arc<dyn Store>) {
    two(&*store).await;
    let lost = claim(&*store, 0).await.unwrap();
    assert!(claim(&*store, 9).await.is_none(), "its lease holds");
    assert_eq!(store.next_status().await.unwrap(), Some(minute(0)));
    let again = claim(&*store, 10).await.unwrap();
    assert_eq!((again.status.id, again.epoch), (lost.status.id, lost.epoch + 1));
    assert!(!settle(&*store, &lost, told(), 11).await, "an outcome of an older claim is nobody's");
    assert!(settle(&*store, &again, told(), 11).await);
    assert!(!settle(&*store, &again, told(), 11).await, "once");

    let next = claim(&*store, 12).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.recover(minute(13)).await.unwrap();
    tx.commit().await.unwrap();
    let recovered = claim(&*store, 13).await.unwrap();
    assert_eq!(recovered.status.id, next.status.id);
}

async fn hold(store: &dyn Store, kind: HoldKind, external_id: &str, document: Option<DocumentId>) -> HoldId {
    let hold = NewHold {
        kind,
        source: "ioffice".into(),
        external_id: external_id.into(),
        document,
        unit: None,
        task: None,
        reason: "chờ người".to_owned(),
        raw: None,
    };
    let mut tx = store.begin().await.unwrap();
    let id = tx.open_hold(&hold, minute(0)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

async fn release(store: &dyn Store, id: HoldId) {
    let mut tx = store.begin().await.unwrap();
    assert!(tx.release_hold(id, minute(1)).await.unwrap());
    tx.commit().await.unwrap();
}

pub async fn nothing_goes_out_while_a_person_must_look(store: Arc<dyn Store>) {
    let id = two(&*store).await;
    let cases = [
        (HoldKind::Secret, "7", None),
        (HoldKind::Broken, "7", None),
        (HoldKind::Ambiguous, "7", None),
        (HoldKind::Operation, "8", Some(id)),
        (HoldKind::Recall, "m-1", Some(id)),
        (HoldKind::Brake, "*", None),
    ];
    for (kind, external_id, document) in cases {
        let hold = hold(&*store, kind, external_id, document).await;
        assert!(claim(&*store, 0).await.is_none(), "{kind:?}");
        release(&*store, hold).await;
    }
    for (kind, external_id) in
        [(HoldKind::Secret, "8"), (HoldKind::NoContact, "7"), (HoldKind::Unmatched, "7")]
    {
        hold(&*store, kind, external_id, None).await;
    }
    assert!(
        claim(&*store, 0).await.is_some(),
        "other documents' holds, and those about cells, do not matter"
    );
}

pub async fn a_failed_status_goes_back_on_demand(store: Arc<dyn Store>) {
    two(&*store).await;
    let claimed = claim(&*store, 0).await.unwrap();
    let requeue = async |id: StatusId, at: i64| {
        let mut tx = store.begin().await.unwrap();
        let row = tx.requeue_status(id, minute(at)).await.unwrap();
        tx.commit().await.unwrap();
        row
    };
    assert_eq!(requeue(claimed.status.id, 1).await, None, "it is under way");
    let refused = StatusSettled::Failed { reason: "sai mã".to_owned() };
    assert!(settle(&*store, &claimed, refused, 1).await);
    let tally = store.status_tally().await.unwrap();
    let stands: Vec<_> = tally.iter().map(|row| (row.delivery, row.count, row.oldest)).collect();
    assert_eq!(stands, [(Delivery::Failed, 1, minute(0)), (Delivery::Queued, 1, minute(0))]);
    let failed = StatusFilter { delivery: Some(Delivery::Failed), ..StatusFilter::default() };
    assert_eq!(store.statuses(&failed).await.unwrap().len(), 1);

    let row = requeue(claimed.status.id, 20).await.unwrap();
    assert_eq!((row.delivery, row.tries, row.send_at), (Delivery::Queued, 0, minute(20)));
    assert_eq!(requeue(StatusId(99), 20).await, None);
}

/// Registers a document as a body of the axis sent it.
async fn sent(store: &dyn Store, external_id: &str, organ: Option<&str>, key: Option<&str>) -> DocumentId {
    let plain = document(external_id, "V/v sinh hoạt chuyên đề").get().clone();
    let exchange =
        Exchange { organ: organ.map(str::to_owned), key: key.map(str::to_owned), ..Exchange::default() };
    let document = judge(Document { exchange, ..plain }, Some("Thường"), &["Thường".to_owned()]).unwrap();
    let mut tx = store.begin().await.unwrap();
    let registered = tx.register(None, &document, b"{}", minute(0)).await.unwrap();
    let (content, key) = (document.get(), Key::target(document.get()));
    let id = registered.id;
    let origin = NewOrigin { document: id, content, key: key.as_ref(), raw: None, seen: minute(0) };
    tx.keep_origin(&origin).await.unwrap();
    tx.commit().await.unwrap();
    registered.id
}

pub async fn references_find_their_documents(store: Arc<dyn Store>) {
    let ours = sent(&*store, "1", Some("H99"), Some("K-1")).await;
    let other = sent(&*store, "2", Some("H98"), Some("K-1")).await;
    let plain = sent(&*store, "3", None, None).await;
    let second = sent(&*store, "4", Some("H97"), None).await;
    let reference =
        |organ: Option<&str>, key: Option<&str>, symbol: Option<&str>, issued: Option<&str>| Reference {
            organ: organ.map(str::to_owned),
            key: key.map(str::to_owned),
            symbol: symbol.map(str::to_owned),
            issued: issued.and_then(|day| day.parse().ok()),
        };
    let (symbol, day) = (Some("16-KH/ĐUK"), Some("2026-01-15"));
    let table = [
        ("key and body", reference(Some("H99"), Some("K-1"), None, None), vec![ours]),
        ("key of another body", reference(Some("H98"), Some("K-1"), symbol, day), vec![other]),
        ("key alone", reference(None, Some("K-1"), None, None), vec![ours, other]),
        ("unknown key, known symbol", reference(Some("H97"), Some("K-9"), symbol, day), vec![second]),
        ("symbol of the body", reference(Some("H99"), None, symbol, day), vec![ours]),
        ("another day", reference(Some("H99"), None, symbol, Some("2026-01-16")), vec![]),
        ("no body", reference(None, None, symbol, day), vec![]),
        ("nothing", Reference::default(), vec![]),
        ("an empty key", reference(Some("H99"), Some(""), None, None), vec![]),
    ];
    let mut tx = store.begin().await.unwrap();
    for (name, about, expected) in table {
        let found = tx.referred(&about).await.unwrap();
        assert_eq!(found, expected, "{name}");
        assert!(!found.contains(&plain), "{name}");
    }
}

pub async fn what_others_said_is_kept_once(store: Arc<dyn Store>) {
    let id = directive(&*store, "7", &["cb-1"]).await.registered.id;
    let keep = async |external_id: &str, digits: &str, document: Option<DocumentId>, at: DateTime<Utc>| {
        let status = Status {
            from: "H99".to_owned(),
            from_name: None,
            about: Reference::default(),
            digits: digits.to_owned(),
            description: None,
            at: None,
        };
        let origin = OriginId { source: "truc".into(), external_id: external_id.into() };
        let mut tx = store.begin().await.unwrap();
        tx.keep_heard(&Heard { origin, document, status, at }).await.unwrap();
        tx.commit().await.unwrap();
    };
    keep("m-2", "13", Some(id), minute(2)).await;
    keep("m-1", "03", Some(id), minute(1)).await;
    keep("m-1", "06", Some(id), minute(3)).await;
    keep("m-3", "13", None, minute(1)).await;
    let heard = store.heard(id).await.unwrap();
    let said: Vec<_> = heard.iter().map(|heard| (heard.status.digits.as_str(), heard.at)).collect();
    assert_eq!(said, [("03", minute(1)), ("13", minute(2))]);
}

const WORK: &[Owed] = &[Owed::Acknowledge, Owed::Report];
const WORD: &[Owed] = &[Owed::Acknowledge];

/// Registers a directive whose cells stand so: cell, state, what it owes; one task for each row.
async fn standing(store: &dyn Store, external_id: &str, rows: &[(&str, State, &[Owed])]) -> DocumentId {
    let first = directive(store, external_id, &[]).await.registered;
    let mut tx = store.begin().await.unwrap();
    for (number, (cell, state, owes)) in rows.iter().enumerate() {
        let duty = Duty { owes: owes.to_vec(), ..crate::store::fixture::duty() };
        let duty = tx.open_duty(first.revision, &duty).await.unwrap();
        let task = format!("ke-hoach/{number}").as_str().into();
        let row = NewObligation { task, ..new_obligation(duty, cell) };
        let opened = tx.open_obligations(first.id, first.revision, &[row], minute(0)).await.unwrap();
        let row = tx.obligation(opened[0].0).await.unwrap().unwrap();
        tx.save_obligations(&[row.closed(*state, minute(1))]).await.unwrap();
    }
    tx.commit().await.unwrap();
    first.id
}

pub async fn the_cells_of_a_document_count_as_one_body(store: Arc<dyn Store>) {
    use State::{Acknowledged as Ack, Declined, Done, Excused, Open, Withdrawn};
    type Rows<'a> = &'a [(&'a str, State, &'a [Owed])];
    let table: [(&str, Rows<'_>, [usize; 3]); 13] = [
        ("nobody is asked", &[], [0, 0, 0]),
        ("nothing heard", &[("a", Open, WORK)], [1, 0, 0]),
        ("one of two", &[("a", Ack, WORK), ("b", Open, WORK)], [2, 1, 0]),
        ("both", &[("a", Ack, WORK), ("b", Ack, WORK)], [2, 2, 0]),
        ("one task of two", &[("a", Done, WORK), ("a", Open, WORK)], [1, 0, 0]),
        ("one task done, one acknowledged", &[("a", Done, WORK), ("a", Ack, WORK)], [1, 1, 0]),
        ("all done", &[("a", Done, WORK), ("b", Done, WORK)], [2, 2, 2]),
        ("an acknowledgement is all", &[("a", Ack, WORD), ("b", Done, WORK)], [2, 2, 2]),
        ("one says it is not theirs", &[("a", Done, WORK), ("b", Declined, WORK)], [2, 1, 1]),
        ("who was excused does not count", &[("a", Done, WORK), ("b", Excused, WORK)], [1, 1, 1]),
        ("nor what was withdrawn", &[("a", Withdrawn, WORK), ("a", Ack, WORK)], [1, 1, 0]),
        ("all withdrawn is not done", &[("a", Withdrawn, WORK)], [0, 0, 0]),
        ("nothing is owed", &[("a", Open, &[]), ("b", Done, WORK)], [1, 1, 1]),
    ];
    for (number, (name, rows, [asked, received, done])) in table.into_iter().enumerate() {
        let id = standing(&*store, &number.to_string(), rows).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.counts(id).await.unwrap(), Counts { asked, received, done }, "{name}");
    }
    let first = directive(&*store, "neu", &["a", "b"]).await.registered.id;
    directive(&*store, "neu", &["a"]).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.counts(first).await.unwrap().asked, 1, "the newest revision only");
    assert_eq!(tx.counts(DocumentId(999)).await.unwrap(), Counts::default());
}
