//! "Thông tin chỉ đạo": what the office's leaders write straight into the document system, without symbol, number
//! or secrecy field, and who of its receivers has looked at it there.

use chrono::{DateTime, TimeDelta, Utc};

use crate::demo::worktime;

/// How many directives there are.
pub const DIRECTIVES: usize = 3;
/// How many of them say in their title that they are secret.
pub const SECRET_DIRECTIVES: usize = 1;
/// Words of theirs that stand nowhere else in the world, so that no mail may have them.
pub const SECRET_WORDS: &str = "Phương án khoanh nợ";

/// Cells that have accounts in the document system, by name and address, and after how many hours each looks;
/// most cells have none.
const READERS: [(&str, &str, Option<i64>); 3] = [
    ("Chi bộ Trung tâm Khuyến nông", "cb-trung-tam-khuyen-nong@mau.example", Some(3)),
    ("Chi bộ Trung tâm Giống cây trồng", "cb-trung-tam-giong-cay-trong@mau.example", Some(26)),
    ("Chi bộ Hội Văn học nghệ thuật", "cb-hoi-van-hoc-nghe-thuat@mau.example", None),
];

/// Days before the end, title, text.
const TEXTS: [(i64, &str, &str); DIRECTIVES] = [
    (
        40,
        "Đôn đốc nộp báo cáo công tác đảng quý III",
        "<p>Đề nghị các <b>chi bộ cơ sở</b> rà soát, gửi báo cáo công tác đảng quý III trong 05 ngày làm việc.</p>",
    ),
    (26, "[MẬT] Phương án khoanh nợ", "<p>Nội dung trao đổi trực tiếp tại Văn phòng.</p>"),
    (
        9,
        "Chỉ đạo bảo đảm an toàn, phòng cháy, chữa cháy cuối năm",
        "<p>Các chi bộ cơ sở kiểm tra trụ sở, phân công người trực.<br/>Báo cáo kết quả trong 07 ngày làm việc.</p>",
    ),
];

/// A directive as it stands in the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its id; counted apart from those of documents.
    pub id: i64,
    /// Tiêu đề.
    pub title: &'static str,
    /// Nội dung, HTML.
    pub html: &'static str,
    /// When it was sent.
    pub received: DateTime<Utc>,
    /// Receivers by unit and address, with when each first looks; `None` is never.
    pub readers: Vec<(&'static str, &'static str, Option<DateTime<Utc>>)>,
}

/// The directives of the days before `end`, oldest first.
pub fn directives(end: DateTime<Utc>) -> Vec<Directive> {
    let directive = |((days, title, html), id)| {
        let received = received(end, days);
        let look = |hours: i64| received + TimeDelta::hours(hours);
        let readers = READERS.map(|(unit, address, hours)| (unit, address, hours.map(look)));
        Directive { id, title, html, received, readers: readers.into() }
    };
    TEXTS.into_iter().zip(701..).map(directive).collect()
}

/// In the first hour of the last working day that lies so far back.
fn received(end: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let from = worktime::local_date(end - TimeDelta::days(days));
    let mut back = std::iter::successors(Some(from), |day| day.pred_opt());
    worktime::at_work(back.find(|day| worktime::is_working_day(*day)).unwrap_or(from), 40)
}
