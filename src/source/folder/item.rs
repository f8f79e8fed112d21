//! What a file holds, piece by piece: a row of a register, a message. Each piece is judged before it
//! becomes one.

use super::trace::Trace;
use crate::app::ports::{Broken, Incoming, Listed, Reading};
use crate::domain::ids::ExternalId;
use crate::domain::secrecy::Withheld;
use crate::domain::status::Status;
use crate::source::hash::sha256;

/// Digits of an id: enough that no two pieces share one, few enough to be read aloud.
const DIGITS: usize = 24;

/// What ids of documents begin with.
const DOCUMENT: &str = "vb";
/// What ids of the unreadable begin with.
const BROKEN: &str = "loi";

/// The id of the open document whose identity is the hash of `key`. A hash, because what identifies a
/// document is text of it, and ids are kept of what is withheld too.
pub(super) fn document_id(key: &str) -> ExternalId {
    id(DOCUMENT, key)
}

/// The id of what is unreadable and is known by `key`.
pub(super) fn broken_id(key: &str) -> ExternalId {
    id(BROKEN, key)
}

fn id(class: &str, key: &str) -> ExternalId {
    let hash: String = sha256(key).chars().take(DIGITS).collect();
    ExternalId(format!("{class}-{hash}"))
}

/// A judged piece.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// An open document.
    Open(Box<Incoming>),
    /// Secret, or not known to be open; why is all that is kept.
    Withheld(Withheld),
    /// Unreadable.
    Broken(Broken),
    /// A status message.
    Status(Box<Status>),
}

impl Piece {
    /// A piece whose bytes cannot be judged, so none are kept.
    pub(super) fn unreadable(reason: &str) -> Self {
        Self::Broken(Broken { reason: reason.to_owned(), raw: None })
    }

    pub(super) fn reading(&self) -> Reading {
        match self.clone() {
            Self::Open(incoming) => Reading::Open(incoming),
            Self::Withheld(why) => Reading::Withheld(why),
            Self::Broken(broken) => Reading::Broken(broken),
            Self::Status(status) => Reading::Status(status),
        }
    }
}

/// A piece with its identity and what became of it.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its id in the register.
    pub id: ExternalId,
    /// Changes when its meaning does.
    pub fingerprint: String,
    /// Where in the file it stands, as staff find it: `dòng 7`; empty where the file is one piece.
    pub place: String,
    /// The piece.
    pub piece: Piece,
    /// Which message of the file it is; it is then read anew when it is asked for, with its attachments.
    pub part: Option<usize>,
    /// What finds the hold of the row that it was before it was mended.
    pub trace: Option<Trace>,
    /// Whether the register asked for it; else it was there already.
    pub asked: bool,
    /// Whether it is in the register now.
    pub passed: bool,
}

impl Item {
    /// An item whose identity is the hash of `key`. Ids of what is withheld or broken are kept apart from
    /// those of documents, so that the same document is read once its mark or its row was mended.
    pub(super) fn new(key: &str, place: String, piece: Piece) -> Self {
        let class = match &piece {
            Piece::Open(_) => DOCUMENT,
            Piece::Withheld(_) => "giu",
            Piece::Broken(_) => BROKEN,
            Piece::Status(_) => "tt",
        };
        let fingerprint = match &piece {
            Piece::Open(incoming) => incoming.document.get().fingerprint(),
            _ => sha256(key),
        };
        let id = id(class, key);
        Self { id, fingerprint, place, piece, part: None, trace: None, asked: false, passed: false }
    }

    /// As a row of a list. No day of receipt: what lies in a folder is listed until it is dealt with, so no
    /// row ever comes late.
    pub(super) fn listed(&self, handle: String) -> Listed {
        Listed { external_id: self.id.clone(), fingerprint: self.fingerprint.clone(), received: None, handle }
    }

    /// Số, ký hiệu of an open document.
    pub(super) fn title(&self) -> Option<&str> {
        match &self.piece {
            Piece::Open(incoming) => Some(&incoming.document.get().symbol),
            _ => None,
        }
    }
}
