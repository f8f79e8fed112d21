//! From what a cell asks to the page on which the office decides.

use chrono::{DateTime, Utc};

use super::form::Entered;
use crate::app::decide::View;
use crate::app::office::Office;
use crate::app::ports::{Act, Asked, Asks, Choice, HoldKind, choices};
use crate::render::pages::answer::{Ask, Field, Form, Input, Tone, Word};
use crate::render::pages::decide::DecidePage;
use crate::render::pages::lexicon::Lexicon;
use crate::render::pages::options::Options;
use crate::render::pages::words;

/// Where, in which language and when a page is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) office: &'a Office,
    pub(super) speech: &'static Lexicon,
    pub(super) now: DateTime<Utc>,
}

/// What a press left on the page.
#[derive(Debug, Default)]
pub(super) struct Press {
    pub(super) entered: Entered,
    /// What is wrong with which field.
    pub(super) mistake: Option<(&'static str, String)>,
    /// What is wrong with the digits.
    pub(super) digits: Option<String>,
}

/// The page of a view, with a word on top and what a press left.
pub(super) fn page(
    reading: &Reading<'_>,
    view: &View,
    word: Option<Word>,
    press: Option<&Press>,
) -> DecidePage {
    let Reading { office, speech, .. } = *reading;
    let decided = view.request.verdict.is_some() || view.hold.closed.is_some();
    let mut forms = if decided { Vec::new() } else { offered(reading, view) };
    match press {
        Some(press) => forms.iter_mut().for_each(|form| fill(form, press)),
        None => forms.iter_mut().take(1).for_each(|form| form.open = true),
    }
    let settled = decided.then(|| Word {
        tone: Tone::Plain,
        title: speech.deciding.settled.to_owned(),
        text: words::sentence(&format!("{}.", (speech.verdict)(&view.request))),
    });
    DecidePage {
        language: speech.language,
        office: office.name.clone(),
        phone: office.phone.clone(),
        title: (speech.deciding.title)(&view.request.asks),
        word: word.or(settled),
        facts: facts(reading, view),
        forms,
    }
}

fn facts(reading: &Reading<'_>, view: &View) -> Vec<(&'static str, String)> {
    let Reading { office, speech, now } = *reading;
    let (today, request) = (office.calendar.date_of(now), &view.request);
    let name = |unit| office.units.name_on(unit, today).to_owned();
    let day = |at| (speech.day)(office.calendar.due_day(at));
    let (until, suggested) = match &request.asks {
        Asked::MoreTime { until } => (Some((speech.day)(*until)), None),
        Asked::Declined { suggested } => (None, suggested.as_ref().map(name)),
    };
    let due = if request.moved.is_some() { request.due } else { view.row.due };
    let values = [
        Some(name(&request.cell)),
        view.task.clone(),
        due.map(day),
        until,
        suggested,
        Some(request.reason.clone()),
        Some((speech.moment)(request.asked, &office.calendar)),
        Some(words::sentence((speech.state)(view.row.state))),
        request.verdict.map(|_| (speech.verdict)(request)),
        words::moved(request, &office.calendar),
    ];
    let all = speech.deciding.facts.into_iter().zip(values);
    all.filter_map(|(label, value)| Some((label, value?))).collect()
}

/// What can be decided here. Cells are chosen on the board; here work goes to the one that was named.
fn offered(reading: &Reading<'_>, view: &View) -> Vec<Form> {
    let Reading { office, speech, now } = *reading;
    let today = office.calendar.date_of(now);
    let named = match &view.request.asks {
        Asked::Declined { suggested: Some(cell) } => Some(office.units.name_on(cell, today)),
        _ => None,
    };
    let possible = |choice: &&Choice| choice.act != Act::Assign || named.is_some();
    let choices = choices(&view.hold).iter().filter(possible);
    choices.map(|choice| form(choice, (view.hold.kind, named), speech)).collect()
}

fn form(choice: &Choice, (kind, named): (HoldKind, Option<&str>), speech: &Lexicon) -> Form {
    let (words, own) = (&speech.forms, (speech.deciding.choice)(kind, choice.act));
    let (title, lead) = own.unwrap_or((choice.label, choice.effect));
    let mut fields = Vec::new();
    match choice.asks {
        Asks::Day => fields.push(field("day", (words.granted.name, words.granted.hint), Input::Date, false)),
        Asks::Cells => {
            let label = (speech.deciding.due_of)(named.unwrap_or_default());
            fields.push(field("day", (label.as_str(), words.passed), Input::Date, false));
        }
        Asks::Nothing | Asks::Document => {}
    }
    fields.push(field("reason", (words.reason.name, words.reason.hint), Input::Lines, choice.reasons));
    Form {
        task: None,
        answer: choice.act.as_str(),
        title,
        lead,
        button: title,
        key: choice.act.as_str().to_owned(),
        open: false,
        decides: true,
        corrects: false,
        ask: Some(Ask { error: None }),
        fields,
    }
}

fn field(name: &'static str, (label, hint): (&str, &'static str), input: Input, required: bool) -> Field {
    let (label, options) = (label.to_owned(), Options::default());
    Field { name, label, hint, input, required, options, value: String::new(), error: None }
}

/// Puts back what was typed into the form that was pressed.
fn fill(form: &mut Form, press: &Press) {
    if form.answer != press.entered.answer {
        return;
    }
    form.open = true;
    form.ask = Some(Ask { error: press.digits.clone() });
    for field in &mut form.fields {
        field.value = match field.name {
            "day" => press.entered.day.clone(),
            _ => press.entered.reason.clone(),
        };
        let wrong = press.mistake.as_ref().filter(|(name, _)| *name == field.name);
        field.error = wrong.map(|(_, text)| text.clone());
    }
}
