//! The vocabulary in which the tables of this folder describe a file.

/// A table: its keys, in the order an editor offers them.
pub struct Table {
    /// Its name in findings, for example `[[rule]]`; unique within one file.
    pub name: &'static str,
    /// What it is for, in Vietnamese, one or two sentences.
    pub about: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a table.
pub struct Key {
    /// The key as written.
    pub name: &'static str,
    /// What it says, in Vietnamese.
    pub about: &'static str,
    /// What may stand behind it.
    pub form: Form,
    /// It must be written.
    pub required: bool,
    /// Values as TOML writes them, to learn from.
    pub examples: &'static [&'static str],
}

/// What may stand behind a key.
pub enum Form {
    /// Text.
    Text,
    /// Text of a pattern (a regular expression of ECMA 262), said in the key's description.
    Pattern(&'static str),
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// A date, bare or quoted.
    Date,
    /// One of the words, each with what it means in Vietnamese.
    Word(&'static [(&'static str, &'static str)]),
    /// A code or name of the office's data.
    Of(Data),
    /// The first form, or the second.
    Either(&'static Form, &'static Form),
    /// A list; one bare value is a list of one.
    List(&'static Form),
    /// A list that is always written as one.
    Array(&'static Form),
    /// A table within.
    One(&'static Table),
    /// A list of tables: `[[…]]`, or `[{ … }]`.
    Many(&'static Table),
    /// A table whose keys are free and whose values are texts; the pattern of its keys.
    Free(&'static str),
}

/// Data of the office that a key refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// Units that can be obliged.
    Cells,
    /// Tags of units.
    Tags,
    /// All units.
    Units,
    /// Kinds of units that can be obliged.
    CellKinds,
    /// All kinds of units.
    Kinds,
    /// Sectors.
    Sectors,
    /// Document systems.
    Sources,
    /// Ladders. They stand in the same files as rules, so that a new one is no mistake.
    Ladders,
    /// Rules, likewise.
    Rules,
    /// Bodies that issue documents; an open list.
    Issuers,
    /// Kinds of documents; an open list.
    DocumentKinds,
}

impl Data {
    /// Whether a value that is not in the list is wrong.
    pub fn is_closed(self) -> bool {
        !matches!(self, Self::Ladders | Self::Rules | Self::Issuers | Self::DocumentKinds)
    }
}

/// A key that may be absent.
pub const fn key(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, about, form, required: false, examples: &[] }
}

impl Key {
    /// A key that must be written.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// With examples.
    pub const fn like(self, examples: &'static [&'static str]) -> Self {
        Self { examples, ..self }
    }
}
