//! For how long what an instance has claimed stays its own.

use std::fmt::Debug;
use std::time::Duration;

/// When something was claimed, as whoever keeps the tenure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The epoch of the instance's own lease; it grows whenever that had run out.
    pub epoch: i64,
    /// When, on a clock that nobody sets and that runs on while the machine sleeps.
    pub at: Duration,
}

/// Says whether a claim still holds, without asking the register: asked right before what cannot be undone.
pub trait Tenure: Send + Sync + Debug {
    /// How long a claim holds without renewal.
    fn lease(&self) -> Duration;

    /// Now; taken before a claim is asked for, so that its time never begins later than the register counts.
    fn term(&self) -> Term;

    /// For how long certainly nobody else may have what was claimed or renewed in this term; zero when somebody may.
    fn left(&self, term: Term) -> Duration;
}

/// The tenure of whoever is alone and never stands still: claims hold for ever.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlimited;

impl Tenure for Unlimited {
    fn lease(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn term(&self) -> Term {
        Term { epoch: 0, at: Duration::ZERO }
    }

    fn left(&self, _: Term) -> Duration {
        Duration::MAX
    }
}
