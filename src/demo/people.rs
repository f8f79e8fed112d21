//! People: the secretaries behind the demo's mailboxes. Each has a character that follows from its
//! address alone, reads its mails in office time and answers on the pages behind their links as a
//! browser would: it opens the page, reads for a while, fills in the form it finds there.
//!
//! The caller owns time: [`People::act`] does everything that has become due by the `now` it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{StreamExt, stream};

mod about;
mod browser;
mod character;
mod desk;
mod form;
mod letter;

use super::mailboxes::Mail;
use super::random::Random;
use browser::Browser;
pub use character::Character;
use desk::Desk;
use letter::Letter;

/// People who act at the same time.
const AT_ONCE: usize = 8;

/// What somebody set out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Intent {
    /// Not a person: the link scanner of a mail gateway opens the page and presses at once.
    Scan,
    /// Đã nhận.
    Receive,
    /// Không thuộc trách nhiệm.
    Decline,
    /// Xin gia hạn đến ngày.
    AskTime(NaiveDate),
    /// Đã hoàn thành.
    Report,
}

impl Intent {
    /// The word its form on the page sends.
    fn answer(self) -> &'static str {
        match self {
            Self::Scan | Self::Receive => "received",
            Self::Decline => "declined",
            Self::AskTime(_) => "more-time",
            Self::Report => "done",
        }
    }
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The page said it is recorded.
    Recorded {
        /// Whether digits of the mail had to be typed.
        digits: bool,
    },
    /// The page offered no such answer; nothing was sent.
    NotOffered,
    /// A scanner was asked for digits it has not, and went away.
    Stopped,
    /// The page refused; the HTTP status.
    Refused(u16),
    /// The page could not be reached; it will be tried again. What the network said.
    Unreachable(String),
}

/// Something somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Who, by address.
    pub address: String,
    /// What was wanted.
    pub intent: Intent,
    /// What came of it.
    pub outcome: Outcome,
}

/// The secretaries and what they have on their desks.
#[derive(Debug)]
pub struct People {
    seed: u64,
    desks: BTreeMap<Matter, Desk>,
}

/// One address, and what a matter of it was first known by.
type Matter = (String, String);

impl People {
    /// People whose characters follow from `seed` and their addresses.
    pub fn new(seed: u64) -> Self {
        Self { seed, desks: BTreeMap::new() }
    }

    /// The character behind an address.
    pub fn character(&self, address: &str) -> Character {
        Character::of(self.seed, address)
    }

    /// Takes in new `mails`, then lets everybody do what is due by `now`; what they did, by address.
    ///
    /// A page that was opened in one call is answered in a later one, once there was time to read it,
    /// so call it in steps of a few minutes. `client` must have time-outs of its own.
    pub async fn act(
        &mut self,
        client: &reqwest::Client,
        mails: &[Arc<Mail>],
        now: DateTime<Utc>,
    ) -> Vec<Action> {
        for mail in mails {
            self.receive(mail);
        }
        let seed = self.seed;
        let busy = self.desks.iter_mut().filter(|(_, desk)| desk.is_due(now));
        let actions = stream::iter(busy)
            .map(|((address, _), desk)| async move {
                let browser = Browser::new(client, seed, address);
                let (intent, outcome) = desk.step(&browser, now).await?;
                Some(Action { address: address.clone(), intent, outcome })
            })
            .buffered(AT_ONCE);
        actions.filter_map(ready).collect().await
    }

    /// When the next person will want to do something, if anybody does.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.desks.values().filter_map(Desk::next).min()
    }

    /// Puts a mail on its desk, a list on the desk of each matter that it names. A mail without a link asks
    /// for nothing.
    fn receive(&mut self, mail: &Mail) {
        let mut read = BTreeSet::new();
        for letter in Letter::read(mail) {
            let known = self.matter(&mail.to, &letter);
            let matter = known.unwrap_or_else(|| (mail.to.clone(), letter.about.name().to_owned()));
            // Of several tasks of one document the one that a list names first presses most.
            if read.insert(matter.clone()) {
                self.put(matter, letter);
            }
        }
    }

    /// The matter of an address that a letter goes on about; of several that look alike the newest.
    fn matter(&self, address: &str, letter: &Letter) -> Option<Matter> {
        let own = self.desks.range((address.to_owned(), String::new())..);
        let own = own.take_while(|((owner, _), _)| owner == address);
        let known = own.filter(|(_, desk)| letter.about.goes_on(&desk.letter.about));
        known.max_by_key(|(_, desk)| desk.letter.received).map(|(matter, _)| matter.clone())
    }

    fn put(&mut self, matter: Matter, letter: Letter) {
        let mut random = Random::of(self.seed, &[&matter.0, &matter.1]);
        let character = Character::of(self.seed, &matter.0);
        if let Some(desk) = self.desks.get_mut(&matter) {
            desk.remind(letter, character, &mut random);
        } else {
            let wants = character.plan(&letter, &mut random);
            self.desks.insert(matter, Desk::new(letter, wants));
        }
    }
}

#[cfg(test)]
mod tests;
