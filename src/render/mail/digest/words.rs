//! The words of a digest, language by language.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::words;
use crate::domain::calendar::weekday_name;

/// Words that stand in the templates of digests, whatever they list.
#[derive(Debug, Serialize)]
pub struct Labels {
    /// The language, as HTML names it.
    pub tag: &'static str,
    /// To whom.
    pub to: &'static str,
    /// For whom a deputy reads.
    pub instead: &'static str,
    /// Before a task of a plan.
    pub task: &'static str,
    /// Before a due day.
    pub due: &'static str,
    /// Before the day by which to acknowledge.
    pub acknowledge: &'static str,
    /// The link of what is acknowledged.
    pub report: &'static str,
    /// The link of what is not.
    pub answer: &'static str,
    /// Before the digits.
    pub code: &'static str,
    /// When they are typed.
    pub code_when: &'static str,
    /// The link of the cell's calendar.
    pub feed: &'static str,
    /// What to do with it.
    pub feed_how: &'static str,
    /// Why there is one mail, and on which days.
    pub gathers: &'static str,
    /// Before the phone.
    pub call: &'static str,
}

/// What a digest says of its things, by how much they press: late, today, unheard, the rest.
#[derive(Debug)]
pub(in crate::render::mail) struct DigestWords {
    pub(super) labels: Labels,
    /// After a number, in the opening sentence.
    pub(super) counts: [&'static str; 4],
    /// Above the things themselves.
    pub(super) titles: [&'static str; 4],
    /// The opening sentence: unit, how many things, the counts.
    pub(super) opening: fn(&str, usize, &str) -> String,
    /// What to do with the list: day, office.
    pub(super) request: fn(&str, &str) -> String,
    /// Whose the links are.
    pub(super) private: fn(&str) -> String,
    /// A day with its name.
    pub(super) day: fn(NaiveDate) -> String,
}

pub(in crate::render::mail) static VIETNAMESE: DigestWords = DigestWords {
    labels: Labels {
        tag: "vi",
        to: "Kính gửi",
        instead: "Nhận thay",
        task: "Việc",
        due: "Hạn",
        acknowledge: "Xác nhận đã nhận: chậm nhất",
        report: "Báo kết quả",
        answer: "Xác nhận / trả lời",
        code: "Mã xác nhận",
        code_when: "Mã chỉ nhập khi trang trả lời hỏi.",
        feed: "Xem mọi hạn trên lịch điện thoại, máy tính",
        feed_how: "thêm lịch theo địa chỉ của liên kết này; địa chỉ cũng là của riêng chi bộ",
        gathers: "Thư này gộp các thư nhắc của buổi sáng; ngày không có việc quá hạn, đến hạn thì không gửi.",
        call: "Cần trao đổi, đề nghị gọi",
    },
    counts: ["quá hạn", "đến hạn hôm nay", "chưa xác nhận", "còn trong hạn"],
    titles: ["Quá hạn", "Đến hạn hôm nay", "Chưa xác nhận đã nhận", "Còn trong hạn"],
    opening: |unit, count, said| format!("{unit} có {count} việc: {said}."),
    request: |day, office| {
        format!(
            "Việc đang mở tính đến {day}, việc gấp đứng trước. Việc đã xong, đề nghị trả lời ở từng việc để {office} \
             ghi nhận và thôi nhắc."
        )
    },
    private: |unit| format!("Các liên kết dành riêng cho {unit}; đề nghị không chuyển tiếp ra ngoài."),
    day: |day| format!("{}, {}", weekday_name(day), words::date_text(day)),
};

pub(in crate::render::mail) static ENGLISH: DigestWords = DigestWords {
    labels: Labels {
        tag: "en",
        to: "To",
        instead: "On behalf of",
        task: "Task",
        due: "Due",
        acknowledge: "Acknowledge by",
        report: "Report",
        answer: "Acknowledge / answer",
        code: "Check code",
        code_when: "Type a code only if the page asks for it.",
        feed: "All due days in the calendar of a phone or computer",
        feed_how: "subscribe to the address of this link; it is for the unit alone too",
        gathers: "This mail takes the place of the reminders of the morning; on days when nothing is due or overdue none \
                  is sent.",
        call: "Questions: please call",
    },
    counts: ["overdue", "due today", "not acknowledged", "within their time"],
    titles: ["Overdue", "Due today", "Not acknowledged yet", "Within their time"],
    opening: |unit, count, said| {
        format!("{unit} has {count} open {}: {said}.", if count == 1 { "task" } else { "tasks" })
    },
    request: |day, office| {
        format!(
            "Open as of {day}, what presses most first. Where something is done, please answer there, so that {office} \
             records it and stops reminding."
        )
    },
    private: |unit| format!("The links are for {unit} alone; please do not pass them on."),
    day: |day| format!("{}, {}", day.format("%A"), words::date_text(day)),
};
