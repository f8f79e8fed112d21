//! The answers that make sense, each a form of its own, the most likely one first.

use chrono::NaiveDate;

use super::form::FIGURE;
use crate::app::acknowledge::{TaskView, View};
use crate::app::office::Office;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{Answer, Figure, Owed, State};
use crate::domain::text::vietnamese_order;
use crate::render::pages::answer::{Field, Form, Group, Input};

/// The button of the form that puts a report right.
pub(super) const CORRECT: &str = "Gửi bản sửa";
/// How a day is typed. A browser's own date field shows days in the browser's language, which on many
/// office PCs means month first; a line of text cannot be misread.
const DAY: &str = "Ghi ngày/tháng/năm, ví dụ 27/03/2026.";

/// What can be said of all tasks at once: that they were received, while one has not been.
pub(super) fn together(view: &View) -> Vec<Form> {
    let open = view.tasks.iter().filter(|task| task.obligation.state == State::Open).count();
    if view.tasks.len() < 2 || open == 0 {
        return Vec::new();
    }
    let lead = "Một lần bấm xác nhận đã nhận văn bản và biết mọi việc nêu dưới đây.";
    vec![form(("received", "Đã nhận tất cả"), lead, "Xác nhận đã nhận tất cả", Vec::new())]
}

/// The answers that make sense now, the most likely one first.
pub(super) fn forms(task: &TaskView, several: bool) -> Vec<Form> {
    let mut forms = match task.obligation.state {
        State::Open | State::Acknowledged => live(task),
        State::Done => correction(task).into_iter().collect(),
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

fn live(task: &TaskView) -> Vec<Form> {
    let state = task.obligation.state;
    let works = task.owes.iter().any(|owed| matches!(owed, Owed::Do | Owed::Report));
    let mut forms = vec![received(state, works)];
    if works {
        forms.push(done(task));
        // What has no due day cannot be given more time.
        forms.extend(task.obligation.due.map(|_| more_time(task)));
    }
    forms.push(declined());
    if state == State::Acknowledged {
        forms.rotate_left(1);
    }
    forms
}

/// What was reported, to be put right; nothing where nothing but "done" could be said.
fn correction(task: &TaskView) -> Option<Form> {
    let reported = task.answers.iter().rev().find(|known| matches!(known.answer, Answer::Done { .. }))?;
    let lead = "Ghi sai số, ngày hoặc số liệu thì sửa tại đây. Báo cáo đã gửi vẫn được lưu.";
    let mut form = form(("done", "Sửa báo cáo"), lead, CORRECT, report(task));
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

/// The cells that work can be given to, by the unit above them; without the one that asks.
pub(super) fn cells(own: &UnitId, office: &Office, today: NaiveDate) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for cell in office.units.cells_on(today).filter(|cell| cell.id != *own) {
        let above = cell.parent_on(today).map_or("", |parent| office.units.name_on(parent, today));
        let option = (cell.id.to_string(), cell.name_on(today).to_owned());
        match groups.iter_mut().find(|group| group.name == above) {
            Some(group) => group.options.push(option),
            None => groups.push(Group { name: above.to_owned(), options: vec![option] }),
        }
    }
    groups.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
    for group in &mut groups {
        group.options.sort_by(|a, b| vietnamese_order(&a.1, &b.1));
    }
    groups
}

fn form(
    (answer, title): (&'static str, &'static str),
    lead: &'static str,
    button: &'static str,
    fields: Vec<Field>,
) -> Form {
    Form {
        task: None,
        answer,
        title,
        lead,
        button,
        key: answer.to_owned(),
        open: false,
        decides: false,
        ask: None,
        fields,
    }
}

fn field(name: &'static str, label: &str, hint: &'static str, input: Input, required: bool) -> Field {
    let (label, options) = (label.to_owned(), Vec::new());
    Field { name, label, hint, input, required, options, value: String::new(), error: None }
}

fn received(state: State, works: bool) -> Form {
    let promised = field("promised", "Hẹn hoàn thành ngày", DAY, Input::Date, false);
    let fields = if works { vec![promised] } else { Vec::new() };
    if state == State::Acknowledged {
        let lead = "Chi bộ đã xác nhận. Có thể hẹn ngày hoàn thành, hoặc hẹn lại.";
        return form(("received", "Hẹn ngày hoàn thành"), lead, "Ghi nhận ngày hẹn", fields);
    }
    let lead = "Chi bộ xác nhận đã nhận văn bản và biết việc phải làm.";
    form(("received", "Đã nhận"), lead, "Xác nhận đã nhận", fields)
}

fn done(task: &TaskView) -> Form {
    form(
        ("done", "Đã hoàn thành"),
        "Chi bộ báo đã làm xong việc được giao.",
        "Báo đã hoàn thành",
        report(task),
    )
}

/// The fields of a report: number and date where it is owed, the figures that the rule asks for.
fn report(task: &TaskView) -> Vec<Field> {
    let mut fields = Vec::new();
    if task.owes.contains(&Owed::Report) {
        fields.push(field("report_symbol", "Số, ký hiệu báo cáo", "Ví dụ 12-BC/CB.", Input::Line, false));
        fields.push(field("report_date", "Ngày báo cáo", DAY, Input::Date, false));
    }
    for (name, label) in FIGURE.into_iter().zip(&task.figures) {
        fields.push(field(
            name,
            label,
            "Chỉ ghi số, ví dụ 38; số lẻ ghi dấu phẩy, ví dụ 97,5.",
            Input::Number,
            true,
        ));
    }
    fields.push(field("note", "Ghi chú", "", Input::Lines, false));
    if task.owes.contains(&Owed::Report) {
        let hint = "Đường dẫn tới tệp báo cáo, bắt đầu bằng https://.";
        fields.push(field("link", "Tệp báo cáo ở đâu", hint, Input::Link, false));
    }
    fields
}

fn more_time(task: &TaskView) -> Form {
    let lead = match task.obligation.extension_asked {
        Some(_) => {
            "Chi bộ đang có đề nghị chờ trả lời; đề nghị mới thay đề nghị trước. Trong lúc chờ, hạn cũ vẫn tính."
        }
        None => "Hạn chỉ thay đổi khi văn phòng đồng ý; trong lúc chờ, hạn cũ vẫn tính.",
    };
    let until = field("until", "Xin đến ngày", DAY, Input::Date, true);
    let reason = field("reason", "Lý do", "", Input::Lines, true);
    form(("more-time", "Xin gia hạn"), lead, "Gửi đề nghị gia hạn", vec![until, reason])
}

fn declined() -> Form {
    let lead = "Việc sẽ được chuyển lại cho văn phòng xem xét.";
    let hint = "Vì sao không phải việc của chi bộ.";
    let reason = field("reason", "Lý do", hint, Input::Lines, true);
    let whose = field("suggested", "Theo chi bộ, việc thuộc về", "Nếu biết.", Input::Choice, false);
    form(("declined", "Không thuộc trách nhiệm"), lead, "Báo không thuộc trách nhiệm", vec![reason, whose])
}
