//! The calendar of one cell, for phones that ask every few hours: `GET /lich/TOKEN.ics`. Reading changes
//! nothing, and nothing by which one could answer stands in it.

use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, Path};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;

use super::{State, answer, client, reply};
use crate::app::acknowledge::AnswerError;
use crate::app::feed::{FeedError, feed};
use crate::render::ics::Frame;

/// Kept by the phone that asked for a quarter of an hour, and by nobody on the way.
const CACHE: HeaderValue = HeaderValue::from_static("private, max-age=900");

/// Shows the calendar behind a token.
pub(super) async fn show(
    extract::State(state): extract::State<State>,
    file: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = client::language(&uri);
    let token = file.ok().and_then(|Path(file)| file.strip_suffix(".ics").map(str::to_owned));
    let Some(token) = token else { return answer::refused(&state, asked, &AnswerError::Unknown) };
    let (office, now) = ((state.office)(), state.clock.now());
    let found = match feed(&*state.store, &office, &state.policy, &token, now).await {
        Ok(found) => found,
        Err(FeedError::Unknown) => return answer::refused(&state, asked, &AnswerError::Unknown),
        Err(FeedError::Store(error)) => return reply::unavailable(&state, asked, &error),
    };
    let frame = Frame { office: &office.name, domain: &state.policy.domain, zone: office.calendar.zone };
    served(frame.subscribed(&found.name, &found.appointments), &headers)
}

fn served(calendar: String, headers: &HeaderMap) -> Response {
    let hash = digest::digest(&digest::SHA256, calendar.as_bytes());
    let tag = format!("\"{}\"", HEXLOWER.encode(hash.as_ref().get(..16).unwrap_or_default()));
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let known = known.flat_map(|tags| tags.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag);
    let head = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, "inline; filename=\"han-viec.ics\"".to_owned()),
        (ETAG, tag),
    ];
    let mut response = match known {
        true => (StatusCode::NOT_MODIFIED, head, Body::empty()).into_response(),
        false => (head, calendar).into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, CACHE);
    response
}
