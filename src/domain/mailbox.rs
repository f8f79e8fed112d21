//! The health of a mailbox: what reports of delivery say of an address over time. One report never
//! silences a cell unless it says that there is no such address (promises T57).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::inbound::StatusCode;

/// So many different days with a failure, and a mailbox is dead.
pub const DAYS: usize = 3;

/// Whether mail to an address arrives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Nothing speaks against it.
    #[default]
    Ok,
    /// Mail came back; the next one is tried all the same.
    Failing,
    /// No mail is sent there until a person says so or a mail comes from there.
    Dead,
}

impl Health {
    /// Every state, best first.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Failing, Self::Dead];

    /// The word in SQL, metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failing => "failing",
            Self::Dead => "dead",
        }
    }

    /// The state behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.as_str() == word)
    }
}

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The address, lower case.
    pub address: String,
    /// How it is.
    pub health: Health,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Days, in the office's zone, on which mail came back since it last was well.
    pub days: BTreeSet<NaiveDate>,
    /// The last report, as it will be shown: `5.1.1 no such user`.
    pub reason: String,
    /// When the last report came.
    pub reported: DateTime<Utc>,
}

impl Record {
    /// Nothing is known to speak against an address.
    pub fn new(address: &str, now: DateTime<Utc>) -> Self {
        let address = address.to_lowercase();
        Self {
            address,
            health: Health::Ok,
            since: now,
            days: BTreeSet::new(),
            reason: String::new(),
            reported: now,
        }
    }

    /// A mail failed for good: dead at once where there is no such address, after failures on [`DAYS`]
    /// different days otherwise. What is the mail's own fault changes nothing, and a refusal by policy makes it
    /// fail but never die: one list of blocked senders with us on it would else silence every cell.
    #[must_use]
    pub fn failed(&self, status: StatusCode, reason: &str, today: NaiveDate, now: DateTime<Utc>) -> Self {
        if status.is_of_mail() {
            return self.clone();
        }
        let mut days = self.days.clone();
        if !status.is_policy() {
            days.insert(today);
        }
        let dead = status.is_no_address() || days.len() >= DAYS || self.health == Health::Dead;
        let health = if dead { Health::Dead } else { Health::Failing };
        let since = if health == self.health { self.since } else { now };
        Self { address: self.address.clone(), health, since, days, reason: reason.to_owned(), reported: now }
    }

    /// It is well again: a mail arrived, one came from there, or a person says so.
    #[must_use]
    pub fn healed(&self, now: DateTime<Utc>) -> Self {
        if self.health == Health::Ok {
            return self.clone();
        }
        Self { health: Health::Ok, since: now, days: BTreeSet::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-03-{day:02}T02:00:00Z").parse().unwrap()
    }

    fn after(reports: &[(u32, &str)]) -> Record {
        reports.iter().fold(Record::new("A@b.example", at(1)), |record, (day, status)| {
            record.failed(StatusCode::parse(status).unwrap(), status, at(*day).date_naive(), at(*day))
        })
    }

    #[test]
    fn a_mailbox_dies_at_once_or_of_three_days() {
        for (reports, health) in [
            (&[][..], Health::Ok),
            (&[(2, "5.1.1")], Health::Dead),
            (&[(2, "5.1.10")], Health::Dead),
            (&[(2, "5.2.2")], Health::Failing),
            (&[(2, "5.2.2"), (2, "5.2.2"), (2, "5.0.0"), (2, "4.4.1")], Health::Failing),
            (&[(2, "5.2.2"), (3, "5.2.2")], Health::Failing),
            (&[(2, "5.2.2"), (3, "5.2.2"), (9, "4.4.7")], Health::Dead),
            (&[(2, "5.6.1"), (3, "5.3.4"), (4, "5.1.8")], Health::Ok),
            (&[(2, "5.1.1"), (3, "5.2.2")], Health::Dead),
            (&[(2, "5.7.1"), (3, "5.7.1"), (4, "5.7.26")], Health::Failing),
        ] {
            assert_eq!(after(reports).health, health, "{reports:?}");
        }
    }

    #[test]
    fn what_heals_forgets_the_days() {
        let failing = after(&[(2, "5.2.2"), (3, "5.2.2")]);
        let healed = failing.healed(at(4));
        assert_eq!((healed.health, healed.since, healed.days.len()), (Health::Ok, at(4), 0));
        let again = healed.failed(StatusCode::UNKNOWN, "x", at(5).date_naive(), at(5));
        assert_eq!(again.health, Health::Failing);
        assert_eq!(again.address, "a@b.example");
        let well = Record::new("c@d.example", at(1));
        assert_eq!(well.healed(at(9)), well, "nothing to heal");
    }

    #[test]
    fn a_dead_mailbox_stays_dead_since_then() {
        let dead = after(&[(2, "5.1.1"), (7, "5.1.1")]);
        assert_eq!((dead.since, dead.reported), (at(2), at(7)));
    }
}
