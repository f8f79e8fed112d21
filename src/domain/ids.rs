//! Identities. Numbers are given by the store; codes are given by people and sources.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A document in the register.
    DocumentId
}
number! {
    /// One numbered content of a document.
    RevisionId
}
number! {
    /// What a cell asked of staff: more time, or that its work is given to somebody else.
    RequestId
}
number! {
    /// What one revision asks of a group of cells: role, what is owed, due instants, ladder.
    DutyId
}
number! {
    /// The row (directive revision, cell).
    ObligationId
}
number! {
    /// One mail to one mailbox.
    NoticeId
}
number! {
    /// One status about one document, told to one source.
    StatusId
}
number! {
    /// Something that waits for a human.
    HoldId
}
number! {
    /// A row that rests for a while.
    RespiteId
}

code! {
    /// Our own name of a file we keep: 32 hex digits, drawn at random.
    FileId
}
code! {
    /// A configured source, for example `ioffice`.
    SourceId
}
code! {
    /// The id a source gives a document; unique only within that source.
    ExternalId
}
code! {
    /// A unit of the organisation tree, for example `cb-so-noi-vu-1`.
    UnitId
}
code! {
    /// A rule, unique within a ruleset.
    RuleId
}
code! {
    /// A task of a plan, `rule/task`: tasks of different rules never mix, whatever they are called. Empty
    /// where a document asks for one thing only.
    TaskId
}

/// Parts a task from its period; no code of a rule or task holds it.
const PERIOD: char = '@';

impl TaskId {
    /// The task of documents that ask for one thing only.
    pub const fn only() -> Self {
        Self(String::new())
    }

    /// The task `code` of a rule; a code holds no `/`, so no two pairs give one id.
    pub fn of(rule: &RuleId, code: &str) -> Self {
        Self(format!("{rule}/{code}"))
    }

    /// The same task for the period that is due on a day: no period opens twice.
    pub fn period(&self, due: NaiveDate) -> Self {
        Self(format!("{}{PERIOD}{due}", self.base().0))
    }

    /// The task without its period; itself where it comes only once.
    pub fn base(&self) -> Self {
        Self(self.0.split_once(PERIOD).map_or(self.0.as_str(), |(base, _)| base).to_owned())
    }

    /// The code within its rule.
    pub fn code(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, code)| code)
    }
}
