//! Notices claimed and settled as the dispatcher does it, with nothing sent in between; beside it the same changes of
//! the same rows by the engine alone.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use vanthu::app::ports::{
    ClaimRequest, Claimed, JournalEntry, JournalKind, NewThread, Settled, Settlement, Store,
};
use vanthu::domain::thread::Thread;

use super::engine::Place;

/// Notices that the dispatcher claims at once with four sessions.
pub const CLAIM: u32 = 64;

/// What a server says to a mail that it takes, what a mail's hash looks like, and a subject line.
const REPLY: &str = "250 2.0.0 Ok: queued as 4D1F3A0C2B";
const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const TOPIC: &str = "[Hạn 20/3] 12-KH/ĐUK: Kế hoạch sinh hoạt chuyên đề quý I";

/// Claims and settles all that waits, outcomes in groups of `group`; how many notices, and seconds.
///
/// # Errors
/// The register's, or an outcome did not count.
pub async fn ours(
    store: Arc<dyn Store>,
    (instance, group): (String, usize),
    now: DateTime<Utc>,
) -> Result<(u64, f64)> {
    let begun = Instant::now();
    let mut settled = 0;
    loop {
        let request = ClaimRequest {
            instance: instance.clone(),
            now,
            lease_until: now + TimeDelta::minutes(1),
            limit: CLAIM,
        };
        let mut tx = store.begin().await?;
        let claimed = tx.claim(&request).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok((settled, begun.elapsed().as_secs_f64()));
        }
        for group in claimed.chunks(group) {
            settle(store.as_ref(), group, now).await?;
        }
        settled += claimed.len() as u64;
    }
}

/// Commits that these were sent, with all that the dispatcher keeps of it: what mail programs group by, and in the
/// journal each server's word and each mail's hash.
async fn settle(store: &dyn Store, claimed: &[Claimed], now: DateTime<Utc>) -> Result<()> {
    let sent = |claimed: &Claimed| Settlement {
        id: claimed.id,
        epoch: claimed.epoch,
        settled: Settled::Sent { reply: REPLY.to_owned() },
    };
    let settlements: Vec<_> = claimed.iter().map(sent).collect();
    let mut tx = store.begin().await?;
    ensure!(tx.settle(&settlements, now).await?.into_iter().all(|counted| counted), "a claim was lost");
    tx.keep_threads(&claimed.iter().map(|claimed| thread(claimed, now)).collect::<Vec<_>>()).await?;
    let mail = |claimed: &Claimed| json!({ "notice": claimed.id, "reply": REPLY, "sha256": HASH });
    let (ids, mails): (Vec<_>, Vec<_>) = claimed.iter().map(|claimed| (claimed.id, mail(claimed))).unzip();
    let entry = JournalEntry {
        at: now,
        kind: JournalKind::Settled,
        document: claimed.first().map(|claimed| claimed.document),
        obligation: None,
        detail: json!({ "mails": mails, "sent": ids }),
    };
    tx.append(&[entry]).await?;
    Ok(tx.commit().await?)
}

fn thread(claimed: &Claimed, now: DateTime<Utc>) -> NewThread {
    NewThread {
        document: claimed.document,
        unit: claimed.key.unit.clone(),
        mailbox: claimed.key.mailbox.clone(),
        thread: Thread { topic: TOPIC.to_owned(), started: now, first: claimed.message_id.clone() },
    }
}

/// The same by several instances at once; seconds.
///
/// # Errors
/// As [`ours`], or some were claimed twice or not at all.
pub async fn instances(place: &Place, count: usize, waiting: u64, now: DateTime<Utc>) -> Result<f64> {
    let mut stores = Vec::new();
    for _ in 0..count {
        stores.push(place.store().await?);
    }
    let begun = Instant::now();
    let mut work = tokio::task::JoinSet::new();
    for (number, store) in stores.iter().enumerate() {
        work.spawn(ours(Arc::clone(store), (format!("instance {number}"), CLAIM as usize), now));
    }
    let mut settled = 0;
    while let Some(done) = work.join_next().await {
        settled += done??.0;
    }
    let took = begun.elapsed().as_secs_f64();
    ensure!(settled == waiting, "{settled} of {waiting} were settled");
    for store in stores {
        store.close().await;
    }
    Ok(took)
}

/// Makes all that was settled wait again, as new.
///
/// # Errors
/// The engine's.
pub async fn again(place: &Place) -> Result<u64> {
    let mut raw = place.raw().await?;
    raw.run(
        "DELETE FROM thread;
         UPDATE notice SET delivery = 'queued', sent_at = NULL, reply = NULL, tries = 0 WHERE delivery = 'sent'"
            .to_owned(),
    )
    .await
}

/// What the engine alone takes for the same changes and new rows, outcomes in groups of `group`; seconds.
///
/// # Errors
/// The engine's.
pub async fn engine_alone(place: &Place, waiting: u64, group: u32, now: DateTime<Utc>) -> Result<f64> {
    let (mut raw, now) = (place.raw().await?, now.timestamp_millis());
    let lease = now + 60_000;
    let mail = format!("{{\"notice\":1000000,\"reply\":\"{REPLY}\",\"sha256\":\"{HASH}\"}},");
    let detail = format!("{{\"mails\":[{}]}}", mail.repeat(group as usize));
    let begun = Instant::now();
    for _ in 0..waiting.div_ceil(u64::from(CLAIM)) {
        let claim = format!(
            "BEGIN; UPDATE notice SET delivery = 'sending', instance = 'raw', lease_until = {lease}, epoch = epoch + 1,
                tries = tries + 1
             WHERE id IN (SELECT id FROM notice WHERE delivery IN ('queued', 'ambiguous') AND priority = 3
                    AND send_at <= {now} ORDER BY send_at, id LIMIT {CLAIM}); COMMIT"
        );
        raw.run(claim).await?;
        let claimed = format!(
            "SELECT id FROM notice WHERE delivery = 'sending' ORDER BY lease_until, id LIMIT {group}"
        );
        let settle = format!(
            "BEGIN;
             INSERT INTO thread (document, unit, mailbox, topic, started, first)
             SELECT document, unit, mailbox, '{TOPIC}', {now}, message_id FROM notice WHERE id IN ({claimed});
             INSERT INTO journal (number, at, kind, document, detail, hash)
             SELECT max(number) + 1, {now}, 'settled', 1, '{detail}', '{HASH}' FROM journal;
             UPDATE notice SET delivery = 'sent', sent_at = {now}, reply = '{REPLY}', lease_until = NULL
             WHERE id IN ({claimed}); COMMIT"
        );
        for _ in 0..CLAIM.div_ceil(group) {
            raw.run(settle.clone()).await?;
        }
    }
    let took = begun.elapsed().as_secs_f64();
    let left = raw.number("SELECT count(*) FROM notice WHERE delivery <> 'sent'".to_owned()).await?;
    ensure!(left == 0, "{left} notices were left");
    Ok(took)
}
