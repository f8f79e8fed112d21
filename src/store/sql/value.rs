//! What is bound to a statement: the few types a register holds. Each may be absent and is a number, a text or
//! bytes all the same, because PostgreSQL asks for the type of a NULL too.

use sqlx::encode::Encode;
use sqlx::{Arguments, Type};

/// A value of a column, owned: the drivers keep their own copy of what is borrowed, so nothing is copied twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) enum Value {
    /// A number, an instant, a truth (0 or 1).
    Int(Option<i64>),
    /// A text, a word, a day, a JSON text.
    Text(Option<String>),
    /// Bytes as they came.
    Bytes(Option<Vec<u8>>),
}

/// Values as a driver's arguments, in their order.
pub(in crate::store) fn arguments<A>(values: Vec<Value>) -> Result<A, sqlx::Error>
where
    A: Arguments,
    Option<i64>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    Option<String>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    Option<Vec<u8>>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Bytes(bytes) => arguments.add(bytes),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// From a type that a statement binds, present or absent, to its variant.
macro_rules! binds {
    ($($from:ty => $variant:ident($value:ident, $into:expr);)+) => {
        $(
            impl From<$from> for Value {
                fn from($value: $from) -> Self {
                    Self::$variant(Some($into))
                }
            }
            impl From<Option<$from>> for Value {
                fn from(value: Option<$from>) -> Self {
                    Self::$variant(value.map(|$value| $into))
                }
            }
        )+
    };
}

binds! {
    i64 => Int(value, value);
    u32 => Int(value, i64::from(value));
    String => Text(value, whole(value));
    &str => Text(value, whole(value.to_owned()));
    &String => Text(value, whole(value.clone()));
    Vec<u8> => Bytes(value, value);
    &[u8] => Bytes(value, value.to_owned());
    &Vec<u8> => Bytes(value, value.clone());
}

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Self {
        Self::Text(value.clone().map(whole))
    }
}

/// A text without NULs, which only SQLite could hold; U+FFFD stands in their place on both, so that a register can move.
fn whole(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}
