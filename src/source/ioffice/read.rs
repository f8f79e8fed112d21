//! Reading one document: detail first, judgement before anything else, files and activity only of what
//! is open.

use serde_json::Value;

use super::Ioffice;
use super::call::{Code, Read};
use super::client::Answered;
use super::detail::{self, Context, DetailError, Mark};
use super::envelope::trim;
use super::failure::Failure;
use super::field::{Fields, items};
use super::row::{Handle, Module};
use crate::app::ports::{Broken, Incoming, Listed, Reading, SourceError};
use crate::domain::document::{Attachment, Document};
use crate::domain::secrecy::Open;

/// Why a reading ends early; what the reader's steps return in place of data.
pub(super) enum Stop {
    Reading(Reading),
    Source(SourceError),
}

/// Where one document is read from.
pub(super) struct Place {
    pub post: Option<Code>,
    pub id: Code,
    pub has_files: bool,
    module: Module,
    /// The list row of a directive.
    pub row: Option<Value>,
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
        if place.module == Module::Directives {
            return self.directive(row, &place).await;
        }
        let answer = self.ask_one(&place, Read::Detail(place.id.clone())).await?;
        let (document, mark) = self.open_detail(row, &place, &answer)?;
        let (attachments, files) = self.files(&place).await?;
        let document = self.judge(Document { attachments, ..document }, &mark)?;
        let activity = self.activity(&place, &mark).await?;
        let parts = [("detail", Some(answer.raw)), ("activity", activity), ("files", files)];
        Ok(Incoming { document, raw: bundle(&parts) })
    }

    pub(super) async fn ask_one(&self, place: &Place, what: Read) -> Result<Answered, Stop> {
        self.client.ask(place.post.as_ref(), what, &Value::Null).await.map_err(Stop::from)
    }

    /// Judges every text in the detail, those that are not decoded included, and only then decodes it:
    /// a secret document stays secret however broken it is, and a broken one may keep its bytes.
    fn open_detail(&self, row: &Listed, place: &Place, answer: &Answered) -> Result<(Document, Mark), Stop> {
        let items = items(answer.data.clone()).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let item = match items.as_slice() {
            [] => return Err(Stop::Reading(Reading::Gone)),
            [item] => item,
            _ => return Err(broken("một mã văn bản ứng với nhiều văn bản")),
        };
        let fields = Fields::of(item).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let mark = Mark::of(fields, &self.names);
        self.judge(detail::probe(detail::texts(fields, &self.names)), &mark)?;
        let context = self.context(row, place);
        let keep = |error: DetailError| {
            let broken = Broken { reason: error.to_string(), raw: Some(answer.raw.clone()) };
            Stop::Reading(Reading::Broken(broken))
        };
        Ok((detail::document(fields, &context).map_err(keep)?, mark))
    }

    pub(super) fn context<'a>(&'a self, row: &Listed, place: &'a Place) -> Context<'a> {
        Context {
            source: &self.client.id,
            id: &place.id,
            received: row.received,
            names: &self.names,
            zone: self.zone,
        }
    }

    pub(super) fn judge(&self, document: Document, mark: &Mark) -> Result<Open<Document>, Stop> {
        mark.judge(document, &self.open_marks).map_err(|why| Stop::Reading(Reading::Withheld(why)))
    }

    /// The files' names and the answer they came in. Where the list row says `none` there is nothing to
    /// ask for.
    pub(super) async fn files(&self, place: &Place) -> Result<(Vec<Attachment>, Option<Vec<u8>>), Stop> {
        if !place.has_files {
            return Ok((Vec::new(), None));
        }
        let what = match place.module {
            Module::Documents => Read::Files(place.id.clone()),
            Module::Directives => Read::DirectiveFiles(place.id.clone()),
        };
        let answer = match self.ask_one(place, what).await {
            // Names that cannot be read cannot be judged: the document is not merely one without files.
            Err(Stop::Reading(Reading::Gone)) => return Err(broken("không đọc được danh sách tệp")),
            answer => answer?,
        };
        let files = detail::files(answer.data).map_err(|error| broken(&format!("tệp: {error}")))?;
        Ok((files, Some(answer.raw)))
    }

    /// The activity log, judged too because it is stored with the rest. It is evidence, not content: a
    /// document is not held because its log cannot be had.
    async fn activity(&self, place: &Place, mark: &Mark) -> Result<Option<Vec<u8>>, Stop> {
        match self.ask_one(place, Read::Activity(place.id.clone())).await {
            Ok(answer) => {
                self.judge(detail::probe(detail::comments(answer.data)), mark)?;
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
    let mut handle = Handle::parse(&row.handle).ok_or_else(|| broken("dòng danh sách không đọc được"))?;
    let id = handle.id.take().ok_or_else(|| broken("dòng danh sách không có mã văn bản hợp lệ"))?;
    let Handle { post, files, module, row, .. } = handle;
    Ok(Place { post, id, has_files: files, module, row })
}

/// A document that cannot be read, and whose bytes cannot be judged.
pub(super) fn broken(reason: &str) -> Stop {
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
pub(super) fn bundle(parts: &[(&str, Option<Vec<u8>>)]) -> Vec<u8> {
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
