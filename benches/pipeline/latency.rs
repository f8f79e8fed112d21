//! G11: from a document that can be seen to the last of its mails accepted, beyond the poll interval.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;

use super::daemon::{Daemon, settled};
use super::office::{Office, Way};
use super::postfix::Sink;
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::wait::until;
use super::{CELLS, Plan};

/// Sessions of the goal.
const SESSIONS: usize = 16;

/// A cold start for each round, and, unless one round is enough, polls of a running daemon; a poll comes
/// at the full minute, so each takes up to one.
///
/// # Errors
/// A count is wrong.
pub fn run(runtime: &Runtime, plan: &Plan, report: &mut Report) -> Result<()> {
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    for number in 0..plan.rounds {
        let sink = Sink::start(&[])?;
        let source = DocumentSystem::start(runtime, 1)?;
        let office = Office::new(&source.url(), &Way::Smtp(sink.port, SESSIONS))?;
        let daemon = Daemon::start(&office)?;
        cold.push(one(&source, &sink, CELLS)?);
        settled(runtime, &office)?;
        if number > 0 {
            source.put(2);
            warm.push(one(&source, &sink, 2 * CELLS)?);
            settled(runtime, &office)?;
        }
        daemon.stop()?;
        note(&format!("latency, round {}: cold {cold:.0?} ms, warm {warm:.0?} ms", number + 1));
    }
    report.figure("G11", "first poll after the start → 221st mail, ms", format!("{:.0}", median(cold)));
    if !warm.is_empty() {
        report.at_most("G11", "poll of a running daemon → 221st mail, ms", 60.0, median(warm));
    }
    Ok(())
}

/// Milliseconds from the first request of the poll to the last mail.
fn one(source: &DocumentSystem, sink: &Sink, mails: u64) -> Result<f64> {
    let begun = source.first_request()?;
    let all = || Ok((sink.count()? >= mails).then(|| begun.elapsed()));
    let took = until("the last mail", Duration::from_micros(500), all)?;
    Ok(took.as_secs_f64() * 1e3)
}
