//! The answers that make sense, each a form of its own, the most likely one first.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::form::FIGURE;
use crate::app::acknowledge::{TaskView, View};
use crate::app::office::Office;
use crate::domain::obligation::{Answer, Figure, Owed, State};
use crate::domain::text::vietnamese_order;
use crate::render::pages::answer::{Field, Form, Input};
use crate::render::pages::lexicon::{Label, Lexicon, Way};
use crate::render::pages::options::Options;

/// What can be said of all tasks at once: that they were received, while one has not been.
pub(super) fn together(view: &View, speech: &Lexicon) -> Vec<Form> {
    let open = view.tasks.iter().filter(|task| task.obligation.state == State::Open).count();
    if view.tasks.len() < 2 || open == 0 {
        return Vec::new();
    }
    vec![form("received", speech.forms.together, Vec::new())]
}

/// The answers that make sense now, the most likely one first.
pub(super) fn forms(task: &TaskView, several: bool, speech: &Lexicon) -> Vec<Form> {
    let mut forms = match task.obligation.state {
        State::Open | State::Acknowledged => live(task, speech),
        State::Done => correction(task, speech).into_iter().collect(),
        State::Declined | State::Excused | State::Withdrawn => Vec::new(),
    };
    if several {
        let number = task.obligation.id.0;
        for form in &mut forms {
            form.task = Some(number);
            form.key = format!("viec-{number}-{}", form.answer);
        }
    }
    forms
}

fn live(task: &TaskView, speech: &Lexicon) -> Vec<Form> {
    let state = task.obligation.state;
    let works = task.owes.iter().any(|owed| matches!(owed, Owed::Do | Owed::Report));
    let mut forms = vec![received(state, works, speech)];
    if works {
        forms.push(form("done", speech.forms.done, report(task, speech)));
        // What has no due day cannot be given more time.
        forms.extend(task.obligation.due.map(|_| more_time(task, speech)));
    }
    forms.push(declined(speech));
    if state == State::Acknowledged {
        forms.rotate_left(1);
    }
    forms
}

/// What was reported, to be put right; nothing where nothing but "done" could be said.
fn correction(task: &TaskView, speech: &Lexicon) -> Option<Form> {
    let reported = task.answers.iter().rev().find(|known| matches!(known.answer, Answer::Done { .. }))?;
    let mut form = form("done", speech.forms.correct, report(task, speech));
    form.corrects = true;
    for field in &mut form.fields {
        field.value = reported_value(&reported.answer, field);
    }
    Some(form)
}

fn reported_value(answer: &Answer, field: &Field) -> String {
    let Answer::Done { report_symbol, report_date, note, link, figures } = answer else {
        return String::new();
    };
    let figure = |figure: &&Figure| figure.name == field.label;
    match field.name {
        "report_symbol" => report_symbol.clone().unwrap_or_default(),
        "report_date" => report_date.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default(),
        "note" => note.clone().unwrap_or_default(),
        "link" => link.as_ref().map(|link| link.as_str().to_owned()).unwrap_or_default(),
        _ => figures.iter().find(figure).map(Figure::shown).unwrap_or_default(),
    }
}

/// The cells of the office as every page offers them, kept for as long as office and day are the same: to put hundreds
/// of names into Vietnamese order costs more than all else on a page.
#[derive(Debug, Default)]
pub struct Offered(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    office: Arc<Office>,
    day: NaiveDate,
    options: Options,
}

impl Offered {
    /// All of them on a day.
    pub(super) fn on(&self, office: &Arc<Office>, day: NaiveDate) -> Options {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) =
            known.as_ref().filter(|known| known.day == day && Arc::ptr_eq(&known.office, office))
        {
            return known.options.clone();
        }
        let options = cells(office, day);
        *known = Some(Known { office: office.clone(), day, options: options.clone() });
        options
    }
}

/// The cells by the unit above them.
pub(super) fn cells(office: &Office, today: NaiveDate) -> Options {
    let mut groups: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for cell in office.units.cells_on(today) {
        let above = cell.parent_on(today).map_or("", |parent| office.units.name_on(parent, today));
        let choice = (cell.id.as_str(), cell.name_on(today));
        match groups.iter_mut().find(|(name, _)| *name == above) {
            Some((_, choices)) => choices.push(choice),
            None => groups.push((above, vec![choice])),
        }
    }
    groups.sort_by(|(a, _), (b, _)| vietnamese_order(a, b));
    for (_, choices) in &mut groups {
        choices.sort_by(|(_, a), (_, b)| vietnamese_order(a, b));
    }
    Options::new(groups)
}

fn form(answer: &'static str, way: Way, fields: Vec<Field>) -> Form {
    Form {
        task: None,
        answer,
        title: way.title,
        lead: way.lead,
        button: way.button,
        key: answer.to_owned(),
        open: false,
        decides: false,
        corrects: false,
        ask: None,
        fields,
    }
}

fn field(name: &'static str, label: Label, input: Input, required: bool) -> Field {
    named(name, (label.name, label.hint), input, required)
}

fn named(name: &'static str, (label, hint): (&str, &'static str), input: Input, required: bool) -> Field {
    let (label, options) = (label.to_owned(), Options::default());
    Field { name, label, hint, input, required, options, value: String::new(), error: None }
}

fn received(state: State, works: bool, speech: &Lexicon) -> Form {
    let words = &speech.forms;
    let promised = field("promised", words.promised, Input::Date, false);
    let fields = if works { vec![promised] } else { Vec::new() };
    form("received", if state == State::Acknowledged { words.promise } else { words.received }, fields)
}

/// The fields of a report: number and date where it is owed, the figures that the rule asks for.
fn report(task: &TaskView, speech: &Lexicon) -> Vec<Field> {
    let (words, mut fields) = (&speech.forms, Vec::new());
    if task.owes.contains(&Owed::Report) {
        fields.push(field("report_symbol", words.report_symbol, Input::Line, false));
        fields.push(field("report_date", words.report_date, Input::Date, false));
    }
    for (name, label) in FIGURE.into_iter().zip(&task.figures) {
        fields.push(named(name, (label.as_str(), words.figure), Input::Number, true));
    }
    fields.push(field("note", words.note, Input::Lines, false));
    if task.owes.contains(&Owed::Report) {
        fields.push(field("link", words.link, Input::Link, false));
    }
    fields
}

fn more_time(task: &TaskView, speech: &Lexicon) -> Form {
    let words = &speech.forms;
    let until = field("until", words.until, Input::Date, true);
    let reason = field("reason", words.reason, Input::Lines, true);
    let mut form = form("more-time", words.more_time, vec![until, reason]);
    if task.obligation.extension_asked.is_some() {
        form.lead = words.more_time_again;
    }
    form
}

fn declined(speech: &Lexicon) -> Form {
    let words = &speech.forms;
    let reason = field("reason", words.reason_declined, Input::Lines, true);
    let whose = field("suggested", words.suggested, Input::Choice, false);
    form("declined", words.declined, vec![reason, whose])
}
