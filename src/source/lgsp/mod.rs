//! A provincial axis (LGSP) over its REST interface, as provincial document systems speak it.
//!
//! | Step | Request |
//! |---|---|
//! | log in | `POST v1/auth/login` → token for `Authorization: Bearer`; renewed after 29 minutes |
//! | what arrived | `GET v1/syncReceivedEdocList`, `messageType` = `edoc`, then `status`, days from and to |
//! | one message | `GET v1/getEdoc`, `docId`; edXML and its files inside the JSON |
//! | it is kept | `POST v1/updateStatus`, `status` = `done`; only after the commit |
//! | tell a status | `POST v1/sendEdoc`, a multipart `edocFile` |
//! | all organs | `GET v1/getAgenciesList`, once a week, kept in a file |
//!
//! Every request but the login bears the token **and** `X-SystemId` and `X-SecretKey` of the organ. The list
//! shows what arrived in its days, acknowledged or not, so the days overlap from poll to poll, and the first
//! list after a start and of each day reaches further back. A withheld document is never acknowledged.
//!
//! Read on in: `session`, `call` (all that can be asked), `frame` (the envelope and its codes), `report`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, Utc};
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use super::axis::{self, Agencies, Failure, Handle, Kind, Line, Message, Organ, ReachError, Spool};
use crate::app::ports::{
    Abilities, Broken, Clock, Files, Listed, Listing, PageToken, Reading, Report, Reported, Source,
    SourceError,
};
use crate::domain::ids::SourceId;

mod call;
mod frame;
mod options;
mod report;
mod session;

use call::Call;
pub use options::Options;
use session::{Account, Session, Token};

/// The settings to look at when the axis turns us away.
const KEYS: &str = "username, password, system_id và secret_key của nguồn";

/// Token of the page after the documents; the first day of the walk stands behind it.
const STATUSES: &str = "status ";

/// One organ on a provincial axis.
pub struct Lgsp {
    line: Line,
    session: Session,
    agencies: Agencies,
    files: Arc<dyn Files>,
    system_id: String,
    secret_key: HeaderValue,
    organ: Option<String>,
    organ_name: String,
    window: Days,
    sweep: Days,
    swept: Mutex<Option<NaiveDate>>,
    held: Mutex<Option<Vec<Listed>>>,
    credentials: String,
}

impl Lgsp {
    /// An adapter; nothing is sent yet.
    ///
    /// # Errors
    /// [`ReachError`] for the first setting it cannot work with.
    pub fn new(options: Options, clock: Arc<dyn Clock>, files: Arc<dyn Files>) -> Result<Self, ReachError> {
        options.check()?;
        let line = Line::new(&options.reach, clock)?;
        let secret_key = HeaderValue::from_str(options.secret_key.expose_secret());
        let mut secret_key = secret_key.map_err(|_| ReachError::Header("secret_key"))?;
        secret_key.set_sensitive(true);
        let days = |span: Duration| Days::new(span.as_secs() / (24 * 3600));
        Ok(Self {
            agencies: Agencies::new(&options.reach),
            credentials: options.credentials(),
            session: Session::new(Account {
                username: options.username,
                password: options.password,
                application_code: options.application_code,
            }),
            files,
            system_id: options.system_id,
            secret_key,
            organ: options.organ,
            organ_name: options.organ_name,
            window: days(options.window),
            sweep: days(options.sweep),
            swept: Mutex::default(),
            held: Mutex::default(),
            line,
        })
    }

    fn request(&self, call: &Call, token: &Token) -> RequestBuilder {
        let request = if call.is_get() { self.line.get(call.path()) } else { self.line.post(call.path()) };
        let request = request
            .query(&call.query())
            .header(AUTHORIZATION, token.value.clone())
            .header("X-SystemId", self.system_id.as_str())
            .header("X-SecretKey", self.secret_key.clone());
        match call.body() {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// Does something with a token; if that has run out, once more with a new one.
    async fn with_token<T, F>(&self, act: impl Fn(Token) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let token = self.session.token(&self.line, 0).await.map_err(Failure::Source)?;
        let login = token.login;
        match act(token).await {
            Err(Failure::Unauthorized(_)) => {}
            settled => return settled,
        }
        tracing::debug!(source = %self.line.id, "session expired, logging in again");
        act(self.session.token(&self.line, login).await.map_err(Failure::Source)?).await
    }

    async fn ask(&self, call: &Call) -> Result<Map<String, Value>, Failure> {
        let act =
            |token: Token| async move { self.line.ask(call.title(), || self.request(call, &token)).await };
        frame::success(call, self.with_token(act).await?)
    }

    async fn received(&self, kind: Kind, from: NaiveDate) -> Result<(Vec<Listed>, Option<u64>), SourceError> {
        // A day more: the axis' clock may be ahead of ours.
        let to = self.today().checked_add_days(Days::new(1)).unwrap_or(from);
        let call = Call::Received { kind, from, to };
        let fields = self.ask(&call).await.map_err(|failure| failure.of_source(KEYS))?;
        let rows = axis::rows(axis::field(&fields, "data"), kind, self.line.zone);
        let rows = rows
            .ok_or_else(|| SourceError::Unexpected(format!("{}: data không phải danh sách", call.title())))?;
        Ok((rows, axis::text(&fields, "count").and_then(|count| count.parse().ok())))
    }

    fn today(&self) -> NaiveDate {
        self.line.now().with_timezone(&self.line.zone).date_naive()
    }

    /// The first day of a walk that begins now.
    fn first_day(&self) -> NaiveDate {
        let today = self.today();
        let swept = *self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let back = if swept == Some(today) { self.window } else { self.sweep };
        today.checked_sub_days(back).unwrap_or(today)
    }

    /// The whole list was seen today as far back as it is ever asked for.
    fn note_sweep(&self, from: NaiveDate) {
        let today = self.today();
        if from.checked_add_days(self.sweep).is_some_and(|reached| reached <= today) {
            *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
        }
    }

    async fn fetch_agencies(&self) -> Result<Spool, Failure> {
        let call = &Call::Agencies;
        let act = |token: Token| async move {
            self.line.download(call.title(), || self.request(call, &token)).await
        };
        self.with_token(act).await
    }

    /// Fetches a message and hands it to the reader of edXML as it is undone.
    async fn fetch(&self, row: &Listed, handle: &Handle, id: &str) -> Result<Reading, SourceError> {
        let call = &Call::Fetch(id.to_owned());
        let act =
            |token: Token| async move { self.line.fetch(call.title(), || self.request(call, &token)).await };
        let framed = self.with_token(act).await.and_then(|(spool, outline)| {
            frame::success(call, outline.clone()).map(|_| Message::new((spool, outline)))
        });
        let message = match framed {
            Ok(message) => message,
            Err(Failure::Refused(reason) | Failure::Unusable(reason)) => {
                return self.missing(row, handle.kind, reason).await;
            }
            Err(failure) => return Err(failure.of_source(KEYS)),
        };
        let origin = axis::Origin {
            source: self.line.id.clone(),
            external_id: row.external_id.clone(),
            received: row.received,
            zone: self.line.zone,
            issuer: self.name_of(handle.from.as_deref()),
            beside: Some(&["data", "attachments"]),
        };
        match axis::read(message, &["data", "edxml"], origin, self.files.clone()).await? {
            Some(reading) => Ok(reading),
            None => self.missing(row, handle.kind, "trục không trả nội dung văn bản".to_owned()).await,
        }
    }

    /// A message that cannot be had: gone if it is no longer listed, else held for a person.
    async fn missing(&self, row: &Listed, kind: Kind, reason: String) -> Result<Reading, SourceError> {
        let first = self.today().checked_sub_days(self.sweep).unwrap_or_default();
        let (listed, _) = self.received(kind, first).await?;
        if listed.iter().any(|listed| listed.external_id == row.external_id) {
            return Ok(Reading::Broken(Broken { reason, raw: None }));
        }
        Ok(Reading::Gone)
    }

    fn name_of(&self, organ: Option<&str>) -> Option<String> {
        match self.agencies.find(organ?) {
            Ok(Organ::Named(name)) => Some(name),
            _ => None,
        }
    }
}

#[async_trait]
impl Source for Lgsp {
    fn id(&self) -> &SourceId {
        &self.line.id
    }

    fn credentials(&self) -> String {
        self.credentials.clone()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        let token = page.and_then(|token| token.0.strip_prefix(STATUSES)?.parse().ok());
        if let Some(from) = token {
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
            let rows = match held {
                Some(rows) => rows,
                None => self.received(Kind::Status, from).await?.0,
            };
            self.note_sweep(from);
            return Ok(Listing { rows, total: None, next: None });
        }
        self.agencies.renew(&self.line, KEYS, || self.fetch_agencies()).await;
        let from = self.first_day();
        let (rows, documents) = self.received(Kind::Edoc, from).await?;
        // Each list has its own count. Documents do not wait for a list of statuses that fails: it is asked
        // for again when its turn comes.
        let (held, statuses) = self.received(Kind::Status, from).await.ok().unzip();
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
        let total = documents.zip(statuses.flatten()).map(|(documents, statuses)| documents + statuses);
        Ok(Listing { rows, total, next: Some(PageToken(format!("{STATUSES}{from}"))) })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        match Handle::with_id(row) {
            Ok((handle, id)) => self.fetch(row, &handle, &id).await,
            Err(broken) => Ok(Reading::Broken(broken)),
        }
    }

    fn abilities(&self) -> Abilities {
        axis::abilities(self.organ.is_some())
    }

    fn drains(&self) -> bool {
        true
    }

    async fn confirm(&self, row: &Listed) -> Result<(), SourceError> {
        let Some(handle) = Handle::of(row).filter(|handle| !handle.done) else { return Ok(()) };
        let Some(id) = handle.doc_id else { return Ok(()) };
        self.ask(&Call::Acknowledge(id)).await.map(drop).map_err(|failure| failure.of_source(KEYS))
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        self.tell(report).await
    }

    fn served(&self) -> Option<DateTime<Utc>> {
        self.line.served()
    }
}
