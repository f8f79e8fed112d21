//! The mail about a register that was put back and holds back what would leave, in Vietnamese and English.

use chrono::{DateTime, Utc};

use super::Text;
use crate::domain::bulletin::RestoringNews;
use crate::render::line::one_line;
use crate::render::mail::Office;

/// What lets go, and what is to be seen before.
const COMMANDS: &str = "  vanthu status
  vanthu restore compare
  vanthu restore release --reason \"…\"
";

fn moment(at: DateTime<Utc>, office: &Office) -> String {
    at.with_timezone(&office.zone).format("%H:%M %d/%m/%Y").to_string()
}

/// In Vietnamese.
pub(super) fn vietnamese(news: &RestoringNews, office: &Office) -> Text {
    let taken = news.taken.map(|at| format!(" (sao lưu lúc {})", moment(at, office))).unwrap_or_default();
    let waits = match news.days {
        0 => String::new(),
        days => format!(" Việc này đã chờ {days} ngày."),
    };
    let text = format!(
        "Kính gửi đồng chí phụ trách,\n\nLúc {}, {} đã phục hồi sổ của {} từ {}{taken}.{waits}\n\n\
         Từ đó vanthu đang GIỮ LẠI mọi thư gửi chi bộ và mọi trạng thái báo lên nguồn, vì những gì xảy ra sau lúc sao lưu có \
         thể đã được gửi rồi. Văn bản mới vẫn được đọc vào sổ; chi bộ vẫn xác nhận được. Không có gì bị mất khi chờ, nhưng \
         CHI BỘ CHƯA ĐƯỢC BÁO VIỆC MỚI cho đến khi có người cho chạy tiếp.\n\n\
         Cần làm: xem sổ đúng là bản cần dùng, rồi cho chạy tiếp:\n{COMMANDS}\n\
         Thư này nhắc mỗi ngày một lần cho đến khi cho chạy tiếp.\n",
        moment(news.restored, office),
        one_line(&news.author),
        one_line(&office.name),
        one_line(&news.origin),
    );
    (
        "Sổ vừa phục hồi, thư đang bị giữ",
        "Sổ vừa phục hồi: thư đang bị giữ, chờ cho chạy tiếp".to_owned(),
        text,
    )
}

/// In English.
pub(super) fn english(news: &RestoringNews, office: &Office) -> Text {
    let taken = news.taken.map(|at| format!(" (taken at {})", moment(at, office))).unwrap_or_default();
    let waits = match news.days {
        0 => String::new(),
        1 => " This has waited for a day.".to_owned(),
        days => format!(" This has waited for {days} days."),
    };
    let text = format!(
        "To whoever looks after vanthu,\n\nAt {}, {} restored the register of {} from {}{taken}.{waits}\n\n\
         Since then all mails to units and all statuses to sources are HELD BACK, because what happened after the copy was \
         taken may have been sent already. New documents are still read and units can still answer. Nothing is lost by \
         waiting, but UNITS ARE NOT TOLD OF NEW WORK until somebody releases it.\n\n\
         What to do: see that this is the register to go on with, then release it:\n{COMMANDS}\n\
         This mail comes once a day until then.\n",
        moment(news.restored, office),
        one_line(&news.author),
        one_line(&office.name),
        one_line(&news.origin),
    );
    ("Restored register, mails held back", "The register was restored: mails are held back".to_owned(), text)
}
