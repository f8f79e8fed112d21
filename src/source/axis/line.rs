//! The line to an axis: requests signed by whoever asks, repeated where asking twice is the same as asking
//! once, and the server's clock beside ours.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use reqwest::RequestBuilder;
use serde_json::Value;
use url::Url;

use super::outline::{NoOutline, outline};
use super::reach::{Reach, ReachError};
use super::spool::Spool;
use crate::app::ports::{Clock, SourceError};
use crate::domain::ids::SourceId;
use crate::source::address::{self, Plain};
use crate::source::http::{Answer, Http, HttpError, Limits};
use crate::source::retry::{Setback, patiently};
use crate::tls::{self, Trust};

/// A request that gave nothing, by who has to react.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) enum Failure {
    /// The axis as a whole cannot be asked.
    Source(SourceError),
    /// HTTP 401.
    Unauthorized(String),
    /// HTTP 409: what was sent is there already.
    Conflict,
    /// The frame says no to this one request, with a code.
    Refused(String),
    /// The server stumbled over this one request, or its answer is unusable.
    Unusable(String),
}

impl Failure {
    /// For requests about everything: whatever it is, the poll ends here. A list that cannot be read is
    /// never an empty list. `keys` are the settings to look at when we are turned away.
    pub(in crate::source) fn of_source(self, keys: &str) -> SourceError {
        match self {
            Self::Source(error) => error,
            Self::Unauthorized(what) => SourceError::Denied(format!("{what}; kiểm tra {keys}")),
            Self::Refused(what) | Self::Unusable(what) => SourceError::Unexpected(what),
            Self::Conflict => SourceError::Unexpected("mã HTTP 409".to_owned()),
        }
    }
}

/// One axis.
pub(in crate::source) struct Line {
    pub(in crate::source) id: SourceId,
    pub(in crate::source) zone: Tz,
    scratch: PathBuf,
    clock: Arc<dyn Clock>,
    http: Http,
    base: Url,
    retry_wait: Duration,
    body_limit: u64,
    message_limit: u64,
    skew: Mutex<Option<TimeDelta>>,
}

impl Line {
    /// A line; nothing is sent yet.
    ///
    /// # Errors
    /// [`ReachError`] for the first setting it cannot work with.
    pub(in crate::source) fn new(reach: &Reach, clock: Arc<dyn Clock>) -> Result<Self, ReachError> {
        let plain = if reach.plain_http { Plain::Anywhere } else { Plain::Here };
        let base = address::base(&reach.url, plain).map_err(ReachError::Url)?;
        let limits = Limits {
            connect_timeout: reach.connect_timeout,
            request_timeout: reach.request_timeout,
            body_limit: reach.body_limit,
            pace: reach.pace,
        };
        let tls = tls::client(&Trust::of(reach.ca_file.as_deref(), base.scheme() == "https"))?;
        Ok(Self {
            id: reach.id.clone(),
            zone: reach.zone,
            scratch: reach.scratch.clone(),
            clock,
            http: Http::new(&limits, tls).map_err(ReachError::Client)?,
            base,
            retry_wait: reach.retry_wait,
            body_limit: reach.body_limit,
            message_limit: reach.message_limit,
            skew: Mutex::default(),
        })
    }

    /// Now.
    pub(in crate::source) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What the server's clock showed at its last answer.
    pub(in crate::source) fn served(&self) -> Option<DateTime<Utc>> {
        self.http.served()
    }

    /// How far the server's clock was ahead of ours at its last answer, to the second.
    pub(in crate::source) fn skew(&self) -> Option<TimeDelta> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A GET of `path` below the address.
    pub(in crate::source) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    /// A POST to `path` below the address.
    pub(in crate::source) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }

    /// Asks for something that may be asked for twice.
    ///
    /// # Errors
    /// [`Failure`] of the last try.
    pub(in crate::source) async fn ask(
        &self,
        title: &str,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Value, Failure> {
        let once = || async {
            let answer = self.receive(title, request(), Vec::new(), self.body_limit).await?;
            frame(title, &answer.body).map_err(Setback::Lasting)
        };
        patiently(self.retry_wait, once, |wait| self.waits(title, wait)).await
    }

    /// Asks for something large; comes with its outline, so that it is known to be whole.
    ///
    /// # Errors
    /// [`Failure`] of the last try.
    pub(in crate::source) async fn fetch(
        &self,
        title: &str,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<(Spool, Value), Failure> {
        let once = || async {
            let answer =
                self.receive(title, request(), Spool::new(&self.scratch), self.message_limit).await?;
            let mut spool = answer.body;
            let outlined = spool.read().map_err(|_| NoOutline::NotJson).and_then(outline);
            match outlined {
                Ok(outlined) => Ok((spool, outlined)),
                // What is cut short may come whole the next time.
                Err(why @ NoOutline::NotJson) => Err(passing(unusable(title, &why), None)),
                Err(why) => Err(Setback::Lasting(unusable(title, &why))),
            }
        };
        patiently(self.retry_wait, once, |wait| self.waits(title, wait)).await
    }

    /// Asks for something large whose reader finds out by itself whether it is whole.
    ///
    /// # Errors
    /// [`Failure`] of the last try.
    pub(in crate::source) async fn download(
        &self,
        title: &str,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Spool, Failure> {
        let once = || async {
            let spool = Spool::new(&self.scratch);
            Ok(self.receive(title, request(), spool, self.message_limit).await?.body)
        };
        patiently(self.retry_wait, once, |wait| self.waits(title, wait)).await
    }

    /// Tells something once; whether it arrived is for the caller to find out if no answer comes.
    ///
    /// # Errors
    /// [`Failure`].
    pub(in crate::source) async fn tell(
        &self,
        title: &str,
        request: RequestBuilder,
    ) -> Result<Value, Failure> {
        let told = self.receive(title, request, Vec::new(), self.body_limit).await;
        let answer = told.map_err(|setback| match setback {
            Setback::Passing { error, .. } | Setback::Lasting(error) => error,
        })?;
        frame(title, &answer.body)
    }

    async fn receive<B: Write>(
        &self,
        title: &str,
        request: RequestBuilder,
        body: B,
        limit: u64,
    ) -> Result<Answer<B>, Setback<Failure>> {
        match self.http.receive(request, body, limit).await {
            Ok(answer) => {
                self.note_skew();
                classify(title, answer)
            }
            Err(error @ (HttpError::TooLarge(_) | HttpError::Disk(_))) => {
                Err(Setback::Lasting(Failure::Unusable(format!("{title}: {error}"))))
            }
            Err(error) => {
                Err(passing(Failure::Source(SourceError::Unreachable(format!("{title}: {error}"))), None))
            }
        }
    }

    fn note_skew(&self) {
        let skew = self.http.served().map(|served| served - self.clock.now());
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = skew;
    }

    fn waits(&self, title: &str, wait: Duration) {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(source = %self.id, call = title, wait_ms, "request failed, trying again");
    }
}

/// A small answer as JSON.
fn frame(title: &str, body: &[u8]) -> Result<Value, Failure> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
    if body.first() == Some(&b'<') {
        return Err(unusable(title, &NoOutline::Html));
    }
    serde_json::from_slice(body).map_err(|_| unusable(title, &NoOutline::NotJson))
}

fn unusable(title: &str, why: &NoOutline) -> Failure {
    let what = format!("{title}: {why}");
    match why {
        NoOutline::Html => Failure::Source(SourceError::Unexpected(what)),
        NoOutline::NotJson | NoOutline::TooMuch => Failure::Unusable(what),
    }
}

fn classify<B>(title: &str, answer: Answer<B>) -> Result<Answer<B>, Setback<Failure>> {
    let what = format!("{title}: mã HTTP {}", answer.status);
    match answer.status {
        // A refusal of one request may come with its frame under 400 or 422.
        200..=299 | 400 | 422 => Ok(answer),
        401 => Err(Setback::Lasting(Failure::Unauthorized(what))),
        403 => {
            let what = format!("{what}; trục không cho phép, kiểm tra quyền của đơn vị trên trục");
            Err(Setback::Lasting(Failure::Source(SourceError::Denied(what))))
        }
        409 => Err(Setback::Lasting(Failure::Conflict)),
        500 => Err(passing(Failure::Unusable(what), answer.retry_after)),
        408 | 429 | 501..=599 => {
            Err(passing(Failure::Source(SourceError::Unreachable(what)), answer.retry_after))
        }
        _ => {
            let what = format!("{what}; kiểm tra url của nguồn");
            Err(Setback::Lasting(Failure::Source(SourceError::Unexpected(what))))
        }
    }
}

fn passing(error: Failure, wait: Option<Duration>) -> Setback<Failure> {
    Setback::Passing { error, wait }
}
