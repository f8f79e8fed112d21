//! Telling a status. The axis has no list of what was sent to it, so a sending whose answer was lost is
//! made again; it knows its own messages by their content and says 409 to the second.

use serde_json::Value;

use super::call::Call;
use super::session::Token;
use super::{KEYS, Lgsp, frame};
use crate::app::ports::{Report, Reported, SourceError};
use crate::source::axis::{self, Failure, Letter, Organ, Part};

impl Lgsp {
    pub(super) async fn tell(&self, report: &Report) -> Result<Reported, SourceError> {
        let Some(organ) = self.organ.as_deref() else {
            return Ok(Reported::Refused("chưa khai organ của nguồn".to_owned()));
        };
        let letter = match Letter::new(report, organ, &self.organ_name, self.line.zone) {
            Ok(letter) => letter,
            Err(reason) => return Ok(Reported::Refused(reason)),
        };
        if matches!(self.agencies.find(&letter.to), Ok(Organ::Absent)) {
            let reason = format!("mã {} không có trong danh mục cơ quan của trục", letter.to);
            return Ok(Reported::Refused(reason));
        }
        let call = &Call::Send;
        let part = Part { field: "edocFile", name: "status.edxml", bytes: &letter.file };
        let (content_type, body) = &part.with(&[("messageType", "status")]);
        let act = |token: Token| async move {
            let request = self.request(call, &token).header("Content-Type", content_type).body(body.clone());
            self.line.tell(call.title(), request).await
        };
        match self.with_token(act).await.and_then(|answer| frame::success(call, answer)) {
            Ok(fields) => {
                let inner = axis::field(&fields, "data").and_then(Value::as_object);
                let receipt = axis::text(&fields, "docId").or_else(|| axis::text(inner?, "docId"));
                Ok(Reported::Taken(receipt))
            }
            Err(Failure::Conflict) => Ok(Reported::Known),
            Err(Failure::Refused(reason)) => Ok(Reported::Refused(reason)),
            Err(failure) => Err(failure.of_source(KEYS)),
        }
    }
}
