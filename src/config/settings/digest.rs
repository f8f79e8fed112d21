//! The mail of the morning for each cell, and the table of the week for the leadership.

use serde::{Deserialize, Serialize};

/// `[digest]`: one mail of the morning instead of many reminders.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Digest {
    /// Whether cells get it.
    pub enabled: bool,
    /// When, `07:30`, on working days of the cell's sector; at the opening of the office if that is later.
    pub at: String,
}

impl Default for Digest {
    fn default() -> Self {
        Self { enabled: true, at: "07:30".to_owned() }
    }
}

/// `[weekly]`: the table of the week.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weekly {
    /// Who gets it; nobody by default.
    pub to: Vec<String>,
    /// On which day, or the working day after it: `monday` to `sunday`.
    pub day: Day,
    /// Not before this hour, `07:30`.
    pub at: String,
}

impl Default for Weekly {
    fn default() -> Self {
        Self { to: Vec::new(), day: Day::Monday, at: "07:30".to_owned() }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Day {
    /// Thứ Hai.
    Monday,
    /// Thứ Ba.
    Tuesday,
    /// Thứ Tư.
    Wednesday,
    /// Thứ Năm.
    Thursday,
    /// Thứ Sáu.
    Friday,
    /// Thứ Bảy.
    Saturday,
    /// Chủ nhật.
    Sunday,
}

impl From<Day> for chrono::Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Monday => Self::Mon,
            Day::Tuesday => Self::Tue,
            Day::Wednesday => Self::Wed,
            Day::Thursday => Self::Thu,
            Day::Friday => Self::Fri,
            Day::Saturday => Self::Sat,
            Day::Sunday => Self::Sun,
        }
    }
}

/// The hour behind `07:30`.
pub fn hour(text: &str) -> Option<chrono::NaiveTime> {
    chrono::NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}
