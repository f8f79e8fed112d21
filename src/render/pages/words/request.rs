//! What cells ask of staff and what became of it, as people read it.

use chrono::{DateTime, Utc};

use super::date;
use crate::app::ports::{Asked, RequestRow, Verdict};
use crate::domain::calendar::Calendar;

/// How a cell is called, by its code.
pub type Naming<'a> = &'a dyn Fn(&str) -> String;

/// A request with what became of it: `xin đến 20/03/2026 (hạn 13/03/2026): bão; đã đồng ý đến 18/03/2026`.
/// `name` gives the name of a cell.
pub fn request(row: &RequestRow, calendar: &Calendar, name: Naming<'_>) -> String {
    let day = |at: DateTime<Utc>| date(calendar.due_day(at));
    let asked = match &row.asks {
        Asked::MoreTime { until } => {
            let due = row.due.map(|due| format!(" (hạn {})", day(due))).unwrap_or_default();
            format!("xin đến {}{due}: ", date(*until))
        }
        Asked::Declined { suggested: Some(cell) } => format!("gợi ý giao {}: ", name(cell.as_str())),
        Asked::Declined { suggested: None } => String::new(),
    };
    format!("{asked}{}; {}", row.reason.trim_end_matches(['.', ' ']), verdict(row))
}

/// What became of a request: `đã đồng ý đến 18/03/2026`.
pub fn verdict(row: &RequestRow) -> String {
    let why = row.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    match (row.verdict, &row.asks) {
        (None, _) => "chờ văn phòng quyết định".to_owned(),
        (Some(Verdict::Granted), Asked::MoreTime { until }) => {
            format!("đã đồng ý đến {}{why}", date(row.given.unwrap_or(*until)))
        }
        (Some(Verdict::Granted), Asked::Declined { .. }) => format!("văn phòng đã tiếp nhận{why}"),
        (Some(Verdict::Refused), Asked::MoreTime { .. }) => format!("không đồng ý{why}"),
        (Some(Verdict::Refused), Asked::Declined { .. }) => format!("vẫn là việc của chi bộ{why}"),
        (Some(Verdict::Replaced), _) => "đã thay bằng đề nghị sau".to_owned(),
        (Some(Verdict::Overtaken), _) => "việc đã kết thúc trước khi quyết định".to_owned(),
    }
}

/// How a granted day moved: `13/03/2026 → 18/03/2026`.
pub fn moved(row: &RequestRow, calendar: &Calendar) -> Option<String> {
    let day = |at: DateTime<Utc>| date(calendar.due_day(at));
    Some(format!("{} → {}", day(row.due?), day(row.moved?)))
}

/// Why a press was not counted.
pub fn doubt(why: &str) -> &'static str {
    match why {
        "no-page" => "bấm mà không mở trang trước",
        "after-page" => "bấm trong vòng 3 giây sau khi mở trang",
        "after-mail" => "bấm trong vòng 2 phút sau khi gửi thư",
        "several" => "một địa chỉ mạng bấm cho nhiều chi bộ cùng lúc",
        "program" => "bấm bằng chương trình tự động",
        _ => "bấm theo cách của máy",
    }
}
