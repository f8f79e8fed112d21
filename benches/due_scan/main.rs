//! G5 of docs/PERFORMANCE.md: what a tick of the chase costs, and how that grows with what is open.
//!
//!     cargo bench --bench due_scan                               10^5, 10^6 and 10^7 open obligations
//!     cargo bench --bench due_scan -- --open 100000 --rounds 11
//!
//! Of so many open obligations 221, those of one directive, are due. Measured are: looking when nothing is due, a
//! whole tick then, finding the 221, a whole tick (221 steps taken, journalled, and enqueued as mails, durably),
//! claiming those mails, each the second to its cell, and finding the 221 after nine of ten rows of the history are
//! closed. Beside them, on the same path: the smallest statement there is (`SELECT 1`), and the smallest durable commit.
//! Counts that are wrong end the run with an error; a goal that is missed does not. That the engine takes the partial index is held by
//! `store::tests::open_work_is_found_by_its_partial_index`; what a whole daemon takes at rest over so many rows is
//! measured by `cargo bench --bench pipeline -- --only idle --open 10000000`.

#[path = "../common/median.rs"]
mod median;
#[path = "../common/office.rs"]
mod office;
#[path = "../common/paper.rs"]
mod paper;
mod register;

use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::chase::chase;
use vanthu::app::ports::{ClaimRequest, Store};

use median::middle;
use paper::CELLS;
use register::Register;

/// The daemon looks at the ladders once a minute unless its settings say otherwise.
const BETWEEN: f64 = 60_000.0;
/// Rows that the chase looks at in one transaction.
const BATCH: u32 = 500;

struct Plan {
    open: Vec<u64>,
    rounds: usize,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut plan = Self { open: vec![100_000, 1_000_000, 10_000_000], rounds: 21 };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--open" => {
                    let sizes = arguments.next().context("--open wants numbers: 100000,1000000")?;
                    plan.open = sizes.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                "--rounds" => plan.rounds = arguments.next().context("--rounds wants a number")?.parse()?,
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => bail!("unknown argument {other}"),
            }
        }
        Ok(plan)
    }
}

/// Milliseconds, the median of each.
#[derive(Debug, Clone, Copy)]
struct Figures {
    open: u64,
    floor: f64,
    sync: f64,
    idle: f64,
    rest: f64,
    scan: f64,
    tick: f64,
    claim: f64,
    closed: f64,
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    head();
    let mut all = Vec::new();
    for open in &plan.open {
        let figures = runtime.block_on(measure(*open, plan.rounds))?;
        row(&figures);
        all.push(figures);
    }
    judge(&all);
    Ok(())
}

async fn measure(open: u64, rounds: usize) -> Result<Figures> {
    let register = Register::fill(open).await?;
    let store = register.store().await?;
    let now = register.now;
    let floor = register.floor(rounds).await?;
    let sync = register.sync(rounds).await?;
    let idle = median(rounds, async || scan(&store, now - TimeDelta::days(60), 0).await).await?;
    let rest = median(rounds, async || resting(&store, &register).await).await?;
    let found = median(rounds, async || scan(&store, now, CELLS).await).await?;
    let (mut ticks, mut claims) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        // Mondays, so that every round has a step of its own day.
        let at = now + TimeDelta::weeks(i64::try_from(round)? + 1);
        register.wake(at).await?;
        ticks.push(tick(&store, &register, at).await?);
        claims.push(claim(&store, at).await?);
        register.forget().await?;
    }
    register.wake(now).await?;
    register.close_history().await?;
    let closed = median(rounds, async || scan(&store, now, CELLS).await).await?;
    store.close().await;
    let (tick, claim) = (middle(ticks), middle(claims));
    Ok(Figures { open, floor, sync, idle, rest, scan: found, tick, claim, closed })
}

/// Finds what is due; what it finds is counted.
async fn scan(store: &dyn Store, now: DateTime<Utc>, expected: u64) -> Result<f64> {
    let mut tx = store.begin().await?;
    let begun = Instant::now();
    let due = tx.due(now, BATCH).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    ensure!(due.len() as u64 == expected, "{} due, {expected} expected", due.len());
    Ok(took)
}

/// A whole tick for which nothing is due.
async fn resting(store: &dyn Store, register: &Register) -> Result<f64> {
    let begun = Instant::now();
    let then = register.now - TimeDelta::days(60);
    let chased = chase(store, &register.office, &register.policy, then).await?;
    ensure!((chased.looked, chased.enqueued) == (0, 0), "{chased:?}");
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

async fn tick(store: &dyn Store, register: &Register, now: DateTime<Utc>) -> Result<f64> {
    let begun = Instant::now();
    let chased = chase(store, &register.office, &register.policy, now).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    ensure!((chased.looked, chased.enqueued) == (CELLS, CELLS), "{chased:?}");
    Ok(took)
}

async fn claim(store: &dyn Store, now: DateTime<Utc>) -> Result<f64> {
    let request = ClaimRequest {
        instance: "bench".to_owned(),
        // Some of the Mondays are holidays, on which mails wait.
        now: now + TimeDelta::days(5),
        lease_until: now + TimeDelta::days(6),
        limit: u32::try_from(CELLS)?,
    };
    let begun = Instant::now();
    let mut tx = store.begin().await?;
    let claimed = tx.claim(&request).await?;
    tx.commit().await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    ensure!(claimed.len() as u64 == CELLS, "{} claimed", claimed.len());
    register::settle(store, &claimed, now).await?;
    Ok(took)
}

/// The median of so many rounds, after one that warms.
async fn median(rounds: usize, once: impl AsyncFn() -> Result<f64>) -> Result<f64> {
    once().await?;
    let mut all = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        all.push(once().await?);
    }
    Ok(middle(all))
}

#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn head() {
    let heading = ["open", "SELECT 1", "commit", "idle", "rest", "scan", "tick", "claim", "90 % closed"];
    println!("milliseconds, medians\n{}", heading.map(|word| format!("{word:>11}")).join(" "));
}

/// One size, told when it is done: the largest takes half an hour.
#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn row(figures: &Figures) {
    let Figures { open, floor, sync, idle, rest, scan, tick, claim, closed } = figures;
    let times = [floor, sync, idle, rest, scan, tick, claim, closed];
    println!("{open:>11} {}", times.map(|time| format!("{time:>11.3}")).join(" "));
}

/// What G5 wants of the largest register, beside the smallest.
#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn judge(all: &[Figures]) {
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    let goals = [
        ("nothing due ≤ 0.1 ms", last.idle <= 0.1),
        ("a tick a minute with nothing due ≤ 0.5 % of a processor", last.rest / BETWEEN <= 0.005),
        ("scan of 221 due ≤ 1 ms", last.scan <= 1.0),
        ("scan ≤ 1.5 × that of the smallest register", last.scan <= 1.5 * first.scan),
        ("claim of 221, durably ≤ 5 ms", last.claim <= 5.0),
        ("with 90 % closed history ≤ 2 ×", last.closed <= 2.0 * last.scan),
    ];
    for (goal, met) in goals {
        println!("{goal}: {}", verdict(met));
    }
}
