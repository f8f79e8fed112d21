//! What a register weighs: bytes of its tables with their indexes, for each obligation, mail and answer, after documents were
//! ingested, their mails sent and all cells had answered.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use vanthu::app::acknowledge::{OnBehalf, Outcome, staff};
use vanthu::app::ports::Store;
use vanthu::config::Loaded;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::{Answer, Grade};
use vanthu::domain::status::Voices;
use vanthu::runtime::wiring;

use super::claims;
use super::engine::{Engine, Place};
use super::ingest;
use super::paper::CELLS;

/// Tables whose rows come with a document and its obligations.
const OBLIGATION: [&str; 8] =
    ["obligation", "document", "revision", "raw", "trace", "duty", "passed", "reading"];
/// Tables whose rows come with a mail.
const MAIL: [&str; 2] = ["notice", "thread"];

/// Bytes for each obligation, its mail and its answer, with indexes; the last two with what the journal says of them.
pub struct Weight {
    obligation: f64,
    mail: f64,
    answer: f64,
    /// Facts of the journal for each obligation before its cell answers; an answer is one more.
    facts: f64,
}

/// Fills a register and weighs it.
///
/// # Errors
/// The register's.
pub async fn weigh(engine: &Engine, loaded: &Loaded, documents: u64, now: DateTime<Utc>) -> Result<Weight> {
    let place = engine.place("weighed")?;
    let store = place.store().await?;
    let empty = sizes(&place).await?;
    ingest::ours((loaded, store.as_ref()), (0, documents), now).await?;
    claims::ours(store.clone(), ("bench".to_owned(), claims::CLAIM as usize), now).await?;
    let (sent, rows) = (sizes(&place).await?, (documents * CELLS) as f64);
    let facts = place.raw().await?.number("SELECT count(*) FROM journal".to_owned()).await? as f64 / rows;
    answers(loaded, store.as_ref(), documents, now).await?;
    store.close().await;
    let full = sizes(&place).await?;
    Ok(Weight {
        obligation: grown(&empty, &sent, &OBLIGATION) / rows,
        mail: (grown(&empty, &sent, &MAIL) + grown(&empty, &sent, &["journal"])) / rows,
        answer: grown(&sent, &full, &["answer", "journal"]) / rows,
        facts,
    })
}

/// By how many bytes tables grew.
fn grown(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>, tables: &[&str]) -> f64 {
    let bytes = |sizes: &BTreeMap<String, i64>, table: &str| sizes.get(table).copied().unwrap_or_default();
    tables.iter().map(|table| bytes(after, table) - bytes(before, table)).sum::<i64>() as f64
}

/// Every cell says that it received what it was asked.
async fn answers(loaded: &Loaded, store: &dyn Store, documents: u64, now: DateTime<Utc>) -> Result<()> {
    let (office, voices) = (wiring::office(&loaded.settings, &loaded.office), Voices::default());
    let answer = Answer::Received { promised: None };
    for document in 1..=documents {
        let rows = store.obligations(DocumentId(i64::try_from(document)?), false).await?;
        for obligation in rows.iter().map(|row| row.obligation.id) {
            answered(store, (&office.calendar, &voices), (obligation, &answer), now).await?;
        }
    }
    Ok(())
}

async fn answered(
    store: &dyn Store,
    desk: (&vanthu::domain::calendar::Calendar, &Voices),
    (obligation, answer): (ObligationId, &Answer),
    now: DateTime<Utc>,
) -> Result<()> {
    let (actor, reason) =
        ("bench", "203.0.113.77 Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0");
    let entry = OnBehalf { obligations: &[obligation], answer, actor, reason, now };
    let outcome = staff(store, desk, &entry).await?;
    ensure!(outcome == Outcome::Recorded(Grade::Staff), "{outcome:?}");
    Ok(())
}

/// Bytes of each table with its indexes.
async fn sizes(place: &Place) -> Result<BTreeMap<String, i64>> {
    let sqlite = "SELECT s.tbl_name, CAST(sum(d.pgsize) AS INTEGER) FROM dbstat d
        JOIN sqlite_schema s ON s.name = d.name WHERE d.aggregate = 1 GROUP BY s.tbl_name";
    let postgres = "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";
    Ok(place.raw().await?.numbers((sqlite, postgres)).await?.into_iter().collect())
}

impl Weight {
    /// Prints it.
    #[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
    pub fn print(&self) {
        let Self { obligation, mail, answer, facts } = self;
        println!(
            "  bytes with indexes: {obligation:.0} for an obligation, {mail:.0} for a mail, {answer:.0} for an answer"
        );
        println!("  facts of the journal: {facts:.3} for an obligation and its mail, one for an answer");
    }
}
