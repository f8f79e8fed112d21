//! G12: a server that takes its time, and one that never answers about one cell.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;

use super::black_hole::BlackHole;
use super::daemon::{Daemon, settled};
use super::office::{Office, Way};
use super::postfix::Sink;
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::w1::prove;
use super::wait::until;
use super::{CELLS, Plan};

/// Documents while one cell is black-holed: more than there are sessions, so that its mails could take
/// every one of them.
const DOCUMENTS: u64 = 20;

/// Both.
///
/// # Errors
/// A count is wrong.
pub fn run(runtime: &Runtime, plan: &Plan, report: &mut Report) -> Result<()> {
    for (sessions, documents) in [(16, 1), (64, 3)] {
        let share = slow(runtime, sessions, documents)?;
        note(&format!("slow server, {sessions} sessions: {share:.3} of ideal"));
        report.at_least("G12", format!("smtp-sink -w 1, {sessions} sessions: of ideal"), 0.95, share);
    }
    let mut costs = Vec::new();
    for _ in 0..plan.rounds {
        let free = others(runtime, None)?;
        let holed = others(runtime, Some("cb-so-noi-vu-2@"))?;
        note(&format!("black hole: the others took {free:.2?} without, {holed:.2?} with it"));
        costs.push((holed.as_secs_f64() / free.as_secs_f64() - 1.0) * 100.0);
    }
    report.at_most("G12", "one black-holed cell costs the others, %", 10.0, median(costs));
    Ok(())
}

/// The share of the ideal rate: one mail a second on each connection.
fn slow(runtime: &Runtime, sessions: u64, documents: u64) -> Result<f64> {
    let mails = documents * CELLS;
    let sink = Sink::start(&["-w", "1"])?;
    let source = DocumentSystem::start(runtime, documents)?;
    let office = Office::new(&source.url(), &Way::Smtp(sink.port, usize::try_from(sessions)?))?;
    let daemon = Daemon::start(&office)?;
    let begun = source.first_request()?;
    let all = || Ok((sink.count()? >= mails).then_some(()));
    until("the mails", Duration::from_millis(5), all)?;
    let took = settled(runtime, &office)?.duration_since(begun);
    daemon.stop()?;
    prove(runtime, &office, &sink, mails)?;
    Ok(mails.div_ceil(sessions) as f64 / took.as_secs_f64())
}

/// How long it takes until all mails but those to the hole are accepted.
fn others(runtime: &Runtime, hole: Option<&'static str>) -> Result<Duration> {
    let server = BlackHole::start(runtime, hole)?;
    let source = DocumentSystem::start(runtime, DOCUMENTS)?;
    let office = Office::new(&source.url(), &Way::Smtp(server.port, 16))?;
    let daemon = Daemon::start(&office)?;
    let begun = source.first_request()?;
    let wanted = DOCUMENTS * (CELLS - u64::from(hole.is_some()));
    let all = || Ok((server.count() >= wanted).then(|| begun.elapsed()));
    let took = until("the mails of the others", Duration::from_millis(2), all)?;
    // Its mails to the hole are on their way still: this one is killed, not told to end.
    drop(daemon);
    Ok(took)
}
