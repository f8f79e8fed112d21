//! Brake: how much may be told at once before a person has looked. A source that is connected to a full
//! system, or that goes mad, must not mail hundreds of cells about a thousand directives.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::document::Urgency;

/// The limits hold for every stretch of this length.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);

/// New directives within [`WINDOW`] where the settings name no number: four times what a busy office gets
/// on its busiest morning.
const DIRECTIVES: u64 = 60;
/// Directives to every cell of the office that fit into a window where the settings name no number of mails.
const ROUNDS: u64 = 6;
/// Mails that fit into a window however small the office is.
const FEWEST_MAILS: u64 = 300;

/// What may be told within [`WINDOW`] without a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Directives.
    pub directives: u64,
    /// First mails about them.
    pub mails: u64,
}

impl Limits {
    /// What the settings say; by the size of the office where they say nothing.
    pub fn of_office(directives: Option<u64>, mails: Option<u64>, cells: usize) -> Self {
        let by_size = u64::try_from(cells).unwrap_or(u64::MAX).saturating_mul(ROUNDS).max(FEWEST_MAILS);
        Self { directives: directives.unwrap_or(DIRECTIVES), mails: mails.unwrap_or(by_size) }
    }

    /// Whether a directive may be told at once. It is told to all its cells or to none. What cannot wait
    /// (hoả tốc) always may, and counts for those behind it.
    pub fn admit(self, passed: Flow, mails: u64, urgency: Urgency) -> bool {
        let fits = passed.directives < self.directives && passed.mails.saturating_add(mails) <= self.mails;
        fits || urgency.breaks_quiet_hours()
    }
}

/// What was told within the last [`WINDOW`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// Directives.
    pub directives: u64,
    /// First mails about them.
    pub mails: u64,
}

/// What becomes of documents that lay in a source before it was read for the first time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// They are registered, and nobody is told.
    #[default]
    Silent,
    /// They are treated like any other, the limits included.
    Mail,
}

impl Baseline {
    /// Whether nobody is told of a document met before the first walk has ended. `since` is the instant from
    /// which documents count as new. One without a date of receipt may be of any age.
    pub fn silences(self, received: Option<DateTime<Utc>>, since: DateTime<Utc>) -> bool {
        self == Self::Silent && received.is_none_or(|received| received < since)
    }
}

/// Why nobody has been told of a registered document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It lay in the source before the first walk.
    Baseline,
    /// Too much came at once.
    Flood,
}

impl Why {
    /// The word in SQL and JSON; also what stands for the external id of its hold.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Flood => "flood",
        }
    }

    /// The reason behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Baseline, Self::Flood].into_iter().find(|why| why.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_passes_whole_or_waits() {
        let limits = Limits { directives: 3, mails: 100 };
        for (directives, mails, more, urgency, expected) in [
            (0, 0, 100, Urgency::Normal, true),
            (0, 0, 101, Urgency::Normal, false),
            (2, 60, 40, Urgency::Normal, true),
            (2, 60, 41, Urgency::VeryUrgent, false),
            (3, 0, 1, Urgency::Unknown, false),
            (3, 0, 1, Urgency::Express, true),
            (9, 999, 500, Urgency::ExpressTimed, true),
        ] {
            assert_eq!(
                limits.admit(Flow { directives, mails }, more, urgency),
                expected,
                "{directives} {mails}"
            );
        }
    }

    #[test]
    fn the_default_follows_the_size_of_the_office() {
        for (cells, mails) in [(0, 300), (50, 300), (51, 306), (221, 1326)] {
            assert_eq!(Limits::of_office(None, None, cells), Limits { directives: 60, mails });
        }
        assert_eq!(Limits::of_office(Some(5), Some(9), 221), Limits { directives: 5, mails: 9 });
    }

    #[test]
    fn what_lay_there_before_is_silent() {
        let at = |hour: i64| DateTime::from_timestamp(hour * 3600, 0).unwrap();
        for (baseline, received, expected) in [
            (Baseline::Silent, None, true),
            (Baseline::Silent, Some(at(9)), true),
            (Baseline::Silent, Some(at(10)), false),
            (Baseline::Mail, Some(at(9)), false),
            (Baseline::Mail, None, false),
        ] {
            assert_eq!(baseline.silences(received, at(10)), expected, "{baseline:?} {received:?}");
        }
    }
}
