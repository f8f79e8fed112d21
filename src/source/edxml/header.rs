//! From the header of a message to the document it describes (domain of QCVN 102: `MessageHeader`,
//! `TraceHeaderList`, `edXMLManifest`; and the older dialect).

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::problem::Problem;
use super::tree::Element;
use super::{Context, operation, symbol};
use crate::domain::document::{Document, Reference, Steering, Urgency};
use crate::source::when::When;

/// The document a message describes, its files still missing.
pub(super) fn document(root: &Element, context: &Context<'_>) -> Result<Document, Problem> {
    let header = root.find("messageheader").ok_or(Problem::NotEdxml)?;
    let text = |path: &[&str]| header.text_at(path);
    let subject = text(&["subject"]).unwrap_or_default();
    let symbol = symbol::join(
        &text(&["code", "codenumber"]).unwrap_or_default(),
        &text(&["code", "codenotation"]).unwrap_or_default(),
    );
    if symbol.is_empty() && subject.is_empty() {
        return Err(Problem::Nameless);
    }
    let (operation, exchange) = operation::read(root, header)?;
    Ok(Document {
        source: context.source.clone(),
        external_id: context.external_id.clone(),
        symbol,
        kind_name: text(&["documenttype", "typename"]),
        content: text(&["content"]).filter(|content| *content != subject),
        subject,
        issuer: issuer(header),
        signer: signer(header),
        issued: day(header, &["promulgationinfo", "promulgationdate"], "PromulgationDate")?,
        received: context.received.or_else(|| last_hop(root, context.zone)),
        due: day(header, &["duedate"], "DueDate")?,
        urgency: urgency(header.text_of(&[&["otherinfo", "priority"], &["priority"]]).as_deref()),
        operation,
        steering: steering(text(&["steeringtype"]).as_deref()),
        addressees: addressees(header),
        exchange,
        field: None,
        attachments: Vec::new(),
    })
}

/// The sender's name, else the promulgator of the older dialect, else the sender's code.
fn issuer(header: &Element) -> String {
    let paths: [&[&str]; 3] =
        [&["from", "organname"], &["promulgationinfo", "promulgator"], &["from", "organid"]];
    header.text_of(&paths).unwrap_or_default()
}

/// The signer's name, else the post.
fn signer(header: &Element) -> Option<String> {
    let paths: [&[&str]; 3] =
        [&["signerinfo", "fullname"], &["signerinfo", "signer"], &["signerinfo", "position"]];
    header.text_of(&paths)
}

/// The receivers by code, or by name where a receiver has none; then the lines of *Nơi nhận*.
fn addressees(header: &Element) -> Vec<String> {
    let receivers = header.children_named("to").filter_map(|to| to.text_of(&[&["organid"], &["organname"]]));
    let places = header.child("toplaces").into_iter().flat_map(|places| places.children_named("place"));
    let mut all: Vec<String> = Vec::new();
    for one in receivers.chain(places.filter_map(|place| place.text_at(&[]))) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Priority 0–4 as the wire has it, or its name. An empty one is unknown, not normal; neither is a
/// number nobody defined.
fn urgency(text: Option<&str>) -> Urgency {
    match text {
        Some("0") => Urgency::Normal,
        Some("1") => Urgency::Urgent,
        Some("2") => Urgency::VeryUrgent,
        Some("3") => Urgency::Express,
        Some("4") => Urgency::ExpressTimed,
        _ => Urgency::Unknown,
    }
}

/// `SteeringType` 0–2. Other numbers are on the wire with more than one meaning, so they mean nothing.
fn steering(text: Option<&str>) -> Steering {
    match text {
        Some("0") => Steering::None,
        Some("1") => Steering::Directive,
        Some("2") => Steering::Result,
        _ => Steering::Unknown,
    }
}

/// A date that must be readable where it is filled: a due date lost in silence is a directive missed.
fn day(header: &Element, path: &[&str], field: &'static str) -> Result<Option<NaiveDate>, Problem> {
    match header.text_at(path).filter(|text| !is_unset(text)) {
        None => Ok(None),
        Some(text) => When::parse(&text).map(|when| Some(when.day)).ok_or(Problem::Field(field)),
    }
}

/// The date that programs write where none was entered: the first of January of the year 1, or zeros.
fn is_unset(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    matches!(digits.as_str(), "00010101" | "01010001" | "00000000")
}

/// When the newest hop saw the message.
fn last_hop(root: &Element, zone: Tz) -> Option<DateTime<Utc>> {
    let hops = root.find("traceheaderlist")?.children_named("traceheader");
    hops.filter_map(|hop| When::parse(&hop.text_at(&["timestamp"])?)?.instant(zone)).max()
}

/// The documents that a message answers or is about; groups with nothing in them are left out. Their
/// dates contradict each other in practice, so one that cannot be read is merely missing.
pub(super) fn references(header: &Element) -> impl Iterator<Item = Reference> {
    header.children_named("responsefor").filter_map(|about| {
        let reference = Reference {
            organ: about.text_at(&["organid"]),
            symbol: about.text_of(&[&["code"], &["code", "codenumber"]]),
            issued: about.text_at(&["promulgationdate"]).and_then(|text| Some(When::parse(&text)?.day)),
            key: about.text_at(&["documentid"]),
        };
        (reference != Reference::default()).then_some(reference)
    })
}
