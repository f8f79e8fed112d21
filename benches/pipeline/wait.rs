//! Waiting for something to become true.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Longest wait for anything.
const LONGEST: Duration = Duration::from_secs(300);

/// Looks every `pause` until there is an answer.
///
/// # Errors
/// What looking says; or that nothing came.
pub fn until<T>(what: &str, pause: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if begun.elapsed() > LONGEST {
            bail!("waited {} s in vain for {what}", LONGEST.as_secs());
        }
        std::thread::sleep(pause);
    }
}
