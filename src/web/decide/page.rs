//! From what a cell asks to the page on which the office decides.

use chrono::{DateTime, Utc};

use super::form::Entered;
use crate::app::decide::View;
use crate::app::office::Office;
use crate::app::ports::{Act, Asked, Asks, Choice, choices};
use crate::render::pages::answer::{Ask, Field, Form, Input, Tone, Word};
use crate::render::pages::decide::DecidePage;
use crate::render::pages::words;

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
    office: &Office,
    view: &View,
    word: Option<Word>,
    press: Option<&Press>,
    now: DateTime<Utc>,
) -> DecidePage {
    let decided = view.request.verdict.is_some() || view.hold.closed.is_some();
    let mut forms = if decided { Vec::new() } else { offered(office, view, now) };
    match press {
        Some(press) => forms.iter_mut().for_each(|form| fill(form, press)),
        None => forms.iter_mut().take(1).for_each(|form| form.open = true),
    }
    let title = match view.request.asks {
        Asked::MoreTime { .. } => "Chi bộ xin gia hạn",
        Asked::Declined { .. } => "Chi bộ báo không thuộc trách nhiệm",
    };
    let settled = decided.then(|| Word {
        tone: Tone::Plain,
        title: "Đã có quyết định".to_owned(),
        text: words::sentence(&format!("{}.", words::verdict(&view.request))),
    });
    DecidePage {
        office: office.name.clone(),
        phone: office.phone.clone(),
        title,
        word: word.or(settled),
        facts: facts(office, view, now),
        forms,
    }
}

fn facts(office: &Office, view: &View, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let (today, request) = (office.calendar.date_of(now), &view.request);
    let name = |unit| office.units.name_on(unit, today).to_owned();
    let day = |at| words::weekday_date(office.calendar.due_day(at));
    let (until, suggested) = match &request.asks {
        Asked::MoreTime { until } => (Some(words::weekday_date(*until)), None),
        Asked::Declined { suggested } => (None, suggested.as_ref().map(name)),
    };
    let due = if request.moved.is_some() { request.due } else { view.row.due };
    let all = [
        ("Chi bộ", Some(name(&request.cell))),
        ("Việc", view.task.clone()),
        ("Hạn", due.map(day)),
        ("Xin đến", until),
        ("Theo chi bộ, việc thuộc về", suggested),
        ("Lý do", Some(request.reason.clone())),
        ("Gửi lúc", Some(words::moment(request.asked, &office.calendar))),
        ("Trạng thái", Some(words::sentence(words::state(view.row.state)))),
        ("Quyết định", request.verdict.map(|_| words::verdict(request))),
        ("Hạn đã đổi", words::moved(request, &office.calendar)),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

/// What can be decided here. Cells are chosen on the board; here work goes to the one that was named.
fn offered(office: &Office, view: &View, now: DateTime<Utc>) -> Vec<Form> {
    let today = office.calendar.date_of(now);
    let named = match &view.request.asks {
        Asked::Declined { suggested: Some(cell) } => Some(office.units.name_on(cell, today)),
        _ => None,
    };
    let possible = |choice: &&Choice| choice.act != Act::Assign || named.is_some();
    choices(&view.hold).iter().filter(possible).map(|choice| form(choice, named)).collect()
}

fn form(choice: &Choice, named: Option<&str>) -> Form {
    let mut fields = Vec::new();
    match choice.asks {
        Asks::Day => fields.push(field("day", "Gia hạn đến ngày", DAY_OR_ASKED, Input::Date, false)),
        Asks::Cells => {
            let label = format!("Hạn của {}", named.unwrap_or_default());
            fields.push(field("day", &label, DAY_OR_SAME, Input::Date, false));
        }
        Asks::Nothing | Asks::Document => {}
    }
    fields.push(field("reason", "Lý do", "", Input::Lines, choice.reasons));
    Form {
        task: None,
        answer: choice.act.as_str(),
        title: choice.label,
        lead: choice.effect,
        button: choice.label,
        key: choice.act.as_str().to_owned(),
        open: false,
        decides: true,
        ask: Some(Ask { error: None }),
        fields,
    }
}

const DAY_OR_ASKED: &str = "Không ghi là đến ngày chi bộ xin. Ghi ngày/tháng/năm, ví dụ 27/03/2026.";
const DAY_OR_SAME: &str = "Không ghi là giữ hạn cũ. Ghi ngày/tháng/năm, ví dụ 27/03/2026.";

fn field(name: &'static str, label: &str, hint: &'static str, input: Input, required: bool) -> Field {
    let (label, options) = (label.to_owned(), Vec::new());
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
