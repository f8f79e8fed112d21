//! What several areas need.

pub mod daemon;
pub mod dots;
pub mod faults;
pub mod line;
pub mod net;
pub mod office;
pub mod outside;
pub mod postgres;
pub mod rig;
pub mod scripted;
pub mod site;
pub mod smtp_sink;
pub mod store;

/// How much of something a run is asked to do, else what it usually does.
#[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of the daemon")]
pub fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect("a number"))
}

/// Which of several ways a run is asked to go, if any.
#[expect(clippy::disallowed_methods, reason = "what a test does is no setting of the daemon")]
pub fn asked(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|text| !text.is_empty())
}
