//! A request with everything round it: a token, one renewal when it has run out, a few patient repeats.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use serde_json::Value;

use super::call::{Call, Code, Read};
use super::envelope::{Envelope, NotEnvelope};
use super::failure::{Failure, place};
use super::session::{Sessions, Token};
use super::wire::Wire;
use crate::app::ports::SourceError;
use crate::domain::ids::SourceId;
use crate::source::http::{Answer, HttpError};

/// How often a read is repeated. What lasts longer is left to the next poll, which starts afresh.
const REPEATS: usize = 3;

/// The longest wait between repeats of our own choosing.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The longest `Retry-After` we sit out inside a poll; a longer one ends the poll.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The tenant as the adapter asks it.
pub(super) struct Client {
    pub id: SourceId,
    pub wire: Wire,
    pub sessions: Sessions,
    pub retry_wait: Duration,
}

/// A successful answer.
pub(super) struct Answered {
    /// The whole body as it came.
    pub raw: Vec<u8>,
    /// Its `data`.
    pub data: Value,
}

/// Why one attempt gave nothing.
#[derive(Debug)]
enum Setback {
    /// 401: the session has run out.
    Expired,
    /// Worth another try, after the wait the server asked for.
    Passing { failure: Failure, wait: Option<Duration> },
    /// Not worth another try.
    Lasting(Failure),
}

impl Client {
    /// Reads as `post`; a login or a switch cannot be asked for here, where requests are repeated. An expired session is renewed exactly once; a second 401 in a row is an error.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) async fn ask(
        &self,
        post: Option<&Code>,
        what: Read,
        body: &Value,
    ) -> Result<Answered, Failure> {
        let call = &Call::Read(what);
        let token = self.token(post, 0).await?;
        match self.attempt(call, &token, body).await {
            Err(Setback::Expired) => {}
            settled => return settle(settled, call),
        }
        tracing::debug!(source = %self.id, call = call.title(), "session expired, logging in again");
        let token = self.token(post, token.login).await?;
        settle(self.attempt(call, &token, body).await, call)
    }

    async fn token(&self, post: Option<&Code>, stale: u64) -> Result<Token, Failure> {
        self.sessions.token(&self.wire, post, stale).await.map_err(Failure::Source)
    }

    async fn attempt(&self, call: &Call, token: &Token, body: &Value) -> Result<Answered, Setback> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.retry_wait)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(REPEATS)
            .with_jitter();
        (|| async {
            let sent = self.wire.send(call, Some(&token.value), body).await;
            classify(call, sent)
        })
        .retry(waits)
        .sleep(tokio::time::sleep)
        .when(|setback| matches!(setback, Setback::Passing { .. }))
        .adjust(next_wait)
        .notify(|_, wait| {
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(source = %self.id, call = call.title(), wait_ms, "read failed, trying again");
        })
        .await
    }
}

/// Our wait or the server's, whichever is longer; no further try if the server asks for too much.
fn next_wait(setback: &Setback, ours: Option<Duration>) -> Option<Duration> {
    let Setback::Passing { wait: Some(asked), .. } = setback else { return ours };
    (*asked <= LONGEST_RETRY_AFTER).then(|| ours.map(|ours| ours.max(*asked))).flatten()
}

fn settle(result: Result<Answered, Setback>, call: &Call) -> Result<Answered, Failure> {
    result.map_err(|setback| match setback {
        Setback::Passing { failure, .. } | Setback::Lasting(failure) => failure,
        Setback::Expired => Failure::Source(SourceError::Unexpected(place(
            call,
            "phiên vừa đăng nhập lại vẫn bị coi là hết hạn",
        ))),
    })
}

fn classify(call: &Call, sent: Result<Answer, HttpError>) -> Result<Answered, Setback> {
    match sent {
        Ok(answer) => read_answer(call, answer),
        Err(error @ HttpError::TooLarge(_)) => Err(Setback::Lasting(Failure::Unusable(place(call, error)))),
        Err(error) => Err(passing(Failure::Source(SourceError::Unreachable(place(call, error))), None)),
    }
}

fn read_answer(call: &Call, answer: Answer) -> Result<Answered, Setback> {
    let what = place(call, format_args!("mã HTTP {}", answer.status));
    match answer.status {
        200 => read_body(call, answer.body).map_err(Setback::Lasting),
        401 => Err(Setback::Expired),
        404 => Err(Setback::Lasting(Failure::Gone(what))),
        500 => Err(passing(Failure::Stumbled(what), answer.retry_after)),
        408 | 429 | 501..=599 => {
            Err(passing(Failure::Source(SourceError::Unreachable(what)), answer.retry_after))
        }
        // A redirect leads to a login page or to another host; neither is the API.
        300..=399 => Err(Setback::Lasting(Failure::Source(SourceError::Unexpected(what)))),
        _ => Err(Setback::Lasting(Failure::Unusable(what))),
    }
}

fn passing(failure: Failure, wait: Option<Duration>) -> Setback {
    Setback::Passing { failure, wait }
}

fn read_body(call: &Call, raw: Vec<u8>) -> Result<Answered, Failure> {
    match Envelope::decode(&raw) {
        Ok(Envelope::Success(data)) => Ok(Answered { raw, data }),
        Ok(Envelope::Refused { code, .. }) => {
            Err(Failure::Unusable(place(call, format_args!("mã trạng thái {code}"))))
        }
        Err(error @ NotEnvelope::Html) => {
            Err(Failure::Source(SourceError::Unexpected(place(call, error.reason()))))
        }
        Err(error) => Err(Failure::Unusable(place(call, error.reason()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_as_the_server_asks_within_bounds() {
        let second = Duration::from_secs(1);
        let after = |wait| {
            let failure = Failure::Stumbled(String::new());
            next_wait(&Setback::Passing { failure, wait }, Some(second))
        };
        assert_eq!(after(None), Some(second));
        assert_eq!(after(Some(second * 7)), Some(second * 7));
        assert_eq!(after(Some(Duration::ZERO)), Some(second));
        assert_eq!(after(Some(second * 61)), None);
    }
}
