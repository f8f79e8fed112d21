//! What a register that has grown costs: documents ingested, and notices claimed and settled, beside so many obligations
//! that are open, each with a mail that was sent.

use anyhow::Result;
use chrono::{DateTime, Utc};
use vanthu::config::Loaded;

use super::claims;
use super::engine::{Engine, Place, Raw};
use super::ingest;
use super::paper::CELLS;

/// Documents that are ingested beside the others.
const DOCUMENTS: u64 = 20;

/// Copies of document 1 with all its rows under new ids, as if each had been sent and were open, with a ladder that wants
/// attention in some years. Both engines read them alike.
const COPIES: [&str; 8] = [
    "INSERT INTO document (id, source, external_id, registered)
     SELECT k, source, external_id || '-' || k, registered FROM copies, document WHERE id = 1",
    "INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered)
     SELECT k, k, number, fingerprint, symbol, content, registered FROM copies, revision WHERE id = 1",
    "INSERT INTO raw (revision, content) SELECT k, content FROM copies, raw WHERE revision = 1",
    "INSERT INTO trace (revision, content) SELECT k, content FROM copies, trace WHERE revision = 1",
    "INSERT INTO duty (id, revision, content) SELECT k, k, content FROM copies, duty WHERE id = 1",
    "INSERT INTO obligation (document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
        next_action)
     SELECT k, k, k, cell, task, 'open', opened, since, acknowledge_due, due, step, next_action + 100000000000 + k
     FROM copies, obligation o WHERE o.revision = 1",
    "INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery,
        send_at, tries, epoch, sent_at, reply)
     SELECT k, k, unit, kind, step, mailbox, k || message_id, priority, enqueued, 'sent', send_at, 1, 1, send_at, 'ok'
     FROM copies, notice WHERE notice.revision = 1",
    "INSERT INTO thread (document, unit, mailbox, topic, started, first)
     SELECT k, unit, mailbox, topic, started, k || first FROM copies, thread WHERE document = 1",
];

/// Rows a second: obligations ingested, notices claimed and settled.
///
/// # Errors
/// The register's.
pub async fn beside(engine: &Engine, loaded: &Loaded, rows: u64, now: DateTime<Utc>) -> Result<(f64, f64)> {
    let place = engine.place(&format!("grown{rows}"))?;
    let store = place.store().await?;
    ingest::ours((loaded, store.as_ref()), (0, 1), now).await?;
    claims::ours(store.clone(), ("bench".to_owned(), claims::CLAIM as usize), now).await?;
    store.close().await;
    drop(store);
    fill(&place, rows.div_ceil(CELLS)).await?;
    let store = place.store().await?;
    let took = ingest::ours((loaded, store.as_ref()), (1, DOCUMENTS), now).await?;
    let (settled, seconds) =
        claims::ours(store.clone(), ("bench".to_owned(), claims::CLAIM as usize), now).await?;
    store.close().await;
    drop(store);
    engine.forget(place)?;
    Ok(((DOCUMENTS * CELLS) as f64 / took, settled as f64 / seconds))
}

async fn fill(place: &Place, documents: u64) -> Result<()> {
    let mut raw = place.raw().await?;
    // A fill that dies is begun anew, and its indexes are written in no order: they stay in memory.
    raw.run(match raw {
        Raw::Sqlite(_) => "PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000".to_owned(),
        Raw::Postgres(_) => "SET synchronous_commit = off; SET work_mem = '256MB'".to_owned(),
    })
    .await?;
    let numbers = format!(
        "CREATE TEMP TABLE copies AS WITH RECURSIVE n (k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < {documents})
         SELECT k FROM n"
    );
    raw.run(numbers).await?;
    for sql in COPIES {
        raw.run(sql.to_owned()).await?;
    }
    let rest = match raw {
        Raw::Sqlite(_) => vec!["PRAGMA wal_checkpoint(TRUNCATE)".to_owned()],
        Raw::Postgres(_) => {
            let numbered = ["document", "revision", "duty"].map(|table| {
                format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            });
            numbered.into_iter().chain(["VACUUM ANALYZE".to_owned(), "CHECKPOINT".to_owned()]).collect()
        }
    };
    for sql in rest {
        raw.run(sql).await?;
    }
    Ok(())
}
