//! Browser: opens a page and sends a form, over HTTP and nothing else.

use chrono::TimeDelta;
use reqwest::header::USER_AGENT;
use reqwest::{Client, RequestBuilder, StatusCode};

use super::Outcome;
use super::form::{Form, forms};
use crate::demo::random::Random;

/// What a page said to a press.
pub(super) enum Pressed {
    /// Its last word.
    Said(Outcome),
    /// It wants digits; the form with the field for them.
    Asked(Form),
}

/// One person's browser.
pub(super) struct Browser<'a> {
    client: &'a Client,
    /// The address of the office it stands in, as a proxy before the pages would tell it. Without it
    /// every secretary of the demo would press from one machine, which no province does.
    office: String,
    reading: u64,
}

impl<'a> Browser<'a> {
    pub(super) fn new(client: &'a Client, seed: u64, address: &str) -> Self {
        let mut random = Random::of(seed, &["browser", address]);
        // 198.18.0.0/15 is set apart for tests (RFC 2544): no such address can belong to anybody.
        let office = format!("198.18.{}.{}", random.below(256), 1 + random.below(254));
        Self { client, office, reading: 20 + random.below(70) }
    }

    /// How long this person reads a page.
    pub(super) fn reading_time(&self) -> TimeDelta {
        TimeDelta::seconds(i64::try_from(self.reading).unwrap_or(20))
    }

    /// Opens a page and reads its forms.
    ///
    /// # Errors
    /// How it went, if there was no page to read.
    pub(super) async fn open(&self, link: &str) -> Result<Vec<Form>, Outcome> {
        let (status, page) = self.send(self.client.get(link)).await?;
        if status == StatusCode::OK { Ok(forms(&page)) } else { Err(Outcome::Refused(status.as_u16())) }
    }

    /// Sends a filled form to the page it came from.
    pub(super) async fn press(&self, link: &str, fields: Vec<(String, String)>) -> Pressed {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&fields);
        let request = self
            .client
            .post(link)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.finish());
        let (status, page) = match self.send(request).await {
            Ok(answer) => answer,
            Err(outcome) => return Pressed::Said(outcome),
        };
        match forms(&page).into_iter().find(Form::asks_digits) {
            _ if status == StatusCode::OK => Pressed::Said(Outcome::Recorded { digits: false }),
            Some(form) if status == StatusCode::UNPROCESSABLE_ENTITY => Pressed::Asked(form),
            _ => Pressed::Said(Outcome::Refused(status.as_u16())),
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<(StatusCode, String), Outcome> {
        let unreachable = |error: reqwest::Error| Outcome::Unreachable(error.without_url().to_string());
        let request =
            request.header(USER_AGENT, "Mozilla/5.0 (demo)").header("X-Forwarded-For", &self.office);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        Ok((status, response.text().await.map_err(unreachable)?))
    }
}
