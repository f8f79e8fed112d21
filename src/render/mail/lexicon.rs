//! The words of a letter, language by language: a language without one of them does not compile.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::words::{self, Due};
use super::{Office, english};
use crate::domain::calendar::weekday_name;
use crate::domain::document::Urgency;
use crate::domain::language::Language;
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter};
use crate::domain::obligation::{Owed, Role};
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

/// What a digest says of its things, by how much they press: late, today, unheard, the rest.
pub(super) struct DigestWords {
    /// After a number, in the opening sentence.
    pub(super) counts: [&'static str; 4],
    /// Above the things themselves.
    pub(super) titles: [&'static str; 4],
    /// The opening sentence: unit, how many things, the counts.
    pub(super) opening: fn(&str, usize, &str) -> String,
    /// A day with its name.
    pub(super) day: fn(NaiveDate) -> String,
}

/// A language.
pub(super) struct Lexicon {
    pub(super) labels: Labels,
    pub(super) digest: DigestWords,
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
    digest: DigestWords {
        counts: ["quá hạn", "đến hạn hôm nay", "chưa xác nhận", "còn trong hạn"],
        titles: ["Quá hạn", "Đến hạn hôm nay", "Chưa xác nhận đã nhận", "Còn trong hạn"],
        opening: |unit, count, said| format!("{unit} có {count} việc: {said}."),
        day: |day| format!("{}, {}", weekday_name(day), words::date_text(day)),
    },
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
