//! W1: all documents, from the first request to the last outcome on disk.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::runtime::Runtime;

use super::daemon::{Daemon, deliveries, settled};
use super::office::{Office, Way};
use super::peer::{self, Peer};
use super::postfix::{Sink, ceiling};
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::wait::until;
use super::{CELLS, Plan, process};

/// What one round gave.
struct Round {
    mails_per_second: f64,
    cpu_per_mail: f64,
    peak_mb: f64,
    idle_mb: f64,
    ceiling: f64,
}

/// Size of one mail of the workload in bytes, from mails written to files.
///
/// # Errors
/// The program does not write 221.
pub fn mail_size(runtime: &Runtime) -> Result<u64> {
    let source = DocumentSystem::start(runtime, 1)?;
    let office = Office::new(&source.url(), &Way::Files)?;
    let daemon = Daemon::start(&office)?;
    source.first_request()?;
    let folder = office.path().join("mails");
    let all = || Ok((fs::read_dir(&folder).map_or(0, Iterator::count) as u64 >= CELLS).then_some(()));
    until("mails in files", Duration::from_millis(20), all)?;
    settled(runtime, &office)?;
    daemon.stop()?;
    let sizes = fs::read_dir(&folder)?.map(|mail| Ok(mail?.metadata()?.len()));
    let sizes = sizes.collect::<Result<Vec<_>>>()?;
    ensure!(sizes.len() as u64 == CELLS, "{} mails in files", sizes.len());
    Ok(sizes.iter().sum::<u64>() / CELLS)
}

/// All numbers of sessions, each so many rounds, with ceiling and peer between them.
///
/// # Errors
/// A count is wrong.
pub fn run(runtime: &Runtime, plan: &Plan, size: u64, part: &str, report: &mut Report) -> Result<()> {
    let mut best = 0_f64;
    let (mut scripts, mut twins) = (Vec::new(), Vec::new());
    for sessions in &plan.sessions {
        let mut rounds = Vec::new();
        for number in 1..=plan.rounds {
            let round = round(runtime, plan.documents, *sessions, size)?;
            note(&format!(
                "{part} {sessions} sessions, round {number}: {:.0} mails/s of {:.0}, {:.0} µs/mail",
                round.mails_per_second, round.ceiling, round.cpu_per_mail
            ));
            rounds.push(round);
            if part == "pinned" && sessions == plan.sessions.last().unwrap_or(&1) {
                scripts.extend(peer::round(runtime, plan.documents, size, None)?);
                twins.extend(peer::round(runtime, plan.documents, size, Some(*sessions))?);
            }
        }
        best = best.max(middle(&rounds, |round| round.mails_per_second));
        tell(part, *sessions, &rounds, report);
    }
    tell_peer("script", 6.0, &scripts, best, report);
    tell_peer("asyncio twin", 2.5, &twins, best, report);
    Ok(())
}

/// One round: the ceiling, then the program, each with a sink of its own.
fn round(runtime: &Runtime, documents: u64, sessions: usize, size: u64) -> Result<Round> {
    let mails = documents * CELLS;
    let ceiling = ceiling(mails, sessions, size)?;
    let sink = Sink::start(&[])?;
    let source = DocumentSystem::start(runtime, documents)?;
    let office = Office::new(&source.url(), &Way::Smtp(sink.port, sessions))?;
    let daemon = Daemon::start(&office)?;
    let begun = source.first_request()?;
    let all = || Ok((sink.count()? >= mails).then_some(()));
    until("the mails", Duration::from_millis(5), all)?;
    let took = settled(runtime, &office)?.duration_since(begun);
    let cpu = process::cpu(daemon.id())?;
    let peak_mb = process::memory(daemon.id(), "VmHWM")? as f64 / 1024.0;
    std::thread::sleep(Duration::from_secs(1));
    let idle_mb = process::memory(daemon.id(), "VmRSS")? as f64 / 1024.0;
    daemon.stop()?;
    prove(runtime, &office, &sink, mails)?;
    Ok(Round {
        mails_per_second: mails as f64 / took.as_secs_f64(),
        cpu_per_mail: cpu.as_secs_f64() * 1e6 / mails as f64,
        peak_mb,
        idle_mb,
        ceiling,
    })
}

/// Nothing missing and nothing extra, at the sink and in the register.
///
/// # Errors
/// A count is wrong.
pub fn prove(runtime: &Runtime, office: &Office, sink: &Sink, mails: u64) -> Result<()> {
    ensure!(sink.count()? == mails, "the sink took {} mails, not {mails}", sink.count()?);
    let deliveries = deliveries(runtime, office)?;
    ensure!(deliveries == [("sent", mails)].into(), "the register counts {deliveries:?}, not {mails} sent");
    Ok(())
}

fn middle(rounds: &[Round], value: impl Fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(value).collect())
}

fn tell(part: &str, sessions: usize, rounds: &[Round], report: &mut Report) {
    let at = format!("{}{sessions} sessions", if part == "pinned" { "pinned, " } else { "" });
    let mails = middle(rounds, |round| round.mails_per_second);
    let ceiling = middle(rounds, |round| round.ceiling);
    let documents = mails / CELLS as f64;
    report.figure("W1", format!("{at}: mails/s"), format!("{mails:.0}"));
    report.figure("W1", format!("{at}: documents/s"), format!("{documents:.1}"));
    report.figure("W1", format!("{at}: smtp-source -d, mails/s"), format!("{ceiling:.0}"));
    let ratio = middle(rounds, |round| round.mails_per_second / round.ceiling);
    let what = format!("{at}: of the ceiling");
    match (part, sessions) {
        ("pinned", 1) => report.at_least("G1", what, 0.65, ratio),
        ("pinned", 4) => report.at_least("G1", what, 0.70, ratio),
        ("w1", 4 | 16) => report.at_least("G1", what, 0.55, ratio),
        _ => report.figure("G1", what, format!("{ratio:.2}")),
    }
    let cpu = middle(rounds, |round| round.cpu_per_mail);
    let what = format!("{at}: µs of CPU per mail");
    match (part, sessions) {
        ("pinned", 16) => report.at_most("G3", what, 120.0, cpu),
        _ => report.figure("G3", what, format!("{cpu:.0}")),
    }
    report.at_most("G4", format!("{at}: peak MB"), 64.0, middle(rounds, |round| round.peak_mb));
    report.figure(
        "G4",
        format!("{at}: MB a second later"),
        format!("{:.1}", middle(rounds, |round| round.idle_mb)),
    );
}

fn tell_peer(name: &str, goal: f64, peers: &[Peer], best: f64, report: &mut Report) {
    if peers.is_empty() {
        return;
    }
    let middle = |value: fn(&Peer) -> f64| median(peers.iter().map(value).collect());
    let mails = middle(|peer| peer.mails_per_second);
    report.figure("G2", format!("{name}, commit per document: mails/s"), format!("{mails:.0}"));
    let cpu = middle(|peer| peer.cpu_per_mail);
    report.figure("G2", format!("{name}: µs of CPU per mail"), format!("{cpu:.0}"));
    let peak = middle(|peer| peer.peak_mb);
    report.figure("G2", format!("{name}: peak MB"), format!("{peak:.1}"));
    report.at_least("G2", format!("pinned, best of all: times the {name}"), goal, best / mails);
}
