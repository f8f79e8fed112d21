//! Answers: a rendered page with its status, the style sheet, and the pages of trouble.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::HEXLOWER;

use super::State;
use crate::domain::language::Language;
use crate::render::pages::lexicon::{Lexicon, Message, Trouble};
use crate::render::pages::message::MessagePage;
use crate::render::pages::{Page, STYLE};

/// The style sheet's ETag: a hash of its text, so that an upgrade shows at once.
static STYLE_TAG: LazyLock<String> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA256, STYLE.as_bytes());
    format!("\"{}\"", HEXLOWER.encode(hash.as_ref().get(..8).unwrap_or_default()))
});

/// A page with its status. A page that cannot be rendered is a fault of the program; then a plain
/// text says so.
pub(super) fn page<P: Page>(state: &State, status: StatusCode, page: &P) -> Response {
    match state.pages.render(page) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered; this is a fault of the program");
            let text = Lexicon::of(page.language()).trouble.unrendered;
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// The language of whoever names none: that of mails to mailboxes that name none.
pub(super) fn language(state: &State, asked: Option<Language>) -> Language {
    asked.unwrap_or(state.policy.sending.language)
}

/// A page that only says something, in the office's name and the language asked for.
pub(super) fn message(
    state: &State,
    status: StatusCode,
    asked: Option<Language>,
    say: fn(&Trouble) -> &Message,
) -> Response {
    let (office, language) = ((state.office)(), language(state, asked));
    let said = say(&Lexicon::of(language).trouble);
    let message = MessagePage {
        language,
        office: office.name.clone(),
        phone: office.phone.clone(),
        title: said.title.to_owned(),
        text: said.text.iter().map(|line| (*line).to_owned()).collect(),
    };
    page(state, status, &message)
}

/// The register cannot be read or written; nothing was recorded.
pub(super) fn unavailable(state: &State, asked: Option<Language>, error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a page could not be served from the register");
    let mut response = message(state, StatusCode::SERVICE_UNAVAILABLE, asked, |trouble| &trouble.unavailable);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("120"));
    response
}

/// A link of a register that is lost; whoever presses later is heard.
pub(super) fn restoring(state: &State, asked: Option<Language>) -> Response {
    let mut response = message(state, StatusCode::SERVICE_UNAVAILABLE, asked, |trouble| &trouble.restoring);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("86400"));
    response
}

/// A handler failed in a way nobody foresaw.
pub(super) fn broken(state: &State, status: StatusCode) -> Response {
    message(state, status, None, |trouble| &trouble.broken)
}

/// The request took too long.
pub(super) fn too_slow(state: &State, asked: Option<Language>) -> Response {
    message(state, StatusCode::SERVICE_UNAVAILABLE, asked, |trouble| &trouble.slow)
}

/// The style sheet; browsers keep it and ask by its tag whether it is still the same.
pub(super) async fn style(headers: HeaderMap) -> Response {
    let head =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache"), (ETAG, STYLE_TAG.as_str())];
    let known = headers.get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == STYLE_TAG.as_bytes());
    match known {
        true => (StatusCode::NOT_MODIFIED, head, Body::empty()).into_response(),
        false => (head, STYLE).into_response(),
    }
}
