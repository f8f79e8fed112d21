//! Mailboxes: every mail the demo's server took, by recipient. Kept in memory; gone with the process.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

/// Mails kept at once. A demo of ninety days sends some ten thousand of about 12 kB; beyond this the
/// oldest go, so that a demo left running over a holiday does not fill the machine.
const CAPACITY: usize = 40_000;

/// One mail as it was delivered to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Running number over all mailboxes, from 1.
    pub id: u64,
    /// When the server took it (UTC, by the demo's clock).
    pub received: DateTime<Utc>,
    /// Sender of the envelope; empty for a bounce.
    pub from: String,
    /// Recipient of the envelope, lower case.
    pub to: String,
    /// The message as it came over the wire, dots unstuffed, lines ended by CRLF.
    pub raw: Arc<[u8]>,
}

/// What a list of mailboxes shows about one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The address, lower case.
    pub address: String,
    /// Mails kept for it.
    pub mails: usize,
    /// Those nobody opened.
    pub unread: usize,
    /// The newest of them.
    pub newest: Arc<Mail>,
}

/// The shared store of all mailboxes.
#[derive(Debug, Default)]
pub struct Mailboxes {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    mails: VecDeque<Arc<Mail>>,
    taken: u64,
    read: BTreeSet<u64>,
}

impl Mailboxes {
    /// An empty store.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Keeps one message for one address; returns its running number.
    pub fn deliver(&self, from: &str, to: &str, raw: Arc<[u8]>, received: DateTime<Utc>) -> u64 {
        let mut shelf = self.shelf();
        shelf.taken += 1;
        let id = shelf.taken;
        if shelf.mails.len() >= CAPACITY
            && let Some(oldest) = shelf.mails.pop_front()
        {
            shelf.read.remove(&oldest.id);
        }
        let mail = Mail { id, received, from: from.to_owned(), to: to.to_lowercase(), raw };
        shelf.mails.push_back(Arc::new(mail));
        id
    }

    /// How many mails were ever taken, those no longer kept included.
    pub fn taken(&self) -> u64 {
        self.shelf().taken
    }

    /// The mails with a running number above `after`, oldest first.
    pub fn since(&self, after: u64) -> Vec<Arc<Mail>> {
        let shelf = self.shelf();
        let first = shelf.mails.partition_point(|mail| mail.id <= after);
        shelf.mails.iter().skip(first).cloned().collect()
    }

    /// The mails of one address in any case of letters, newest first, each with whether it was opened.
    pub fn of(&self, address: &str) -> Vec<(Arc<Mail>, bool)> {
        let (shelf, address) = (self.shelf(), address.to_lowercase());
        let own = shelf.mails.iter().rev().filter(|mail| mail.to == address);
        own.map(|mail| (Arc::clone(mail), shelf.read.contains(&mail.id))).collect()
    }

    /// One mail by its running number, if it is still kept.
    pub fn get(&self, id: u64) -> Option<Arc<Mail>> {
        self.shelf().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Notes that somebody opened a mail.
    pub fn mark_read(&self, id: u64) {
        self.shelf().read.insert(id);
    }

    /// Every mailbox that holds a mail, the one with the newest mail first.
    pub fn summaries(&self) -> Vec<Summary> {
        let shelf = self.shelf();
        let mut boxes: BTreeMap<&str, Summary> = BTreeMap::new();
        for mail in &shelf.mails {
            let entry = boxes.entry(&mail.to).or_insert_with(|| Summary {
                address: mail.to.clone(),
                mails: 0,
                unread: 0,
                newest: Arc::clone(mail),
            });
            entry.mails += 1;
            entry.unread += usize::from(!shelf.read.contains(&mail.id));
            entry.newest = Arc::clone(mail);
        }
        let mut list: Vec<Summary> = boxes.into_values().collect();
        list.sort_by_key(|summary| std::cmp::Reverse(summary.newest.id));
        list
    }

    /// Nothing here can be left half done, so a panic elsewhere does not spoil the shelf.
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn filled() -> Arc<Mailboxes> {
        let boxes = Mailboxes::new();
        for (second, to) in [(0, "A@mau.example"), (1, "b@mau.example"), (2, "a@mau.example")] {
            boxes.deliver("vt@mau.example", to, b"Subject: x\r\n\r\n".as_slice().into(), at(second));
        }
        boxes
    }

    #[test]
    fn mails_are_found_by_address_number_and_age() {
        let boxes = filled();
        let ids = |mails: Vec<Arc<Mail>>| mails.iter().map(|mail| mail.id).collect::<Vec<_>>();
        assert_eq!(boxes.of("a@MAU.example").iter().map(|(mail, _)| mail.id).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(ids(boxes.since(1)), [2, 3]);
        assert_eq!(boxes.get(2).unwrap().to, "b@mau.example");
        assert!(boxes.get(9).is_none());
        assert_eq!(boxes.taken(), 3);
    }

    #[test]
    fn summaries_count_what_nobody_opened() {
        let boxes = filled();
        boxes.mark_read(3);
        let seen: Vec<_> =
            boxes.summaries().into_iter().map(|one| (one.address, one.mails, one.unread)).collect();
        assert_eq!(seen, [("a@mau.example".into(), 2, 1), ("b@mau.example".into(), 1, 1)]);
    }

    #[test]
    fn a_full_shelf_drops_its_oldest() {
        let boxes = Mailboxes::new();
        for second in 0..=40_000 {
            boxes.deliver("", "a@mau.example", [].as_slice().into(), at(second));
        }
        assert_eq!((boxes.taken(), boxes.since(0).len()), (40_001, CAPACITY));
        assert!(boxes.get(1).is_none());
    }
}
