//! The pages behind the links of mails. GET and HEAD show, POST answers, everything else is refused.
//!
//! 200 to a POST means recorded, durably; a page that asks for more is 422, one that asks to wait 429.
//! A page is in the language of the mailbox whose link it is, or in the one that its address names (`?lang=en`).

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{self, Path};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::client::Caller;
use super::{State, reply};
use crate::app::acknowledge::{self, AnswerError, Opened, Outcome, Recorded, View};
use crate::app::office::Office;
use crate::app::ports::StoreError;
use crate::domain::ids::UnitId;
use crate::domain::obligation::State as Stand;
use crate::render::pages::answer::{Ask, Tone, Word};
use crate::render::pages::lexicon::{Lexicon, Said};

mod choices;
mod form;
mod page;
mod refusal;
#[cfg(test)]
mod tests;

pub use choices::Offered;
use form::{Asking, Entered};
use page::{Press, Reading};
pub(super) use refusal::{refused, unknown, unreadable, wrong_method};

/// Shows what a link is about. Changes nothing.
pub(super) async fn show(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, caller.language, &AnswerError::Unknown) };
    let (office, now) = ((state.office)(), state.clock.now());
    match acknowledge::view(&state.desk(&office), &token, now).await {
        Ok(view) => {
            Scene::new(&state, &office, (&caller, &view), now).reply(StatusCode::OK, &view, None, None)
        }
        Err(error) => refused(&state, caller.language, &error),
    }
}

/// Answers for the cell.
pub(super) async fn press(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
    caller: Caller,
    entered: Result<Form<Entered>, FormRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, caller.language, &AnswerError::Unknown) };
    let entered = match entered {
        Ok(Form(entered)) => entered,
        Err(rejection) => return unreadable(&state, caller.language, rejection.status()),
    };
    let (office, now) = ((state.office)(), state.clock.now());
    let desk = state.desk(&office);
    // Read before the press, so that there is something to show should reading fail after it.
    let opened = match acknowledge::open(&desk, &token, now).await {
        Ok(opened) => opened,
        Err(error) => return refused(&state, caller.language, &error),
    };
    let view = &opened.view;
    let scene = Scene::new(&state, &office, (&caller, view), now);
    let today = office.calendar.date_of(now);
    let meant = view.tasks.iter().filter(|task| entered.task().is_none_or(|id| id == task.obligation.id));
    let figures: Vec<_> = meant.take(1).flat_map(|task| task.figures.clone()).collect();
    let is_cell = |code: &UnitId| office.units.cells_on(today).any(|cell| cell.id == *code);
    let read = entered.read(&Asking { today, figures: &figures, is_cell: &is_cell, speech: scene.speech });
    let answer = match read {
        Ok(answer) => answer,
        Err(mistakes) => return scene.mistaken(view, Press { entered, mistakes, ask: None }),
    };
    let press = acknowledge::Press {
        token,
        task: entered.task(),
        answer,
        stamp: entered.stamp.clone(),
        digits: entered.digits.clone(),
        client: caller.address,
        agent: caller.agent,
        now,
    };
    match recorded(&state, (&desk, &opened), &press).await {
        Ok(pressed) => {
            let after = opened.after(&desk, &pressed, now).await.unwrap_or_else(|_| opened.view.clone());
            scene.told(&after, pressed.outcome, entered)
        }
        Err(error) => refused(&state, caller.language, &error),
    }
}

/// What came of a press; where the disk is full, in the room that is kept back for it; where the register undid the work or
/// was away for a moment, at one of the next tries. One whose commit was not answered is found recorded then.
async fn recorded(
    state: &State,
    (desk, opened): (&acknowledge::Desk<'_>, &Opened),
    press: &acknowledge::Press,
) -> Result<Recorded, AnswerError> {
    let mut tries = 0;
    loop {
        match opened.press(desk, press).await {
            Err(AnswerError::Store(StoreError::Full(reason))) => {
                if !state.store.relieve().await {
                    return Err(StoreError::Full(reason).into());
                }
            }
            Err(AnswerError::Store(StoreError::Away(_))) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(pause(tries, state.clock.now())).await;
            }
            ended => return ended,
        }
    }
}

/// How often a press is tried again while the register undoes it or is away.
const TRIES: u32 = 5;
/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(50);

/// A pause before a try: up to half as long again, by the microsecond in which it begins, so that presses which got in each
/// other's way part.
fn pause(tries: u32, now: DateTime<Utc>) -> Duration {
    let pause = PAUSE * 2_u32.saturating_pow(tries.saturating_sub(1));
    pause + pause / 200 * (now.timestamp_subsec_micros() % 100)
}

/// What every page of one request shares.
struct Scene<'a> {
    state: &'a State,
    office: &'a Arc<Office>,
    speech: &'static Lexicon,
    now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    fn new(
        state: &'a State,
        office: &'a Arc<Office>,
        (caller, view): (&Caller, &View),
        now: DateTime<Utc>,
    ) -> Self {
        let language = reply::language(state, caller.language.or(view.language));
        Self { state, office, speech: Lexicon::of(language), now }
    }

    /// The form again, with every mistake at its field.
    fn mistaken(&self, view: &View, press: Press) -> Response {
        let mistaken = self.speech.told.mistaken;
        let text = press.mistakes.of("answer").unwrap_or_else(|| mistaken.text.to_owned());
        self.ask(StatusCode::UNPROCESSABLE_ENTITY, view, word(Tone::Ask, mistaken.title, text), Some(&press))
    }

    /// What a press led to.
    fn told(&self, view: &View, outcome: Outcome, entered: Entered) -> Response {
        let told = &self.speech.told;
        match outcome {
            Outcome::Recorded(grade) => {
                self.state.metrics.answered("link", grade);
                self.well(view, word(Tone::Good, told.recorded, self.recorded(&entered, view)))
            }
            Outcome::Corrected(grade) => {
                self.state.metrics.answered("link", grade);
                self.well(view, said(Tone::Good, told.corrected))
            }
            Outcome::NoDue | Outcome::NotLater { .. } => self.mistaken(view, self.unasked(outcome, entered)),
            Outcome::Already => self.well(view, word(Tone::Good, told.already, self.before(view))),
            Outcome::Closed => self.well(view, self.closed(&entered, view)),
            Outcome::OtherTask => {
                let word = word(Tone::Ask, told.mistaken.title, told.other_task.to_owned());
                self.ask(StatusCode::UNPROCESSABLE_ENTITY, view, word, None)
            }
            Outcome::AskDigits { why, tries_left } => {
                if why.is_suspicion() {
                    self.state.metrics.suspected();
                }
                let error = tries_left.map(self.speech.mistakes.tries);
                let press = Press { entered, ask: Some(Ask { error }), ..Press::default() };
                self.ask(StatusCode::UNPROCESSABLE_ENTITY, view, said(Tone::Ask, told.digits), Some(&press))
            }
            Outcome::Locked { until } => {
                let text = (told.locked)(&(self.speech.moment)(until, &self.office.calendar));
                let press = Press { entered, ask: Some(Ask { error: None }), ..Press::default() };
                let word = word(Tone::Bad, told.mistaken.title, text);
                self.ask(StatusCode::TOO_MANY_REQUESTS, view, word, Some(&press))
            }
        }
    }

    /// The form again where more time was asked in vain.
    fn unasked(&self, outcome: Outcome, entered: Entered) -> Press {
        let (words, mut press) = (&self.speech.mistakes, Press { entered, ..Press::default() });
        press.mistakes.add(
            "until",
            match outcome {
                Outcome::NotLater { due } => (words.not_later)(self.office.calendar.due_day(due)),
                _ => words.no_due.to_owned(),
            },
        );
        press
    }

    /// By whom and when the same was recorded.
    fn before(&self, view: &View) -> String {
        let (speech, answers) = (self.speech, view.tasks.iter().flat_map(|task| &task.answers));
        let unchanged = speech.told.unchanged;
        answers.max_by_key(|known| known.at).map_or_else(
            || unchanged.to_owned(),
            |known| {
                let at = (speech.moment)(known.at, &self.office.calendar);
                let what = (speech.answer)(&known.answer);
                format!("{what}: {at}, {}. {unchanged}", (speech.grade)(known.grade))
            },
        )
    }

    /// What is said of an answer that was recorded: what happens now.
    fn recorded(&self, entered: &Entered, view: &View) -> String {
        let told = &self.speech.told;
        let next = match entered.answer.as_str() {
            "more-time" => told.more_time,
            "declined" => told.declined,
            "received" if self.promises_too_late(view) => told.promised_late,
            _ => return told.thanks.to_owned(),
        };
        format!("{next} {}", told.thanks)
    }

    /// Whether a promised day lies after the due day, which the promise does not move.
    fn promises_too_late(&self, view: &View) -> bool {
        let calendar = &self.office.calendar;
        view.tasks.iter().map(|task| &task.obligation).any(|row| {
            row.state.is_live()
                && matches!((row.promised, row.due), (Some(day), Some(due)) if day > calendar.due_day(due))
        })
    }

    /// What is said of an answer about work that has ended.
    fn closed(&self, entered: &Entered, view: &View) -> Word {
        let done = view.tasks.iter().all(|task| task.obligation.state == Stand::Done);
        let told = &self.speech.told;
        said(Tone::Plain, if done && entered.answer == "more-time" { told.done } else { told.closed })
    }

    fn well(&self, view: &View, word: Word) -> Response {
        self.reply(StatusCode::OK, view, Some(word), None)
    }

    fn ask(&self, status: StatusCode, view: &View, word: Word, press: Option<&Press>) -> Response {
        self.reply(status, view, Some(word), press)
    }

    fn reply(&self, status: StatusCode, view: &View, word: Option<Word>, press: Option<&Press>) -> Response {
        let cells = self.state.offered.on(self.office, self.office.calendar.date_of(self.now));
        let reading = Reading { office: self.office, cells: &cells, speech: self.speech, now: self.now };
        reply::page(self.state, status, &page::page(&reading, view, word, press))
    }
}

fn word(tone: Tone, title: &str, text: String) -> Word {
    Word { tone, title: title.to_owned(), text }
}

fn said(tone: Tone, said: Said) -> Word {
    word(tone, said.title, said.text.to_owned())
}
