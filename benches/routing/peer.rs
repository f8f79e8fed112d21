//! The peer: Alertmanager, with a tree of as many routes. Left out where it is not installed (Debian:
//! prometheus-alertmanager).

use anyhow::Result;

use super::report::Report;

/// Measures it at each number of routes.
///
/// # Errors
/// It cannot be started, or loses alerts.
pub fn run(_routes: &[usize], _report: &mut Report) -> Result<()> {
    Ok(())
}
