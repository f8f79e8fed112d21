//! People: the secretaries behind the demo's mailboxes. Each has a character that follows from its
//! address alone, reads its mails in office time and answers on the pages behind their links as a
//! browser would: it opens the page, reads for a while, fills in the form it finds there.
//!
//! The caller owns time: [`People::act`] does everything that has become due by the `now` it is given.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::{StreamExt, stream};

mod browser;
mod character;
mod form;
mod letter;

use super::mailboxes::Mail;
use super::random::Random;
use super::worktime;
use browser::{Browser, Pressed};
pub use character::Character;
use form::Form;
use letter::Letter;

/// People who act at the same time.
const AT_ONCE: usize = 8;
/// Minutes of work after which somebody tries again what failed.
const AGAIN: u64 = 45;

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

/// What one person knows and wants in one matter.
#[derive(Debug)]
struct Desk {
    letter: Letter,
    /// What is still to be done, the next thing last.
    wants: Vec<(DateTime<Utc>, Intent)>,
    /// The page that lies open, and when it will have been read.
    page: Option<(Form, DateTime<Utc>)>,
}

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
        actions.filter_map(async |action| action).collect().await
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
                self.desks.insert(matter, Desk { letter, wants, page: None });
            }
        }
    }
}

impl Desk {
    fn next(&self) -> Option<DateTime<Utc>> {
        let (at, _) = self.wants.last()?;
        Some(self.page.as_ref().map_or(*at, |(_, read)| *read))
    }

    fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next().is_some_and(|at| at <= now)
    }

    /// A later mail of the same matter: its link and due day count from now on, and it wakes up whoever
    /// only moves when reminded.
    fn remind(&mut self, letter: Letter, character: Character, random: &mut Random) {
        if self.wants.is_empty() && character == Character::AfterReminder && self.letter.answered.is_none() {
            self.wants = Character::Prompt.plan(&letter, random);
        }
        self.letter = Letter { answered: self.letter.answered, ..letter };
    }

    /// Opens the page or answers on the open one; nothing to tell while the page is only being read.
    async fn step(&mut self, browser: &Browser<'_>, now: DateTime<Utc>) -> Option<(Intent, Outcome)> {
        let (_, intent) = *self.wants.last()?;
        let form = match self.page.take() {
            Some((form, _)) => form,
            None => match browser.open(&self.letter.link).await {
                Ok(forms) => match forms.into_iter().find(|form| form.sends(intent.answer())) {
                    Some(form) if intent == Intent::Scan => form,
                    Some(form) => {
                        self.page = Some((form, now + browser.reading_time()));
                        return None;
                    }
                    None => return Some(self.close(intent, Outcome::NotOffered, now)),
                },
                Err(outcome) => return Some(self.close(intent, outcome, now)),
            },
        };
        let pressed = self.press(browser, &form, intent, now).await;
        Some(self.close(intent, pressed, now))
    }

    /// Sends the form, and once more with the digits of the mail if the page asks for them.
    async fn press(&self, browser: &Browser<'_>, form: &Form, intent: Intent, now: DateTime<Utc>) -> Outcome {
        let today = worktime::local_date(now);
        let first = browser.press(&self.letter.link, form.fill(intent, today, &self.letter.digits)).await;
        let asked = match first {
            Pressed::Said(outcome) => return outcome,
            Pressed::Asked(_) if intent == Intent::Scan => return Outcome::Stopped,
            Pressed::Asked(form) => form,
        };
        match browser.press(&self.letter.link, asked.fill(intent, today, &self.letter.digits)).await {
            Pressed::Said(Outcome::Recorded { .. }) => Outcome::Recorded { digits: true },
            Pressed::Said(outcome) => outcome,
            Pressed::Asked(_) => Outcome::Refused(422),
        }
    }

    /// Crosses the intent off, unless it is worth another try.
    fn close(&mut self, intent: Intent, outcome: Outcome, now: DateTime<Utc>) -> (Intent, Outcome) {
        let again = matches!(outcome, Outcome::Unreachable(_) | Outcome::Refused(429 | 500..));
        self.wants.pop();
        if again && intent != Intent::Scan {
            self.wants.push((worktime::after(now + TimeDelta::minutes(1), AGAIN), intent));
        }
        if matches!(outcome, Outcome::Recorded { .. }) {
            self.letter.answered = Some(intent);
        }
        (intent, outcome)
    }
}

#[cfg(test)]
mod tests;
