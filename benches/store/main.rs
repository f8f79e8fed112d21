//! G6 of docs/PERFORMANCE.md: what the register takes to write, on either engine, beside what the engine alone takes for
//! the same rows under the same indexes in the same run.
//!
//!     cargo bench --bench store                                   both engines, about an hour: 10^7 rows take most of it
//!     cargo bench --bench store -- --rows 100000,1000000          about ten minutes
//!     cargo bench --bench store -- --quick --engine sqlite        one round of ten documents, nothing grown
//!
//! *Ingest*: documents of 221 cells are polled, routed and registered, one commit each. *Claims*: notices are claimed and
//! settled as the dispatcher does it, outcomes in groups of 64 or one by one; on PostgreSQL also by 1, 2 and 4 instances.
//! Our side and the engine's alternate, on new registers; medians are stated. Then: how often a document makes the disk
//! sync, what a register weighs, and both rates beside 10^5, 10^6 and 10^7 open obligations. Counts that are wrong end the
//! run with an error; a goal that is missed does not. The PostgreSQL server is a private one on the same disk.

mod claims;
mod cluster;
mod engine;
mod grown;
mod ingest;
#[path = "../common/median.rs"]
mod median;
#[path = "../common/office.rs"]
mod office;
#[path = "../common/paper.rs"]
mod paper;
mod plan;
mod size;
mod stack;
mod syncs;

use anyhow::{Result, bail, ensure};
use chrono::{DateTime, Utc};
use vanthu::config::Loaded;

use cluster::Cluster;
use engine::Engine;
use median::middle;
use paper::CELLS;
use plan::Plan;
use size::Weight;
use syncs::Syncs;

/// Rows a second, medians.
struct Figures {
    engine: &'static str,
    ingest: f64,
    ingest_alone: f64,
    claims: f64,
    claims_alone: f64,
    one_by_one: f64,
    one_by_one_alone: f64,
    instances: Vec<(usize, f64)>,
    syncs: Syncs,
    weight: Weight,
    grown: Vec<(u64, f64, f64)>,
}

/// Documents that are weighed: all their cells answer, one commit each.
const WEIGHED: u64 = 10;

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let loaded = office::load(folder.path())?;
    let now = "2026-03-02T01:00:00Z".parse()?;
    if let Some(counted) = &plan.syncs {
        return runtime.block_on(syncs::child(counted, &loaded, plan.documents, now));
    }
    for engine in &plan.engines {
        let engine = match engine.as_str() {
            "sqlite" => Engine::Sqlite,
            "postgres" => Engine::Postgres(Cluster::start()?),
            other => bail!("unknown engine {other}"),
        };
        print(&runtime.block_on(measure(&engine, &loaded, &plan, now))?);
    }
    Ok(())
}

async fn measure(engine: &Engine, loaded: &Loaded, plan: &Plan, now: DateTime<Utc>) -> Result<Figures> {
    let rows = plan.documents * CELLS;
    let rate = |seconds: f64| rows as f64 / seconds;
    let (mut ingest, mut ingest_alone) = (Vec::new(), Vec::new());
    let (mut claims, mut claims_alone) = (Vec::new(), Vec::new());
    let (mut one_by_one, mut one_by_one_alone) = (Vec::new(), Vec::new());
    // A file has one.
    let counts: &[usize] = if let Engine::Sqlite = engine { &[] } else { &[1, 2, 4] };
    let mut instances: Vec<(usize, Vec<f64>)> = counts.iter().map(|count| (*count, Vec::new())).collect();
    for round in 0..plan.rounds {
        let filled = engine.place(&format!("ours{round}"))?;
        let store = filled.store().await?;
        ingest.push(rate(ingest::ours((loaded, store.as_ref()), (0, plan.documents), now).await?));
        for (group, figures) in [(claims::CLAIM as usize, &mut claims), (1, &mut one_by_one)] {
            let (settled, seconds) = claims::ours(store.clone(), ("bench".to_owned(), group), now).await?;
            ensure!(settled == rows, "{settled} of {rows} notices were settled");
            figures.push(rate(seconds));
            claims::again(&filled).await?;
        }
        store.close().await;
        for (count, figures) in &mut instances {
            figures.push(rate(claims::instances(&filled, *count, rows, now).await?));
            claims::again(&filled).await?;
        }
        // A database of PostgreSQL cannot reach the rows of another: they are moved within it.
        let other = if let Engine::Sqlite = engine { Some(engine.place("")?) } else { None };
        let empty = other.as_ref().unwrap_or(&filled);
        empty.store().await?.close().await;
        ingest_alone.push(rate(ingest::engine_alone(&filled, empty, plan.documents).await?));
        for (group, figures) in [(claims::CLAIM, &mut claims_alone), (1, &mut one_by_one_alone)] {
            figures.push(rate(claims::engine_alone(empty, rows, group, now).await?));
            claims::again(empty).await?;
        }
    }
    let syncs = syncs::count(engine, loaded, plan.documents, now).await?;
    let weight = size::weigh(engine, loaded, WEIGHED, now).await?;
    let mut grown = Vec::new();
    for rows in &plan.rows {
        let (ingested, claimed) = grown::beside(engine, loaded, *rows, now).await?;
        grown.push((*rows, ingested, claimed));
    }
    Ok(Figures {
        syncs,
        weight,
        grown,
        engine: engine.name(),
        ingest: middle(ingest),
        ingest_alone: middle(ingest_alone),
        claims: middle(claims),
        claims_alone: middle(claims_alone),
        one_by_one: middle(one_by_one),
        one_by_one_alone: middle(one_by_one_alone),
        instances: instances.into_iter().map(|(count, rates)| (count, middle(rates))).collect(),
    })
}

/// The figures, with what G6 wants of them.
#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn print(figures: &Figures) {
    let Figures { engine, ingest, ingest_alone, claims, claims_alone, one_by_one, .. } = figures;
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    println!("{engine}, rows a second, medians");
    println!("  obligations ingested           {ingest:>8.0}   engine alone {ingest_alone:>8.0}");
    println!("  notices claimed and settled    {claims:>8.0}   engine alone {claims_alone:>8.0}");
    println!(
        "  … outcomes committed one by one{one_by_one:>8.0}   engine alone {:>8.0}",
        figures.one_by_one_alone
    );
    for (count, rate) in &figures.instances {
        println!("  … by {count} instances             {rate:>8.0}");
    }
    for (rows, ingested, claimed) in &figures.grown {
        println!(
            "  beside {rows:>9} open obligations: {ingested:>8.0} ingested, {claimed:>8.0} claimed and settled"
        );
    }
    let Syncs { ingest: of_ingest, all } = figures.syncs;
    println!("  syncs for each document {of_ingest:.2}, with its 221 mails in groups of 64 {all:.2}");
    figures.weight.print();
    let goals = [
        (
            format!("ingest {:.2} ≥ 0.5 × the engine alone", ingest / ingest_alone),
            ingest / ingest_alone >= 0.5,
        ),
        (format!("commit per mail {:.2} ≥ 0.4 × in groups", one_by_one / claims), one_by_one / claims >= 0.4),
        (format!("syncs for each document {all:.2} ≤ 3"), all <= 3.0),
    ];
    for (goal, met) in goals {
        println!("  {goal}: {}", verdict(met));
    }
    println!(
        "  the engine alone: commit per mail {:.2} × in groups; ours to it: {:.2} in groups, {:.2} one by one",
        figures.one_by_one_alone / claims_alone,
        claims / claims_alone,
        one_by_one / figures.one_by_one_alone
    );
}
