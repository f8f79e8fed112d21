//! The national axis of electronic documents (trục liên thông văn bản quốc gia), over the HTTP interface of
//! its SDK, VXP 2.0.
//!
//! | Step | Request |
//! |---|---|
//! | how much waits | `GET countReceiveEdoc`, `GET countReceiveStatus` |
//! | what waits | `POST getReceivedEdocList`, `messagetype` = `edoc`, then `status`; all of it, on one page |
//! | one message | `POST getEdoc`, `docId`; edXML, plain or as base64, inside the JSON |
//! | it is kept | `POST updateStatus`, `status` = `done`; only after the commit, then it leaves the list |
//! | tell a status | `POST sendEdoc`, `messagetype` = `status`, a multipart `file_doc` |
//! | was it sent? | `POST getSentEdocList`, and `getEdoc` of what it lists; only after a sending that got no answer |
//! | all organs | `POST getAgenciesList`, once a week, kept in a file |
//!
//! Success is HTTP 200 **and** `status` OK **and** `ErrorCode` 0. What is listed and not acknowledged comes
//! again, so a crash anywhere between reading and acknowledging costs one more reading and nothing else. A
//! withheld document is never acknowledged: to the axis it is as if nobody had asked for it.
//!
//! Read on in: `sign` (how requests are signed), `call` (all that can be asked), `frame` (the envelope),
//! `report` (statuses), `lookup` (whether one arrived).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use serde_json::{Map, Value};

use super::axis::{self, Agencies, Failure, Handle, Kind, Line, Message, Organ, ReachError};
use crate::app::ports::{
    Abilities, Broken, Clock, Files, Listed, Listing, PageToken, Reading, Report, Reported, Source,
    SourceError,
};
use crate::domain::ids::SourceId;

mod call;
mod frame;
mod lookup;
mod options;
mod report;
mod sign;

use call::Call;
pub use options::Options;
use sign::Signer;

/// The settings to look at when the axis turns us away.
const KEYS: &str = "system_id và secret của nguồn";

/// One organ on the national axis.
pub struct Vxp {
    line: Line,
    signer: Signer,
    agencies: Agencies,
    files: Arc<dyn Files>,
    organ: Option<String>,
    organ_name: String,
    credentials: String,
}

impl Vxp {
    /// An adapter; nothing is sent yet.
    ///
    /// # Errors
    /// [`ReachError`] for the first setting it cannot work with.
    pub fn new(options: Options, clock: Arc<dyn Clock>, files: Arc<dyn Files>) -> Result<Self, ReachError> {
        options.check()?;
        let line = Line::new(&options.reach, clock)?;
        Ok(Self {
            signer: Signer::new(&options.system_id, &options.secret, options.reach.zone),
            agencies: Agencies::new(&options.reach),
            files,
            credentials: options.credentials(),
            organ: options.organ,
            organ_name: options.organ_name,
            line,
        })
    }

    /// A request signed now: each try gets a time of its own.
    fn request(&self, call: &Call) -> RequestBuilder {
        let request = if call.is_get() { self.line.get(call.path()) } else { self.line.post(call.path()) };
        let headers = self.signer.headers(&call.headers(), self.line.now());
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        if call.has_json() { request.body("{}") } else { request }
    }

    async fn ask(&self, call: &Call) -> Result<Map<String, Value>, Failure> {
        let answer = self.line.ask(call.title(), || self.request(call)).await?;
        frame::success(call, answer)
    }

    async fn received(&self, kind: Kind) -> Result<Vec<Listed>, SourceError> {
        let call = Call::Received(kind);
        let fields = self.ask(&call).await.map_err(|failure| failure.of_source(KEYS))?;
        axis::rows(axis::field(&fields, "data"), kind, self.line.zone)
            .ok_or_else(|| SourceError::Unexpected(format!("{}: data không phải danh sách", call.title())))
    }

    /// How much waits in both lists; `None` if the axis does not count.
    async fn count(&self) -> Option<u64> {
        let mut total = 0;
        for kind in [Kind::Edoc, Kind::Status] {
            let fields = self.ask(&Call::Count(kind)).await.ok()?;
            let inner = axis::field(&fields, "data").and_then(Value::as_object);
            let count = axis::text(&fields, "count").or_else(|| axis::text(inner?, "count"));
            total += count.and_then(|count| count.parse::<u64>().ok())?;
        }
        Some(total)
    }

    async fn message(&self, id: &str) -> Result<Message, Failure> {
        let call = Call::Fetch(id.to_owned());
        let (spool, outline) = self.line.fetch(call.title(), || self.request(&call)).await?;
        frame::success(&call, outline.clone())?;
        Ok(Message::new((spool, outline)))
    }

    /// Fetches a message and hands it to the reader of edXML as it is undone.
    async fn fetch(&self, row: &Listed, handle: &Handle, id: &str) -> Result<Reading, SourceError> {
        match self.message(id).await {
            Ok(message) => self.open(row, handle, message).await,
            Err(Failure::Refused(reason) | Failure::Unusable(reason)) => self.missing(row, reason).await,
            Err(failure) => Err(failure.of_source(KEYS)),
        }
    }

    async fn open(&self, row: &Listed, handle: &Handle, message: Message) -> Result<Reading, SourceError> {
        let origin = axis::Origin {
            source: self.line.id.clone(),
            external_id: row.external_id.clone(),
            received: row.received,
            zone: self.line.zone,
            issuer: self.name_of(handle.from.as_deref()),
            beside: None,
        };
        let read = axis::read(message, &["data"], origin, self.files.clone()).await?;
        match read {
            Some(reading) => Ok(reading),
            None => self.missing(row, "trục không trả nội dung văn bản".to_owned()).await,
        }
    }

    /// A message that cannot be had: gone if it is no longer listed, else held for a person.
    async fn missing(&self, row: &Listed, reason: String) -> Result<Reading, SourceError> {
        let kind = Handle::of(row).map_or(Kind::Edoc, |handle| handle.kind);
        let listed = self.received(kind).await?;
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
impl Source for Vxp {
    fn id(&self) -> &SourceId {
        &self.line.id
    }

    fn credentials(&self) -> String {
        self.credentials.clone()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        let token = page.and_then(|token| token.0.strip_prefix(STATUSES));
        if let Some(total) = token {
            let rows = self.received(Kind::Status).await?;
            return Ok(Listing { rows, total: total.parse().ok(), next: None });
        }
        let organs = &Call::Agencies;
        let fetch = || self.line.download(organs.title(), || self.request(organs));
        self.agencies.renew(&self.line, KEYS, fetch).await;
        let total = self.count().await;
        let rows = self.received(Kind::Edoc).await?;
        let shown = total.map_or_else(String::new, |total| total.to_string());
        Ok(Listing { rows, total, next: Some(PageToken(format!("{STATUSES}{shown}"))) })
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
        let id = Handle::of(row).and_then(|handle| handle.doc_id);
        let Some(id) = id else { return Ok(()) };
        self.ask(&Call::Acknowledge(id)).await.map(drop).map_err(|failure| failure.of_source(KEYS))
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        self.tell(report).await
    }

    fn served(&self) -> Option<DateTime<Utc>> {
        self.line.served()
    }
}

/// Token of the page after the documents; how much waits in all stands behind it.
const STATUSES: &str = "status ";
