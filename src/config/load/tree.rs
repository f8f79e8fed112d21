//! The merged settings as plain data, and their strict reading: what is written must have the type
//! that is wanted. The `config` crate by itself turns `"yes"` into true, `"26"` into 26 and 1.9 into 2.
//! Only an environment variable, which has no type of its own, is read as the wanted one.

use std::collections::BTreeMap;
use std::fmt;

use config::ValueKind;
use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};

/// Merged settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// `true`, `false`
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A fraction.
    Float(f64),
    /// Text from a file; TOML dates arrive here as text.
    Text(String),
    /// Text of an environment variable.
    Variable(String),
    /// A list.
    List(Vec<Tree>),
    /// A table.
    Table(BTreeMap<String, Tree>),
}

impl Tree {
    /// The `config` crate's value. It marks what came from the environment.
    pub fn new(value: config::Value) -> Self {
        let from_environment = value.origin() == Some("the environment");
        match value.kind {
            ValueKind::Boolean(flag) => Self::Flag(flag),
            ValueKind::I64(number) => Self::Integer(number),
            ValueKind::I128(number) => Self::Float(number as f64),
            ValueKind::U64(number) => i64::try_from(number).map_or(Self::Float(number as f64), Self::Integer),
            ValueKind::U128(number) => Self::Float(number as f64),
            ValueKind::Float(number) => Self::Float(number),
            ValueKind::String(text) if from_environment => Self::Variable(text),
            ValueKind::String(text) => Self::Text(text),
            ValueKind::Nil => Self::Text(String::new()),
            ValueKind::Array(items) => Self::List(items.into_iter().map(Self::new).collect()),
            ValueKind::Table(table) => Self::table(table),
        }
    }

    /// A table of the `config` crate's values.
    pub fn table(table: impl IntoIterator<Item = (String, config::Value)>) -> Self {
        Self::Table(table.into_iter().map(|(key, value)| (key, Self::new(value))).collect())
    }

    /// The value at a path.
    pub fn get(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, step| match (tree, step) {
            (Self::Table(table), Step::Key(key)) => table.get(key),
            (Self::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    /// Puts a value at a path whose parents exist; `None` removes it.
    pub fn set(&mut self, path: &[Step], value: Option<Self>) {
        match (self, path) {
            (tree, []) => value.into_iter().for_each(|value| *tree = value),
            (Self::Table(table), [Step::Key(key)]) => match value {
                Some(value) => drop(table.insert(key.clone(), value)),
                None => drop(table.remove(key)),
            },
            (Self::Table(table), [Step::Key(key), rest @ ..]) => {
                table.get_mut(key).into_iter().for_each(|tree| tree.set(rest, value.clone()));
            }
            (Self::List(list), [Step::Index(index)]) if value.is_none() && *index < list.len() => {
                drop(list.remove(*index));
            }
            (Self::List(list), [Step::Index(index), rest @ ..]) => {
                list.get_mut(*index).into_iter().for_each(|tree| tree.set(rest, value.clone()));
            }
            _ => {}
        }
    }

    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Flag(flag) => Unexpected::Bool(*flag),
            Self::Integer(number) => Unexpected::Signed(*number),
            Self::Float(number) => Unexpected::Float(*number),
            Self::Text(text) | Self::Variable(text) => Unexpected::Str(text),
            Self::List(_) => Unexpected::Seq,
            Self::Table(_) => Unexpected::Map,
        }
    }
}

/// One step of a path into the settings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// `mail.transport.port`, `source[0].url`
pub fn join(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text = format!("{text}.{key}"),
            Step::Index(index) => text = format!("{text}[{index}]"),
        }
    }
    text
}

/// Why a value was refused, as data: the words come later, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No such key.
    Unknown {
        /// The key.
        key: String,
        /// Keys that are.
        known: &'static [&'static str],
    },
    /// A key that must be there.
    Missing(&'static str),
    /// Another type is wanted.
    Type {
        /// What is there.
        found: Found,
        /// What is wanted, in the words of the type's reader.
        wanted: String,
    },
    /// The type is right, the value is not; with what is wanted.
    Value(String),
    /// A word that is none of the known.
    Word {
        /// The word.
        word: String,
        /// Words that are.
        known: &'static [&'static str],
    },
    /// Refused by the type's own check, in its own words.
    Other(String),
}

/// What kind of value is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// `true`, `false`
    Flag,
    /// A whole number.
    Integer,
    /// A fraction.
    Float,
    /// Text.
    Text,
    /// A list.
    List,
    /// A table.
    Table,
    /// A secret in clear.
    BareSecret,
}

/// What [`Secret`](crate::config::secret::Secret) calls a bare string.
pub const BARE_SECRET: &str = "bare secret";

impl From<Unexpected<'_>> for Found {
    fn from(unexpected: Unexpected<'_>) -> Self {
        match unexpected {
            Unexpected::Bool(_) => Self::Flag,
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => Self::Integer,
            Unexpected::Float(_) => Self::Float,
            Unexpected::Seq => Self::List,
            Unexpected::Other(BARE_SECRET) => Self::BareSecret,
            Unexpected::Str(_) | Unexpected::Char(_) | Unexpected::Bytes(_) => Self::Text,
            _ => Self::Table,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::Type { found: unexpected.into(), wanted: wanted.to_string() }
    }

    fn invalid_value(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::Value(wanted.to_string())
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::Word { word: word.to_owned(), known }
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::Unknown { key: key.to_owned(), known }
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(key)
    }
}

impl IntoDeserializer<'_, Fault> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Numbers of any width: a variable that reads as a number is one.
macro_rules! numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match &self {
                Self::Variable(text) => match text.trim().parse() {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => self.deserialize_any(visitor),
                },
                _ => self.deserialize_any(visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Flag(flag) => visitor.visit_bool(flag),
            Self::Integer(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
            Self::Text(text) | Self::Variable(text) => visitor.visit_string(text),
            Self::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Table(table) => visitor.visit_map(MapDeserializer::new(tag_first(table))),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self {
            Self::Variable(text) if text == "true" => visitor.visit_bool(true),
            Self::Variable(text) if text == "false" => visitor.visit_bool(false),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    /// A variable holds a list as `a,b`.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Variable(text) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                let items: Vec<_> = items.map(|item| Self::Variable(item.to_owned())).collect();
                visitor.visit_seq(SeqDeserializer::new(items.into_iter()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self {
            Self::Text(word) | Self::Variable(word) => {
                visitor.visit_enum(StrDeserializer::<Fault>::new(word))
            }
            _ => Err(de::Error::invalid_type(self.unexpected(), &"a string")),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The entries with `type` first, so that a tagged table can be read without buffering it, which would
/// lose the path of its faults.
fn tag_first(mut table: BTreeMap<String, Tree>) -> impl Iterator<Item = (String, Tree)> {
    table.remove_entry("type").into_iter().chain(table)
}
