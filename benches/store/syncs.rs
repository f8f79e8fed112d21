//! How often a document with its 221 mails makes the disk say that all is written: `fsync` and `fdatasync`, counted for an
//! SQLite file by a library between the program and the C library, for PostgreSQL by the server's own statistics.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use vanthu::config::Loaded;

use super::claims;
use super::engine::{Engine, Place};
use super::ingest;

/// What counts calls; the tests make them fail by it.
const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/faults.c");

/// Syncs for each document: of its ingest, and of that and all its mails with outcomes in groups.
#[derive(Debug, Clone, Copy)]
pub struct Syncs {
    /// Of the ingest alone.
    pub ingest: f64,
    /// Of everything.
    pub all: f64,
}

/// Counts.
///
/// # Errors
/// There is no C compiler; the register's.
pub async fn count(engine: &Engine, loaded: &Loaded, documents: u64, now: DateTime<Utc>) -> Result<Syncs> {
    if let Engine::Sqlite = engine {
        return watched(documents);
    }
    let place = engine.place("synced")?;
    place.store().await?.close().await;
    let mut marks = vec![told(&place).await?];
    for work in [Work::Ingest, Work::Send] {
        let store = place.store().await?;
        work.done(loaded, store, documents, now).await?;
        marks.push(told(&place).await?);
    }
    Ok(between(&marks, documents))
}

/// What is counted.
enum Work {
    Ingest,
    Send,
}

impl Work {
    async fn done(
        &self,
        loaded: &Loaded,
        store: std::sync::Arc<dyn vanthu::app::ports::Store>,
        documents: u64,
        now: DateTime<Utc>,
    ) -> Result<()> {
        match self {
            Self::Ingest => {
                ingest::ours((loaded, store.as_ref()), (0, documents), now).await?;
            }
            Self::Send => {
                claims::ours(store.clone(), ("bench".to_owned(), claims::CLAIM as usize), now).await?;
            }
        }
        store.close().await;
        Ok(())
    }
}

fn between(marks: &[i64], documents: u64) -> Syncs {
    let each = |from: usize, to: usize| {
        let mark = |place: usize| marks.get(place).copied().unwrap_or_default();
        (mark(to) - mark(from)) as f64 / documents as f64
    };
    Syncs { ingest: each(0, 1), all: each(0, 2) }
}

/// The server's count; its processes tell of theirs when they end, at the latest.
async fn told(place: &Place) -> Result<i64> {
    tokio::time::sleep(Duration::from_millis(1500)).await;
    place.raw().await?.number("SELECT wal_sync FROM pg_stat_wal".to_owned()).await
}

/// Runs this program once more with the counter loaded.
fn watched(documents: u64) -> Result<Syncs> {
    let folder = tempfile::tempdir()?;
    let (library, counted) = (folder.path().join("count.so"), folder.path().join("count"));
    let made = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(COUNTER).status();
    ensure!(made.context("cc is missing: run ./test.sh, which installs it")?.success(), "cc failed");
    fs::write(&counted, [0; 16])?;
    let told = Command::new(std::env::current_exe()?)
        .arg("--syncs")
        .arg(&counted)
        .args(["--documents", &documents.to_string()])
        .env("LD_PRELOAD", &library)
        .env("FAULTS_UNDER", folder.path())
        .env("FAULTS_CALLS", "sync")
        .env("FAULTS_COUNT", &counted)
        .env("TMPDIR", folder.path())
        .output()?;
    ensure!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let marks = String::from_utf8(told.stdout)?;
    let marks = marks.split_whitespace().map(str::parse).collect::<Result<Vec<i64>, _>>()?;
    ensure!(marks.len() == 3, "three counts were expected");
    Ok(between(&marks, documents))
}

/// What the program does that is run once more: prints the counts before, between and after.
///
/// # Errors
/// The register's.
#[expect(clippy::print_stdout, reason = "its parent reads it")]
pub async fn child(counted: &Path, loaded: &Loaded, documents: u64, now: DateTime<Utc>) -> Result<()> {
    let place = Engine::Sqlite.place("")?;
    place.store().await?.close().await;
    let store = place.store().await?;
    let mut marks = vec![calls(counted)?];
    ingest::ours((loaded, store.as_ref()), (0, documents), now).await?;
    marks.push(calls(counted)?);
    claims::ours(store.clone(), ("bench".to_owned(), claims::CLAIM as usize), now).await?;
    marks.push(calls(counted)?);
    store.close().await;
    println!("{}", marks.iter().map(i64::to_string).collect::<Vec<_>>().join(" "));
    Ok(())
}

fn calls(counted: &Path) -> Result<i64> {
    let bytes = fs::read(counted)?;
    let first = bytes.first_chunk().context("the counter's file is short")?;
    Ok(i64::from_ne_bytes(*first))
}
