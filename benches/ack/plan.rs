//! What is asked of a run.

use anyhow::{Context as _, Result, bail};

/// How much is measured.
pub struct Plan {
    /// Presses in each part of a round.
    pub presses: u64,
    /// Clients that press at once.
    pub clients: usize,
    /// Rounds.
    pub rounds: usize,
    /// `sqlite`, `postgres`.
    pub engines: Vec<String>,
}

impl Plan {
    /// Reads the arguments.
    ///
    /// # Errors
    /// One is unknown, or has no value.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let engines = ["sqlite", "postgres"].map(str::to_owned).to_vec();
        let mut plan = Self { presses: 20_000, clients: 32, rounds: 3, engines };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--presses" => plan.presses = value()?.parse()?,
                "--clients" => plan.clients = value()?.parse()?,
                "--rounds" => plan.rounds = value()?.parse()?,
                "--engine" => plan.engines = value()?.split(',').map(str::to_owned).collect(),
                "--quick" => (plan.presses, plan.rounds) = (1000, 1),
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => bail!("unknown argument {other}"),
            }
        }
        Ok(plan)
    }
}
