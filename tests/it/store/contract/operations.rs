use std::sync::Arc;

use vanthu::app::ports::{Carry, KeptEdits, NewOrigin, Pending, Replacement, Store, Tx, Why};
use vanthu::domain::document::{Document, Operation};
use vanthu::domain::ids::{DocumentId, RevisionId};
use vanthu::domain::notice::Delivery;
use vanthu::domain::obligation::{Contact, State};
use vanthu::domain::operation::{Edit, Field, Key, Standing};

use crate::store::fixture::{claim, directive, document, enqueue, minute, notice, notices, sent, settle};

fn key(id: &str) -> Key {
    Key { organ: "H37.02".to_owned(), id: id.to_owned() }
}

fn from(source: &str, id: &str) -> Document {
    Document { source: source.into(), ..document(id, "V/v sinh hoạt").get().clone() }
}

async fn keep(store: &dyn Store, document: DocumentId, content: &Document, key: Option<&Key>, at: i64) {
    let mut tx = store.begin().await.unwrap();
    let origin = NewOrigin { document, content, key, raw: Some(b"<edXML/>"), seen: minute(at) };
    tx.keep_origin(&origin).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn each_id_of_a_source_keeps_what_it_brought_last(store: Arc<dyn Store>) {
    let id = directive(&*store, "7", &[]).await.registered.id;
    keep(&*store, id, &from("ioffice", "7"), None, 0).await;
    keep(&*store, id, &from("truc", "a"), Some(&key("k1")), 1).await;
    let update = Document { operation: Operation::Update, ..from("truc", "b") };
    keep(&*store, id, &update, Some(&key("k1")), 2).await;
    let edited = Document { signer: Some("Bí thư".to_owned()), ..from("ioffice", "7") };
    keep(&*store, id, &edited, None, 3).await;

    let origins = store.origins(id).await.unwrap();
    let seen: Vec<_> =
        origins.iter().map(|origin| (origin.content.external_id.as_str(), origin.seen)).collect();
    assert_eq!(seen, [("7", minute(3)), ("a", minute(1)), ("b", minute(2))]);
    assert_eq!(origins[0].content, edited);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.origin(&"truc".into(), &"b".into()).await.unwrap().unwrap().content, update);
    assert!(tx.origin(&"ioffice".into(), &"a".into()).await.unwrap().is_none());
    assert_eq!(tx.keyed(&key("k1")).await.unwrap(), [id]);
    let elsewhere = Key { organ: "H38".to_owned(), id: "k1".to_owned() };
    assert!(tx.keyed(&elsewhere).await.unwrap().is_empty(), "a key is unique with its sender only");
}

pub async fn candidates_bear_the_symbol_and_came_another_way(store: Arc<dyn Store>) {
    let one = directive(&*store, "7", &[]).await.registered.id;
    let two = directive(&*store, "8", &[]).await.registered.id;
    keep(&*store, one, &from("ioffice", "7"), None, 0).await;
    keep(&*store, two, &from("truc", "8"), None, 0).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.alike("16-KH/ĐUK", None).await.unwrap(), [one, two]);
    assert_eq!(tx.alike(" 16-KH/ĐUK ", Some(&"truc".into())).await.unwrap(), [one]);
    assert!(tx.alike("", None).await.unwrap().is_empty());
}

pub async fn standing_and_what_dues_count_from_come_with_the_revision(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &[]).await.registered;
    let second = directive(&*store, "7", &[]).await.registered;
    let other = directive(&*store, "8", &[]).await.registered.id;
    let kept = KeptEdits {
        base: first.revision,
        retouched: true,
        edits: vec![Edit { field: Field::Due, old: "a".to_owned(), new: "b".to_owned() }],
    };
    let mut tx = store.begin().await.unwrap();
    tx.stand(first.id, Standing::Replaced).await.unwrap();
    tx.count_from(second.revision, minute(-9)).await.unwrap();
    tx.keep_edits(second.revision, &kept).await.unwrap();
    let replacement = Replacement { old: first.id, new: other };
    assert!(tx.replace(replacement).await.unwrap());
    assert!(!tx.replace(replacement).await.unwrap());
    let (registered, stored) = tx.newest(first.id).await.unwrap().unwrap();
    assert_eq!((registered, stored.standing, stored.asked), (second.clone(), Standing::Replaced, minute(-9)));
    assert_eq!(tx.edits(second.revision).await.unwrap(), Some(kept.clone()));
    tx.commit().await.unwrap();

    assert_eq!(store.edits(second.revision).await.unwrap(), Some(kept));
    assert_eq!(store.edits(first.revision).await.unwrap(), None);
    for id in [first.id, other] {
        assert_eq!(store.replacements(id).await.unwrap(), [replacement]);
    }
    let numbers: Vec<_> =
        store.revisions(first.id).await.unwrap().iter().map(|stored| stored.number).collect();
    assert_eq!(numbers, [1, 2]);
    let listed = store.document(first.id, minute(0)).await.unwrap().unwrap();
    assert_eq!(listed.standing, Standing::Replaced);
    let replayed = store.replay(minute(-60), None, 9).await.unwrap();
    assert_eq!(replayed.iter().map(|row| row.document_id).collect::<Vec<_>>(), [other], "what holds");
    assert_eq!(store.replay_size(minute(-60)).await.unwrap(), 1);
}

pub async fn what_waits_is_found_by_key_or_by_its_id(store: Arc<dyn Store>) {
    let of = |why, id: &str| Pending {
        why,
        document: None,
        content: from("truc", id),
        raw: b"<edXML/>".to_vec(),
        arrived: minute(1),
    };
    let one = of(Why::Original(key("k1")), "r");
    let two = of(Why::Original(key("k2")), "r");
    let doubtful = of(Why::Person, "d");
    let mut tx = store.begin().await.unwrap();
    for pending in [&one, &two, &doubtful] {
        assert!(tx.wait(pending).await.unwrap());
        assert!(!tx.wait(pending).await.unwrap());
    }
    assert_eq!(tx.waiting_for(&key("k1")).await.unwrap(), std::slice::from_ref(&one));
    let kept = async |tx: &mut Box<dyn Tx>, id: &str| tx.kept(&"truc".into(), &id.into()).await.unwrap();
    assert_eq!(kept(&mut tx, "d").await, std::slice::from_ref(&doubtful));
    assert_eq!(kept(&mut tx, "r").await, [one.clone(), two.clone()], "oldest first");
    assert_eq!(tx.end_wait(&one, minute(2)).await.unwrap(), 1, "it still waits for another");
    assert_eq!(tx.end_wait(&two, minute(2)).await.unwrap(), 0);
    assert_eq!(tx.end_wait(&doubtful, minute(2)).await.unwrap(), 0);
    assert!(tx.waiting_for(&key("k1")).await.unwrap().is_empty());
    assert!(kept(&mut tx, "d").await.is_empty());
    assert!(tx.wait(&one).await.unwrap(), "what ended may come again");
}

pub async fn carried_rows_keep_what_they_know_and_take_unsent_mails_along(store: Arc<dyn Store>) {
    let first = directive(&*store, "7", &["cb-1", "cb-2", "cb-3"]).await;
    let revision = first.registered.revision;
    enqueue(&*store, &first, &["cb-1", "cb-2", "cb-3"].map(|cell| notice(revision, cell))).await;
    let claimed = claim(&*store, "a", 0, 1).await;
    assert_eq!(claimed[0].key.unit.as_str(), "cb-1");
    assert!(settle(&*store, &claimed[0], sent(), 0).await);
    let second = directive(&*store, "7", &[]).await.registered;
    let ids: Vec<_> = first.obligations.iter().take(2).map(|(id, _)| *id).collect();
    let behind = ["cb-3".into()];
    let mut tx = store.begin().await.unwrap();
    let carry = Carry { document: second.id, to: second.revision, rows: &ids, behind: &behind };
    tx.carry(&carry).await.unwrap();
    let told: Vec<_> = tx.told(second.id).await.unwrap().into_iter().map(|unit| unit.0).collect();
    assert_eq!(told, ["cb-1"]);
    let units = [first.obligations[2].1.clone()].into();
    assert_eq!(tx.drop_queued_of(second.id, &units, "hết việc").await.unwrap(), 1);
    assert!(!tx.untold_change(second.revision).await.unwrap());
    tx.commit().await.unwrap();

    let rows = store.obligations(second.id, false).await.unwrap();
    let seen: Vec<_> = rows
        .iter()
        .map(|row| (row.obligation.cell.as_str(), row.contact, row.notices_sent, row.obligation.state))
        .collect();
    assert_eq!(seen, [("cb-1", Contact::Sent, 1, State::Open), ("cb-2", Contact::Unsent, 0, State::Open)]);
    assert_eq!(store.sheet(ids[0]).await.unwrap().unwrap().sent, Some(minute(0)));
    let mails: Vec<_> =
        notices(&*store).await.into_iter().map(|mail| (mail.revision, mail.delivery)).collect();
    let stays: RevisionId = revision;
    assert_eq!(
        mails,
        [(stays, Delivery::Sent), (second.revision, Delivery::Queued), (stays, Delivery::Dropped),]
    );
    let tally = store.tally(minute(700)).await.unwrap();
    let late: u64 = tally.iter().filter(|line| line.late).map(|line| line.count).sum();
    assert_eq!(late, 1, "who was told under the earlier revision is late under this one");
}
