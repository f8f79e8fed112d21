//! Identity: whether two documents from different sources are one directive, and what it reads where
//! they differ. Numbering starts anew with every term and year and is used by many bodies, so that a
//! symbol alone never decides.

use chrono::{DateTime, Utc};
use similar::TextDiff;

use crate::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use crate::domain::ids::{DocumentId, SourceId};
use crate::domain::text::{clean, tone_key};

/// Share of letters two subjects must have in common to be taken for one. Two typists of one subject agree in
/// nine tenths; two directives of one body on one day share "Về việc" and little more.
const ALIKE: f32 = 0.7;

/// Letters of a subject that are compared; QCVN 102 allows 500.
const SUBJECT: usize = 1000;

/// Why two documents may or may not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The issuing bodies are called differently.
    Issuer,
    /// The subjects have little in common.
    Subject,
    /// One of them has no date of issue.
    Issued,
}

impl Doubt {
    /// The reason for staff.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Issuer => "tên cơ quan ban hành khác nhau",
            Self::Subject => "trích yếu khác nhau",
            Self::Issued => "một bên không ghi ngày ban hành",
        }
    }
}

/// Whether two documents are one directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// They are.
    Same,
    /// A person must say.
    Doubtful(Doubt),
    /// They are not.
    Other,
}

/// Compares two documents of different sources. Issuers are folded (case, place of tone marks), symbols
/// only cleaned, dates must be whole.
pub fn likeness(one: &Document, other: &Document) -> Likeness {
    let symbol = clean(&one.symbol);
    if symbol.is_empty() || symbol != clean(&other.symbol) {
        return Likeness::Other;
    }
    let issuer = tone_key(&one.issuer) == tone_key(&other.issuer);
    let subject = similarity(&one.subject, &other.subject) >= ALIKE;
    match (one.issued, other.issued) {
        (Some(day), Some(other)) if day != other => Likeness::Other,
        (Some(_), Some(_)) => match (issuer, subject) {
            (true, true) => Likeness::Same,
            (true, false) => Likeness::Doubtful(Doubt::Subject),
            (false, true) => Likeness::Doubtful(Doubt::Issuer),
            (false, false) => Likeness::Other,
        },
        _ if issuer && subject => Likeness::Doubtful(Doubt::Issued),
        _ => Likeness::Other,
    }
}

/// How much of two texts is the same, 0 to 1.
fn similarity(one: &str, other: &str) -> f32 {
    let start = |text: &str| tone_key(text).chars().take(SUBJECT).collect::<String>();
    let (one, other) = (start(one), start(other));
    if one == other { 1.0 } else { TextDiff::from_chars(one.as_str(), other.as_str()).ratio() }
}

/// What one delivery of a source brought about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The document in the register.
    pub document: DocumentId,
    /// What was delivered, with the source and the id there.
    pub content: Document,
    /// When.
    pub seen: DateTime<Utc>,
}

/// What a document reads: of each source what it delivered last, where an update outweighs what it
/// updates; the source named first in `order` leads, the others fill what it leaves empty. It does not
/// depend on who came first, so that two sources that differ never take turns. `None` without a content.
pub fn reading(origins: &[Origin], order: &[SourceId]) -> Option<Document> {
    let place = |source: &SourceId| order.iter().position(|other| other == source).unwrap_or(order.len());
    let mut best: Vec<&Origin> = Vec::new();
    for origin in origins.iter().filter(|origin| origin.content.operation != Operation::Revoke) {
        let newer = |other: &Origin| weight(origin) >= weight(other);
        match best.iter_mut().find(|other| other.content.source == origin.content.source) {
            Some(other) if newer(other) => *other = origin,
            Some(_) => {}
            None => best.push(origin),
        }
    }
    best.sort_by_key(|origin| (place(&origin.content.source), origin.content.source.clone()));
    best.into_iter().map(|origin| origin.content.clone()).reduce(completed)
}

fn weight(origin: &Origin) -> (bool, DateTime<Utc>) {
    (origin.content.operation == Operation::Update, origin.seen)
}

/// The leading content, what it leaves empty taken from the other.
fn completed(lead: Document, other: Document) -> Document {
    let filled = |own: Vec<_>, other| if own.is_empty() { other } else { own };
    Document {
        kind_name: lead.kind_name.or(other.kind_name),
        content: lead.content.or(other.content),
        signer: lead.signer.or(other.signer),
        issued: lead.issued.or(other.issued),
        received: lead.received.or(other.received),
        due: lead.due.or(other.due),
        urgency: if lead.urgency == Urgency::Unknown { other.urgency } else { lead.urgency },
        steering: if lead.steering == Steering::Unknown { other.steering } else { lead.steering },
        addressees: filled(lead.addressees, other.addressees),
        exchange: if lead.exchange == Exchange::default() { other.exchange } else { lead.exchange },
        field: lead.field.or(other.field),
        attachments: if lead.attachments.is_empty() { other.attachments } else { lead.attachments },
        ..lead
    }
}
