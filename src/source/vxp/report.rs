//! Telling a status. An earlier try whose answer was lost may have arrived: then the axis is asked first what
//! it was sent (`lookup`), so that a lost answer does not become a second status.

use serde_json::Value;

use super::call::{Call, Parcel};
use super::{KEYS, Vxp, frame};
use crate::app::ports::{Report, Reported, SourceError};
use crate::source::axis::{self, Failure, Letter, Organ, Part};

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
        if let Some(earlier) = &report.earlier
            && self.has_arrived(report, &letter, earlier).await?
        {
            return Ok(Reported::Known);
        }
        self.send(organ, &letter).await
    }

    /// Whether the list of organs says that nobody is called so. Without a list nobody is unknown.
    fn is_unknown(&self, organ: &str) -> bool {
        matches!(self.agencies.find(organ), Ok(Organ::Absent))
    }

    async fn send(&self, organ: &str, letter: &Letter) -> Result<Reported, SourceError> {
        let part = Part { field: "file_doc", name: "status.edxml", bytes: &letter.file };
        let parcel = Parcel { from: organ.to_owned(), to: letter.to.clone(), hash: part.hash() };
        let call = Call::Send(parcel);
        let (content_type, body) = part.with(&[]);
        let request = self.request(&call).header("Content-Type", content_type).body(body);
        let told = self.line.tell(call.title(), request).await;
        match told.and_then(|answer| frame::success(&call, answer)) {
            Ok(fields) => Ok(Reported::Taken(receipt(&fields))),
            Err(Failure::Conflict) => Ok(Reported::Known),
            Err(Failure::Refused(reason)) => Ok(Reported::Refused(reason)),
            Err(failure) => Err(failure.of_source(KEYS)),
        }
    }
}

/// The id the axis gave what we sent.
fn receipt(fields: &serde_json::Map<String, Value>) -> Option<String> {
    let inner = axis::field(fields, "data").and_then(Value::as_object);
    axis::text(fields, "DocId").or_else(|| axis::text(inner?, "DocId"))
}
