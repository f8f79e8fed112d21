//! Examine: everything vanthu reads in one document before a rule is asked: its symbol, the keys texts are
//! compared by, its urgency, whether it may be handled at all, and every due date it proposes.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::change::assignments;
use super::deadline::{self, Proposal};
use super::document::{Document, Urgency};
use super::obligation::DueWhy;
use super::routing::Trace;
use super::secrecy::{Withheld, judge};
use super::symbol::Symbol;
use super::text::{bare_key, tone_key};

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Examined {
    /// The symbol in its parts; `None` if it follows no known grammar.
    pub symbol: Option<Symbol>,
    /// What texts are compared by.
    pub keys: Keys,
    /// Độ khẩn.
    pub urgency: Urgency,
    /// Whether it may be handled.
    pub secrecy: Secrecy,
    /// Every due date that stands in the document, in order.
    pub proposals: Vec<Proposed>,
    /// The due date each group of cells gets.
    pub chosen: Vec<Chosen>,
}

/// Subject and content as rules compare them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Keys {
    /// With accents, tone marks at one place: what rules compare unless they say otherwise.
    pub tone: String,
    /// Without accents: `accent_free = true`.
    pub bare: String,
}

/// The judgement of every text of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Secrecy {
    /// No text bears a mark.
    pub open: bool,
    /// Why it would be withheld, for staff.
    pub reason: Option<&'static str>,
}

impl From<Option<Withheld>> for Secrecy {
    fn from(withheld: Option<Withheld>) -> Self {
        Self { open: withheld.is_none(), reason: withheld.map(Withheld::vietnamese) }
    }
}

/// A due date that stands in the document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposed {
    /// Where it stands: `source`, `subject`, `content`.
    pub from: &'static str,
    /// What was read.
    #[serde(flatten)]
    pub proposal: Proposal,
}

/// The due date of one group of cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// How many cells.
    pub cells: usize,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// How it came about.
    pub why: Option<DueWhy>,
}

/// Examines a document as of `now`, with what routing made of it.
pub fn examine(document: &Document, trace: &Trace, calendar: &Calendar, now: DateTime<Utc>) -> Examined {
    let text = format!("{} {}", document.subject, document.content.as_deref().unwrap_or_default());
    Examined {
        symbol: document.parsed_symbol(),
        keys: Keys { tone: tone_key(text.trim()), bare: bare_key(text.trim()) },
        urgency: document.urgency,
        secrecy: withheld(document).into(),
        proposals: proposals(document, calendar, now),
        chosen: assignments(&trace.outcome)
            .iter()
            .map(|group| Chosen {
                cells: group.cells.len(),
                due: group.duty.due,
                why: group.duty.due_why.clone(),
            })
            .collect(),
    }
}

/// Why a document's own texts would withhold it. The mark of its source is not looked at: a document in
/// the register bore an open one, one from a file is judged with it where it has one.
pub fn withheld(document: &Document) -> Option<Withheld> {
    let open = String::new();
    judge(document.clone(), Some(&open), std::slice::from_ref(&open)).err()
}

fn proposals(document: &Document, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Proposed> {
    let received = calendar.date_of(document.received.unwrap_or(now));
    let source = document.due.map(|due| Proposed {
        from: "source",
        proposal: deadline::from_source(due, document.issued, calendar),
    });
    let texts = [("subject", Some(document.subject.as_str())), ("content", document.content.as_deref())];
    let read = |(from, text): (&'static str, Option<&str>)| {
        let read = deadline::read(text.unwrap_or_default(), document.issued, received, calendar);
        read.into_iter().map(move |proposal| Proposed { from, proposal })
    };
    source.into_iter().chain(texts.into_iter().flat_map(read)).collect()
}
