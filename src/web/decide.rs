//! The page behind the link of a mail to the office. GET and HEAD show, POST decides, once the digits of the
//! mail were typed: whoever has only the link, a scanner too, decides nothing.

use axum::Form;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{self, Path};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::answer::{refused, unreadable};
use super::client::Caller;
use super::{State, reply};
use crate::app::acknowledge::AnswerError;
use crate::app::decide::{self, Desk, Outcome, View};
use crate::app::hold::HoldError;
use crate::app::office::Office;
use crate::render::pages::answer::{Tone, Word};
use crate::render::pages::lexicon::{Impossible, Lexicon};
use crate::render::pages::words;

mod form;
mod page;

use form::Entered;
use page::{Press, Reading};

/// Shows what is asked. Changes nothing.
pub(super) async fn show(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, caller.language, &AnswerError::Unknown) };
    let scene = Scene::new(&state, &caller);
    match decide::view(&scene.desk(), &token, scene.now).await {
        Ok(view) => scene.reply(StatusCode::OK, &view, None, None),
        Err(error) => refused(&state, caller.language, &error),
    }
}

/// Decides.
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
    let scene = Scene::new(&state, &caller);
    let view = match decide::view(&scene.desk(), &token, scene.now).await {
        Ok(view) => view,
        Err(error) => return refused(&state, caller.language, &error),
    };
    let typed = match entered.read(&scene.speech(&view).mistakes) {
        Ok(typed) => typed,
        Err(mistake) => return scene.mistaken(&view, entered, mistake),
    };
    let press = decide::Press {
        token,
        act: typed.act,
        day: typed.day,
        reason: typed.reason,
        digits: entered.digits.clone(),
        client: caller.address,
        now: scene.now,
    };
    match decide::decide(&scene.desk(), &press).await {
        Ok(outcome) => {
            let after = decide::view(&scene.desk(), &press.token, scene.now).await.unwrap_or(view);
            scene.told(&after, outcome, entered)
        }
        Err(error) => refused(&state, caller.language, &error),
    }
}

/// What every page of one request shares.
struct Scene<'a> {
    state: &'a State,
    caller: &'a Caller,
    office: std::sync::Arc<Office>,
    now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    fn new(state: &'a State, caller: &'a Caller) -> Self {
        Self { state, caller, office: (state.office)(), now: state.clock.now() }
    }

    fn desk(&self) -> Desk<'_> {
        let State { store, policy, secret, memory, .. } = self.state;
        Desk { store: &**store, office: &self.office, policy, secret, memory }
    }

    /// The words of whoever reads.
    fn speech(&self, view: &View) -> &'static Lexicon {
        Lexicon::of(reply::language(self.state, self.caller.language.or(view.language)))
    }

    /// The form again, with what is wrong.
    fn mistaken(&self, view: &View, entered: Entered, mistake: (&'static str, String)) -> Response {
        let mistaken = self.speech(view).told.mistaken;
        let text = match mistake.0 {
            "answer" => mistake.1.clone(),
            _ => mistaken.text.to_owned(),
        };
        let press = Press { entered, mistake: Some(mistake), digits: None };
        let word = word(Tone::Ask, mistaken.title, text);
        self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, Some(word), Some(&press))
    }

    fn told(&self, view: &View, outcome: Outcome, entered: Entered) -> Response {
        let speech = self.speech(view);
        let (told, words) = (&speech.told, &speech.deciding);
        match outcome {
            Outcome::Decided(done) => {
                let text = if done.mails == 0 { words.thanks } else { words.mailed };
                let word = word(Tone::Good, told.recorded, text.to_owned());
                self.reply(StatusCode::OK, view, Some(word), None)
            }
            Outcome::Already => {
                let verdict = words::sentence(&(speech.verdict)(&view.request));
                let word = word(Tone::Plain, words.already, format!("{verdict}. {}", told.unchanged));
                self.reply(StatusCode::OK, view, Some(word), None)
            }
            Outcome::AskDigits { tries_left } => {
                let missing = || speech.mistakes.digits.to_owned();
                let error = tries_left.map_or_else(missing, speech.mistakes.tries);
                let press = Press { entered, mistake: None, digits: Some(error) };
                let word = word(Tone::Ask, told.mistaken.title, words.digits.to_owned());
                self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, Some(word), Some(&press))
            }
            Outcome::Locked { until } => {
                let text = (words.locked)(&(speech.moment)(until, &self.office.calendar));
                let press = Press { entered, ..Press::default() };
                let word = word(Tone::Bad, told.mistaken.title, text);
                self.reply(StatusCode::TOO_MANY_REQUESTS, view, Some(word), Some(&press))
            }
            Outcome::Impossible(error) => self.mistaken(view, entered, at_field(&error, speech)),
        }
    }

    fn reply(&self, status: StatusCode, view: &View, word: Option<Word>, press: Option<&Press>) -> Response {
        let reading = Reading { office: &self.office, speech: self.speech(view), now: self.now };
        reply::page(self.state, status, &page::page(&reading, view, word, press))
    }
}

/// What is wrong, and where it stands on the page.
fn at_field(error: &HoldError, speech: &Lexicon) -> (&'static str, String) {
    let (field, why) = match error {
        HoldError::NoReason => ("reason", Impossible::NoReason),
        HoldError::NotLater(due) => ("day", Impossible::NotLater(*due)),
        HoldError::Past(day) => ("day", Impossible::Past(*day)),
        HoldError::Nobody => ("answer", Impossible::Nobody),
        HoldError::Ended(_) => ("answer", Impossible::Ended),
        _ => ("answer", Impossible::Other),
    };
    (field, (speech.deciding.impossible)(why, &error.to_string()))
}

fn word(tone: Tone, title: &str, text: String) -> Word {
    Word { tone, title: title.to_owned(), text }
}
