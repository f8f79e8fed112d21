//! The words pages use for codes, days and instants. Vietnamese as an office worker writes it:
//! dd/mm/yyyy with the weekday, 24 hours, never mm/dd (experience.md R4.23).

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::Serialize;

use crate::app::ports::{HoldKind, JournalKind};
use crate::domain::calendar::Calendar;
use crate::domain::document::{Operation, Urgency};
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Answer, Contact, Grade, Owed, Role, State};

/// `16/03/2026`.
pub fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// `thứ Hai, 16/03/2026`.
pub fn weekday_date(day: NaiveDate) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "thứ Hai",
        Weekday::Tue => "thứ Ba",
        Weekday::Wed => "thứ Tư",
        Weekday::Thu => "thứ Năm",
        Weekday::Fri => "thứ Sáu",
        Weekday::Sat => "thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    };
    format!("{weekday}, {}", date(day))
}

/// `10:21 ngày 16/03/2026`, in the office's zone.
pub fn moment(at: DateTime<Utc>, calendar: &Calendar) -> String {
    at.with_timezone(&calendar.zone).format("%H:%M ngày %d/%m/%Y").to_string()
}

/// How near a due instant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nearness {
    /// It has passed.
    Late,
    /// At most three working days are left.
    Soon,
    /// There is time.
    Far,
}

/// A due instant as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// `hết thứ Hai, 16/03/2026`, or with an hour: `17:00 thứ Hai, 16/03/2026`.
    pub text: String,
    /// Its day, `2026-03-16`, for machines.
    pub day: String,
    /// `còn 3 ngày làm việc`, `hạn hôm nay`, `quá hạn 2 ngày làm việc`.
    pub left: String,
    /// How near it is.
    pub nearness: Nearness,
}

/// A due instant with what is left until it.
pub fn due(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Due {
    let day = due_day(at, calendar);
    let (left, nearness) = left(at, day, now, calendar);
    let local = at.with_timezone(&calendar.zone).time();
    let text = if local == NaiveTime::MIN {
        format!("hết {}", weekday_date(day))
    } else {
        format!("{} {}", local.format("%H:%M"), weekday_date(day))
    };
    Due { text, day: day.format("%Y-%m-%d").to_string(), left, nearness }
}

/// The day a due instant belongs to: 24:00 of a day is that day's, not the next one's.
pub fn due_day(at: DateTime<Utc>, calendar: &Calendar) -> NaiveDate {
    calendar.date_of(at - TimeDelta::seconds(1))
}

fn left(at: DateTime<Utc>, day: NaiveDate, now: DateTime<Utc>, calendar: &Calendar) -> (String, Nearness) {
    let today = calendar.date_of(now);
    let days = calendar.working_days_between(today, day);
    if at <= now {
        let over = -days;
        let text = if over > 0 {
            format!("quá hạn {over} ngày làm việc")
        } else {
            "vừa quá hạn".to_owned()
        };
        return (text, Nearness::Late);
    }
    let text = if day == today {
        "hạn hôm nay".to_owned()
    } else if days > 0 {
        format!("còn {days} ngày làm việc")
    } else {
        "hạn vào ngày nghỉ tới".to_owned()
    };
    (text, if days <= 3 { Nearness::Soon } else { Nearness::Far })
}

/// A number with Vietnamese thousands: `1.234`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// Vai trò.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Inform => "để biết",
        Role::Support => "phối hợp",
        Role::Lead => "chủ trì",
    }
}

/// Việc phải làm.
pub fn owed(owed: Owed) -> &'static str {
    match owed {
        Owed::Acknowledge => "xác nhận đã nhận",
        Owed::Do => "thực hiện",
        Owed::Report => "báo cáo kết quả",
    }
}

/// Trạng thái.
pub fn state(state: State) -> &'static str {
    match state {
        State::Open => "chưa xác nhận",
        State::Acknowledged => "đã nhận",
        State::Done => "đã hoàn thành",
        State::Declined => "không thuộc trách nhiệm",
        State::Excused => "được miễn",
        State::Withdrawn => "đã thu hồi",
    }
}

/// Liên hệ.
pub fn contact(contact: Contact) -> &'static str {
    match contact {
        Contact::Unsent => "chưa gửi thư",
        Contact::Sent => "đã gửi thư",
        Contact::Delivered => "thư đã tới",
        Contact::NoContact => "không liên lạc được",
    }
}

/// How an answer was given.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Upstream => "đã xem trên hệ thống văn bản",
        Grade::Clicked => "bấm liên kết trong thư",
        Grade::Verified => "liên kết trong thư, có nhập số văn bản",
        Grade::Replied => "trả lời thư",
        Grade::Staff => "văn phòng nhập thay",
    }
}

/// The answer in a word.
pub fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Received { .. } => "Đã nhận",
        Answer::Done { .. } => "Đã hoàn thành",
        Answer::Declined { .. } => "Không thuộc trách nhiệm",
        Answer::MoreTime { .. } => "Xin gia hạn",
    }
}

/// What an answer says beyond its word; empty where it says no more.
pub fn answer_detail(answer: &Answer) -> String {
    let parts = match answer {
        Answer::Received { promised } => vec![promised.map(|day| format!("hẹn xong ngày {}", date(day)))],
        Answer::Done { report_symbol, report_date, note } => vec![
            report_symbol.as_ref().map(|symbol| format!("báo cáo số {symbol}")),
            report_date.map(|day| format!("ngày {}", date(day))),
            note.clone(),
        ],
        Answer::Declined { reason } => vec![Some(reason.clone())],
        Answer::MoreTime { until, reason } => {
            vec![Some(format!("đến ngày {}", date(*until))), Some(reason.clone())]
        }
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Độ khẩn; nothing for the ordinary.
pub fn urgency(urgency: Urgency) -> Option<&'static str> {
    match urgency {
        Urgency::Unknown | Urgency::Normal => None,
        Urgency::Urgent => Some("Khẩn"),
        Urgency::VeryUrgent => Some("Thượng khẩn"),
        Urgency::Express => Some("Hoả tốc"),
        Urgency::ExpressTimed => Some("Hoả tốc hẹn giờ"),
    }
}

/// Nghiệp vụ.
pub fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::New => "văn bản mới",
        Operation::Revoke => "thu hồi",
        Operation::Update => "cập nhật",
        Operation::Replace => "thay thế",
    }
}

/// Loại thư.
pub fn notice(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Notice => "thư báo",
        NoticeKind::Reminder => "thư nhắc",
        NoticeKind::Chase => "thư đôn đốc",
        NoticeKind::Escalation => "báo cáo cấp trên",
        NoticeKind::Change => "báo thay đổi",
        NoticeKind::Withdrawal => "báo thu hồi",
    }
}

/// Trạng thái gửi.
pub fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "chờ gửi",
        Delivery::Sending => "đang gửi",
        Delivery::Sent => "đã gửi",
        Delivery::Failed => "gửi hỏng",
        Delivery::Ambiguous => "chưa rõ, sẽ gửi lại",
        Delivery::Dropped => "đã bỏ",
    }
}

/// Loại tạm giữ.
pub fn hold(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Unmatched => "Chưa có quy tắc phân công",
        HoldKind::Secret => "Có dấu hiệu mật: xem trên hệ thống văn bản",
        HoldKind::Broken => "Không đọc được",
        HoldKind::NoContact => "Chi bộ chưa có hộp thư",
        HoldKind::Undeliverable => "Hộp thư từ chối nhận",
        HoldKind::Declined => "Chi bộ báo không thuộc trách nhiệm",
        HoldKind::MoreTime => "Chi bộ xin gia hạn",
    }
}

/// Nhật ký.
pub fn journal(kind: JournalKind) -> &'static str {
    match kind {
        JournalKind::Registered => "Vào sổ",
        JournalKind::Routed => "Phân công theo quy tắc",
        JournalKind::Enqueued => "Xếp thư vào hộp gửi",
        JournalKind::Settled => "Gửi thư",
        JournalKind::Answered => "Chi bộ trả lời",
        JournalKind::Stepped => "Nhắc, đôn đốc",
        JournalKind::Closed => "Khép việc",
        JournalKind::Held => "Tạm giữ, chờ người xử lý",
        JournalKind::Released => "Hết tạm giữ",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::calendar::BeforeDay;

    fn calendar() -> Calendar {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Calendar {
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            hours: vec![(time(7), time(17))],
            before_day: BeforeDay::Exclusive,
            years: BTreeMap::new(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_belongs_to_the_day_it_ends() {
        let due = due(at("2026-03-16T17:00:00Z"), at("2026-03-16T02:00:00Z"), &calendar());
        assert_eq!((due.text.as_str(), due.day.as_str()), ("hết thứ Hai, 16/03/2026", "2026-03-16"));
        assert_eq!((due.left.as_str(), due.nearness), ("hạn hôm nay", Nearness::Soon));
    }

    #[test]
    fn an_hour_is_told() {
        let due = due(at("2026-03-16T10:00:00Z"), at("2026-03-16T10:00:00Z"), &calendar());
        assert_eq!(due.text, "17:00 thứ Hai, 16/03/2026");
        assert_eq!((due.left.as_str(), due.nearness), ("vừa quá hạn", Nearness::Late));
    }

    #[test]
    fn thousands_are_parted_by_points() {
        for (n, text) in [(0, "0"), (221, "221"), (1234, "1.234"), (1_000_000, "1.000.000")] {
            assert_eq!(number(n), text);
        }
    }

    #[test]
    fn moments_are_told_in_the_offices_zone() {
        assert_eq!(moment(at("2026-03-15T17:30:00Z"), &calendar()), "00:30 ngày 16/03/2026");
    }
}
