//! Operation: what a delivery is, given what is known: a document not seen before, the same once more, a
//! new content of one that is known, or what its sender wants done with one (thu hồi, cập nhật, thay thế;
//! QCVN 102:2016/BTTTT, `BussinessDocType`). Each operation names its target in its own way, and may come
//! before it.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::document::{Document, Operation};
use super::ids::{DocumentId, SourceId, UnitId};
use super::unit::Units;

mod edit;
mod history;
mod identity;
mod turn;

pub use edit::{Edit, Field, Side, Weight, Words, edits};
pub use history::{Change, Delivery, History, Related};
pub use identity::{Doubt, Likeness, Origin, likeness, reading};
pub use turn::{Routes, Turn, turn};

/// Whether a document holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Còn hiệu lực.
    #[default]
    InForce,
    /// Its sender no longer sends it to us: to be regarded as withdrawn.
    Removed,
    /// Another took its place.
    Replaced,
    /// Đã thu hồi; nothing brings it back.
    Revoked,
}

impl Standing {
    /// Every standing, the later the more final.
    pub const ALL: [Self; 4] = [Self::InForce, Self::Removed, Self::Replaced, Self::Revoked];

    /// The word in SQL, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }

    /// The standing behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == word)
    }

    /// How people call it.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::InForce => "còn hiệu lực",
            Self::Removed => "nơi gửi thôi gửi cho đơn vị",
            Self::Replaced => "đã được thay thế",
            Self::Revoked => "đã thu hồi",
        }
    }
}

/// How an office wants operations handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    /// What asks for a new acknowledgement when it changes.
    pub material: BTreeSet<Field>,
    /// Whether cells are told of a change that does not.
    pub tells_small: bool,
    /// The office's own mã định danh on the axis.
    pub organs: Vec<String>,
    /// The sources, the one that leads where they differ first.
    pub order: Vec<SourceId>,
    /// How long an operation waits for its original before staff are asked to look.
    pub wait: Duration,
}

impl Default for Handling {
    fn default() -> Self {
        Self {
            material: [Field::Symbol, Field::Subject, Field::Due, Field::Asks].into(),
            tells_small: true,
            organs: Vec::new(),
            order: Vec::new(),
            wait: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// What the bodies that exchange documents call one: the `DocumentId` its sender gave, unique together
/// with the sender only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Mã định danh of the sender; empty where the message names none.
    pub organ: String,
    /// The sender's id.
    pub id: String,
}

impl Key {
    fn of(document: &Document, id: &str) -> Self {
        Self { organ: document.exchange.organ.clone().unwrap_or_default(), id: id.to_owned() }
    }

    /// What a document is called itself.
    pub fn own(document: &Document) -> Option<Self> {
        document.exchange.key.as_deref().map(|id| Self::of(document, id))
    }

    /// The document a delivery is about: the one an update names, else what it is called itself.
    pub fn target(document: &Document) -> Option<Self> {
        let named = document.exchange.concerns.first().filter(|_| document.operation == Operation::Update);
        named.map_or_else(|| Self::own(document), |concern| Some(Self::of(document, &concern.key)))
    }

    /// The documents a replacement takes the place of, each with the bodies for which it does.
    pub fn replaced(document: &Document) -> Vec<(Self, &[String])> {
        let concerns = document.exchange.concerns.iter().filter(|_| document.operation == Operation::Replace);
        concerns.map(|concern| (Self::of(document, &concern.key), concern.organs.as_slice())).collect()
    }
}

/// A document of the register that a delivery may be about.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its number.
    pub id: DocumentId,
    /// What it reads.
    pub content: Document,
}

/// What the register knows when a delivery comes.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What the same id of the same source brought before.
    pub origin: Option<Origin>,
    /// What other deliveries of the same source brought about the documents that bear the key.
    pub repeats: Vec<Origin>,
    /// Documents that bear the key of [`Key::target`].
    pub keyed: Vec<DocumentId>,
    /// Documents with the same symbol. Within one source ids are the identity: documents it delivered itself
    /// are among them only where an operation looks for its target.
    pub alike: Vec<Candidate>,
}

/// What a delivery is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Known to the letter: nothing happens.
    Unchanged,
    /// The same once more under another id: noted, nothing else happens.
    Repeat(DocumentId),
    /// A document nobody has seen.
    New,
    /// More about a known document: edited in place, updated, or from another source.
    Onto(DocumentId),
    /// Its sender takes it back.
    Revoke(DocumentId),
    /// Its original is not known yet.
    Await(Key),
    /// It may be one of these.
    Doubtful(Vec<(DocumentId, Doubt)>),
    /// An operation that names no document, or that nobody defined: what it is about is for a person to say.
    Aimless,
}

/// Decides what a delivery is.
pub fn judge(incoming: &Document, known: &Known) -> Verdict {
    if let Some(origin) = &known.origin {
        return if origin.content.fingerprint() == incoming.fingerprint() {
            Verdict::Unchanged
        } else {
            about(incoming, origin.document)
        };
    }
    if incoming.operation == Operation::Unknown {
        return Verdict::Aimless;
    }
    let same = |origin: &&Origin| {
        origin.content.operation == incoming.operation
            && edits(&origin.content, incoming).is_empty()
            && origin.content.exchange.receivers == incoming.exchange.receivers
    };
    if let Some(origin) = known.repeats.iter().find(same) {
        return Verdict::Repeat(origin.document);
    }
    if let Some(id) = known.keyed.first() {
        return about(incoming, *id);
    }
    by_nature(incoming, &known.alike)
}

/// Whether an operation is about another document than the one it brings.
pub fn operates(operation: Operation) -> bool {
    matches!(operation, Operation::Revoke | Operation::Update)
}

fn about(incoming: &Document, id: DocumentId) -> Verdict {
    match incoming.operation {
        Operation::Revoke => Verdict::Revoke(id),
        Operation::Unknown => Verdict::Aimless,
        Operation::New | Operation::Update | Operation::Replace => Verdict::Onto(id),
    }
}

/// By what both papers say.
fn by_nature(incoming: &Document, alike: &[Candidate]) -> Verdict {
    let operates = operates(incoming.operation);
    let (mut same, mut doubtful) = (None, Vec::new());
    for candidate in alike {
        match likeness(&candidate.content, incoming) {
            Likeness::Same => same = Some(candidate.id),
            Likeness::Doubtful(doubt) => doubtful.push((candidate.id, doubt)),
            Likeness::Other => {}
        }
    }
    match (same, Key::target(incoming)) {
        (Some(id), _) => about(incoming, id),
        (None, Some(key)) if operates => Verdict::Await(key),
        (None, None) if operates => Verdict::Aimless,
        (None, _) if doubtful.is_empty() => Verdict::New,
        (None, _) => Verdict::Doubtful(doubtful),
    }
}

/// Whom of ours an operation concerns that names bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The office as a whole, and so every cell.
    All,
    /// These units and what is below them.
    Units(BTreeSet<UnitId>),
    /// Others only.
    Nobody,
    /// Bodies are named, but the office's own code is not known.
    Unknown,
}

/// Whom of ours the bodies named by an operation are; an empty list is everybody.
pub fn reach(named: &[String], handling: &Handling, units: &Units) -> Reach {
    if named.is_empty() || named.iter().any(|organ| handling.organs.contains(organ)) {
        return Reach::All;
    }
    let found: BTreeSet<_> =
        named.iter().flat_map(|organ| units.called(organ)).map(|unit| unit.id.clone()).collect();
    match (found.is_empty(), handling.organs.is_empty()) {
        (false, _) => Reach::Units(found),
        (true, true) => Reach::Unknown,
        (true, false) => Reach::Nobody,
    }
}

#[cfg(test)]
mod tests;
