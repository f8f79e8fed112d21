//! Hostile sizes: time and memory stay bounded, and the refusal is clear.

use std::time::{Duration, Instant};

use vanthu::config::code::Code;
use vanthu::config::settings::Language;

use super::base;

/// Far above what is measured (see each test), far below what hangs.
const PATIENCE: Duration = Duration::from_secs(60);

fn within<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    value
}
