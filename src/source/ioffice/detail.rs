//! A document's detail and files, from the wire to the domain. Only the detail tells secrecy and due
//! date; what cannot be read in it is an error, never a default.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::call::Code;
use super::entity;
use super::field::{BadField, Fields, items, scalar};
use super::html;
use super::names::FieldMap;
use crate::domain::document::{Attachment, Document, Exchange, Operation, Steering, Urgency};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::secrecy::{Open, Withheld, is_open_mark, judge};
use crate::domain::text::clean;
use crate::source::when::When;

/// What the reader knows before it decodes.
pub(super) struct Context<'a> {
    pub source: &'a SourceId,
    /// The id that was asked for.
    pub id: &'a Code,
    /// When the list said it came.
    pub received: Option<DateTime<Utc>>,
    /// What fields are called.
    pub names: &'a FieldMap,
    pub zone: Tz,
}

/// Why a detail or a list of files cannot be used; carries no text of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DetailError {
    /// A field is filled with what it cannot be.
    #[error("trường {0} có giá trị không đọc được")]
    Field(String),
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

/// What an answer says of secrecy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// The value of every secrecy field that is there, decoded once; `None` for one that is no text. Without any,
    /// nothing says that the document is open.
    Says(Vec<Option<String>>),
    /// There is no such field, and the office vouches for what comes without.
    Vouched,
}

impl Mark {
    /// Every secrecy field, whatever it is called.
    pub(super) fn of(fields: Fields<'_>, names: &FieldMap) -> Self {
        let values = names.secrecy.iter().flat_map(|name| fields.all(name));
        let decoded = |value: &Value| scalar(value).map(|text| clean(&entity::decode(&text)));
        Self::Says(values.map(decoded).collect())
    }

    /// What several answers about one document say together.
    pub(super) fn all(marks: impl IntoIterator<Item = Self>) -> Self {
        let values = |mark| match mark {
            Self::Says(values) => values,
            Self::Vouched => Vec::new(),
        };
        Self::Says(marks.into_iter().flat_map(values).collect())
    }

    /// The same for what bears no such field where the office vouches for it.
    #[must_use]
    pub(super) fn vouched(self) -> Self {
        match self {
            Self::Says(values) if values.is_empty() => Self::Vouched,
            said => said,
        }
    }

    /// Judges a document: every secrecy field must say that it is open, and no text may say otherwise.
    ///
    /// # Errors
    /// Why it must be withheld.
    pub(super) fn judge(
        &self,
        document: Document,
        open_marks: &[String],
    ) -> Result<Open<Document>, Withheld> {
        let Self::Says(values) = self else { return judge(document, Some(""), &[String::new()]) };
        let is_open =
            |mark: &Option<String>| mark.as_deref().is_some_and(|mark| is_open_mark(mark, open_marks));
        let worst = values.iter().find(|mark| !is_open(mark)).or(values.first());
        judge(document, worst.and_then(Option::as_deref), open_marks)
    }
}

/// Every text of an answer but the secrecy fields, escapes and markup removed, one a line; for judging. The
/// secrecy fields are judged as such, each of them.
pub(super) fn texts(fields: Fields<'_>, names: &FieldMap) -> String {
    let mut texts = Vec::new();
    for text in fields.texts(&names.secrecy) {
        let text = entity::decode(text);
        if text.contains('<') {
            texts.push(html::text(&text));
        }
        texts.push(text);
    }
    texts.join("\n")
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
    let document = decode(fields, context, fields.first(&context.names.content))?;
    if document.symbol.is_empty() && document.subject.is_empty() {
        return Err(DetailError::Nameless);
    }
    Ok(document)
}

/// Decodes what documents and directives have in common.
pub(super) fn decode(
    fields: Fields<'_>,
    context: &Context<'_>,
    content: Option<String>,
) -> Result<Document, DetailError> {
    let names = context.names;
    let text = |names: &[String]| fields.first(names);
    let arrived = || fields.text("ngayDenDi").and_then(|text| When::parse(&text)?.instant(context.zone));
    Ok(Document {
        source: context.source.clone(),
        external_id: ExternalId(context.id.as_str().to_owned()),
        symbol: text(&names.symbol).unwrap_or_default(),
        kind_name: text(&names.kind),
        subject: text(&names.subject).unwrap_or_default(),
        content,
        issuer: text(&names.issuer).unwrap_or_default(),
        signer: text(&names.signer),
        issued: fields.day(&names.issued)?,
        received: context.received.or_else(arrived),
        due: fields.day(&names.due)?,
        urgency: text(&names.urgency).map_or(Urgency::Unknown, |name| Urgency::named(&name)),
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: text(&names.field),
        attachments: Vec::new(),
    })
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
    let id = ["attachmentId", "id", "hdd"].iter().find_map(|name| fields.text(name));
    Ok(Attachment {
        external_id: id.unwrap_or_default(),
        name: fields.text("name").ok_or_else(|| DetailError::Field("name".to_owned()))?,
        size: fields.text("fileSize").and_then(|size| size.parse().ok()),
        stored: None,
    })
}

/// What people wrote into the activity log, escapes removed, for judging.
pub(super) fn comments(data: Value) -> String {
    let items = items(data).unwrap_or_default();
    let comments = items.iter().filter_map(|item| Fields::of(item)?.text("comment"));
    comments.map(|comment| entity::decode(&comment)).collect::<Vec<_>>().join("\n")
}
