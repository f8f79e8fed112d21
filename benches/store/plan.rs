//! What is asked of a run.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// How much is measured.
pub struct Plan {
    /// Documents of 221 cells in each round.
    pub documents: u64,
    /// Rounds.
    pub rounds: usize,
    /// `sqlite`, `postgres`.
    pub engines: Vec<String>,
    /// Open obligations that registers have grown to.
    pub rows: Vec<u64>,
    /// Set when this is the program that [`super::syncs`] watches: where its calls are counted.
    pub syncs: Option<PathBuf>,
}

impl Plan {
    /// Reads the arguments.
    ///
    /// # Errors
    /// One is unknown, or has no value.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut plan = Self {
            documents: 100,
            rounds: 5,
            engines: ["sqlite", "postgres"].map(str::to_owned).to_vec(),
            rows: vec![100_000, 1_000_000, 10_000_000],
            syncs: None,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--documents" => plan.documents = value()?.parse()?,
                "--rounds" => plan.rounds = value()?.parse()?,
                "--engine" => plan.engines = value()?.split(',').map(str::to_owned).collect(),
                "--rows" => plan.rows = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--quick" => (plan.documents, plan.rounds, plan.rows) = (10, 1, Vec::new()),
                "--syncs" => plan.syncs = Some(value()?.into()),
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => bail!("unknown argument {other}"),
            }
        }
        Ok(plan)
    }
}
