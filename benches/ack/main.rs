//! G9 of docs/PERFORMANCE.md: how many presses of "Đã nhận" a daemon makes durable, and how long each waits.
//!
//!     cargo bench --bench ack                                     both engines, about fifteen minutes
//!     cargo bench --bench ack -- --quick --engine sqlite          one round of a thousand presses
//!
//! Presses are POSTs of the form behind a mail's link, over TCP, to the web server of `vanthu run` with its register, as a
//! reverse proxy hands them on: kept connections, each press from another address. A press counts when its page says that
//! it is recorded; afterwards the register is asked whether it knows every one of them. They are timed with no mail going
//! out, with mails going out to a server that takes 64 a second, and with mails going out as fast as they can. Beside them
//! in the same run: the same server refusing forged links, which it does without its register, and the engine alone
//! writing the same rows, in groups and one by one. Clients, server and mail share the processors.

mod alone;
mod client;
#[path = "../common/median.rs"]
mod median;
#[path = "../common/office.rs"]
mod office;
#[path = "../common/paper.rs"]
mod paper;
mod plan;
mod site;

#[path = "../store/claims.rs"]
#[expect(dead_code, reason = "the benchmark of the store needs the rest")]
mod claims;
#[path = "../store/cluster.rs"]
mod cluster;
#[path = "../store/engine.rs"]
#[expect(dead_code, reason = "the benchmark of the store needs the rest")]
mod engine;
#[path = "../store/ingest.rs"]
#[expect(dead_code, reason = "the benchmark of the store needs the rest")]
mod ingest;
#[path = "../store/stack.rs"]
mod stack;

use anyhow::{Result, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use vanthu::config::Loaded;

use client::Presses;
use cluster::Cluster;
use engine::{Engine, Place};
use median::middle;
use paper::CELLS;
use plan::Plan;
use site::{Mails, Site};

/// Documents whose mails go out meanwhile: more than can, so that there are always some.
const MAILED: u64 = 200;

/// What one round found.
struct Round {
    refused: f64,
    alone: Presses,
    slowly: (Presses, f64),
    fast: (Presses, f64),
    grouped: f64,
    single: f64,
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let loaded = office::load(folder.path())?;
    for engine in &plan.engines {
        let engine = match engine.as_str() {
            "sqlite" => Engine::Sqlite,
            "postgres" => Engine::Postgres(Cluster::start()?),
            other => bail!("unknown engine {other}"),
        };
        let mut rounds = Vec::new();
        for number in 0..plan.rounds {
            let place = engine.place(&format!("pressed{number}"))?;
            rounds.push(runtime.block_on(Box::pin(round(&place, &loaded, &plan)))?);
        }
        print(engine.name(), &plan, &rounds);
    }
    Ok(())
}

async fn round(place: &Place, loaded: &Loaded, plan: &Plan) -> Result<Round> {
    let now: DateTime<Utc> = "2026-03-02T01:00:00Z".parse()?;
    let documents = plan.presses.div_ceil(CELLS);
    let store = place.store().await?;
    ingest::ours((loaded, store.as_ref()), (0, 5 * documents), now - TimeDelta::minutes(10)).await?;
    let sender = ("bench".to_owned(), claims::CLAIM as usize);
    claims::ours(store.clone(), sender, now - TimeDelta::minutes(10)).await?;
    ingest::ours((loaded, store.as_ref()), (5 * documents, MAILED), now).await?;
    let mut rows = Vec::new();
    for document in 1..=5 * documents {
        let id = vanthu::domain::ids::DocumentId(i64::try_from(document)?);
        rows.extend(store.obligations(id, false).await?.into_iter().map(|row| row.obligation.id));
    }
    let part = usize::try_from(plan.presses)?;
    let parts: Vec<_> = rows.chunks_exact(part).collect();
    let [first, second, third, fourth, fifth, ..] = parts[..] else { bail!("too few rows") };

    let site = Site::open(loaded, store.clone(), Mails::None, now).await?;
    let refused = site.refused(part, plan.clients).await?;
    let alone = site.presses(first, plan.clients).await?;
    site.close().await?;
    let site = Site::open(loaded, store.clone(), Mails::Slowly, now).await?;
    let slowly = site.presses(second, plan.clients).await?;
    let slow_rate = site.close().await?;
    let site = Site::open(loaded, store.clone(), Mails::Fast, now).await?;
    let fast = site.presses(third, plan.clients).await?;
    let fast_rate = site.close().await?;
    for id in [first, second, third].concat() {
        ensure!(store.answers(id).await?.len() == 1, "{id:?} is not recorded once");
    }
    store.close().await;
    let grouped = alone::rate(place, fourth, 64, now).await?;
    let single = alone::rate(place, fifth, 1, now).await?;
    Ok(Round { refused, alone, slowly: (slowly, slow_rate), fast: (fast, fast_rate), grouped, single })
}

/// The figures, with what G9 wants of them.
#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn print(engine: &str, plan: &Plan, rounds: &[Round]) {
    let of = |figure: &dyn Fn(&Round) -> f64| middle(rounds.iter().map(figure).collect());
    let (refused, grouped, single) = (of(&|it| it.refused), of(&|it| it.grouped), of(&|it| it.single));
    println!("{engine}, {} presses, {} clients, medians", plan.presses, plan.clients);
    println!("  forged links refused           {refused:>8.0} /s");
    println!("  the engine alone, 64 a commit  {grouped:>8.0} /s");
    println!("  the engine alone, 1 a commit   {single:>8.0} /s");
    let line = |what: &str, of: &dyn Fn(&Round) -> (Presses, f64)| {
        let figure =
            |pick: &dyn Fn((Presses, f64)) -> f64| middle(rounds.iter().map(|it| pick(of(it))).collect());
        let (rate, mails) = (figure(&|it| it.0.rate), figure(&|it| it.1));
        let (half, most) = (figure(&|it| it.0.p50), figure(&|it| it.0.p99));
        println!(
            "  pressed, {what:<22}{rate:>8.0} /s   p50 {half:.1} ms, p99 {most:.1} ms, {mails:.0} mails/s"
        );
        (rate, most)
    };
    line("no mail going out", &|it| (it.alone, 0.0));
    let (rate, most) = line("64 mails a second", &|it| it.slowly);
    line("mails at full speed", &|it| it.fast);
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    println!("  ≥ 2000/s while mails go out: {}", verdict(rate >= 2000.0));
    println!("  p99 ≤ 20 ms while mails go out: {}", verdict(most <= 20.0));
    println!("  of the engine alone in groups {:.2}, of refusals {:.2}", rate / grouped, rate / refused);
}
