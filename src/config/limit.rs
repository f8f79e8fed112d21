//! Limits as people write them: a number, or a share such as `"20%"`.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

use crate::domain::edition::Limit;

/// What a reader that is refused was looking for.
pub const WANTED: &str = "a number or a share";

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WANTED)
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Limit, E> {
        let wrong = |_| E::invalid_value(Unexpected::Signed(count), &WANTED);
        u64::try_from(count).map(Limit::Count).map_err(wrong)
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Limit, E> {
        Ok(Limit::Count(count))
    }

    /// A variable of the environment holds a bare number as text too.
    fn visit_str<E: Error>(self, text: &str) -> Result<Limit, E> {
        let limit = match text.trim().strip_suffix('%') {
            Some(share) => share.trim().parse().ok().filter(|share| *share <= 100).map(Limit::Percent),
            None => text.trim().parse().ok().map(Limit::Count),
        };
        limit.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &WANTED))
    }
}

/// Reads a limit.
///
/// # Errors
/// Neither a whole number from 0 nor a share from 0% to 100%.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limit, D::Error> {
    deserializer.deserialize_any(Reader)
}

/// Writes a limit as people write it.
///
/// # Errors
/// The serializer's own.
pub fn serialize<S: Serializer>(limit: &Limit, serializer: S) -> Result<S::Ok, S::Error> {
    match limit {
        Limit::Count(count) => serializer.serialize_u64(*count),
        Limit::Percent(share) => serializer.serialize_str(&format!("{share}%")),
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::Error;

    use super::*;

    #[test]
    fn numbers_and_shares() {
        let read = |text: &str| {
            let text: serde::de::value::StrDeserializer<'_, Error> = text.into_deserializer();
            deserialize(text).ok()
        };
        assert_eq!(read("20%"), Some(Limit::Percent(20)));
        assert_eq!(read("50"), Some(Limit::Count(50)));
        for wrong in ["101%", "-1", "hai", "20 %%", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
