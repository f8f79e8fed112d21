//! Desk: one matter on one person's desk, and the steps in which it is dealt with.

use chrono::{DateTime, TimeDelta, Utc};

use super::about::About;
use super::browser::{Browser, Pressed};
use super::form::Form;
use super::letter::Letter;
use super::{Character, Intent, Outcome};
use crate::demo::random::Random;
use crate::demo::worktime;

/// Minutes of work after which somebody tries again what failed.
const AGAIN: u64 = 45;

/// Minutes of work between the reports on two tasks of one plan.
const NEXT_TASK: u64 = 600;

/// What one person knows and wants in one matter.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) letter: Letter,
    /// What is still to be done, the next thing last.
    pub(super) wants: Vec<(DateTime<Utc>, Intent)>,
    /// Whether something was answered to the matter.
    is_answered: bool,
    /// The page that lies open, and when it will have been read.
    page: Option<(Form, DateTime<Utc>)>,
    /// The page offered the same answer for another task too.
    is_one_of_several: bool,
}

impl Desk {
    /// A desk with a new letter on it.
    pub(super) fn new(letter: Letter, wants: Vec<(DateTime<Utc>, Intent)>) -> Self {
        Self { letter, wants, is_answered: false, page: None, is_one_of_several: false }
    }

    /// When its person will want to do something.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        let (at, _) = self.wants.last()?;
        Some(self.page.as_ref().map_or(*at, |(_, read)| *read))
    }

    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next().is_some_and(|at| at <= now)
    }

    /// A later letter of the same matter: its link and due day count from now on, and it wakes up whoever
    /// only moves when reminded.
    pub(super) fn remind(&mut self, letter: Letter, character: Character, random: &mut Random) {
        let sleeps = self.wants.is_empty() && character == Character::AfterReminder && !self.is_answered;
        if sleeps && letter.presses() {
            self.wants = Character::Prompt.plan(&letter, random);
        }
        // A line of a list says less of the matter than the mail of its own that it is known by.
        let about = match letter.about {
            About::Line(_) => self.letter.about.clone(),
            about @ About::Conversation { .. } => about,
        };
        self.letter = Letter { about, ..letter };
    }

    /// Opens the page or answers on the open one; nothing to tell while the page is only being read.
    pub(super) async fn step(
        &mut self,
        browser: &Browser<'_>,
        now: DateTime<Utc>,
    ) -> Option<(Intent, Outcome)> {
        let (_, intent) = *self.wants.last()?;
        let form = match self.page.take() {
            Some((form, _)) => form,
            None => match browser.open(&self.letter.link).await {
                Ok(forms) => {
                    let mut offered = forms.into_iter().filter(|form| form.sends(intent.answer()));
                    let first = offered.next();
                    self.is_one_of_several = offered.next().is_some();
                    match first {
                        Some(form) if intent == Intent::Scan => form,
                        Some(form) => {
                            self.page = Some((form, now + browser.reading_time()));
                            return None;
                        }
                        None => return Some(self.close(intent, Outcome::NotOffered, now)),
                    }
                }
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
            Pressed::Said(Outcome::Recorded { .. }) => {
                return Outcome::Recorded { digits: form.asks_digits() };
            }
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
            self.is_answered = true;
            if intent == Intent::Report && self.is_one_of_several {
                // A plan is reported task by task, not all in one afternoon.
                self.wants.push((worktime::after(now, NEXT_TASK), intent));
            }
        }
        (intent, outcome)
    }
}
