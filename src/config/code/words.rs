//! What a code carries beside its number: how bad it is, in which phase it is found, what it says.

use crate::config::settings::Language;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It works, but look at it.
    Warning,
    /// Nothing of the files is taken.
    Error,
}

impl Severity {
    /// The word in JSON and SARIF.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The steps of a check, in order: each needs what the one before it found to be sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Can the files be read: encoding, TOML, keys, types, forms of values?
    Syntax,
    /// Does what they say fit together: names, rules against each other, the tests beside them?
    References,
    /// Does it fit this machine: credentials, environment variables, the documents of the register?
    Environment,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Syntax, Self::References, Self::Environment];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::References => "references",
            Self::Environment => "environment",
        }
    }

    /// What people read.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Syntax, Language::Vi) => "cú pháp",
            (Self::References, Language::Vi) => "tham chiếu",
            (Self::Environment, Language::Vi) => "môi trường",
            (_, Language::En) => self.as_str(),
        }
    }
}

/// The texts of a code in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub title: &'static str,
    /// What stands at the place.
    pub label: &'static str,
    /// What to do.
    pub help: &'static str,
}
