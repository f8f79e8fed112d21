//! Waiting for a server. One that is stopped, or behind a network that swallows everything, ends no connection and
//! answers nothing; its own limits stand still with it. So every answer is waited for so long and no longer.

use std::io::ErrorKind;
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _, try_unfold};
use sqlx::Error;
use tokio::time::timeout;

/// The answer, if it comes in time. Where it does not, the connection it was asked on is out of step: the pool sees that
/// when it is given back, and throws it away.
///
/// # Errors
/// As the answer; [`Error::Io`] for a server that is silent.
pub(in crate::store) async fn answered<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(patience, answer).await.unwrap_or_else(|_| Err(silence(patience)))
}

/// The same for each of several rows.
pub(in crate::store) fn one_by_one<'a, T: Send + 'a>(
    patience: Duration,
    rows: BoxStream<'a, Result<T, Error>>,
) -> BoxStream<'a, Result<T, Error>> {
    try_unfold(rows, move |mut rows| async move {
        Ok(answered(patience, rows.try_next()).await?.map(|row| (row, rows)))
    })
    .boxed()
}

fn silence(patience: Duration) -> Error {
    let reason = format!("máy chủ không trả lời trong {} giây", patience.as_secs());
    Error::Io(std::io::Error::new(ErrorKind::TimedOut, reason))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::stream::{self, StreamExt as _};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn is_silence<T>(ended: &Result<T, Error>) -> bool {
        matches!(ended, Err(Error::Io(error)) if error.kind() == ErrorKind::TimedOut)
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_waited_for_so_long_and_no_longer() {
        assert_eq!(answered(SECOND, async { Ok(7) }).await.unwrap(), 7);
        assert!(is_silence(&answered::<u8>(SECOND, pending()).await));
    }

    #[tokio::test(start_paused = true)]
    async fn each_row_has_its_own_time() {
        let slow = |row: u8, after: Duration| async move {
            tokio::time::sleep(after).await;
            Ok(row)
        };
        let rows = stream::iter([slow(1, SECOND / 2), slow(2, SECOND * 3 / 4), slow(3, SECOND * 2)]);
        let mut rows = one_by_one(SECOND, rows.then(|row| row).boxed());
        assert_eq!(rows.next().await.unwrap().unwrap(), 1);
        assert_eq!(rows.next().await.unwrap().unwrap(), 2);
        assert!(is_silence(&rows.next().await.unwrap()));
        assert!(rows.next().await.is_none(), "nothing more is asked");
    }
}
