//! The Vietnamese words of a letter: days, roles, what is owed, what is left.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::Serialize;

use super::ladder;
use super::reply;
use crate::domain::document::Urgency;
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter, NoticeKind};
use crate::domain::obligation::{Owed, Role};
use crate::domain::operation::Standing;
use crate::render::line::one_line;

/// An instant by which something is owed, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// `thứ Sáu, 30/01/2026`, or `17:00 thứ Sáu, 30/01/2026` where the hour matters.
    pub day: String,
    /// `30/01/2026`
    pub short: String,
}

impl Due {
    /// Reads an instant in the office's zone. 24:00 of a day is midnight of the next (Bộ luật Dân sự
    /// Đ148): it is shown as the day that ends with it, without an hour.
    pub fn new(at: DateTime<Utc>, zone: Tz) -> Self {
        let local = at.with_timezone(&zone);
        let (date, hour) = match local.time() {
            NaiveTime::MIN => (local.date_naive().pred_opt().unwrap_or(local.date_naive()), None),
            time => (local.date_naive(), Some(time)),
        };
        let short = date_text(date);
        let hour = hour.map(|time| time.format("%H:%M ").to_string()).unwrap_or_default();
        Self { day: format!("{hour}{}, {short}", weekday(date)), short }
    }
}

/// `30/01/2026`: day, month, year, never the American order.
pub fn date_text(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "thứ Hai",
        Weekday::Tue => "thứ Ba",
        Weekday::Wed => "thứ Tư",
        Weekday::Thu => "thứ Năm",
        Weekday::Fri => "thứ Sáu",
        Weekday::Sat => "thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    }
}

/// `còn 3 ngày làm việc`, `hôm nay là ngày cuối`, `quá hạn 2 ngày làm việc`.
pub fn left(days: i32) -> String {
    match days {
        0 => "hôm nay là ngày cuối".to_owned(),
        1.. => format!("còn {days} ngày làm việc"),
        _ => format!("quá hạn {} ngày làm việc", days.unsigned_abs()),
    }
}

/// The role as a label.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Lead => "Chủ trì",
        Role::Support => "Phối hợp",
        Role::Inform => "Để biết",
    }
}

/// The role as the verb of a sentence whose object is the document.
pub fn verb(role: Role) -> &'static str {
    match role {
        Role::Lead => "chủ trì thực hiện",
        Role::Support => "phối hợp thực hiện",
        Role::Inform => "nhận để biết",
    }
}

/// What is asked, as the verb of a request: `chủ trì thực hiện và báo cáo kết quả`.
pub fn task(role: Role, owes: &[Owed]) -> String {
    match owes.iter().max() {
        Some(Owed::Report) => format!("{} và báo cáo kết quả", verb(role)),
        Some(Owed::Do) => verb(role).to_owned(),
        Some(Owed::Acknowledge) | None => "nhận và nghiên cứu văn bản".to_owned(),
    }
}

/// What is owed, as a label's value: `Xác nhận đã nhận; báo cáo kết quả thực hiện`.
pub fn owed(owes: &[Owed]) -> String {
    let words: Vec<&str> = owes
        .iter()
        .map(|one| match one {
            Owed::Acknowledge => "xác nhận đã nhận",
            Owed::Do => "tổ chức thực hiện",
            Owed::Report => "thực hiện và báo cáo kết quả",
        })
        .collect();
    capitalised(&words.join("; "))
}

/// The urgency where it is more than usual.
pub fn urgency(urgency: Urgency) -> Option<&'static str> {
    match urgency {
        Urgency::Unknown | Urgency::Normal => None,
        Urgency::Urgent => Some("Khẩn"),
        Urgency::VeryUrgent => Some("Thượng khẩn"),
        Urgency::Express => Some("Hoả tốc"),
        Urgency::ExpressTimed => Some("Hoả tốc hẹn giờ"),
    }
}

/// What the letter is, as its heading and before the sender's name: `Nhắc lần 2`.
///
/// `times` counts the letters to this recipient including the first notice, people count reminders.
pub fn heading(letter: &Letter) -> String {
    if let Some(said) = letter.reply.as_ref().and_then(reply::heading) {
        return said.to_owned();
    }
    match letter.kind {
        NoticeKind::Notice => "Giao việc".to_owned(),
        NoticeKind::Reminder | NoticeKind::Chase | NoticeKind::Escalation => {
            ladder::heading(letter.kind, letter.measure, letter.times.saturating_sub(1))
        }
        NoticeKind::Digest => "Việc hôm nay".to_owned(),
        NoticeKind::Change if letter.news.retouched => "Cập nhật".to_owned(),
        NoticeKind::Change => "Có thay đổi".to_owned(),
        NoticeKind::Withdrawal => match letter.news.standing {
            Standing::Revoked => "Thu hồi".to_owned(),
            Standing::Replaced => "Thay thế".to_owned(),
            Standing::InForce | Standing::Removed => "Thôi thực hiện".to_owned(),
        },
    }
}

/// How a sentence calls a document; one without a number is called by its kind alone.
pub fn document(facts: &Facts) -> String {
    let symbol = one_line(&facts.symbol);
    let kind = facts.kind_name.as_deref().map(one_line).filter(|kind| !kind.is_empty());
    let kind = kind.unwrap_or(Cow::Borrowed("văn bản"));
    if symbol.is_empty() { kind.into_owned() } else { format!("{kind} số {symbol}") }
}

/// The same with date and issuer: `Kế hoạch số 12-KH/ĐUK ngày 15/01/2026 của Đảng uỷ Khối`.
pub fn full(facts: &Facts) -> String {
    let issued = facts.issued.map(|day| format!(" ngày {}", date_text(day))).unwrap_or_default();
    let issuer = one_line(&facts.issuer);
    let of = if issuer.is_empty() { String::new() } else { format!(" của {issuer}") };
    format!("{}{issued}{of}", document(facts))
}

/// The text with a capital first letter: `đề nghị` becomes `Đề nghị`.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `đồng chí Bí thư chi bộ, vắng đến hết ngày 14/08/2026`
pub fn instead_of(away: &InsteadOf) -> String {
    let person = away.person.as_deref().map_or("người nhận thư thường ngày".into(), one_line);
    let until = away
        .until
        .map_or_else(|| ", đang vắng".to_owned(), |day| format!(", vắng đến hết ngày {}", date_text(day)));
    format!("{person}{until}")
}

/// How a cell lags: `quá hạn 3 ngày làm việc; chưa xác nhận đã nhận`.
pub fn laggard(cell: &Laggard) -> String {
    let late = (cell.days_late > 0).then(|| format!("quá hạn {} ngày làm việc", cell.days_late));
    let heard = match (cell.unreached, cell.acknowledged) {
        (true, _) => "chưa liên lạc được, cần kiểm tra hộp thư",
        (false, true) => "đã nhận, chưa hoàn thành",
        (false, false) => "chưa xác nhận đã nhận",
    };
    let tasks: Vec<_> = cell.tasks.iter().map(|name| format!("“{}”", one_line(name))).collect();
    let tasks = (!tasks.is_empty()).then(|| format!("việc {}", tasks.join(", ")));
    late.into_iter().chain([heard.to_owned()]).chain(tasks).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use chrono_tz::Asia::Ho_Chi_Minh;

    use super::*;

    #[test]
    fn midnight_belongs_to_the_day_it_ends() {
        for ((year, month, day, hour, minute), shown) in [
            ((2026, 1, 31, 0, 0), "thứ Sáu, 30/01/2026"),
            ((2026, 1, 1, 0, 0), "thứ Tư, 31/12/2025"),
            ((2026, 3, 1, 17, 0), "17:00 Chủ nhật, 01/03/2026"),
            ((2026, 3, 2, 0, 1), "00:01 thứ Hai, 02/03/2026"),
        ] {
            let at = Ho_Chi_Minh.with_ymd_and_hms(year, month, day, hour, minute, 0).unwrap();
            assert_eq!(Due::new(at.with_timezone(&Utc), Ho_Chi_Minh).day, shown);
        }
    }

    #[test]
    fn days_left_in_words() {
        for (days, words) in
            [(3, "còn 3 ngày làm việc"), (0, "hôm nay là ngày cuối"), (-2, "quá hạn 2 ngày làm việc")]
        {
            assert_eq!(left(days), words);
        }
    }

    #[test]
    fn what_is_owed_in_words() {
        use Owed::{Acknowledge, Do, Report};
        for (role, owes, words) in [
            (Role::Lead, vec![Acknowledge, Report], "chủ trì thực hiện và báo cáo kết quả"),
            (Role::Support, vec![Do], "phối hợp thực hiện"),
            (Role::Inform, vec![Acknowledge], "nhận và nghiên cứu văn bản"),
        ] {
            assert_eq!(task(role, &owes), words);
        }
        assert_eq!(owed(&[Acknowledge, Report]), "Xác nhận đã nhận; thực hiện và báo cáo kết quả");
        assert_eq!(owed(&[]), "");
    }

    #[test]
    fn reminders_are_counted_without_the_first_notice() {
        let sample = crate::render::mail::sample::samples().remove(0);
        let of = |kind, times| heading(&Letter { kind, times, ..sample.clone() });
        assert_eq!(of(NoticeKind::Reminder, 3), "Nhắc lần 2");
        assert_eq!(of(NoticeKind::Chase, 0), "Đôn đốc lần 1");
    }
}
