//! Ingest: documents become obligations and notices, one commit per document; beside it the same rows moved into the
//! same tables by the engine alone, from tables in its own memory, one statement per table and one commit per document.

use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::ingest::{Care, Overlap, Poll, poll};
use vanthu::app::office::Office;
use vanthu::app::policy::Policy;
use vanthu::app::ports::{Clock, Store};
use vanthu::config::Loaded;
use vanthu::domain::brake::Baseline;
use vanthu::runtime::wiring;

use super::engine::{Place, Raw};
use super::paper::{CELLS, paper};
use super::stack::Stack;

/// The tables that a document adds rows to, parents first.
const TABLES: [&str; 10] =
    ["document", "revision", "raw", "trace", "duty", "obligation", "notice", "passed", "reading", "journal"];

/// A clock that stands.
#[derive(Debug)]
struct Standing(DateTime<Utc>);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn sleep_until(&self, _: DateTime<Utc>) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

/// Polls so many documents with numbers after `known`; seconds.
///
/// # Errors
/// The register's, or not every cell was obliged.
pub async fn ours(
    (loaded, store): (&Loaded, &dyn Store),
    (known, documents): (u64, u64),
    now: DateTime<Utc>,
) -> Result<f64> {
    let policy: Policy = wiring::policy(loaded, store).await?;
    let office: Office = wiring::office(&loaded.settings, &loaded.office);
    let care = Care {
        directives: Some(u64::MAX),
        mails: Some(u64::MAX),
        baseline: Baseline::Mail,
        ..Care::default()
    };
    let (window, recheck) = (TimeDelta::hours(1), TimeDelta::hours(1));
    let order = Poll {
        store,
        office: &office,
        policy: &policy,
        overlap: Overlap { window, recheck, after_refusal: TimeDelta::hours(1) },
        care: &care,
        clock: &Standing(now),
        opened: &|| (),
    };
    let stack = Stack::new((known + 1..=known + documents).map(|number| paper(number, now)).collect());
    let begun = Instant::now();
    let polled = poll(&order, &stack, now).await?;
    let took = begun.elapsed().as_secs_f64();
    ensure!(polled.obligations == documents * CELLS, "{polled:?}");
    Ok(took)
}

/// Moves the rows of `filled` into the empty register `empty`, document by document; seconds.
///
/// # Errors
/// The engine's, or a table grew that this list does not have.
pub async fn engine_alone(filled: &Place, empty: &Place, documents: u64) -> Result<f64> {
    let mut raw = empty.raw().await?;
    let tables = lay_out(&mut raw, filled, documents).await?;
    let begun = Instant::now();
    for document in 0..documents {
        let mut sql = "BEGIN;".to_owned();
        for (table, columns) in &tables {
            let overriding = if matches!(raw, Raw::Postgres(_)) { "OVERRIDING SYSTEM VALUE" } else { "" };
            sql += &format!(
                "INSERT INTO {table} ({columns}) {overriding} SELECT {columns} FROM laid_{table}
                 WHERE chunk = {document};"
            );
        }
        raw.run(sql + "COMMIT").await?;
    }
    let took = begun.elapsed().as_secs_f64();
    let moved = raw.number("SELECT count(*) FROM obligation".to_owned()).await?;
    ensure!(moved == i64::try_from(documents * CELLS)?, "{moved} rows were moved");
    Ok(took)
}

/// Lays the rows beside the register, each with the number of its document, in temporary tables; each table's name and
/// columns.
async fn lay_out(raw: &mut Raw, filled: &Place, documents: u64) -> Result<Vec<(&'static str, String)>> {
    let from = match (&*raw, filled) {
        (Raw::Sqlite(_), Place::Sqlite(folder)) => {
            let file = folder.path().join("vanthu.db");
            raw.run("PRAGMA temp_store = MEMORY".to_owned()).await?;
            raw.run(format!("ATTACH '{}' AS filled", file.display())).await?;
            "filled."
        }
        _ => "",
    };
    let mut tables = Vec::new();
    for table in TABLES {
        let columns = columns(raw, table).await?;
        // By its key: an updated row stands elsewhere.
        let first = columns.split(',').next().unwrap_or_default();
        let made = format!(
            "CREATE TEMP TABLE laid_{table} AS
             SELECT t.*, (row_number() OVER (ORDER BY {first}) - 1) * {documents} / count(*) OVER () AS chunk FROM {from}{table} t
             {}",
            // What was journalled since is not of the ingest.
            if table == "journal" { "WHERE kind <> 'settled'" } else { "" }
        );
        raw.run(made).await?;
        raw.run(format!("CREATE INDEX laid_{table}_chunk ON laid_{table} (chunk)")).await?;
        tables.push((table, columns));
    }
    if let Raw::Postgres(_) = raw {
        let all = TABLES.join(", ");
        // The journal lets nobody empty it.
        raw.run(format!(
            "ANALYZE; ALTER TABLE journal DISABLE TRIGGER USER; TRUNCATE {all} CASCADE;
             ALTER TABLE journal ENABLE TRIGGER USER"
        ))
        .await?;
    }
    Ok(tables)
}

async fn columns(raw: &mut Raw, table: &str) -> Result<String> {
    let sqlite = format!("SELECT name FROM pragma_table_info('{table}')");
    let postgres = format!(
        "SELECT attname::text FROM pg_attribute
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    );
    Ok(raw.names((sqlite, postgres)).await?.join(", "))
}
