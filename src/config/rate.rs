//! Rates as people write them: `"30 per hour"`.

use std::collections::BTreeMap;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::sending::Rate;

/// What a reader that is refused was looking for.
pub const WANTED: &str = "a rate";

/// A rate in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written(Rate);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let rate = Rate::parse(&text).map(Self);
        rate.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &WANTED))
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.text())
    }
}

/// A rate that may be absent.
pub mod maybe {
    use super::{Deserialize, Deserializer, Rate, Serialize, Serializer, Written};

    /// Reads one.
    ///
    /// # Errors
    /// Anything but `30 per minute`, `hour` or `day`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rate>, D::Error> {
        Written::deserialize(deserializer).map(|written| Some(written.0))
    }

    /// Writes one as people write it.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(rate: &Option<Rate>, serializer: S) -> Result<S::Ok, S::Error> {
        rate.map(Written).serialize(serializer)
    }
}

/// Rates by name.
pub mod map {
    use super::{BTreeMap, Deserialize, Deserializer, Rate, Serialize, Serializer, Written};

    /// Reads them.
    ///
    /// # Errors
    /// Anything but a table of rates.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, Rate>, D::Error> {
        let written = BTreeMap::<String, Written>::deserialize(deserializer)?;
        Ok(written.into_iter().map(|(name, rate)| (name, rate.0)).collect())
    }

    /// Writes them as people write them.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(
        rates: &BTreeMap<String, Rate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let written: BTreeMap<_, _> = rates.iter().map(|(name, rate)| (name, Written(*rate))).collect();
        written.serialize(serializer)
    }
}
