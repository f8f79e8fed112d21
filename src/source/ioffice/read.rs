//! Reading one document: detail first, judgement before anything else, files and activity only of what
//! is open.

use serde_json::Value;

use super::Ioffice;
use super::call::{Call, Code};
use super::client::Answered;
use super::detail::{self, Context, Detail};
use super::envelope::trim;
use super::failure::Failure;
use super::field::{Fields, items};
use super::row::Handle;
use crate::app::ports::{Broken, Incoming, Listed, Reading, SourceError};
use crate::domain::document::{Attachment, Document};
use crate::domain::secrecy::{Open, Withheld, judge};

/// Why a reading ends early; what the reader's steps return in place of data.
enum Stop {
    Reading(Reading),
    Source(SourceError),
}

/// Where one document is read from.
struct Place {
    post: Option<Code>,
    id: Code,
    has_files: bool,
}

impl Ioffice {
    pub(super) async fn read_row(&self, row: &Listed) -> Result<Reading, SourceError> {
        match self.read_steps(row).await {
            Ok(incoming) => Ok(Reading::Open(Box::new(incoming))),
            Err(Stop::Reading(reading)) => Ok(reading),
            Err(Stop::Source(error)) => Err(error),
        }
    }

    async fn read_steps(&self, row: &Listed) -> Result<Incoming, Stop> {
        let place = place(row)?;
        let answer = self.ask_one(&place, &Call::Detail(place.id.clone())).await?;
        let detail = self.open_detail(row, &place, &answer)?;
        let (files, files_raw) = self.files(&place).await?;
        let document = self.judge_files(&detail, files)?;
        let activity_raw = self.activity(&place, &detail).await?;
        let parts = [("detail", Some(answer.raw)), ("activity", activity_raw), ("files", files_raw)];
        Ok(Incoming { document, raw: bundle(&parts) })
    }

    async fn ask_one(&self, place: &Place, call: &Call) -> Result<Answered, Stop> {
        self.client.ask(place.post.as_ref(), call, &Value::Null).await.map_err(Stop::from)
    }

    /// Decodes the detail and judges every text in it, those that are not decoded included. A detail
    /// that cannot be decoded keeps its bytes only if its mark is open and no text betrays a secret.
    fn open_detail(&self, row: &Listed, place: &Place, answer: &Answered) -> Result<Detail, Stop> {
        let items = items(answer.data.clone()).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let item = match items.as_slice() {
            [] => return Err(Stop::Reading(Reading::Gone)),
            [item] => item,
            _ => return Err(broken("một mã văn bản ứng với nhiều văn bản")),
        };
        let fields = Fields::of(item).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let context =
            Context { source: &self.client.id, id: &place.id, received: row.received, zone: self.zone };
        let detail = detail::detail(fields, &context).map_err(|error| broken(&error.to_string()))?;
        self.judge_text(&detail, &detail.texts)?;
        Ok(detail)
    }

    /// Judges the document as if `text` were its content.
    fn judge_text(&self, detail: &Detail, text: &str) -> Result<(), Stop> {
        let probe = Document { content: Some(text.to_owned()), ..detail.document.clone() };
        self.judge(probe, detail).map(drop)
    }

    fn judge_files(&self, detail: &Detail, files: Vec<Attachment>) -> Result<Open<Document>, Stop> {
        self.judge(Document { attachments: files, ..detail.document.clone() }, detail)
    }

    fn judge(&self, document: Document, detail: &Detail) -> Result<Open<Document>, Stop> {
        let judged = judge(document, detail.mark.as_deref(), &self.open_marks);
        judged.map_err(|why: Withheld| Stop::Reading(Reading::Withheld(why)))
    }

    /// The files' names and the answer they came in. Where the list row says `none` there is nothing to
    /// ask for.
    async fn files(&self, place: &Place) -> Result<(Vec<Attachment>, Option<Vec<u8>>), Stop> {
        if !place.has_files {
            return Ok((Vec::new(), None));
        }
        let answer = match self.ask_one(place, &Call::Files(place.id.clone())).await {
            // Names that cannot be read cannot be judged: the document is not merely one without files.
            Err(Stop::Reading(Reading::Gone)) => return Err(broken("không đọc được danh sách tệp")),
            answer => answer?,
        };
        let files = detail::files(answer.data).map_err(|error| broken(&format!("tệp: {error}")))?;
        Ok((files, Some(answer.raw)))
    }

    /// The activity log, judged too because it is stored with the rest. It is evidence, not content: a
    /// document is not held because its log cannot be had.
    async fn activity(&self, place: &Place, detail: &Detail) -> Result<Option<Vec<u8>>, Stop> {
        match self.ask_one(place, &Call::Activity(place.id.clone())).await {
            Ok(answer) => {
                self.judge_text(detail, &detail::comments(answer.data))?;
                Ok(Some(answer.raw))
            }
            Err(Stop::Reading(_)) => {
                tracing::warn!(source = %self.client.id, document = place.id.as_str(), "no activity log");
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }
}

fn place(row: &Listed) -> Result<Place, Stop> {
    let handle = Handle::parse(&row.handle).ok_or_else(|| broken("dòng danh sách không đọc được"))?;
    let id = handle.id.ok_or_else(|| broken("dòng danh sách không có mã văn bản hợp lệ"))?;
    Ok(Place { post: handle.post, id, has_files: handle.files })
}

/// A document that cannot be read. Its bytes are never kept: a detail that does not decode cannot be
/// judged in full either.
fn broken(reason: &str) -> Stop {
    Stop::Reading(Reading::Broken(Broken { reason: reason.to_owned(), raw: None }))
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Source(error) => Self::Source(error),
            Failure::Gone(_) => Self::Reading(Reading::Gone),
            Failure::Stumbled(reason) | Failure::Unusable(reason) => broken(&reason),
        }
    }
}

/// One JSON object of the answers' very bytes; each has been parsed as JSON, so the whole is JSON too.
fn bundle(parts: &[(&str, Option<Vec<u8>>)]) -> Vec<u8> {
    let mut whole = Vec::new();
    for (index, (name, part)) in parts.iter().enumerate() {
        whole.extend_from_slice(if index == 0 { b"{\"" } else { b",\"" });
        whole.extend_from_slice(name.as_bytes());
        whole.extend_from_slice(b"\":");
        whole.extend_from_slice(part.as_deref().map_or(b"null", trim));
    }
    whole.push(b'}');
    whole
}
