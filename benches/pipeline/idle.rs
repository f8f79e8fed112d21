//! G4: the footprint of a daemon that has nothing to do, over a register with a million open obligations.

use std::time::Duration;

use anyhow::Result;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::runtime::Runtime;

use super::daemon::{Daemon, settled};
use super::office::{Office, Way};
use super::postfix::Sink;
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::wait::until;
use super::{CELLS, Plan, process};

/// Until the first look at the office's files is over.
const SETTLE: Duration = Duration::from_secs(10);
/// How long the idle daemon is watched.
const WATCH: Duration = Duration::from_secs(20);

/// Copies of document 1 with all its rows under new ids, as if each had been sent and were open.
const COPIES: [&str; 5] = [
    "CREATE TEMP TABLE copy AS WITH RECURSIVE n (k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < $1)
     SELECT k FROM n",
    "INSERT INTO document (id, source, external_id, registered)
     SELECT k, source, external_id || '-' || k, registered FROM copy, document WHERE id = 1",
    "INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered, asked)
     SELECT k, k, number, fingerprint, symbol, content, registered, asked FROM copy, revision WHERE id = 1",
    "INSERT INTO duty (id, revision, content)
     SELECT (SELECT max(id) FROM duty) + k, k, content FROM copy, duty WHERE duty.revision = 1",
    "INSERT INTO obligation (document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
        next_action)
     SELECT k, k, o.duty, cell, task, 'open', opened, since, acknowledge_due, due, step, next_action
     FROM copy, obligation o WHERE o.revision = 1",
];
const NOTICES: &str = "
    INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, priority, enqueued, delivery,
        send_at, tries, epoch, sent_at, reply)
    SELECT k, k, unit, kind, step, mailbox, k || message_id, priority, enqueued, delivery, send_at, tries, epoch,
        sent_at, reply
    FROM copy, notice WHERE notice.revision = 1";

/// Time to ready over an empty register and over a full one, then memory, CPU and wake-ups at rest.
///
/// # Errors
/// A count is wrong.
pub fn run(runtime: &Runtime, plan: &Plan, report: &mut Report) -> Result<()> {
    let sink = Sink::start(&[])?;
    let source = DocumentSystem::start(runtime, 1)?;
    let office = Office::new(&source.url(), &Way::Smtp(sink.port, 4))?;
    let daemon = Daemon::start(&office)?;
    let fresh = daemon.ready(&office)?;
    report.at_most("G4", "ready over a new register, ms", 100.0, fresh.as_secs_f64() * 1e3);
    until("the mails", Duration::from_millis(5), || Ok((sink.count()? >= CELLS).then_some(())))?;
    settled(runtime, &office)?;
    daemon.stop()?;
    let documents = plan.open.div_ceil(CELLS);
    note(&format!("idle: writing {} open obligations", documents * CELLS));
    runtime.block_on(fill(&office, documents))?;
    let mut ready = Vec::new();
    for _ in 1..plan.rounds.max(2) {
        let daemon = Daemon::start(&office)?;
        ready.push(daemon.ready(&office)?.as_secs_f64() * 1e3);
        daemon.stop()?;
    }
    let what = format!("ready over {} open obligations, ms", documents * CELLS);
    report.at_most("G4", what, 100.0, median(ready));
    rest(&Daemon::start(&office)?, &office, report)
}

/// Makes of a register with one directive, sent, one with so many.
///
/// # Errors
/// The disk is full.
pub async fn fill(office: &Office, documents: u64) -> Result<()> {
    let mut conn = SqliteConnectOptions::new().filename(office.register()).connect().await?;
    for sql in COPIES.into_iter().chain([NOTICES]) {
        sqlx::query(sql).bind(i64::try_from(documents)?).execute(&mut conn).await?;
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await?;
    Ok(sqlx::Connection::close(conn).await?)
}

fn rest(daemon: &Daemon, office: &Office, report: &mut Report) -> Result<()> {
    daemon.ready(office)?;
    std::thread::sleep(SETTLE);
    let (cpu, wakeups) = (process::cpu(daemon.id())?, process::wakeups(daemon.id())?);
    std::thread::sleep(WATCH);
    let used = process::cpu(daemon.id())?.saturating_sub(cpu).as_secs_f64() / WATCH.as_secs_f64();
    let woken = process::wakeups(daemon.id())?.saturating_sub(wakeups) as f64 / WATCH.as_secs_f64();
    let rss = process::memory(daemon.id(), "VmRSS")? as f64 / 1024.0;
    report.at_most("G4", "at rest over them: MB", 20.0, rss);
    report.at_most("G4", "at rest over them: % of a processor", 0.5, used * 100.0);
    report.at_most("G4", "at rest over them: wake-ups a second", 1.0, woken);
    Ok(())
}
