//! The log: one line an event, JSON for journald or text for people, escaped by the formatter.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Starts logging to standard error.
///
/// # Errors
/// A filter that cannot be parsed.
pub fn start(filter: &str, json: bool, colour: bool) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour && !json)
        // Told on standard error it would panic where that is what cannot be written to: a log whose disk is full, or
        // whose reader is gone, must not take work along.
        .log_internal_errors(false)
        .with_target(false);
    // A second start (a test in the same process) keeps the first subscriber.
    let started = if json { builder.json().flatten_event(true).try_init() } else { builder.try_init() };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
    Ok(())
}
