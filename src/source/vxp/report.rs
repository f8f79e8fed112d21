//! Telling a status. A sending whose answer was lost may have arrived: before the next try the axis is
//! asked what it was sent, so that a lost answer does not become a second status.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::call::{Call, Parcel};
use super::{KEYS, Vxp, frame};
use crate::app::ports::{Report, Reported, SourceError};
use crate::source::axis::{self, Failure, Letter, Organ, Part};

/// Sendings that got no answer, by the key of the report: when the first of them began.
pub(super) type Doubts = BTreeMap<String, DateTime<Utc>>;

/// How far the times of a sending and of its row on the axis may differ.
const SLACK: TimeDelta = TimeDelta::minutes(2);

impl Vxp {
    pub(super) async fn tell(&self, report: &Report) -> Result<Reported, SourceError> {
        let Some(organ) = self.organ.as_deref() else {
            return Ok(Reported::Refused("chưa khai organ của nguồn".to_owned()));
        };
        let letter = match Letter::new(report, organ, &self.organ_name, self.line.zone) {
            Ok(letter) => letter,
            Err(reason) => return Ok(Reported::Refused(reason)),
        };
        if self.is_unknown(&letter.to) {
            let reason = format!("mã {} không có trong danh mục cơ quan của trục", letter.to);
            return Ok(Reported::Refused(reason));
        }
        if let Some(since) = self.doubt(&report.key)
            && self.has_arrived(report, &letter.to, since).await?
        {
            self.settle(&report.key);
            return Ok(Reported::Known);
        }
        self.send(report, organ, &letter).await
    }

    /// Whether the list of organs says that nobody is called so. Without a list nobody is unknown.
    fn is_unknown(&self, organ: &str) -> bool {
        matches!(self.agencies.find(organ), Ok(Organ::Absent))
    }

    async fn send(&self, report: &Report, organ: &str, letter: &Letter) -> Result<Reported, SourceError> {
        let part = Part { field: "file_doc", name: "status.edxml", bytes: &letter.file };
        let parcel = Parcel { from: organ.to_owned(), to: letter.to.clone(), hash: part.hash() };
        let call = Call::Send(parcel);
        let (content_type, body) = part.with(&[]);
        let request = self.request(&call).header("Content-Type", content_type).body(body);
        let began = self.line.now();
        let told = self.line.tell(call.title(), request).await;
        match told.and_then(|answer| frame::success(&call, answer)) {
            Ok(fields) => {
                self.settle(&report.key);
                Ok(Reported::Taken(receipt(&fields)))
            }
            Err(Failure::Conflict) => {
                self.settle(&report.key);
                Ok(Reported::Known)
            }
            Err(Failure::Refused(reason)) => Ok(Reported::Refused(reason)),
            Err(failure) => {
                let error = failure.of_source(KEYS);
                if !matches!(error, SourceError::Denied(_)) {
                    self.lock().entry(report.key.clone()).or_insert(began);
                }
                Err(error)
            }
        }
    }

    /// Whether a status about this document to this organ is on the axis since `since`.
    async fn has_arrived(
        &self,
        report: &Report,
        to: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, SourceError> {
        let skew = self.line.skew().unwrap_or_default();
        let since = since + skew - SLACK;
        let day = |at: DateTime<Utc>| at.with_timezone(&self.line.zone).format("%Y/%m/%d").to_string();
        let call = Call::Sent { from: day(since), to: day(self.line.now() + skew) };
        let fields = match self.ask(&call).await {
            Ok(fields) => fields,
            // An axis that cannot tell leaves us with sending once more: the same status, twice.
            Err(Failure::Refused(_)) => return Ok(false),
            Err(failure) => return Err(failure.of_source(KEYS)),
        };
        let rows = axis::field(&fields, "data").and_then(Value::as_array);
        let symbol = report.document.symbol.as_str();
        Ok(rows.into_iter().flatten().filter_map(Value::as_object).any(|row| {
            let is = |name: &str, value: &str| axis::text(row, name).is_none_or(|text| text == value);
            let sent = axis::text(row, "sentTime").and_then(|text| axis::instant(&text, self.line.zone));
            axis::text(row, "toCode").as_deref() == Some(to)
                && is("messageType", "status")
                && is("notation", symbol)
                && sent.is_some_and(|sent| sent >= since)
        }))
    }

    fn doubt(&self, key: &str) -> Option<DateTime<Utc>> {
        self.lock().get(key).copied()
    }

    fn settle(&self, key: &str) {
        self.lock().remove(key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Doubts> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id the axis gave what we sent.
fn receipt(fields: &serde_json::Map<String, Value>) -> Option<String> {
    let inner = axis::field(fields, "data").and_then(Value::as_object);
    axis::text(fields, "DocId").or_else(|| axis::text(inner?, "DocId"))
}
