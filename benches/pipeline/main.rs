//! W1 of docs/PERFORMANCE.md: documents from a document system become mails in a mail server, with the
//! ceiling and a peer measured beside the program in the same run.
//!
//!     cargo bench --bench pipeline                    everything, a quarter of an hour
//!     cargo bench --bench pipeline -- --quick         10 documents, one round
//!     cargo bench --bench pipeline -- --rounds 5 --only w1,idle
//!     cargo bench --bench pipeline -- --program target/release/vanthu --open 10000 --sessions 16
//!
//! The program is the release binary, run as a child like in service; the document system is the fake of
//! `vanthu::demo` inside this process; the mail server is Postfix's `smtp-sink`. Counts that are wrong
//! end the run with an error; a goal that is missed does not.

mod black_hole;
mod daemon;
mod idle;
mod kill;
mod latency;
mod office;
mod peer;
mod postfix;
mod process;
mod report;
mod rules;
mod slow;
mod source;
mod w1;
mod wait;

use anyhow::{Context as _, Result, bail};

use report::Report;

/// Cells that a document of the workload obliges.
pub const CELLS: u64 = 221;

/// What the command line asks for.
pub struct Plan {
    /// Documents in a round.
    pub documents: u64,
    /// Rounds; medians are stated.
    pub rounds: usize,
    /// Open obligations of the idle register.
    pub open: u64,
    /// Numbers of sessions.
    pub sessions: Vec<usize>,
    only: Option<String>,
}

impl Plan {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let sessions = vec![1, 4, 16];
        let mut plan = Self { documents: 100, rounds: 3, open: 1_000_000, sessions, only: None };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => plan = Self { documents: 10, rounds: 1, open: 10_000, ..plan },
                "--rounds" => plan.rounds = number(arguments.next())?,
                "--documents" => plan.documents = number(arguments.next())?,
                "--sessions" => plan.sessions = vec![number(arguments.next())?],
                "--open" => plan.open = number(arguments.next())?,
                "--program" => daemon::measure(arguments.next().context("a path is missing")?),
                "--only" => plan.only = arguments.next(),
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => bail!("unknown argument {other}"),
            }
        }
        Ok(plan)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only.split(',').any(|wanted| wanted == part))
    }
}

fn number<T: std::str::FromStr>(text: Option<String>) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.context("a number is missing")?.parse().context("not a number")
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut report = Report::default();
    let size = w1::mail_size(&runtime)?;
    report::note(&format!("one mail has {size} bytes; {}", process::host()?));
    for (part, cpus) in [("w1", process::ALL), ("pinned", process::ONE)] {
        if plan.wants(part) {
            process::bind(cpus)?;
            w1::run(&runtime, &plan, size, part, &mut report)?;
        }
    }
    process::bind(process::ALL)?;
    if plan.wants("latency") {
        latency::run(&runtime, &plan, &mut report)?;
    }
    if plan.wants("slow") {
        slow::run(&runtime, &plan, &mut report)?;
    }
    if plan.wants("rules") {
        rules::run(&runtime, &plan, &mut report)?;
    }
    if plan.wants("idle") {
        idle::run(&runtime, &plan, &mut report)?;
    }
    if plan.wants("kill") {
        kill::run(&runtime, &plan, &mut report)?;
    }
    report.print();
    Ok(())
}
