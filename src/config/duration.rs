//! Durations as people write them: `"30s"`, `"5m"`, `"1h 30m"`.

use std::time::Duration;

use serde::de::Unexpected;
use serde::{Deserialize, Deserializer, Serializer};

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

/// Writes one duration as people write it.
///
/// # Errors
/// The serializer's own.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&written(*duration))
}

/// Whole days as days: in months of 30.44 days, as `humantime` counts, nobody finds `180days` again.
fn written(duration: Duration) -> String {
    let day = Duration::from_secs(24 * 3600);
    let days = duration.div_duration_f64(day);
    if days > 1.0 && days.fract() == 0.0 {
        return format!("{days}days");
    }
    humantime::format_duration(duration).to_string()
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
        serializer.collect_seq(durations.iter().map(|wait| super::written(*wait)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["180days", "7days", "1day", "1day 1h", "6h", "1m 30s", "50ms", "0s"] {
            let duration = humantime::parse_duration(text).unwrap();
            assert_eq!(written(duration), text);
        }
    }
}
