//! What stands around every handler: protecting headers, a limit of time, a net for panics, one count
//! and one log line. A log line names the route, never the path: the path of a link is its token.

use std::any::Any;

use axum::extract::{self, MatchedPath, Request};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::{Instant, timeout};
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use super::{PATIENCE, State, client, reply};

/// On every answer. Own style only, no script at all, own forms only, no frame, no referrer (the
/// address of a page is its token), no store, no index.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Sets the protecting headers; whatever a handler did not say about caching is not to be kept.
pub(super) async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Answers with an excuse when a request takes too long. What was being written may be durable all
/// the same, so the page tells the reader to look.
pub(super) async fn limit_time(
    extract::State(state): extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let asked = client::language(request.uri());
    timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|_| reply::too_slow(&state, asked))
}

/// Counts and logs a request by its route.
pub(super) async fn count(
    extract::State(state): extract::State<State>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = plain(request.method());
    let response = next.run(request).await;
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    let status = response.status().as_u16();
    state.metrics.request(route, status, begun.elapsed());
    let millis = begun.elapsed().as_millis();
    tracing::debug!(http.route = route, http.method = method, http.status = status, millis, "request");
    response
}

/// Methods are whatever a client sends; only the common ones are named in the log.
fn plain(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// Turns a panic in a handler into a page and a log line.
pub(super) fn catch_panics(state: &State) -> CatchPanicLayer<Panicked> {
    CatchPanicLayer::custom(Panicked(state.clone()))
}

/// Answers for a handler that panicked.
#[derive(Clone)]
pub(super) struct Panicked(State);

impl ResponseForPanic for Panicked {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send + 'static>) -> Response {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        tracing::error!(panic = text, "a page panicked; this is a fault of the program");
        reply::broken(&self.0, StatusCode::INTERNAL_SERVER_ERROR)
    }
}
