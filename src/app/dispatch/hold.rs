//! For how long the claims of a run hold. Asked without the register, right before a mail's content leaves: a process that
//! stood still, a machine that slept, a line that fell silent have not noticed that others went on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::app::ports::{Tenure, Term};

/// When a notice was claimed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// Before it was asked for.
    pub(super) from: Term,
    /// When it was known to be ours.
    pub(super) known: Term,
}

/// What a run knows of its claims.
#[derive(Debug)]
pub(super) struct Hold {
    tenure: Arc<dyn Tenure>,
    /// When all that was known to be ours was last renewed, taken before that was asked for.
    renewed: Mutex<Option<Term>>,
    /// Set once a claim was found to have run out: no claim of this run is trusted any more.
    lost: AtomicBool,
}

impl Hold {
    pub(super) fn new(tenure: Arc<dyn Tenure>) -> Self {
        Self { tenure, renewed: Mutex::new(None), lost: AtomicBool::new(false) }
    }

    /// All that was known before `asked` holds as if claimed then.
    pub(super) fn renewed(&self, asked: Term) {
        *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
    }

    /// For how long a claim still holds.
    pub(super) fn left(&self, held: Held) -> Duration {
        let renewed = *self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        // Renewed in another epoch, it was free in between.
        let renewed = renewed.filter(|at| held.known.at <= at.at && held.from.epoch == at.epoch);
        let left = self.tenure.left(renewed.unwrap_or(held.from)).max(self.tenure.left(held.from));
        if left.is_zero() {
            self.lost.store(true, Ordering::Release);
        }
        left
    }

    /// Whether a claim of this run has run out.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }
}

/// How long a claim holds without renewal, for the register.
pub(super) fn lease(tenure: &dyn Tenure) -> chrono::Duration {
    chrono::Duration::from_std(tenure.lease()).unwrap_or(chrono::Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    /// Seconds on a clock, and the epoch.
    #[derive(Debug, Default)]
    struct Fake(Mutex<(u64, i64)>);

    impl Tenure for Fake {
        fn lease(&self) -> Duration {
            LEASE
        }

        fn term(&self) -> Term {
            let (at, epoch) = *self.0.lock().unwrap();
            Term { epoch, at: Duration::from_secs(at) }
        }

        fn left(&self, term: Term) -> Duration {
            let now = self.term();
            if now.epoch == term.epoch { (term.at + LEASE).saturating_sub(now.at) } else { Duration::ZERO }
        }
    }

    #[test]
    fn claims_hold_from_before_they_were_asked_for_until_renewed_or_cut_off() {
        let fake = Arc::new(Fake::default());
        let hold = Hold::new(fake.clone());
        let at = |second, epoch| {
            *fake.0.lock().unwrap() = (second, epoch);
            fake.term()
        };
        let early = Held { from: at(0, 1), known: at(2, 1) };
        let late = Held { from: at(14, 1), known: at(16, 1) };
        assert_eq!((hold.left(early).as_secs(), hold.left(late).as_secs()), (44, 58));
        let asked = at(15, 1);
        hold.renewed(asked);
        assert_eq!(hold.left(early).as_secs(), 60);
        assert_eq!(hold.left(late).as_secs(), 59, "not yet ours when it was asked for");
        at(74, 1);
        assert!(hold.left(late).is_zero() && hold.is_lost());
        at(20, 2);
        let hold = Hold::new(fake.clone());
        assert!(hold.left(early).is_zero(), "the instance was cut off in between");
        hold.renewed(at(21, 2));
        assert!(hold.left(early).is_zero(), "what was renewed since is another's claim");
    }
}
