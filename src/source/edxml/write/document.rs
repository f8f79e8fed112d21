//! A document as a message, its files streamed from where they are kept.

use std::io::{Read as _, Write};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use data_encoding::BASE64;
use quick_xml::events::BytesStart;

use super::sheet::{NAME, NAMESPACE, Sheet, code, day, fits, moment};
use super::{Organ, WriteError};
use crate::app::ports::{Files, FilesError};
use crate::domain::document::{Attachment, Concern, Document, Operation, Steering, StoredFile, Urgency};
use crate::source::edxml::symbol::join;

/// Longest `Subject` and `Content`, `CodeNumber`, `CodeNotation`, `FullName`, `Place`, in letters.
const SUBJECT: usize = 500;
const NUMBER: usize = 11;
const NOTATION: usize = 30;
const SIGNER: usize = 50;
const PLACE: usize = 150;
/// `Type` 2 is an administrative document; receivers go by `TypeName`.
const ADMINISTRATIVE: &str = "2";
/// Bytes of a file encoded at once; a multiple of three.
const CHUNK: usize = 48 << 10;

/// A document to be sent.
pub struct Outgoing<'a> {
    /// It; `exchange.organ` and `issuer` are the sender, `exchange.key` its `DocumentId`.
    pub document: &'a Document,
    /// Its receivers, at least one.
    pub to: &'a [Organ],
    /// When it is sent.
    pub at: DateTime<Utc>,
    /// The zone of that on the wire.
    pub zone: Tz,
    /// Where its files are kept.
    pub files: &'a dyn Files,
}

/// Writes a document and gives the output back.
///
/// # Errors
/// [`WriteError`]; what was written so far is no message then.
pub fn write_document<W: Write>(outgoing: &Outgoing<'_>, out: W) -> Result<W, WriteError> {
    let mut sheet = Sheet::begin(out)?;
    sheet.open("edXML:edXMLHeader")?;
    header(&mut sheet, outgoing)?;
    trace(&mut sheet, outgoing)?;
    sheet.close("edXML:edXMLHeader")?;
    manifest(&mut sheet, &outgoing.document.attachments)?;
    sheet.close("edXML:edXMLEnvelope")?;
    contents(&mut sheet, outgoing)?;
    sheet.end()
}

fn header<W: Write>(sheet: &mut Sheet<W>, outgoing: &Outgoing<'_>) -> Result<(), WriteError> {
    let document = outgoing.document;
    sheet.open("edXML:MessageHeader")?;
    sheet.organ("edXML:From", &sender(document)?)?;
    if outgoing.to.is_empty() {
        return Err(WriteError::Missing("To"));
    }
    for to in outgoing.to {
        sheet.organ("edXML:To", to)?;
    }
    sheet.field("edXML:DocumentId", document.exchange.key.as_deref(), NAME)?;
    symbol(sheet, &document.symbol)?;
    sheet.open("edXML:PromulgationInfo")?;
    let issued = document.issued.ok_or(WriteError::Missing("PromulgationDate"))?;
    sheet.leaf("edXML:PromulgationDate", &day(issued))?;
    sheet.close("edXML:PromulgationInfo")?;
    sheet.open("edXML:DocumentType")?;
    sheet.leaf("edXML:Type", ADMINISTRATIVE)?;
    sheet.field("edXML:TypeName", document.kind_name.as_deref(), NAME)?;
    sheet.close("edXML:DocumentType")?;
    sheet.field("edXML:Subject", Some(&document.subject), SUBJECT)?;
    if let Some(content) = &document.content {
        sheet.leaf("edXML:Content", fits("edXML:Content", content, SUBJECT)?)?;
    }
    rest(sheet, outgoing)?;
    sheet.close("edXML:MessageHeader")
}

/// What the standard leaves to the sender.
fn rest<W: Write>(sheet: &mut Sheet<W>, outgoing: &Outgoing<'_>) -> Result<(), WriteError> {
    let document = outgoing.document;
    if let Some(signer) = &document.signer {
        sheet.open("edXML:SignerInfo")?;
        sheet.field("edXML:FullName", Some(signer), SIGNER)?;
        sheet.close("edXML:SignerInfo")?;
    }
    sheet.leaf_if("edXML:DueDate", document.due.map(day).as_deref())?;
    let is_receiver = |place: &&String| !outgoing.to.iter().any(|to| to.id == **place);
    let places: Vec<&String> = document.addressees.iter().filter(is_receiver).collect();
    if !places.is_empty() {
        sheet.open("edXML:ToPlaces")?;
        for place in places {
            sheet.leaf("edXML:Place", fits("edXML:Place", place, PLACE)?)?;
        }
        sheet.close("edXML:ToPlaces")?;
    }
    if let Some(priority) = priority(document.urgency) {
        sheet.open("edXML:OtherInfo")?;
        sheet.leaf("edXML:Priority", priority)?;
        sheet.close("edXML:OtherInfo")?;
    }
    for answered in &document.exchange.answers {
        sheet.reference(answered)?;
    }
    sheet.leaf_if("edXML:SteeringType", steering(document.steering))
}

fn sender(document: &Document) -> Result<Organ, WriteError> {
    let id = document.exchange.organ.clone().ok_or(WriteError::Missing("From/OrganId"))?;
    Ok(Organ { id, name: Some(document.issuer.clone()) })
}

/// Cut at its first sign, where both halves joined give it again; else whole in the number.
fn symbol<W: Write>(sheet: &mut Sheet<W>, symbol: &str) -> Result<(), WriteError> {
    let cut = symbol.split_once(['-', '/']).filter(|(number, notation)| join(number, notation) == symbol);
    let (number, notation) = cut.ok_or(WriteError::Invalid("Code"))?;
    sheet.open("edXML:Code")?;
    sheet.field("edXML:CodeNumber", Some(number), NUMBER)?;
    sheet.field("edXML:CodeNotation", Some(notation), NOTATION)?;
    sheet.close("edXML:Code")
}

fn priority(urgency: Urgency) -> Option<&'static str> {
    match urgency {
        Urgency::Unknown => None,
        Urgency::Normal => Some("0"),
        Urgency::Urgent => Some("1"),
        Urgency::VeryUrgent => Some("2"),
        Urgency::Express => Some("3"),
        Urgency::ExpressTimed => Some("4"),
    }
}

fn steering(steering: Steering) -> Option<&'static str> {
    match steering {
        Steering::Unknown => None,
        Steering::None => Some("0"),
        Steering::Directive => Some("1"),
        Steering::Result => Some("2"),
    }
}

/// The one hop there is, and the operation.
fn trace<W: Write>(sheet: &mut Sheet<W>, outgoing: &Outgoing<'_>) -> Result<(), WriteError> {
    let document = outgoing.document;
    sheet.open("edXML:TraceHeaderList")?;
    sheet.open("edXML:TraceHeader")?;
    sheet.leaf("edXML:OrganId", &sender(document)?.id)?;
    sheet.leaf("edXML:Timestamp", &moment(outgoing.at, outgoing.zone))?;
    sheet.close("edXML:TraceHeader")?;
    sheet.open("edXML:Bussiness")?;
    let (number, words) = match document.operation {
        Operation::New => ("0", "Văn bản mới"),
        Operation::Revoke => ("1", "Thu hồi văn bản"),
        Operation::Update => ("2", "Cập nhật văn bản"),
        Operation::Replace => ("3", "Thay thế văn bản"),
        Operation::Unknown => return Err(WriteError::Invalid("BussinessDocType")),
    };
    sheet.leaf("edXML:BussinessDocType", number)?;
    sheet.leaf("edXML:BussinessDocReason", document.exchange.reason.as_deref().unwrap_or(words))?;
    sheet.leaf("edXML:Paper", "0")?;
    match document.operation {
        Operation::New | Operation::Revoke | Operation::Unknown => {}
        Operation::Update => update(sheet, document)?,
        Operation::Replace => replacements(sheet, &document.exchange.concerns)?,
    }
    sheet.close("edXML:Bussiness")?;
    sheet.close("edXML:TraceHeaderList")
}

fn update<W: Write>(sheet: &mut Sheet<W>, document: &Document) -> Result<(), WriteError> {
    let exchange = &document.exchange;
    let [Concern { key, .. }] = exchange.concerns.as_slice() else {
        return Err(WriteError::Missing("Bussiness/DocumentId"));
    };
    sheet.leaf("edXML:DocumentId", key)?;
    sheet.open("edXML:BussinessDocumentInfo")?;
    sheet.leaf("edXML:DocumentInfo", "1")?;
    sheet.leaf("edXML:DocumentReceiver", if exchange.receivers.is_empty() { "0" } else { "1" })?;
    sheet.open("edXML:ReceiverList")?;
    for change in &exchange.receivers {
        sheet.open("edXML:Receiver")?;
        sheet.leaf("edXML:OrganId", code("Receiver/OrganId", &change.organ)?)?;
        sheet.leaf("edXML:ReceiverType", if change.added { "1" } else { "0" })?;
        sheet.close("edXML:Receiver")?;
    }
    sheet.close("edXML:ReceiverList")?;
    sheet.close("edXML:BussinessDocumentInfo")
}

fn replacements<W: Write>(sheet: &mut Sheet<W>, concerns: &[Concern]) -> Result<(), WriteError> {
    if concerns.is_empty() {
        return Err(WriteError::Missing("ReplacementInfoList"));
    }
    sheet.open("edXML:ReplacementInfoList")?;
    for concern in concerns {
        sheet.open("edXML:ReplacementInfo")?;
        sheet.leaf("edXML:DocumentId", &concern.key)?;
        sheet.open("edXML:OrganIdList")?;
        for organ in &concern.organs {
            sheet.leaf("edXML:OrganId", code("ReplacementInfo/OrganId", organ)?)?;
        }
        sheet.close("edXML:OrganIdList")?;
        sheet.close("edXML:ReplacementInfo")?;
    }
    sheet.close("edXML:ReplacementInfoList")
}

fn manifest<W: Write>(sheet: &mut Sheet<W>, files: &[Attachment]) -> Result<(), WriteError> {
    sheet.open("edXML:edXMLBody")?;
    sheet.tag(BytesStart::new("edXML:edXMLManifest").with_attributes([("version", "1.0")]))?;
    for file in files {
        let stored = stored(file)?;
        sheet.open("edXML:Reference")?;
        sheet.leaf("edXML:ContentId", &content_id(file, stored))?;
        sheet.leaf("edXML:ContentType", &stored.media)?;
        sheet.field("edXML:AttachmentName", Some(&file.name), NAME)?;
        sheet.close("edXML:Reference")?;
    }
    sheet.close("edXML:edXMLManifest")?;
    sheet.close("edXML:edXMLBody")
}

fn contents<W: Write>(sheet: &mut Sheet<W>, outgoing: &Outgoing<'_>) -> Result<(), WriteError> {
    sheet.open("AttachmentEncoded")?;
    for file in &outgoing.document.attachments {
        let stored = stored(file)?;
        sheet.open("Attachment")?;
        sheet.leaf("ContentId", &content_id(file, stored))?;
        sheet.leaf("AttachmentName", &file.name)?;
        sheet.leaf("ContentType", &stored.media)?;
        let start = BytesStart::new("edXML:ContentTransferEncoded");
        sheet.tag(start.with_attributes([("xmlns:edXML", NAMESPACE)]))?;
        content(sheet, outgoing.files, stored)?;
        sheet.close("edXML:ContentTransferEncoded")?;
        sheet.close("Attachment")?;
    }
    sheet.close("AttachmentEncoded")
}

fn content<W: Write>(sheet: &mut Sheet<W>, files: &dyn Files, stored: &StoredFile) -> Result<(), WriteError> {
    let mut file = files.open(&stored.id)?;
    let mut letters = String::new();
    loop {
        let mut bytes = Vec::with_capacity(CHUNK);
        let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        let read = file.by_ref().take(most).read_to_end(&mut bytes);
        read.map_err(|error| FilesError::Io { what: format!("đọc {}", stored.id), error })?;
        if bytes.is_empty() {
            return Ok(());
        }
        letters.clear();
        BASE64.encode_append(&bytes, &mut letters);
        sheet.raw(letters.as_bytes())?;
    }
}

fn stored(file: &Attachment) -> Result<&StoredFile, WriteError> {
    file.stored.as_ref().ok_or(WriteError::Missing("ContentTransferEncoded"))
}

/// The source's id of the file, else ours.
fn content_id(file: &Attachment, stored: &StoredFile) -> String {
    let id = if file.external_id.is_empty() { stored.id.as_str() } else { &file.external_id };
    format!("cid:{id}")
}
