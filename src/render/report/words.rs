//! The words of a table of counts, language by language. Names of committees, kinds and documents stay as they are.

use super::By;
use crate::domain::language::Language;
use crate::domain::tally::Report;
use crate::render::mail::words::capitalised;

/// What the columns of figures are called, in the order of [`super::figures`].
const VIETNAMESE: [&str; 8] =
    ["Việc", "Giao thêm", "Đã gửi", "Đã nhận", "Hoàn thành", "Quá hạn", "So đầu kỳ", "Chưa liên lạc"];

/// The same in English.
const ENGLISH: [&str; 8] =
    ["Tasks", "New", "Sent", "Acknowledged", "Done", "Overdue", "Since before", "Not reached"];

impl By {
    /// What all columns are called: the two of the name, then the figures.
    pub fn headings(self, language: Language) -> [&'static str; 10] {
        let (names, figures) = match (language, self) {
            (Language::Vi, Self::Committee) => (["Đảng bộ cơ sở", "Loại"], VIETNAMESE),
            (Language::Vi, Self::Directive) => (["Số, ký hiệu", "Trích yếu"], VIETNAMESE),
            (Language::En, Self::Committee) => (["Base committee", "Kind"], ENGLISH),
            (Language::En, Self::Directive) => (["Document number", "Subject"], ENGLISH),
        };
        let mut all = names.into_iter().chain(figures);
        std::array::from_fn(|_| all.next().unwrap_or_default())
    }

    /// What its sheet of a workbook is called.
    pub(super) fn sheet(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Vi, Self::Committee) => "Theo đảng bộ",
            (Language::Vi, Self::Directive) => "Theo văn bản",
            (Language::En, Self::Committee) => "By committee",
            (Language::En, Self::Directive) => "By document",
        }
    }
}

/// What stands before the sum.
pub(super) fn sum(language: Language) -> &'static str {
    match language {
        Language::Vi => "Cộng",
        Language::En => "Sum",
    }
}

/// One sentence about the whole: `884 việc: đã nhận 800 (90%), …`
pub fn sentence(report: &Report, language: Language) -> String {
    let now = &report.total.now;
    let share = |part: u64| (part * 100).checked_div(now.all).unwrap_or_default();
    let (all, new, unreached) = (now.all, report.total.opened(), now.unreached);
    let heard = format!("{} ({}%)", now.acknowledged, share(now.acknowledged));
    let done = format!("{} ({}%)", now.done, share(now.done));
    let (late, change) = (now.late, change(report.total.late_change(), language));
    capitalised(&match language {
        Language::Vi => format!(
            "{all} việc, trong đó giao thêm {new}: đã nhận {heard}, hoàn thành {done}, quá hạn {late} ({change}), chưa \
             liên lạc được {unreached}."
        ),
        Language::En => format!(
            "{all} tasks, {new} of them new: {heard} acknowledged, {done} done, {late} overdue ({change}), {unreached} \
             not reached."
        ),
    })
}

fn change(late: i64, language: Language) -> String {
    let count = late.unsigned_abs();
    match (language, late) {
        (Language::Vi, 0) => "không đổi so với đầu kỳ".to_owned(),
        (Language::Vi, 1..) => format!("tăng {count} so với đầu kỳ"),
        (Language::Vi, _) => format!("giảm {count} so với đầu kỳ"),
        (Language::En, 0) => "as many as before".to_owned(),
        (Language::En, 1..) => format!("{count} more than before"),
        (Language::En, _) => format!("{count} fewer than before"),
    }
}
