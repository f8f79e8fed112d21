//! A document's detail and files, from the wire to the domain. Only the detail tells secrecy and due
//! date; what cannot be read in it is an error, never a default.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::call::Code;
use super::entity::decode_fully;
use super::field::{BadField, Fields, items, scalar};
use super::when::When;
use crate::domain::document::{Attachment, Document, Operation, Urgency};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::text::{clean, tone_key};

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

/// A detail, decoded but not yet judged. There is no `Debug`: it may be secret.
pub(super) struct Detail {
    /// The document, its files still missing.
    pub document: Document,
    /// The secrecy mark as [`judge`](crate::domain::secrecy::judge) wants it.
    pub mark: Option<String>,
    /// Every other text of the detail, escapes removed, for judging.
    pub texts: String,
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
    scalar(first).map(|text| clean(&super::entity::decode(&text)))
}

/// Decodes a detail.
///
/// # Errors
/// [`DetailError`].
pub(super) fn detail(fields: Fields<'_>, context: &Context<'_>) -> Result<Detail, DetailError> {
    if fields.text("id").is_some_and(|id| id != context.id.as_str()) {
        return Err(DetailError::OtherDocument);
    }
    let texts: Vec<String> = fields.texts(&[MARK]).into_iter().map(decode_fully).collect();
    let document = document(fields, context)?;
    if document.symbol.is_empty() && document.subject.is_empty() {
        return Err(DetailError::Nameless);
    }
    Ok(Detail { document, mark: mark(fields), texts: texts.join("\n") })
}

fn document(fields: Fields<'_>, context: &Context<'_>) -> Result<Document, DetailError> {
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
    })
}

/// What people wrote into the activity log, escapes removed, for judging.
pub(super) fn comments(data: Value) -> String {
    let items = items(data).unwrap_or_default();
    let comments = items.iter().filter_map(|item| Fields::of(item)?.text("comment"));
    comments.map(|comment| decode_fully(&comment)).collect::<Vec<_>>().join("\n")
}
