//! People: the secretaries behind the demo's mailboxes. Each has a character that follows from its
//! address alone, reads its mails in office time and answers on the pages behind their links as a
//! browser would: it opens the page, reads for a while, fills in the form it finds there.
//!
//! The caller owns time: [`People::act`] does everything that has become due by the `now` it is given.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{StreamExt, stream};

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

/// One address and one conversation of mails.
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

    /// Puts a mail on its desk. A mail without a link asks for nothing.
    fn receive(&mut self, mail: &Mail) {
        let Some(letter) = Letter::read(mail) else { return };
        let matter = (mail.to.clone(), letter.thread.clone());
        let mut random = Random::of(self.seed, &[&matter.0, &matter.1]);
        let character = Character::of(self.seed, &mail.to);
        match self.desks.get_mut(&matter) {
            Some(desk) if letter.follows => desk.remind(letter, character, &mut random),
            _ => {
                let wants = character.plan(&letter, &mut random);
                self.desks.insert(matter, Desk::new(letter, wants));
            }
        }
    }
}

#[cfg(test)]
mod tests;
