//! The words of a letter, language by language: a language without one of them does not compile.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::digest::{self, DigestWords};
use super::words::{self, Due};
use super::{Office, english};
use crate::domain::document::Urgency;
use crate::domain::language::Language;
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter};
use crate::domain::obligation::{DueWhy, Owed, Role};
use crate::domain::operation::Field;

/// Labels of the table of facts.
pub(super) struct Labels {
    pub(super) symbol: &'static str,
    pub(super) issued: &'static str,
    pub(super) kind: &'static str,
    pub(super) issuer: &'static str,
    pub(super) subject: &'static str,
    pub(super) urgency: &'static str,
    pub(super) role: &'static str,
    pub(super) asked: &'static str,
    pub(super) acknowledge: &'static str,
    pub(super) taken_over: &'static str,
    pub(super) instead: &'static str,
    pub(super) due: &'static str,
}

/// Words that stand in the templates of letters, whatever they are about.
#[derive(Debug, Serialize)]
pub struct Words {
    /// The language, as HTML names it.
    pub tag: &'static str,
    /// To whom.
    pub to: &'static str,
    /// Over the tasks of a plan.
    pub tasks: &'static str,
    /// Beside the task that a letter is about.
    pub meant: &'static str,
    /// Before a due day.
    pub due: &'static str,
    /// The link of a task.
    pub answer_task: &'static str,
    /// Before tasks that are no longer asked.
    pub dropped: &'static str,
    /// Over what differs.
    pub edits: &'static str,
    /// How it read.
    pub before: &'static str,
    /// How it reads.
    pub now: &'static str,
    /// It differs, but may not be shown.
    pub unshown: &'static str,
    /// Before the link, in plain text.
    pub answer: &'static str,
    /// The same of several tasks.
    pub answer_each: &'static str,
    /// Before the digits.
    pub code: &'static str,
    /// When they are typed.
    pub code_when: &'static str,
    /// Over why somebody reads this.
    pub why: &'static str,
    /// Before the phone.
    pub call: &'static str,
}

/// Sentences that every letter has, made from what it is about.
pub(super) struct Sentences {
    /// Over a table of so many cells.
    pub(super) listed: fn(usize) -> String,
    /// Over the table of a further document: its name, due day and so many cells.
    pub(super) matter: fn(&str, Option<&str>, usize) -> String,
    /// What the button says: for one thing, for one that is not to be acknowledged (any more), for all of a first
    /// letter, for several things.
    pub(super) button: [&'static str; 4],
    /// Why a superior is written to.
    pub(super) above: fn(&str) -> String,
    /// Why a unit is: by these rules, in this role.
    pub(super) chosen: fn(&[String], &str, Option<&str>) -> String,
    /// The same without rules; `true` where it was once.
    pub(super) given: fn(&str, &str, bool) -> String,
    /// How a due instant came about.
    pub(super) reading: fn(&DueWhy) -> String,
    /// That sentence, of a task by its number, with the phrase, and whether a person has yet to confirm it.
    pub(super) counted: fn(Option<usize>, &str, Option<&str>, bool) -> String,
    /// Whose the link is.
    pub(super) private: fn(&str) -> String,
    /// Who writes.
    pub(super) sender: fn(&str) -> String,
}

/// A language.
pub(super) struct Lexicon {
    pub(super) labels: Labels,
    pub(super) words: Words,
    pub(super) sentences: Sentences,
    pub(super) digest: &'static DigestWords,
    /// What a letter is.
    pub(super) heading: fn(&Letter) -> String,
    /// An instant by which something is owed.
    pub(super) due: fn(DateTime<Utc>, Tz) -> Due,
    /// Working days left.
    pub(super) left: fn(i32) -> String,
    /// The role as a label.
    pub(super) role: fn(Role) -> &'static str,
    /// The role as a verb.
    pub(super) verb: fn(Role) -> &'static str,
    /// What is asked, as a verb.
    pub(super) task: fn(Role, &[Owed]) -> String,
    /// What is owed, as a label's value.
    pub(super) owed: fn(&[Owed]) -> String,
    /// The urgency where it is more than usual.
    pub(super) urgency: fn(Urgency) -> Option<&'static str>,
    /// How a sentence calls a document.
    pub(super) document: fn(&Facts) -> String,
    /// The same with date and issuer.
    pub(super) full: fn(&Facts) -> String,
    /// For whom a deputy reads.
    pub(super) instead_of: fn(&InsteadOf) -> String,
    /// A field that differs.
    pub(super) field: fn(Field) -> &'static str,
    /// How a cell lags.
    pub(super) laggard: fn(&Laggard) -> String,
    /// One task of a plan, by its shortened name.
    pub(super) one_task: fn(&str) -> String,
    /// So many tasks of a plan.
    pub(super) tasks: fn(usize) -> String,
    /// By a day at the latest.
    pub(super) by: fn(&str) -> String,
    /// The word before a due day, and before the nearest of several.
    pub(super) due_words: [&'static str; 2],
}

impl Lexicon {
    /// The words of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Vi => &VIETNAMESE,
            Language::En => &english::ENGLISH,
        }
    }
}

static VIETNAMESE: Lexicon = Lexicon {
    labels: Labels {
        symbol: "Số, ký hiệu",
        issued: "Ngày ban hành",
        kind: "Loại văn bản",
        issuer: "Cơ quan ban hành",
        subject: "Trích yếu",
        urgency: "Độ khẩn",
        role: "Vai trò",
        asked: "Nội dung phải làm",
        acknowledge: "Xác nhận đã nhận",
        taken_over: "Tiếp nhận từ",
        instead: "Nhận thay",
        due: "Hạn",
    },
    words: Words {
        tag: "vi",
        to: "Kính gửi",
        tasks: "Việc phải làm",
        meant: "thư này nhắc việc này",
        due: "Hạn",
        answer_task: "Trả lời việc này",
        dropped: "Thôi thực hiện",
        edits: "Nội dung thay đổi",
        before: "Trước",
        now: "Nay",
        unshown: "có thay đổi, đề nghị xem trên hệ thống quản lý văn bản",
        answer: "Xác nhận đã nhận / trả lời",
        answer_each: "Xác nhận đã nhận / trả lời chung hoặc từng việc",
        code: "Mã xác nhận",
        code_when: "chỉ nhập khi trang xác nhận hỏi mã này",
        why: "Vì sao tôi nhận thư này",
        call: "Cần trao đổi, đề nghị gọi",
    },
    sentences: Sentences {
        listed: |count| format!("Danh sách {count} tổ chức"),
        matter: |document, due, count| match due {
            Some(due) => format!("{document}, hạn {due}: {count} tổ chức"),
            None => format!("{document}: {count} tổ chức"),
        },
        button: [
            "Xác nhận đã nhận / trả lời",
            "Báo kết quả / trả lời",
            "Xác nhận đã nhận cả văn bản",
            "Xem và trả lời các việc",
        ],
        above: |unit| format!("{unit} là cấp trên trực tiếp hoặc nơi theo dõi của các tổ chức nêu trên."),
        chosen: |rules, unit, role| {
            let role = role.map(|role| format!(" với vai trò {role}")).unwrap_or_default();
            format!("Quy tắc {} đã chọn {unit}{role}.", rules.join(", "))
        },
        given: |unit, role, once| {
            let once = if once { "trước đây " } else { "" };
            format!("Văn bản này {once}được giao cho {unit} với vai trò {role}.")
        },
        reading: |why| why.reading.clone(),
        counted: |task, reading, phrase, proposal| {
            let task = task.map(|number| format!(" việc {number}")).unwrap_or_default();
            let phrase = phrase.map(|phrase| format!(" Nguyên văn: “{phrase}”.")).unwrap_or_default();
            let proposal = if proposal {
                " Hạn này do hệ thống đọc từ văn bản, văn thư chưa xác nhận."
            } else {
                ""
            };
            format!("Cách tính hạn{task}: {reading}{phrase}{proposal}")
        },
        private: |unit| format!("Liên kết dành riêng cho {unit}; đề nghị không chuyển tiếp ra ngoài."),
        sender: |office| format!("Thư tự động của {office}, không thay thế văn bản chính thức."),
    },
    digest: &digest::words::VIETNAMESE,
    heading: words::heading,
    due: Due::new,
    left: words::left,
    role: words::role,
    verb: words::verb,
    task: words::task,
    owed: words::owed,
    urgency: words::urgency,
    document: words::document,
    full: words::full,
    instead_of: words::instead_of,
    field: Field::vietnamese,
    laggard: words::laggard,
    one_task: |name| format!("việc “{name}”"),
    tasks: |count| format!("{count} việc"),
    by: |day| format!("chậm nhất {day}"),
    due_words: ["hạn", "hạn gần nhất"],
};

/// How an office speaks of an instant in a language.
pub(super) fn due(at: DateTime<Utc>, office: &Office, language: Language) -> Due {
    (Lexicon::of(language).due)(at, office.zone)
}
