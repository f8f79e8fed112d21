//! HTTP towards a document system: time-outs, a body cap counted after decompression, no redirects,
//! no proxies from the environment, and a polite pause between requests.

use std::error::Error;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, redirect, retry};
use rustls::ClientConfig;
use tokio::time::{Instant, sleep_until};

/// How far a request may go.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time for a whole answer, body included.
    pub request_timeout: Duration,
    /// Largest body in bytes, counted after decompression.
    pub body_limit: u64,
    /// Pause between the starts of two requests.
    pub pace: Duration,
}

/// A client for one document system.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    body_limit: u64,
    pace: Pace,
    served: Mutex<Option<DateTime<Utc>>>,
}

/// An answer, whole.
#[derive(Debug)]
pub(super) struct Answer<B = Vec<u8>> {
    /// The status code.
    pub status: u16,
    /// How long the server asks us to stay away.
    pub retry_after: Option<Duration>,
    /// The body, decompressed.
    pub body: B,
}

/// Why there is no answer. No variant carries anything the server sent as content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum HttpError {
    /// No connection: name, network, TLS.
    #[error("không nối được tới máy chủ ({0})")]
    Connect(String),
    /// No whole answer in time.
    #[error("hết thời gian chờ trả lời")]
    TimedOut,
    /// The answer broke off.
    #[error("trả lời bị đứt giữa chừng ({0})")]
    Cut(String),
    /// The body is larger than allowed.
    #[error("trả lời lớn hơn mức cho phép {0} byte")]
    TooLarge(u64),
    /// What arrived cannot be put down on this machine.
    #[error("không ghi được tệp tạm ({0})")]
    Disk(String),
}

impl Http {
    /// A client that encrypts as `tls` says.
    ///
    /// # Errors
    /// The client's own error text.
    pub(super) fn new(limits: &Limits, tls: ClientConfig) -> Result<Self, String> {
        // A request may have acted upstream even if its answer was lost, so nothing below us repeats
        // one; and a redirect would carry the token to a host nobody configured.
        let builder = Client::builder()
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.request_timeout)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .user_agent(concat!("vanthu/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls);
        let client = builder.build().map_err(|error| causes(&error))?;
        let (pace, served) = (Pace::new(limits.pace), Mutex::default());
        Ok(Self { client, body_limit: limits.body_limit, pace, served })
    }

    /// The `Date` of the last answer (RFC 9110 §6.6.1): what the server's clock showed.
    pub(super) fn served(&self) -> Option<DateTime<Utc>> {
        *self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A GET to be sent by [`Http::send`].
    pub(super) fn get(&self, url: url::Url) -> RequestBuilder {
        self.client.get(url)
    }

    /// A POST to be sent by [`Http::send`].
    pub(super) fn post(&self, url: url::Url) -> RequestBuilder {
        self.client.post(url)
    }

    /// Waits for its turn, sends once, and reads the answer up to the cap.
    ///
    /// # Errors
    /// [`HttpError`]; a status code, whatever it is, is an answer.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, HttpError> {
        self.receive(request, Vec::new(), self.body_limit).await
    }

    /// The same with a cap of its own, the body written into `body` piece by piece.
    ///
    /// # Errors
    /// [`HttpError`]; a status code, whatever it is, is an answer.
    pub(super) async fn receive<B: Write>(
        &self,
        request: RequestBuilder,
        mut body: B,
        limit: u64,
    ) -> Result<Answer<B>, HttpError> {
        self.pace.turn().await;
        let response = request.send().await.map_err(classify)?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        *self.served.lock().unwrap_or_else(PoisonError::into_inner) = date(response.headers());
        read_body(response, &mut body, limit).await?;
        Ok(Answer { status, retry_after, body })
    }
}

async fn read_body(response: Response, body: &mut impl Write, limit: u64) -> Result<(), HttpError> {
    let mut left = limit;
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(classify)?;
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        left = left.checked_sub(length).ok_or(HttpError::TooLarge(limit))?;
        body.write_all(&chunk).map_err(|error| HttpError::Disk(error.kind().to_string()))?;
    }
    Ok(())
}

/// Starts of requests, `gap` apart, whoever asks.
#[derive(Debug)]
struct Pace {
    gap: Duration,
    next: tokio::sync::Mutex<Instant>,
}

impl Pace {
    fn new(gap: Duration) -> Self {
        Self { gap, next: tokio::sync::Mutex::new(Instant::now()) }
    }

    async fn turn(&self) {
        let mut next = self.next.lock().await;
        let start = Instant::now().max(*next);
        *next = start + self.gap;
        drop(next);
        sleep_until(start).await;
    }
}

fn classify(error: reqwest::Error) -> HttpError {
    if error.is_timeout() {
        HttpError::TimedOut
    } else if error.is_connect() || error.is_builder() {
        HttpError::Connect(causes(&error))
    } else {
        HttpError::Cut(causes(&error))
    }
}

/// The causes below a reqwest error, without its first line, which may name the URL.
fn causes(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    // Log lines must stay lines whatever a peer's certificate or reply puts into the text.
    texts.join(": ").replace(|letter: char| letter.is_control(), " ")
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds, or a date, which is measured against the answer's own
/// `Date` because the two clocks need not agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let wanted = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(wanted).ok()?;
    (until.to_utc() - date(headers)?).to_std().ok()
}

/// What the server's clock shows.
fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&'static str, &'static str)], expected: Option<u64>) {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        assert_eq!(retry_after(&headers), expected.map(Duration::from_secs), "{pairs:?}");
    }

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        check(&[("retry-after", "7")], Some(7));
        check(
            &[("date", "Thu, 15 Jan 2026 01:00:00 GMT"), ("retry-after", "Thu, 15 Jan 2026 01:00:30 GMT")],
            Some(30),
        );
        check(&[("retry-after", "Thu, 15 Jan 2026 01:00:30 GMT")], None);
        check(&[("retry-after", "-4")], None);
        check(&[], None);
    }

    #[tokio::test]
    async fn starts_are_a_gap_apart() {
        let gap = Duration::from_millis(20);
        let pace = Pace::new(gap);
        let start = Instant::now();
        for _ in 0..3 {
            pace.turn().await;
        }
        assert!(start.elapsed() >= gap * 2);
    }
}
