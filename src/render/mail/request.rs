//! The mails to the office about what cells ask, and to the rules' owner about what cells correct.

use super::Office;
use super::words::date_text;
use crate::domain::bulletin::{HintNews, RequestNews};
use crate::render::line::one_line;

/// Heading, subject and text of a bulletin.
type Text = (&'static str, String, String);

/// What a cell asks, and how to decide.
pub(super) fn request(news: &RequestNews, office: &Office) -> Text {
    let (cell, document, reason) = (one_line(&news.cell), one_line(&news.document), one_line(&news.reason));
    let task = news.task.as_deref().map(|task| format!(" (việc “{}”)", one_line(task))).unwrap_or_default();
    let due = news.due.map(|day| format!("Hạn hiện nay: {}\n", date_text(day))).unwrap_or_default();
    let (heading, subject, asks, choices) = match news.until {
        Some(until) => (
            "Chi bộ xin gia hạn",
            format!("{cell} xin gia hạn đến {}: {document}", date_text(until)),
            format!("{cell} xin gia hạn{task}: {document}.\n\n{due}Xin đến: {}\n", date_text(until)),
            MORE_TIME,
        ),
        None => (
            "Chi bộ báo không thuộc trách nhiệm",
            format!("{cell} báo không thuộc trách nhiệm: {document}"),
            format!(
                "{cell} báo việc sau không thuộc trách nhiệm{task}: {document}.\n\n{due}{}",
                news.suggested
                    .as_deref()
                    .map(|cell| format!("Theo chi bộ, việc thuộc về: {}\n", one_line(cell)))
                    .unwrap_or_default()
            ),
            DECLINED,
        ),
    };
    let link = match (&news.link, &news.code) {
        (Some(link), Some(code)) => format!(
            "Trả lời bằng liên kết (chọn cách trả lời, nhập mã):\n{link}\nMã xác nhận: {code}\n\
             Liên kết dành riêng cho hộp thư này; đề nghị không chuyển tiếp.\n\n"
        ),
        _ => String::new(),
    };
    let text = format!(
        "Kính gửi {},\n\n{asks}Lý do: {reason}\n\n{link}Hoặc trên bảng theo dõi, mục Tạm giữ, số {hold}; hoặc bằng lệnh:\n{}",
        one_line(&office.name),
        choices.replace("{hold}", &news.hold.to_string()),
        hold = news.hold,
    );
    (heading, subject, text)
}

const MORE_TIME: &str = "  Đồng ý:        vanthu hold release {hold}   (ngày khác: --until yyyy-mm-dd)
  Không đồng ý:  vanthu hold dismiss {hold} --reason \"…\"
Chi bộ được báo bằng thư. Trong lúc chờ, hạn cũ vẫn tính.
";
const DECLINED: &str = "  Giao nơi khác:             vanthu hold assign {hold} --cells MÃ --reason \"…\"
  Vẫn là việc của chi bộ:    vanthu hold release {hold} --reason \"…\"
  Đồng ý, không giao ai:     vanthu hold dismiss {hold} --reason \"…\"
";

/// Which rule cells keep correcting, and what to look at.
pub(super) fn hint(news: &HintNews, office: &Office) -> Text {
    let list = |units: &[(String, usize)]| {
        let each = |(name, count): &(String, usize)| format!("- {}: {count} lần\n", one_line(name));
        units.iter().map(each).collect::<String>()
    };
    let suggested = match news.suggested.is_empty() {
        true => String::new(),
        false => format!("\nCác chi bộ cho rằng việc thuộc về:\n{}", list(&news.suggested)),
    };
    let name = one_line(&news.name);
    let text = format!(
        "Kính gửi đồng chí phụ trách quy tắc,\n\nTrong 90 ngày qua, việc do quy tắc “{name}” (mã {rule}) của {office} giao bị chi bộ báo \
         không thuộc trách nhiệm {count} lần:\n{cells}{suggested}\nCần làm: xem lại `to` và `except` của quy tắc này; chi bộ \
         báo nhầm thì trả việc lại ở mục Tạm giữ.\nXem chi tiết:  vanthu rules hints\nThư này gửi mỗi tháng một lần, đến khi \
         không còn đủ 3 lần trong 90 ngày.\n",
        rule = news.rule,
        office = one_line(&office.name),
        count = news.corrections,
        cells = list(&news.cells),
    );
    let subject = format!("Quy tắc “{name}” bị báo không đúng trách nhiệm {} lần", news.corrections);
    ("Quy tắc cần xem lại", subject, text)
}
