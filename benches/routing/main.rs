//! G7 of docs/PERFORMANCE.md: what routing costs as rules grow, with Alertmanager's routing tree beside it
//! in the same run.
//!
//!     cargo bench --bench routing                     10 to 10,000 rules × 100,000 documents
//!     cargo bench --bench routing -- --quick          5,000 documents, one round
//!     cargo bench --bench routing -- --rounds 5
//!
//! Documents are made before the clock starts; each is written to meet one of the rules and may meet
//! more. Routing is the daemon's, `domain::routing::decide`, on one thread; what counts is CPU time, so that
//! a busy host matters little. Outcomes that are wrong end the run with an error; a goal that is missed
//! does not.

mod office;
mod peer;
#[path = "../pipeline/process.rs"]
#[expect(dead_code, reason = "shared with the pipeline, which needs more of it")]
mod process;
#[path = "../pipeline/report.rs"]
#[expect(dead_code, reason = "shared with the pipeline, which needs more of it")]
mod report;

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use vanthu::domain::document::Document;
use vanthu::domain::routing::{Outcome, decide, route};
use vanthu::domain::rule::Ruleset;

use report::{Report, median, note};

/// Numbers of rules.
const RULES: [usize; 4] = [10, 100, 1_000, 10_000];
/// Documents whose whole trace is made: it looks at every rule.
const TRACED: usize = 200;

/// What the command line asks for.
struct Plan {
    documents: usize,
    rounds: usize,
}

impl Plan {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut plan = Self { documents: 100_000, rounds: 3 };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => plan = Self { documents: 5_000, rounds: 1 },
                "--rounds" => plan.rounds = arguments.next().context("a number is missing")?.parse()?,
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => bail!("unknown argument {other}"),
            }
        }
        Ok(plan)
    }
}

/// What one size of ruleset costs.
struct Cost {
    rules: usize,
    compiled: Duration,
    /// Microseconds of CPU for a document, one entry a round.
    decide: Vec<f64>,
    trace: f64,
    matched: f64,
    cells: f64,
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    note(&process::host()?);
    let mut report = Report::default();
    let mut costs = Vec::new();
    for rules in RULES {
        let cost = measure(rules, &plan)?;
        note(&format!("{rules} rules: {:.2} µs a document", median(cost.decide.clone())));
        costs.push(cost);
    }
    tell(&costs, &mut report);
    peer::run(&RULES, &mut report)?;
    report.print();
    Ok(())
}

fn measure(rules: usize, plan: &Plan) -> Result<Cost> {
    let office = office::Office::new(rules);
    let written = office.rules();
    let start = Instant::now();
    let ruleset = Ruleset::new(written, "0123456789ab".to_owned());
    let compiled = start.elapsed();
    let documents: Vec<Document> = (0..plan.documents).map(|number| office.document(number)).collect();
    let mut cost = Cost { rules, compiled, decide: Vec::new(), trace: 0.0, matched: 0.0, cells: 0.0 };
    for _ in 0..plan.rounds {
        let (mut matched, mut cells) = (0, 0);
        let start = process::cpu(std::process::id())?;
        for document in &documents {
            let trace = decide(&ruleset, black_box(document), &office.units, &office.calendar, office.now);
            matched += trace.rules.len();
            cells += reached(&trace.outcome);
        }
        let spent = process::cpu(std::process::id())?.saturating_sub(start);
        cost.decide.push(per_document(spent, documents.len()));
        ensure!(matched >= documents.len(), "{matched} rules matched {} documents", documents.len());
        cost.matched = matched as f64 / documents.len() as f64;
        cost.cells = cells as f64 / documents.len() as f64;
    }
    let start = Instant::now();
    for document in documents.iter().take(TRACED) {
        black_box(route(&ruleset, document, &office.units, &office.calendar, office.now));
    }
    cost.trace = per_document(start.elapsed(), TRACED);
    Ok(cost)
}

fn reached(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Assigned { assignments } => assignments.iter().map(|group| group.cells.len()).sum(),
        Outcome::Nobody { .. } | Outcome::Unmatched => 0,
    }
}

fn per_document(time: Duration, documents: usize) -> f64 {
    time.as_secs_f64() * 1e6 / documents as f64
}

fn tell(costs: &[Cost], report: &mut Report) {
    let least = costs.first().map_or(f64::NAN, |cost| median(cost.decide.clone()));
    for cost in costs {
        let (rules, spent) = (cost.rules, median(cost.decide.clone()));
        match rules {
            100 => report.at_most("G7", format!("{rules} rules, µs of CPU/document"), 20.0, spent),
            10_000 => report.at_most("G7", format!("{rules} rules, µs of CPU/document"), 60.0, spent),
            _ => report.figure("G7", format!("{rules} rules, µs of CPU/document"), format!("{spent:.2}")),
        }
        let figure = |what: &str| format!("{rules} rules, {what}");
        report.figure("", figure("documents/s"), format!("{:.0}", 1e6 / spent));
        report.figure("", figure("× the time at 10"), format!("{:.2}", spent / least));
        report.figure(
            "",
            figure("rules matched, cells reached"),
            format!("{:.2}, {:.0}", cost.matched, cost.cells),
        );
        report.figure("", figure("compiled in, ms"), format!("{:.1}", cost.compiled.as_secs_f64() * 1e3));
        report.figure("", figure("whole trace, µs/document"), format!("{:.0}", cost.trace));
    }
}
