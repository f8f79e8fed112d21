//! What the public listener says when it refuses.

use axum::extract::{self, Request};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use super::super::{State, client, reply};
use crate::app::acknowledge::AnswerError;
use crate::domain::language::Language;
use crate::domain::token::TokenError;

/// Why a link leads nowhere. A forged link and one to a row that does not exist look the same.
pub(in crate::web) fn refused(state: &State, asked: Option<Language>, error: &AnswerError) -> Response {
    match error {
        AnswerError::Store(error) => reply::unavailable(state, asked, error),
        AnswerError::Unknown | AnswerError::Token(TokenError::Forged) => {
            reply::message(state, StatusCode::NOT_FOUND, asked, |trouble| &trouble.forged)
        }
        AnswerError::Lost => reply::restoring(state, asked),
        AnswerError::Token(TokenError::Expired | TokenError::Retired) => {
            reply::message(state, StatusCode::GONE, asked, |trouble| &trouble.expired)
        }
    }
}

/// A form that could not be read.
pub(in crate::web) fn unreadable(state: &State, asked: Option<Language>, status: StatusCode) -> Response {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => reply::message(state, status, asked, |trouble| &trouble.long),
        _ => reply::message(state, status, asked, |trouble| &trouble.unreadable),
    }
}

/// Any other address of the public listener.
pub(in crate::web) async fn unknown(
    extract::State(state): extract::State<State>,
    request: Request,
) -> Response {
    refused(&state, client::language(request.uri()), &AnswerError::Unknown)
}

/// Any method but GET, HEAD and POST.
pub(in crate::web) async fn wrong_method(
    extract::State(state): extract::State<State>,
    request: Request,
) -> Response {
    let asked = client::language(request.uri());
    let mut response =
        reply::message(&state, StatusCode::METHOD_NOT_ALLOWED, asked, |trouble| &trouble.method);
    let allowed = if request.uri().path().starts_with("/a/") || request.uri().path().starts_with("/d/") {
        "GET, HEAD, POST"
    } else {
        "GET, HEAD"
    };
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}
