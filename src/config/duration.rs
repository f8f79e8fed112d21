//! Durations as people write them: `"30s"`, `"5m"`, `"1h 30m"`.

use std::time::Duration;

use serde::de::Unexpected;
use serde::{Deserialize, Deserializer, Serializer};

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// What a reader that is refused was looking for.
pub const WANTED: &str = "a duration";

fn parse<E: serde::de::Error>(text: &str) -> Result<Duration, E> {
    humantime::parse_duration(text).map_err(|_| E::invalid_value(Unexpected::Str(text), &WANTED))
}

/// Reads one duration.
///
/// # Errors
/// Anything `humantime` does not read.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// A duration as people write it. Whole days stay days: `humantime` would make months of 30.44 days of
/// them.
fn text(duration: Duration) -> String {
    let (days, rest) = (duration.as_secs() / DAY, duration.as_secs() % DAY);
    if days > 0 && rest == 0 && duration.subsec_nanos() == 0 {
        return format!("{days}days");
    }
    humantime::format_duration(duration).to_string()
}

/// Writes one duration as people write it.
///
/// # Errors
/// The serializer's own.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*duration))
}

/// A list of durations.
pub mod list {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    /// Reads a list of durations.
    ///
    /// # Errors
    /// Anything `humantime` does not read.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| super::parse(text)).collect()
    }

    /// Writes a list of durations.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<S: Serializer>(durations: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(durations.iter().map(|wait| super::text(*wait)))
    }
}
