//! Patience within one poll: a few repeats of what may be asked twice. What lasts longer is left to the
//! next poll, which starts afresh.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

/// How often a request is repeated.
const REPEATS: usize = 3;

/// The longest wait between repeats of our own choosing.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The longest `Retry-After` we sit out inside a poll; a longer one ends the poll.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Why one attempt gave nothing.
#[derive(Debug)]
pub(super) enum Setback<E> {
    /// Worth another try, after the wait the server asked for.
    Passing { error: E, wait: Option<Duration> },
    /// Not worth another try.
    Lasting(E),
}

impl<E> Setback<E> {
    fn into_error(self) -> E {
        match self {
            Self::Passing { error, .. } | Self::Lasting(error) => error,
        }
    }
}

/// Tries until it works, lasts, or has been tried often enough; `notify` hears of every wait.
///
/// # Errors
/// That of the last attempt.
pub(super) async fn patiently<T, E, F, A>(
    first_wait: Duration,
    attempt: A,
    notify: impl Fn(Duration),
) -> Result<T, E>
where
    A: FnMut() -> F,
    F: Future<Output = Result<T, Setback<E>>>,
{
    let waits = ExponentialBuilder::default()
        .with_min_delay(first_wait)
        .with_max_delay(LONGEST_WAIT)
        .with_max_times(REPEATS)
        .with_jitter();
    attempt
        .retry(waits)
        .sleep(tokio::time::sleep)
        .when(|setback| matches!(setback, Setback::Passing { .. }))
        .adjust(next_wait)
        .notify(|_: &Setback<E>, wait| notify(wait))
        .await
        .map_err(Setback::into_error)
}

/// Our wait or the server's, whichever is longer; no further try if the server asks for too much.
fn next_wait<E>(setback: &Setback<E>, ours: Option<Duration>) -> Option<Duration> {
    let Setback::Passing { wait: Some(asked), .. } = setback else { return ours };
    (*asked <= LONGEST_RETRY_AFTER).then(|| ours.map(|ours| ours.max(*asked))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_as_the_server_asks_within_bounds() {
        let second = Duration::from_secs(1);
        let after = |wait| next_wait(&Setback::Passing { error: (), wait }, Some(second));
        assert_eq!(after(None), Some(second));
        assert_eq!(after(Some(second * 7)), Some(second * 7));
        assert_eq!(after(Some(Duration::ZERO)), Some(second));
        assert_eq!(after(Some(second * 61)), None);
    }
}
