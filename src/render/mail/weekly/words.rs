//! The words of the weekly mail, language by language.

use serde::Serialize;

use crate::domain::language::Language;

/// Words that stand in the templates of the weekly mail.
#[derive(Debug, Serialize)]
pub struct Labels {
    /// The language, as HTML names it.
    pub tag: &'static str,
    /// To whom.
    pub to: &'static str,
    /// Over the table.
    pub by_committee: &'static str,
    /// How the figures are meant.
    pub note: &'static str,
    /// Where the whole table is.
    pub attached: &'static str,
}

/// What the weekly mail says.
#[derive(Debug)]
pub(super) struct WeeklyWords {
    pub(super) labels: Labels,
    /// What it is, for the sender's name.
    pub(super) heading: &'static str,
    /// The subject line: first and last day.
    pub(super) subject: fn(&str, &str) -> String,
    /// Over the worst directives: how many.
    pub(super) worst: fn(usize) -> String,
    /// One of them: number and trích yếu, overdue of all, done.
    pub(super) lags: fn(&str, [i64; 3]) -> String,
    /// Who writes.
    pub(super) sender: fn(&str) -> String,
}

impl WeeklyWords {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Vi => &VIETNAMESE,
            Language::En => &ENGLISH,
        }
    }
}

static VIETNAMESE: WeeklyWords = WeeklyWords {
    labels: Labels {
        tag: "vi",
        to: "Kính gửi các đồng chí lãnh đạo,",
        by_committee: "Theo đảng bộ cơ sở",
        note: "Việc: những việc phải làm trong tuần, kể cả việc xong trong tuần; so đầu kỳ: quá hạn tăng, giảm. Chi bộ \
               chưa liên lạc được thì không tính là quá hạn. Bảng chỉ tính tổ chức, không tính cá nhân.",
        attached: "Bảng đầy đủ trong tệp kèm theo.",
    },
    heading: "Bảng tuần",
    subject: |first, last| format!("Tình hình thực hiện văn bản chỉ đạo, từ {first} đến hết {last}"),
    worst: |count| format!("{count} văn bản còn nhiều việc quá hạn nhất"),
    lags: |document, [late, all, done]| {
        format!("{document}: {late}/{all} việc quá hạn, đã hoàn thành {done}")
    },
    sender: |office| format!("Thư tự động của {office}."),
};

static ENGLISH: WeeklyWords = WeeklyWords {
    labels: Labels {
        tag: "en",
        to: "To the leadership,",
        by_committee: "By base committee",
        note: "Tasks: what was to be done in the week, with what was finished in it; since before: more or fewer overdue. A \
               unit that could not be reached is not counted as overdue. The table counts organisations, never persons.",
        attached: "The whole table is in the attached file.",
    },
    heading: "Table of the week",
    subject: |first, last| format!("How directives are carried out, {first} to {last}"),
    worst: |count| match count {
        1 => "The directive with most overdue".to_owned(),
        _ => format!("The {count} directives with most overdue"),
    },
    lags: |document, [late, all, done]| format!("{document}: {late} of {all} tasks overdue, {done} done"),
    sender: |office| format!("Sent automatically by {office}."),
};
