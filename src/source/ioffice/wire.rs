//! One request on the wire, no more and no less.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use serde_json::Value;
use url::Url;

use super::call::Call;
use crate::source::http::{Answer, Http, HttpError};

/// Header that carries the session's token.
const TOKEN_HEADER: &str = "X-Authentication-Token";

/// A tenant's address and the way to it.
pub(super) struct Wire {
    http: Http,
    base: Url,
}

impl Wire {
    pub(super) fn new(http: Http, base: Url) -> Self {
        Self { http, base }
    }

    /// What the tenant's clock showed at its last answer.
    pub(super) fn served(&self) -> Option<DateTime<Utc>> {
        self.http.served()
    }

    /// Sends `call` once.
    ///
    /// # Errors
    /// [`HttpError`]; a status code, whatever it is, is an answer.
    pub(super) async fn send(
        &self,
        call: &Call,
        token: Option<&HeaderValue>,
        body: &Value,
    ) -> Result<Answer, HttpError> {
        let url = self.base.join(&call.path()).map_err(|error| HttpError::Connect(error.to_string()))?;
        let mut request = if call.is_post() { self.http.post(url).json(body) } else { self.http.get(url) };
        if let Some(token) = token {
            request = request.header(TOKEN_HEADER, token.clone());
        }
        self.http.send(request).await
    }
}
