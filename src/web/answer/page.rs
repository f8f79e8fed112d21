//! From what a link may show to its page. Where a plan asks for several tasks, each has its own answers,
//! and that all was received can be said in one press.

use chrono::{DateTime, Utc};

use super::choices::{forms, together};
use super::form::{Entered, Mistakes};
use crate::app::acknowledge::{TaskView, View};
use crate::app::office::Office;
use crate::domain::obligation::State;
use crate::domain::operation::{self, Standing};
use crate::render::pages::answer::{AnswerPage, Ask, Form, Given, Input, Stands, TaskSheet, Tone, Word};
use crate::render::pages::lexicon::Lexicon;
use crate::render::pages::options::Options;
use crate::render::pages::words;

/// Where, in which language and when a page is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) office: &'a Office,
    /// Its cells, as pages offer them.
    pub(super) cells: &'a Options,
    pub(super) speech: &'static Lexicon,
    pub(super) now: DateTime<Utc>,
}

/// What a press left on the page: what was typed, what is wrong with it, whether digits are asked for.
#[derive(Debug, Default)]
pub(super) struct Press {
    pub(super) entered: Entered,
    pub(super) mistakes: Mistakes,
    pub(super) ask: Option<Ask>,
}

/// The page of a view, with a word on top and, after a press that was not recorded, what it left.
pub(super) fn page(
    reading: &Reading<'_>,
    view: &View,
    word: Option<Word>,
    press: Option<&Press>,
) -> AnswerPage {
    let Reading { office, cells, speech, now } = *reading;
    let cell = office.units.get(&view.cell);
    let today = office.calendar.date_of(now);
    let newer = view.revision > 1 && view.standing == Standing::InForce;
    let several = view.tasks.len() > 1;
    let mut page = AnswerPage {
        language: speech.language,
        office: office.name.clone(),
        phone: office.phone.clone(),
        cell: cell.map_or_else(|| view.cell.to_string(), |unit| unit.name_on(today).to_owned()),
        source: (speech.source)(view.kind_name.as_deref(), &view.issuer, view.issued),
        revision: newer.then(|| (speech.revision)(view.revision)),
        changed: changed(view, speech),
        several: several.then(|| (speech.several)(view.tasks.len())),
        succession: succession(reading, view),
        word: word.or_else(|| standing(view, speech)),
        together: together(view, speech),
        tasks: view.tasks.iter().map(|task| sheet(task, several, reading)).collect(),
        stamp: view.stamp.clone(),
    };
    // Work can be given to all but the one that asks.
    let others = cells.without(view.cell.as_str());
    for form in page.tasks.iter_mut().flat_map(|task| &mut task.forms) {
        form.fields.retain(|field| field.input != Input::Choice || !others.is_empty());
        for field in form.fields.iter_mut().filter(|field| field.input == Input::Choice) {
            field.options.clone_from(&others);
        }
    }
    unfold(&mut page, press);
    page
}

/// What the cell promised and asked for, and what became of it. Who decided is the office's matter.
fn notes(task: &TaskView, reading: &Reading<'_>) -> Vec<(&'static str, String)> {
    let Reading { office, speech, now, .. } = *reading;
    let (row, calendar) = (&task.obligation, &office.calendar);
    let today = calendar.date_of(now);
    let promised = row.promised.filter(|_| row.state == State::Acknowledged);
    let promised = promised.map(|day| (speech.promised)(day, row.lapsed(today).is_some()));
    let mut notes: Vec<_> = promised.map(|text| (speech.promise, text)).into_iter().collect();
    for request in &task.requests {
        let name = |cell: &str| office.units.name_on(&cell.into(), today).to_owned();
        let moved = words::moved(request, calendar).map(|moved| (speech.moved)(&moved)).unwrap_or_default();
        let text = format!("{}{moved}", (speech.request)(request, calendar, &name));
        notes.push(((speech.asked)(&request.asks), text));
    }
    notes
}

fn sheet(task: &TaskView, several: bool, reading: &Reading<'_>) -> TaskSheet {
    let Reading { office, speech, now, .. } = *reading;
    let row = &task.obligation;
    let due = |at| (speech.due)(at, now, &office.calendar);
    TaskSheet {
        number: row.id.0,
        title: (several || task.is_task).then(|| task.title.clone()),
        role: (speech.role)(task.role),
        owes: task.owes.iter().map(|owed| (speech.owed)(*owed)).collect::<Vec<_>>().join(", "),
        acknowledge_due: row.acknowledge_due.filter(|_| row.state == State::Open).map(due),
        due: row.due.filter(|_| row.state.is_live()).map(due),
        stands: several.then(|| Stands { state: row.state.as_str(), text: (speech.state)(row.state) }),
        notes: notes(task, reading),
        history: history(task, reading),
        forms: forms(task, several, speech),
    }
}

/// What is said of a cell that has ended: who answers in its place, or that this is being decided.
fn succession(reading: &Reading<'_>, view: &View) -> Option<String> {
    let Reading { office, speech, now, .. } = *reading;
    let today = office.calendar.date_of(now);
    let name = |id| office.units.name_on(id, today);
    let ended = |id| {
        let last = office.units.get(id).and_then(|unit| unit.valid.until).filter(|until| *until < today)?;
        Some((speech.ended)(name(id), last))
    };
    if let Some(former) = &view.succeeds {
        let ended = ended(former).unwrap_or_else(|| (speech.gone)(former.as_str()));
        return Some((speech.succeeded)(name(former), &ended, name(&view.cell)));
    }
    let ended = ended(&view.cell)?;
    let live = view.tasks.iter().any(|task| task.obligation.state.is_live());
    Some(format!("{ended}{}.", if live { speech.heirless } else { "" }))
}

/// What differs, as far as whoever holds the link may know.
fn changed(view: &View, speech: &Lexicon) -> Option<String> {
    let named = |field: &operation::Field| match (field, &view.due_moved) {
        (operation::Field::Due, Some((old, new))) if !old.is_empty() && !new.is_empty() => {
            format!("{} ({old} → {new})", (speech.field)(*field))
        }
        _ => (speech.field)(*field).to_owned(),
    };
    let fields: Vec<_> = view.changed.iter().map(named).collect();
    (!fields.is_empty()).then(|| (speech.changed)(&fields.join("; ")))
}

/// What is said when nothing was pressed: how everything that was asked stands, if it stands alike.
fn standing(view: &View, speech: &Lexicon) -> Option<Word> {
    let tasks = &view.tasks;
    let state = tasks.first()?.obligation.state;
    if tasks.iter().any(|task| task.obligation.state != state) {
        return None;
    }
    let stands = &speech.standings;
    let (tone, said) = match state {
        State::Open | State::Acknowledged => return None,
        State::Done => (Tone::Good, stands.done),
        State::Declined => (Tone::Plain, stands.declined),
        State::Excused => (Tone::Plain, stands.excused),
        State::Withdrawn if view.standing == Standing::Revoked => (Tone::Plain, stands.revoked),
        State::Withdrawn if view.standing == Standing::Replaced => (Tone::Plain, stands.replaced),
        State::Withdrawn => (Tone::Plain, stands.withdrawn),
    };
    Some(super::said(tone, said))
}

fn history(task: &TaskView, reading: &Reading<'_>) -> Vec<Given> {
    let Reading { office, speech, .. } = *reading;
    let given = |record: &crate::app::ports::AnswerRecord| Given {
        what: (speech.answer)(&record.answer),
        detail: (speech.answer_detail)(&record.answer),
        when: (speech.moment)(record.at, &office.calendar),
        how: (speech.grade)(record.grade),
    };
    task.answers.iter().rev().map(given).collect()
}

/// Puts back what was typed into the form that was pressed, and unfolds that one; else the most likely one
/// of the whole page.
fn unfold(page: &mut AnswerPage, press: Option<&Press>) {
    let mut forms: Vec<&mut Form> = page.together.iter_mut().collect();
    forms.extend(page.tasks.iter_mut().flat_map(|task| &mut task.forms));
    let pressed = press.and_then(|press| {
        let is_it = |form: &&mut Form| press.entered.is_of(form.answer, form.task);
        Some((forms.iter().position(is_it)?, press))
    });
    match pressed {
        Some((at, press)) => {
            if let Some(form) = forms.get_mut(at) {
                fill(form, press);
            }
        }
        None => {
            if let Some(first) = forms.first_mut().filter(|first| !first.corrects) {
                first.open = true;
            }
        }
    }
}

/// Puts back into a form what was typed in it.
fn fill(form: &mut Form, press: &Press) {
    form.open = true;
    form.ask = press.ask.clone();
    for field in &mut form.fields {
        field.value = press.entered.value(field.name).to_owned();
        field.error = press.mistakes.of(field.name);
    }
}
