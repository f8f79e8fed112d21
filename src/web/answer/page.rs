//! From what a link may show to its page. Where a plan asks for several tasks, each has its own answers,
//! and that all was received can be said in one press.

use chrono::{DateTime, Utc};

use super::choices::{CORRECT, cells, forms, together};
use super::form::{Entered, Mistakes};
use crate::app::acknowledge::{TaskView, View};
use crate::app::office::Office;
use crate::app::ports::Asked;
use crate::domain::obligation::State;
use crate::domain::operation::{self, Standing};
use crate::render::pages::answer::{AnswerPage, Ask, Form, Given, Input, Stands, TaskSheet, Tone, Word};
use crate::render::pages::words;

/// What a press left on the page: what was typed, what is wrong with it, whether digits are asked for.
#[derive(Debug, Default)]
pub(super) struct Press {
    pub(super) entered: Entered,
    pub(super) mistakes: Mistakes,
    pub(super) ask: Option<Ask>,
}

/// The page of a view, with a word on top and, after a press that was not recorded, what it left.
pub(super) fn page(
    office: &Office,
    view: &View,
    word: Option<Word>,
    press: Option<&Press>,
    now: DateTime<Utc>,
) -> AnswerPage {
    let cell = office.units.get(&view.cell);
    let today = office.calendar.date_of(now);
    let mut page = AnswerPage {
        office: office.name.clone(),
        phone: office.phone.clone(),
        cell: cell.map_or_else(|| view.cell.to_string(), |unit| unit.name_on(today).to_owned()),
        kind: view.kind_name.clone().unwrap_or_else(|| "Văn bản".to_owned()),
        issuer: view.issuer.clone(),
        issued: view.issued.map(words::date),
        revision: (view.revision > 1 && view.standing == Standing::InForce).then_some(view.revision),
        changed: changed(view),
        succession: succession(office, view, now),
        word: word.or_else(|| standing(view)),
        together: together(view),
        tasks: view.tasks.iter().map(|task| sheet(task, view.tasks.len() > 1, office, now)).collect(),
        stamp: view.stamp.clone(),
    };
    let others = cells(&view.cell, office, today);
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
fn notes(task: &TaskView, office: &Office, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let (row, calendar) = (&task.obligation, &office.calendar);
    let today = calendar.date_of(now);
    let mut notes = Vec::new();
    if let Some(day) = row.promised.filter(|_| row.state == State::Acknowledged) {
        let lapsed =
            if row.lapsed(today).is_some() { "; đã qua ngày hẹn, thư nhắc tiếp tục" } else { "" };
        notes.push(("Chi bộ hẹn xong", format!("{}{lapsed}", words::date(day))));
    }
    for request in &task.requests {
        let label = match request.asks {
            Asked::MoreTime { .. } => "Xin gia hạn",
            Asked::Declined { .. } => "Báo không thuộc trách nhiệm",
        };
        let name = |cell: &str| office.units.name_on(&cell.into(), today).to_owned();
        let moved = words::moved(request, calendar).map(|moved| format!("; hạn {moved}")).unwrap_or_default();
        notes.push((label, format!("{}{moved}", words::request(request, calendar, &name))));
    }
    notes
}

fn sheet(task: &TaskView, several: bool, office: &Office, now: DateTime<Utc>) -> TaskSheet {
    let row = &task.obligation;
    let due = |at| words::due(at, now, &office.calendar);
    TaskSheet {
        number: row.id.0,
        title: (several || task.is_task).then(|| task.title.clone()),
        role: words::role(task.role),
        owes: task.owes.iter().map(|owed| words::owed(*owed)).collect::<Vec<_>>().join(", "),
        acknowledge_due: row.acknowledge_due.filter(|_| row.state == State::Open).map(due),
        due: row.due.filter(|_| row.state.is_live()).map(due),
        stands: several.then(|| Stands { state: row.state.as_str(), text: words::state(row.state) }),
        notes: notes(task, office, now),
        history: history(task, office),
        forms: forms(task, several),
    }
}

/// What is said of a cell that has ended: who answers in its place, or that this is being decided.
fn succession(office: &Office, view: &View, now: DateTime<Utc>) -> Option<String> {
    let today = office.calendar.date_of(now);
    let name = |id| office.units.name_on(id, today);
    let ended = |id| {
        let last = office.units.get(id).and_then(|unit| unit.valid.until).filter(|until| *until < today)?;
        Some(format!("{} kết thúc hoạt động ngày {}", name(id), words::date(last)))
    };
    if let Some(former) = &view.succeeds {
        let ended = ended(former).unwrap_or_else(|| format!("Tổ chức `{former}` không còn hoạt động"));
        let heir = name(&view.cell);
        return Some(format!(
            "Liên kết này trước đây gửi {}. {ended}, việc do {heir} tiếp nhận; trả lời ở đây được ghi nhận cho {heir}.",
            name(former)
        ));
    }
    let ended = ended(&view.cell)?;
    let rest = if view.tasks.iter().any(|task| task.obligation.state.is_live()) {
        ", văn phòng đang xác định nơi tiếp nhận việc này"
    } else {
        ""
    };
    Some(format!("{ended}{rest}."))
}

/// What differs, as far as whoever holds the link may know.
fn changed(view: &View) -> Option<String> {
    let named = |field: &operation::Field| match (field, &view.due_moved) {
        (operation::Field::Due, Some((old, new))) if !old.is_empty() && !new.is_empty() => {
            format!("{} ({old} → {new})", field.vietnamese())
        }
        _ => field.vietnamese().to_owned(),
    };
    let fields: Vec<_> = view.changed.iter().map(named).collect();
    (!fields.is_empty()).then(|| fields.join("; "))
}

/// What is said when nothing was pressed: how everything that was asked stands, if it stands alike.
fn standing(view: &View) -> Option<Word> {
    let tasks = &view.tasks;
    let state = tasks.first()?.obligation.state;
    if tasks.iter().any(|task| task.obligation.state != state) {
        return None;
    }
    let (tone, title, text) = match state {
        State::Open | State::Acknowledged => return None,
        State::Done => (Tone::Good, "Chi bộ đã báo hoàn thành", "Không cần làm gì thêm ở trang này."),
        State::Declined => (
            Tone::Plain,
            "Chi bộ đã báo không thuộc trách nhiệm",
            "Văn phòng đang xem xét. Nếu cần nói lại, xin liên hệ theo địa chỉ cuối trang.",
        ),
        State::Excused => (Tone::Plain, "Chi bộ được miễn việc này", "Không cần làm gì thêm."),
        State::Withdrawn if view.standing == Standing::Revoked => (
            Tone::Plain,
            "Văn bản này đã được thu hồi",
            "Cơ quan gửi đã thu hồi văn bản. Chi bộ dừng thực hiện và không sử dụng văn bản này nữa.",
        ),
        State::Withdrawn if view.standing == Standing::Replaced => (
            Tone::Plain,
            "Văn bản này đã được thay thế",
            "Chi bộ không thực hiện văn bản này nữa. Nếu văn bản mới có việc của chi bộ, văn phòng gửi thư riêng.",
        ),
        State::Withdrawn => (
            Tone::Plain,
            "Việc này không còn hiệu lực",
            "Văn bản đã được thu hồi hoặc thay thế, hoặc việc đã giao cho nơi khác. Chi bộ không phải làm gì thêm.",
        ),
    };
    Some(Word { tone, title: title.to_owned(), text: text.to_owned() })
}

fn history(task: &TaskView, office: &Office) -> Vec<Given> {
    let given = |record: &crate::app::ports::AnswerRecord| Given {
        what: words::answer(&record.answer),
        detail: words::answer_detail(&record.answer),
        when: words::moment(record.at, &office.calendar),
        how: words::grade(record.grade),
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
            if let Some(first) = forms.first_mut().filter(|first| !is_correction(first)) {
                first.open = true;
            }
        }
    }
}

/// Nobody should think that a report still has to be sent.
fn is_correction(form: &Form) -> bool {
    form.button == CORRECT
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
