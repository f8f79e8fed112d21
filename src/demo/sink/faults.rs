//! Faults: what the demo's mail server is told to do wrong.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the server meets a new connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Health {
    /// It serves.
    #[default]
    Up,
    /// It greets with 421 and hangs up.
    Busy,
    /// It hangs up without a word.
    Gone,
}

/// What a recipient meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Welcome {
    /// 250.
    Yes,
    /// 451: come back later.
    Later,
    /// 550: no such mailbox.
    Never,
}

/// The switches of one server. Addresses are compared without regard to case.
#[derive(Debug, Default)]
pub struct Faults {
    switches: Mutex<Switches>,
}

#[derive(Debug, Default)]
struct Switches {
    health: Health,
    unknown: HashSet<String>,
    postponed: HashMap<String, u32>,
}

impl Faults {
    /// Sets how new connections are met; open sessions go on.
    pub fn set_health(&self, health: Health) {
        self.switches().health = health;
    }

    /// How new connections are met.
    pub fn health(&self) -> Health {
        self.switches().health
    }

    /// Refuses an address with 550 from now on, as if its mailbox did not exist.
    pub fn refuse(&self, address: &str) {
        self.switches().unknown.insert(address.to_lowercase());
    }

    /// Takes an address again that was refused or postponed.
    pub fn welcome(&self, address: &str) {
        let (mut switches, address) = (self.switches(), address.to_lowercase());
        switches.unknown.remove(&address);
        switches.postponed.remove(&address);
    }

    /// Answers the next `times` tries for an address with 451, as greylisting does.
    pub fn postpone(&self, address: &str, times: u32) {
        self.switches().postponed.insert(address.to_lowercase(), times);
    }

    /// What a recipient meets now; counts a try.
    pub(super) fn meet(&self, address: &str) -> Welcome {
        let (mut switches, address) = (self.switches(), address.to_lowercase());
        if switches.unknown.contains(&address) {
            return Welcome::Never;
        }
        match switches.postponed.get_mut(&address) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Welcome::Later
            }
            _ => Welcome::Yes,
        }
    }

    /// Every change is one insertion or removal, so a panic elsewhere leaves nothing half done.
    fn switches(&self) -> MutexGuard<'_, Switches> {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
