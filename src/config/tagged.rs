//! Tables whose `type` says what else they hold. Serde's own tagged enums buffer the table and lose the
//! path of a fault within; here `type` comes first (the loader sees to it) and the rest is read in place.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor, value::MapAccessDeserializer};

/// An enum read by its `type`.
pub trait Tagged: Sized {
    /// The words of `type`.
    const TYPES: &'static [&'static str];

    /// Reads what follows for one of [`TYPES`](Self::TYPES); `None` for any other word.
    ///
    /// # Errors
    /// Whatever the rest's reader finds.
    fn read<'de, D: Deserializer<'de>>(word: &str, rest: D) -> Option<Result<Self, D::Error>>;
}

/// Reads a tagged table.
///
/// # Errors
/// No `type`, an unknown one, or whatever the rest's reader finds.
pub fn deserialize<'de, D: Deserializer<'de>, T: Tagged>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(TagFirst(PhantomData))
}

struct TagFirst<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for TagFirst<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        if map.next_key::<String>()?.as_deref() != Some("type") {
            return Err(A::Error::missing_field("type"));
        }
        let word = map.next_value_seed(Known(T::TYPES))?;
        let read = T::read(word, MapAccessDeserializer::new(map));
        read.unwrap_or_else(|| Err(A::Error::unknown_variant(word, T::TYPES)))
    }
}

/// One of the known words; refused while the path still names `type`.
struct Known(&'static [&'static str]);

impl<'de> serde::de::DeserializeSeed<'de> for Known {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = self.0.iter().find(|known| **known == word).copied();
        known.ok_or_else(|| D::Error::unknown_variant(&word, self.0))
    }
}
