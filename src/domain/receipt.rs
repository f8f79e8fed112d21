//! Receipt: what a document system says of who was sent a directive, and who has looked at it there.
//!
//! It is evidence of contact and stands beside the state of an obligation, never in it: who opens a page has
//! promised nothing. What tells the receivers apart (addresses, names of units) lives in memory only; kept is
//! what is left when they are matched to cells.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::ids::UnitId;
use super::unit::{Unit, Units};

/// One receiver in the document system. Its `Debug` shows neither address nor unit.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The address the system knows the receiver by, as it came.
    pub address: Option<String>,
    /// What the system calls the receiver's unit, as it came.
    pub unit: Option<String>,
    /// When it arrived and was looked at.
    pub times: Times,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receipt").field("times", &self.times).finish_non_exhaustive()
    }
}

/// When a directive arrived at a receiver, and when it was first looked at; `None` where that is not told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// When it arrived there.
    pub received: Option<DateTime<Utc>>,
    /// When it was first looked at.
    pub seen: Option<DateTime<Utc>>,
}

impl Times {
    /// Of two receivers of one cell: the first instant of each kind.
    #[must_use]
    pub fn first(self, other: Self) -> Self {
        let first = |a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>| a.into_iter().chain(b).min();
        Self { received: first(self.received, other.received), seen: first(self.seen, other.seen) }
    }

    /// What is known, with what is heard now where nothing was known: a system that forgets, or tells of a later
    /// look, changes nothing.
    #[must_use]
    pub fn or_heard(self, heard: Self) -> Self {
        Self { received: self.received.or(heard.received), seen: self.seen.or(heard.seen) }
    }
}

/// Whether having looked at `seen` says anything of a revision: the first one is what there was to look at; a
/// later one counts from the instant its dues count from.
pub fn reaches(seen: DateTime<Utc>, number: u32, asked: DateTime<Utc>) -> bool {
    number <= 1 || seen >= asked
}

/// Who a receiver can be: the cells of a day by their mailboxes and by everything they are called.
#[derive(Debug)]
pub struct Roster<'a> {
    units: &'a Units,
    day: NaiveDate,
    /// The cell behind an address; `None` where several share it.
    addresses: BTreeMap<String, Option<&'a UnitId>>,
}

impl<'a> Roster<'a> {
    /// The cells of a day.
    pub fn new(units: &'a Units, day: NaiveDate) -> Self {
        let mut addresses: BTreeMap<String, Option<&UnitId>> = BTreeMap::new();
        for cell in units.cells_on(day) {
            for mailbox in cell.mailboxes_on(day) {
                let owner = addresses.entry(address_key(&mailbox.address)).or_insert(Some(&cell.id));
                *owner = owner.filter(|known| **known == cell.id);
            }
        }
        Self { units, day, addresses }
    }

    /// The one cell a receiver is: by its address, else by what its unit is called. `None` where there is none
    /// or are several: evidence for the wrong cell is worse than none.
    pub fn cell(&self, receipt: &Receipt) -> Option<&'a UnitId> {
        let by_address = receipt.address.as_deref().and_then(|text| self.addresses.get(&address_key(text)));
        by_address.copied().flatten().or_else(|| self.called(receipt.unit.as_deref()?))
    }

    fn called(&self, name: &str) -> Option<&'a UnitId> {
        let is_cell = |unit: &&Unit| unit.valid.covers(self.day) && self.units.is_cell_kind(&unit.kind);
        let mut called = self.units.called(name).filter(is_cell);
        let only = called.next()?;
        called.next().is_none().then_some(&only.id)
    }
}

/// An address as it is compared: without white space around it, in lower case.
fn address_key(address: &str) -> String {
    address.trim().to_ascii_lowercase()
}

/// The receivers of one directive, matched to cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What is known of each cell.
    pub cells: BTreeMap<UnitId, Times>,
    /// How many receivers there are.
    pub receivers: u64,
    /// How many of them are no cell of ours, or none that can be told.
    pub unmatched: u64,
}

impl Gathered {
    /// Adds a receiver.
    pub fn add(&mut self, receipt: &Receipt, roster: &Roster<'_>) {
        self.receivers += 1;
        match roster.cell(receipt) {
            Some(cell) => {
                let times = self.cells.entry(cell.clone()).or_default();
                *times = times.first(receipt.times);
            }
            None => self.unmatched += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::unit::{Kind, Mailbox, Validity};

    fn at(minute: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(1_795_000_000 + minute * 60, 0)
    }

    fn cell(id: &str, name: &str, aliases: &[&str], address: &str) -> Unit {
        let mailbox = Mailbox {
            address: address.to_owned(),
            post: "secretary".to_owned(),
            order: 1,
            valid: Validity::default(),
            language: None,
        };
        Unit {
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            mailboxes: vec![mailbox],
            ..Unit::new(id, "base-cell", name)
        }
    }

    fn units() -> Units {
        let kinds = vec![Kind { id: "base-cell".to_owned(), name: "chi bộ".to_owned(), cell: true }];
        let all = [
            cell("cb-1", "Chi bộ Sở Y tế", &["Sở Y tế"], "bt.yte@mau.example"),
            cell("cb-2", "Chi bộ Hoà Bình", &[], "chung@mau.example"),
            cell("cb-3", "Chi bộ Thuế", &["Cục Thuế"], "chung@mau.example"),
            cell("cb-4", "Chi bộ Cục Thuế khu vực", &["Cục Thuế"], "thue@mau.example"),
        ];
        Units::new(None, kinds, BTreeMap::new(), all)
    }

    #[test]
    fn a_receiver_is_a_cell_by_its_address_or_by_its_unit_or_is_nobody() {
        let units = units();
        let roster = Roster::new(&units, NaiveDate::default());
        let table = [
            (" BT.YTe@mau.example ", "", Some("cb-1")),
            ("la@mau.example", "Sở Y tế", Some("cb-1")),
            ("", "SỞ  Y TẾ", Some("cb-1")),
            ("", "chi bộ Hòa Bình", Some("cb-2")),
            ("chung@mau.example", "Chi bộ Thuế", Some("cb-3")),
            ("chung@mau.example", "", None),
            ("", "Cục Thuế", None),
            ("", "Sở Y", None),
            ("", "", None),
        ];
        for (address, unit, expected) in table {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let receipt = Receipt { address: text(address), unit: text(unit), times: Times::default() };
            assert_eq!(roster.cell(&receipt).map(UnitId::as_str), expected, "{address} {unit}");
        }
    }

    #[test]
    fn several_receivers_of_a_cell_count_with_the_first_look() {
        let units = units();
        let roster = Roster::new(&units, NaiveDate::default());
        let receipt = |unit: &str, received, seen| Receipt {
            address: None,
            unit: Some(unit.to_owned()),
            times: Times { received, seen },
        };
        let mut gathered = Gathered::default();
        for one in [
            receipt("Sở Y tế", at(1), None),
            receipt("Sở Y tế", at(0), at(9)),
            receipt("Sở Y tế", None, at(7)),
            receipt("Sở Xây dựng", at(0), at(1)),
        ] {
            gathered.add(&one, &roster);
        }
        let times = Times { received: at(0), seen: at(7) };
        let cells = [(UnitId::from("cb-1"), times)].into();
        assert_eq!(gathered, Gathered { cells, receivers: 4, unmatched: 1 });
    }

    #[test]
    fn a_look_at_the_first_revision_says_nothing_of_a_later_one() {
        let [early, late] = [at(1).unwrap(), at(2).unwrap()];
        assert!(reaches(early, 1, late));
        assert!(!reaches(early, 2, late));
        assert!(reaches(late, 2, late));
    }

    #[test]
    fn nothing_of_a_receiver_is_shown() {
        let receipt = Receipt {
            address: Some("bt@mau.example".to_owned()),
            unit: Some("Sở Y tế".to_owned()),
            ..Receipt::default()
        };
        let shown = format!("{receipt:?}");
        assert!(!shown.contains("mau.example") && !shown.contains("Sở"), "{shown}");
    }

    fn times() -> impl Strategy<Value = Times> {
        let instant = || prop::option::of((0_i64..50).prop_map(|minute| at(minute).unwrap_or_default()));
        (instant(), instant()).prop_map(|(received, seen)| Times { received, seen })
    }

    proptest! {
        /// Whatever is told in whatever order, what was known stays as it was.
        #[test]
        fn nothing_known_ever_changes(heard in prop::collection::vec(times(), 0..8)) {
            let mut known = Times::default();
            for times in heard {
                let next = known.or_heard(times);
                prop_assert!(known.received.is_none() || next.received == known.received);
                prop_assert!(known.seen.is_none() || next.seen == known.seen);
                prop_assert_eq!(next.or_heard(times), next);
                known = next;
            }
        }
    }
}
