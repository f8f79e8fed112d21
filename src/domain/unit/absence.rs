//! Absences: while a mailbox is not read, its mail goes to a deputy.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Mailbox, Unit, Units, Validity};

/// A time in which nobody reads a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The address that is not read; `None` means every address of the unit.
    pub mailbox: Option<String>,
    /// Who is away, as the office writes it; shown to the deputy and to staff.
    pub person: Option<String>,
    /// First and last day.
    pub valid: Validity,
    /// Who is mailed instead. Without one the unit's next mailbox is.
    pub deputy: Option<String>,
}

impl Absence {
    fn concerns(&self, mailbox: &Mailbox, day: NaiveDate) -> bool {
        let named = self.mailbox.as_ref().is_none_or(|address| *address == mailbox.address);
        // A deputy who is one of the unit's own addresses goes on reading.
        named && self.valid.covers(day) && self.deputy.as_ref() != Some(&mailbox.address)
    }
}

/// An address that is written to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// The address.
    pub address: &'a str,
    /// The absence because of which this address, and not the unit's own, is written to.
    pub instead: Option<&'a Absence>,
}

impl Unit {
    /// The addresses written to on a day: the first in order, with deputies for those who are away.
    /// None where the unit does not exist on that day, or nobody reads its mail.
    pub fn recipients_on(&self, day: NaiveDate) -> Vec<Recipient<'_>> {
        self.recipients_beside(day, &BTreeSet::new())
    }

    /// The same where some addresses (lower case) are not written to, because mail to them comes back: the
    /// next in order, or a deputy, stands in.
    pub fn recipients_beside(&self, day: NaiveDate, shut: &BTreeSet<String>) -> Vec<Recipient<'_>> {
        let open = |recipient: &Recipient<'_>| !shut.contains(&recipient.address.to_lowercase());
        if !self.valid.covers(day) {
            return Vec::new();
        }
        let boxes = self.mailboxes_on(day);
        let read = boxes.iter().filter_map(|mailbox| Some((mailbox.order, self.reader(mailbox, day)?)));
        let read: Vec<_> = read.filter(|(_, recipient)| open(recipient)).collect();
        let first = read.first().map(|(order, _)| *order);
        let mut chosen: Vec<Recipient<'_>> = Vec::new();
        for (order, recipient) in read {
            let known = chosen.iter().any(|known| known.address == recipient.address);
            if Some(order) == first && !known {
                chosen.push(recipient);
            }
        }
        if chosen.is_empty() {
            chosen.extend(self.stand_in(day).filter(open));
        }
        chosen
    }

    /// The absence for which an address is mailed on a day, where it is a deputy's.
    pub fn deputises_on(&self, address: &str, day: NaiveDate) -> Option<&Absence> {
        self.recipients_on(day).into_iter().find(|known| known.address == address)?.instead
    }

    fn reader<'a>(&'a self, mailbox: &'a Mailbox, day: NaiveDate) -> Option<Recipient<'a>> {
        match self.absences.iter().rev().find(|absence| absence.concerns(mailbox, day)) {
            None => Some(Recipient { address: &mailbox.address, instead: None }),
            Some(absence) => deputy(absence),
        }
    }

    /// The deputy of a unit that has no mailbox of its own left.
    fn stand_in(&self, day: NaiveDate) -> Option<Recipient<'_>> {
        let away = |absence: &&Absence| absence.mailbox.is_none() && absence.valid.covers(day);
        self.absences.iter().rev().find(away).and_then(deputy)
    }
}

fn deputy(absence: &Absence) -> Option<Recipient<'_>> {
    absence.deputy.as_deref().map(|address| Recipient { address, instead: Some(absence) })
}

impl Units {
    /// Cells that no mail can reach on a day: no mailbox that is read, and no deputy.
    pub fn unreachable_on(&self, day: NaiveDate) -> impl Iterator<Item = &Unit> {
        self.cells_on(day).filter(move |cell| cell.recipients_on(day).is_empty())
    }
}
