//! A request with everything round it: a token, one renewal when it has run out, a few patient repeats.

use std::time::Duration;

use serde_json::Value;

use super::call::{Call, Code, Read};
use super::envelope::{Envelope, NotEnvelope};
use super::failure::{Failure, place};
use super::session::{Sessions, Token};
use super::wire::Wire;
use crate::app::ports::SourceError;
use crate::domain::ids::SourceId;
use crate::source::http::{Answer, HttpError};
use crate::source::retry::{Setback, patiently};

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

/// Why a request gave nothing.
#[derive(Debug)]
enum Trouble {
    /// 401: the session has run out.
    Expired,
    /// Anything else.
    Failed(Failure),
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
            Err(Trouble::Expired) => {}
            settled => return settle(settled, call),
        }
        tracing::debug!(source = %self.id, call = call.title(), "session expired, logging in again");
        let token = self.token(post, token.login).await?;
        settle(self.attempt(call, &token, body).await, call)
    }

    async fn token(&self, post: Option<&Code>, stale: u64) -> Result<Token, Failure> {
        self.sessions.token(&self.wire, post, stale).await.map_err(Failure::Source)
    }

    async fn attempt(&self, call: &Call, token: &Token, body: &Value) -> Result<Answered, Trouble> {
        let once = || async { classify(call, self.wire.send(call, Some(&token.value), body).await) };
        let notify = |wait: Duration| {
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(source = %self.id, call = call.title(), wait_ms, "read failed, trying again");
        };
        patiently(self.retry_wait, once, notify).await
    }
}

fn settle(result: Result<Answered, Trouble>, call: &Call) -> Result<Answered, Failure> {
    result.map_err(|trouble| match trouble {
        Trouble::Failed(failure) => failure,
        Trouble::Expired => Failure::Source(SourceError::Unexpected(place(
            call,
            "phiên vừa đăng nhập lại vẫn bị coi là hết hạn",
        ))),
    })
}

fn classify(call: &Call, sent: Result<Answer, HttpError>) -> Result<Answered, Setback<Trouble>> {
    match sent {
        Ok(answer) => read_answer(call, answer),
        Err(error @ HttpError::TooLarge(_)) => Err(lasting(Failure::Unusable(place(call, error)))),
        Err(error) => Err(passing(Failure::Source(SourceError::Unreachable(place(call, error))), None)),
    }
}

fn read_answer(call: &Call, answer: Answer) -> Result<Answered, Setback<Trouble>> {
    let what = place(call, format_args!("mã HTTP {}", answer.status));
    match answer.status {
        200 => read_body(call, answer.body).map_err(lasting),
        401 => Err(Setback::Lasting(Trouble::Expired)),
        404 => Err(lasting(Failure::Gone(what))),
        500 => Err(passing(Failure::Stumbled(what), answer.retry_after)),
        408 | 429 | 501..=599 => {
            Err(passing(Failure::Source(SourceError::Unreachable(what)), answer.retry_after))
        }
        // A redirect leads to a login page or to another host; neither is the API.
        300..=399 => Err(lasting(Failure::Source(SourceError::Unexpected(what)))),
        _ => Err(lasting(Failure::Unusable(what))),
    }
}

fn passing(failure: Failure, wait: Option<Duration>) -> Setback<Trouble> {
    Setback::Passing { error: Trouble::Failed(failure), wait }
}

fn lasting(failure: Failure) -> Setback<Trouble> {
    Setback::Lasting(Trouble::Failed(failure))
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
