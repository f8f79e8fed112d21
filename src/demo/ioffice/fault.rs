//! Faults by script: which request goes wrong, how often, and how.

use std::time::Duration;

use serde_json::Value;

use super::document::FakeDocument;

/// What happens instead of, or before, the proper answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// This status code and an empty body.
    Status(u16),
    /// This status code and a `Retry-After`, as a number of seconds or as a date.
    Busy(u16, String),
    /// A pause, then the proper answer.
    Delay(Duration),
    /// The login form, with status 200.
    LoginPage,
    /// A redirect to this address.
    Redirect(String),
    /// The connection breaks off in the middle of the proper answer.
    Cut,
    /// Half of the proper answer, as if it were whole.
    Half,
    /// A text that is not JSON.
    NotJson,
    /// The proper answer in a one-byte encoding.
    WrongCharset,
    /// A gzip answer that unpacks to this many bytes.
    GzipBomb(usize),
    /// Another `status.code`, with its message.
    Refuse(String, String),
    /// Success with this `data`.
    Data(Value),
    /// Sessions end, then the proper answer to a request without a session.
    Expire,
    /// This document arrives, then the proper answer.
    Arrive(Box<FakeDocument>),
    /// This document leaves, then the proper answer.
    Leave(i64),
}

/// A scripted fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Part of the path below the API address.
    path: String,
    page: Option<u32>,
    skip: u32,
    times: u32,
    act: Act,
}

impl Fault {
    /// Strikes once, at the next request whose path contains `path`.
    pub fn on(path: &str, act: Act) -> Self {
        Self { path: path.to_owned(), page: None, skip: 0, times: 1, act }
    }

    /// Strikes requests for this page of a list only.
    #[must_use]
    pub fn page(self, page: u32) -> Self {
        Self { page: Some(page), ..self }
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Strikes this many times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// Strikes until the fake stops.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(u32::MAX)
    }

    /// Whether it strikes this request; counts down if so.
    pub(super) fn strikes(&mut self, path: &str, page: Option<&str>) -> Option<Act> {
        let page_fits = self.page.is_none_or(|wanted| page == Some(wanted.to_string().as_str()));
        if self.times == 0 || !page_fits || !path.contains(&self.path) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.act.clone())
    }
}
