//! Mails that may have been accepted: looked for before they are sent again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use vanthu::app::ports::{NoticeFilter, NoticeRow, SendOutcome, Sent, SentError};
use vanthu::domain::notice::Delivery;

use crate::support::rig::{Rig, local};
use crate::support::site::mailed;

/// A mailbox of accepted mails.
#[derive(Default)]
struct Journal {
    seen: Mutex<BTreeMap<String, String>>,
    broken: Mutex<bool>,
    asked: Mutex<Vec<(String, DateTime<Utc>)>>,
}

#[async_trait]
impl Sent for Journal {
    fn name(&self) -> &str {
        "hộp thư thử"
    }

    async fn find(&self, message_id: &str, since: DateTime<Utc>) -> Result<Option<String>, SentError> {
        self.asked.lock().unwrap().push((message_id.to_owned(), since));
        if *self.broken.lock().unwrap() {
            return Err(SentError("không nối được".to_owned()));
        }
        Ok(self.seen.lock().unwrap().get(message_id).cloned())
    }
}

/// Three mails, the server silent behind the dot of each; whoever can look sees nothing yet.
async fn silent() -> (Rig, Arc<Journal>) {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let journal = Arc::new(Journal::default());
    rig.witness = Some(journal.clone());
    rig.mailer.script("*", Some(SendOutcome::Ambiguous { reason: "im lặng sau dấu chấm".to_owned() }));
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    rig.mailer.script("*", None);
    assert!(journal.asked.lock().unwrap().is_empty(), "nothing speaks against a first try");
    (rig, journal)
}

async fn notices(rig: &Rig) -> Vec<NoticeRow> {
    rig.store.notices(&NoticeFilter::default()).await.unwrap()
}

async fn count(rig: &Rig, delivery: Delivery) -> usize {
    notices(rig).await.iter().filter(|row| row.delivery == delivery).count()
}

#[tokio::test]
async fn what_is_seen_is_not_sent_again() {
    let (rig, journal) = silent().await;
    let rows = notices(&rig).await;
    assert_eq!(rows.len(), 3);
    for row in &rows {
        journal.seen.lock().unwrap().insert(row.message_id.clone(), "UID 7".to_owned());
    }
    rig.go("2026-03-02 09:10");
    let done = rig.dispatch().await;
    assert_eq!((done.found, done.sent), (3, 0));
    assert!(rig.mailer.letters().is_empty(), "no mail left a second time");
    for row in notices(&rig).await {
        assert_eq!(row.delivery, Delivery::Sent);
        assert!(row.reply.unwrap().contains("hộp thư thử: UID 7"));
    }
    let entries = rig.store.journal(None, 0, 0).await.unwrap();
    let found: Vec<_> =
        entries.iter().filter_map(|entry| entry.detail["found"].as_array()).flatten().collect();
    assert_eq!(found.len(), 3, "the journal says where each was seen");
    assert!(found.iter().all(|found| found["seen"].as_str().unwrap().contains("UID 7")));
    let (_, since) = journal.asked.lock().unwrap()[0].clone();
    assert!(since <= local("2026-03-02 09:00") && since > local("2026-03-01 07:00"), "{since}");
}

#[tokio::test]
async fn what_is_not_seen_in_time_is_sent_again_under_its_id() {
    let (rig, _) = silent().await;
    let planned: Vec<_> = notices(&rig).await.into_iter().map(|row| row.message_id).collect();
    rig.go("2026-03-02 09:01");
    let early = rig.dispatch().await;
    assert_eq!((early.postponed, early.sent), (3, 0), "a copy may still be on its way");
    assert_eq!(count(&rig, Delivery::Ambiguous).await, 3);
    assert!(notices(&rig).await.iter().all(|row| row.tries == 1), "waiting is no try");
    rig.go("2026-03-02 09:03");
    assert_eq!(rig.dispatch().await.sent, 3);
    let mut again: Vec<_> = rig.mailer.letters().into_iter().map(|letter| letter.message_id).collect();
    again.sort();
    let mut planned = planned;
    planned.sort();
    assert_eq!(again, planned);
}

/// A cell that is told twice sees a mail twice; one that is not told misses its day.
#[tokio::test]
async fn where_nobody_can_look_it_is_sent_again_after_a_while() {
    let (rig, journal) = silent().await;
    *journal.broken.lock().unwrap() = true;
    for now in ["2026-03-02 09:02", "2026-03-02 09:08", "2026-03-02 09:14"] {
        rig.go(now);
        assert_eq!(rig.dispatch().await.sent, 0, "{now}");
    }
    assert!(notices(&rig).await[0].reply.as_deref().unwrap().contains("không nối được"));
    rig.go("2026-03-02 09:16");
    assert_eq!(rig.dispatch().await.sent, 3);
}

/// The process died before it had recorded any answer.
#[tokio::test]
async fn a_mail_whose_sender_died_is_looked_for() {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    let journal = Arc::new(Journal::default());
    rig.witness = Some(journal.clone());
    rig.mailer.script("*", Some(SendOutcome::Retry { reason: "421".to_owned(), everyone: true }));
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    rig.mailer.script("*", None);
    rig.go("2026-03-02 09:10");
    let request = vanthu::app::ports::ClaimRequest {
        instance: "đã chết".to_owned(),
        now: rig.clock_now(),
        lease_until: rig.clock_now() + chrono::TimeDelta::minutes(1),
        limit: 9,
    };
    let mut tx = rig.store.begin().await.unwrap();
    let claimed = tx.claim(&request).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        claimed.iter().all(|claimed| claimed.doubtful.is_none()),
        "a refusal before the dot leaves no doubt"
    );
    journal.seen.lock().unwrap().insert(claimed[0].message_id.clone(), "UID 1".to_owned());
    rig.go("2026-03-02 09:12");
    let done = rig.dispatch().await;
    assert_eq!((done.found, done.postponed, done.sent), (1, claimed.len() as u64 - 1, 0));
    rig.go("2026-03-02 09:15");
    assert_eq!(rig.dispatch().await.sent, claimed.len() as u64 - 1);
}

/// Sent again after its first doubt was over, it died once more: a copy of that one has as long to turn up.
#[tokio::test]
async fn a_second_doubt_is_given_the_same_time() {
    let (rig, journal) = silent().await;
    rig.go("2026-03-02 09:03");
    let request = vanthu::app::ports::ClaimRequest {
        instance: "đã chết".to_owned(),
        now: rig.clock_now(),
        lease_until: rig.clock_now() + chrono::TimeDelta::minutes(1),
        limit: 9,
    };
    let mut tx = rig.store.begin().await.unwrap();
    let claimed = tx.claim(&request).await.unwrap();
    tx.commit().await.unwrap();
    rig.go("2026-03-02 09:05");
    let early = rig.dispatch().await;
    assert_eq!((early.postponed, early.sent), (3, 0), "its copy may still be on its way");
    for claimed in &claimed {
        journal.seen.lock().unwrap().insert(claimed.message_id.clone(), "UID 9".to_owned());
    }
    rig.go("2026-03-02 09:08");
    let done = rig.dispatch().await;
    assert_eq!((done.found, done.sent), (3, 0));
}
