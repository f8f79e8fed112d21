//! The mail about work that rests and soon will not, in Vietnamese and English.

use super::Text;
use crate::domain::bulletin::{RestLine, RestNews};
use crate::domain::obligation::RespiteKind;
use crate::render::line::one_line;
use crate::render::mail::Office;
use crate::render::mail::words::date_text;

/// What a row is given longer by.
const COMMANDS: &str = "  vanthu obligation resume {row} --reason \"…\"
  vanthu obligation {act} {row} --until yyyy-mm-dd --reason \"…\"
";

/// In Vietnamese.
pub(super) fn vietnamese(news: &RestNews, office: &Office) -> Text {
    let (ends, count) = (date_text(news.ends), news.rests.len());
    let each = |rest: &RestLine| {
        let task =
            rest.task.as_deref().map(|task| format!(", việc “{}”", one_line(task))).unwrap_or_default();
        let due = rest.due.map(|day| format!("; hạn {}", date_text(day))).unwrap_or_default();
        format!(
            "- {}: {}{task}\n{} đặt {}: {}{due}. Số việc: {}",
            one_line(&rest.cell),
            one_line(&rest.called),
            one_line(&rest.author),
            rest.kind.vietnamese(),
            one_line(&rest.reason),
            rest.obligation
        )
    };
    let list: Vec<_> = news.rests.iter().map(each).collect();
    let text = format!(
        "Kính gửi {},\n\nHết ngày {ends}, những việc sau hết tạm hoãn nhắc hoặc tạm dừng tính hạn; sang ngày sau thư nhắc và \
         hạn lại chạy:\n\n{}\n\nĐể việc chạy lại thì không phải làm gì. Muốn kéo dài thì cho chạy lại rồi đặt ngày mới, \
         trên trang của văn bản hoặc bằng lệnh:\n{}",
        one_line(&office.name),
        list.join("\n\n"),
        commands(news),
    );
    ("Sắp hết tạm hoãn", format!("Hết ngày {ends}, {count} việc hết tạm hoãn và chạy lại"), text)
}

/// In English.
pub(super) fn english(news: &RestNews, office: &Office) -> Text {
    let (ends, count) = (date_text(news.ends), news.rests.len());
    let each = |rest: &RestLine| {
        let task =
            rest.task.as_deref().map(|task| format!(", task “{}”", one_line(task))).unwrap_or_default();
        let due = rest.due.map(|day| format!("; due {}", date_text(day))).unwrap_or_default();
        let kind = match rest.kind {
            RespiteKind::Mute => "Reminders held",
            RespiteKind::Pause => "Clock stopped",
        };
        format!(
            "- {}: {}{task}\n{kind} by {}: {}{due}. Number: {}",
            one_line(&rest.cell),
            one_line(&rest.called),
            one_line(&rest.author),
            one_line(&rest.reason),
            rest.obligation
        )
    };
    let list: Vec<_> = news.rests.iter().map(each).collect();
    let text = format!(
        "To {},\n\nThe rest of this work ends with {ends}; from the day after, reminders and due dates run again:\n\n{}\n\n\
         If it may run again, nothing needs to be done. To give it longer, wake it and let it rest anew, on the page of \
         the document or by command:\n{}",
        one_line(&office.name),
        list.join("\n\n"),
        commands(news),
    );
    let tasks = if count == 1 { "task" } else { "tasks" };
    ("Rest about to end", format!("{count} {tasks} will run again after {ends}"), text)
}

/// The commands, for the first row where there are several.
fn commands(news: &RestNews) -> String {
    let Some(rest) = news.rests.first() else { return String::new() };
    COMMANDS.replace("{row}", &rest.obligation.to_string()).replace("{act}", rest.kind.as_str())
}
