//! A document's detail and files, from the wire to the domain. Only the detail tells secrecy and due
//! date; what cannot be read in it is an error, never a default.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::call::Code;
use super::entity::{self, decode_fully};
use super::field::{BadField, Fields, items, scalar};
use crate::domain::document::{Attachment, Document, Exchange, Operation, Steering, Urgency};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::text::{clean, tone_key};
use crate::source::when::When;

/// The secrecy field.
const MARK: &str = "doMat";

/// What the reader knows before it decodes.
pub(super) struct Context<'a> {
    pub source: &'a SourceId,
    /// The id that was asked for.
    pub id: &'a Code,
    /// When the list said it came.
    pub received: Option<DateTime<Utc>>,
    pub zone: Tz,
}

/// Why a detail or a list of files cannot be used; carries no text of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum DetailError {
    /// A field is filled with what it cannot be.
    #[error("trường {0} có giá trị không đọc được")]
    Field(&'static str),
    /// Not the document that was asked for.
    #[error("máy chủ trả về văn bản khác với văn bản được hỏi")]
    OtherDocument,
    /// Neither symbol nor subject.
    #[error("thiếu cả số, ký hiệu và trích yếu")]
    Nameless,
    /// Not an object at all.
    #[error("dữ liệu không đúng cấu trúc")]
    Shape,
}

impl From<BadField> for DetailError {
    fn from(BadField(name): BadField) -> Self {
        Self::Field(name)
    }
}

/// The secrecy mark, decoded once. `None`, which no setting can open, where the field is missing, is no
/// text, or comes several times with different values.
pub(super) fn mark(fields: Fields<'_>) -> Option<String> {
    let mut values = fields.all(MARK);
    let first = values.next()?;
    if values.any(|other| other != first) {
        return None;
    }
    scalar(first).map(|text| clean(&entity::decode(&text)))
}

/// Every text of a detail but the mark, escapes removed, one a line; for judging.
pub(super) fn texts(fields: Fields<'_>) -> String {
    let texts = fields.texts(&[MARK]).into_iter().map(decode_fully);
    texts.collect::<Vec<_>>().join("\n")
}

/// A document that is nothing but `text`, for judging texts that no field of [`Document`] holds.
pub(super) fn probe(text: String) -> Document {
    Document {
        source: SourceId(String::new()),
        external_id: ExternalId(String::new()),
        symbol: String::new(),
        kind_name: None,
        subject: String::new(),
        content: Some(text),
        issuer: String::new(),
        signer: None,
        issued: None,
        received: None,
        due: None,
        urgency: Urgency::Unknown,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    }
}

/// Decodes a detail; its files are still missing, and it is still to be judged with them.
///
/// # Errors
/// [`DetailError`].
pub(super) fn document(fields: Fields<'_>, context: &Context<'_>) -> Result<Document, DetailError> {
    if fields.text("id").is_some_and(|id| id != context.id.as_str()) {
        return Err(DetailError::OtherDocument);
    }
    let document = decode(fields, context)?;
    if document.symbol.is_empty() && document.subject.is_empty() {
        return Err(DetailError::Nameless);
    }
    Ok(document)
}

fn decode(fields: Fields<'_>, context: &Context<'_>) -> Result<Document, DetailError> {
    let text = |name| fields.text(name);
    let arrived = || text("ngayDenDi").and_then(|text| When::parse(&text)?.instant(context.zone));
    Ok(Document {
        source: context.source.clone(),
        external_id: ExternalId(context.id.as_str().to_owned()),
        symbol: text("soKiHieu").unwrap_or_default(),
        kind_name: text("hinhThucVanBan"),
        subject: text("trichYeu").unwrap_or_default(),
        content: text("ghiChu"),
        issuer: text("donViBanHanh").unwrap_or_default(),
        signer: text("nguoiKiChinh"),
        issued: fields.day(&["ngayVanBan", "ngayBanHanh"])?,
        received: context.received.or_else(arrived),
        due: fields.day(&["hanGiaiQuyet"])?,
        urgency: text("doUuTien").map_or(Urgency::Unknown, |name| urgency(&name)),
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: text("linhVuc"),
        attachments: Vec::new(),
    })
}

/// The urgency by its name, in either tone placement; codes differ per tenant.
fn urgency(name: &str) -> Urgency {
    let table = [
        ("thường", Urgency::Normal),
        ("bình thường", Urgency::Normal),
        ("khẩn", Urgency::Urgent),
        ("thượng khẩn", Urgency::VeryUrgent),
        ("hoả tốc", Urgency::Express),
        ("hoả tốc hẹn giờ", Urgency::ExpressTimed),
    ];
    let key = tone_key(name);
    let found = table.iter().find(|(spelling, _)| tone_key(spelling) == key);
    found.map_or(Urgency::Unknown, |(_, urgency)| *urgency)
}

/// The files of a document.
///
/// # Errors
/// [`DetailError`]; a file without a name cannot be judged, so it is one.
pub(super) fn files(data: Value) -> Result<Vec<Attachment>, DetailError> {
    items(data).ok_or(DetailError::Shape)?.iter().map(file).collect()
}

fn file(item: &Value) -> Result<Attachment, DetailError> {
    let fields = Fields::of(item).ok_or(DetailError::Shape)?;
    let id = fields.text("attachmentId").or_else(|| fields.text("id"));
    Ok(Attachment {
        external_id: id.unwrap_or_default(),
        name: fields.text("name").ok_or(DetailError::Field("name"))?,
        size: fields.text("fileSize").and_then(|size| size.parse().ok()),
        stored: None,
    })
}

/// What people wrote into the activity log, escapes removed, for judging.
pub(super) fn comments(data: Value) -> String {
    let items = items(data).unwrap_or_default();
    let comments = items.iter().filter_map(|item| Fields::of(item)?.text("comment"));
    comments.map(|comment| decode_fully(&comment)).collect::<Vec<_>>().join("\n")
}
