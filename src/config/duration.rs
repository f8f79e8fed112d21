//! Durations as people write them: `"30s"`, `"5m"`, `"1h 30m"`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error as _};

/// Reads one duration.
///
/// # Errors
/// Anything `humantime` does not read.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map_err(D::Error::custom)
}

/// A list of durations.
pub mod list {
    use super::{Deserialize, Deserializer, Duration};
    use serde::de::Error as _;

    /// Reads a list of durations.
    ///
    /// # Errors
    /// Anything `humantime` does not read.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| humantime::parse_duration(text).map_err(D::Error::custom)).collect()
    }
}
