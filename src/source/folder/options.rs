//! What the adapter must be told.

use std::path::PathBuf;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::domain::ids::SourceId;

/// A kind of file that is read, told by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An edXML message, `.edxml` or `.xml`.
    Message,
    /// A mail with edXML messages attached, `.eml`.
    Mail,
    /// An export of the register of incoming documents, `.xlsx`.
    Register,
}

impl Kind {
    /// Every ending with its kind.
    pub const ENDINGS: [(&str, Self); 4] =
        [("edxml", Self::Message), ("xml", Self::Message), ("eml", Self::Mail), ("xlsx", Self::Register)];

    /// Largest file of this kind, in bytes. Mails are read in memory, and grow there.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Message => 80 << 20,
            Self::Mail => 32 << 20,
            Self::Register => crate::sheet::LARGEST,
        }
    }

    /// The kind behind an ending in lower case, without its dot.
    pub fn of(ending: &str) -> Option<Self> {
        Self::ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
    }
}

/// Settings of one watched folder.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name in logs, metrics and the register.
    pub id: SourceId,
    /// The folder people drop files into. Its subfolders `working`, `done`, `refused` and `withheld` are ours.
    pub path: PathBuf,
    /// How long a file must not have changed before it is read.
    pub rest: TimeDelta,
    /// Endings to read, without the dot, in lower case.
    pub kinds: Vec<String>,
    /// Values of the column “Độ mật” that mean "not secret".
    pub open_marks: Vec<String>,
    /// Whether files are taken or only looked at.
    pub hand: Hand,
    /// The office's zone.
    pub zone: Tz,
}

/// What may be done to the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Files are claimed, and archived once they are in the register.
    Takes,
    /// Nothing is moved, made or written: `doctor`, `poll --dry-run`.
    Looks,
}
