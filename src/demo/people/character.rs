//! Characters: how somebody treats the mails of the office, and what follows for one matter.

use chrono::{DateTime, TimeDelta, Utc};

use super::Intent;
use super::letter::Letter;
use crate::demo::random::Random;
use crate::demo::worktime::{self, DAY_MINUTES};

/// A habit that stays with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Character {
    /// Acknowledges within hours and reports in time (62 of 100).
    Prompt,
    /// Acknowledges after days and reports late (12).
    Late,
    /// Never answers (6).
    Silent,
    /// Moves when reminded (6).
    AfterReminder,
    /// Says of every third matter that it is not theirs (7).
    Declining,
    /// Asks for more time in every second matter (7).
    Asking,
}

/// Shares of a hundred, in the order of the enum.
const SHARES: [(Character, u64); 6] = [
    (Character::Prompt, 62),
    (Character::Late, 12),
    (Character::Silent, 6),
    (Character::AfterReminder, 6),
    (Character::Declining, 7),
    (Character::Asking, 7),
];

/// One address in so many stands behind a gateway that opens links.
const SCANNED_ONE_IN: u64 = 25;

impl Character {
    /// The character of an address.
    pub(super) fn of(seed: u64, address: &str) -> Self {
        let mut place = Random::of(seed, &["character", address]).below(100);
        for (character, share) in SHARES {
            if place < share {
                return character;
            }
            place -= share;
        }
        Self::Prompt
    }

    /// What it will do about a new matter, the next thing last.
    pub(super) fn plan(self, letter: &Letter, random: &mut Random) -> Vec<(DateTime<Utc>, Intent)> {
        let mut wants = self.deeds(letter, random);
        if random.below(SCANNED_ONE_IN) == 0 {
            wants.push((letter.received + TimeDelta::seconds(5), Intent::Scan));
        }
        wants.sort_by_key(|(at, intent)| std::cmp::Reverse((*at, *intent)));
        wants
    }

    fn deeds(self, letter: &Letter, random: &mut Random) -> Vec<(DateTime<Utc>, Intent)> {
        let soon = worktime::after(letter.received, 15 + random.below(DAY_MINUTES));
        match self {
            Self::Silent | Self::AfterReminder => Vec::new(),
            Self::Declining if random.below(3) == 0 => vec![(soon, Intent::Decline)],
            Self::Asking if random.below(2) == 0 => ask(letter, soon, random),
            Self::Prompt | Self::Declining | Self::Asking => {
                let spare = random.below(3);
                deeds(letter, soon, Report::Early(spare), random)
            }
            Self::Late => {
                let later = worktime::after(letter.received, DAY_MINUTES * (2 + random.below(4)));
                let over = 1 + random.below(6);
                deeds(letter, later, Report::Late(over), random)
            }
        }
    }
}

/// When a report is made, in working days from the due day.
enum Report {
    Early(u64),
    Late(u64),
}

/// Acknowledges, and reports where there is a day to report by.
fn deeds(
    letter: &Letter,
    acknowledged: DateTime<Utc>,
    report: Report,
    random: &mut Random,
) -> Vec<(DateTime<Utc>, Intent)> {
    let mut deeds = vec![(acknowledged, Intent::Receive)];
    if let Some(due) = letter.due {
        let day = match report {
            Report::Early(days) => worktime::days_earlier(due, days),
            Report::Late(days) => worktime::days_later(due, days),
        };
        let planned = worktime::at_work(day, random.below(DAY_MINUTES));
        deeds.push((planned.max(worktime::after(acknowledged, 60)), Intent::Report));
    }
    deeds
}

/// Acknowledges, asks for a week two days before the due day, and keeps to the new day.
fn ask(letter: &Letter, soon: DateTime<Utc>, random: &mut Random) -> Vec<(DateTime<Utc>, Intent)> {
    let mut deeds = vec![(soon, Intent::Receive)];
    if let Some(due) = letter.due {
        let asked = worktime::at_work(worktime::days_earlier(due, 2), random.below(DAY_MINUTES));
        let asked = asked.max(worktime::after(soon, 60));
        let until = worktime::days_later(due.max(worktime::local_date(asked)), 5);
        deeds.push((asked, Intent::AskTime(until)));
        deeds.push((worktime::at_work(until, random.below(DAY_MINUTES / 2)), Intent::Report));
    }
    deeds
}
