//! The words pages use for codes, days and instants, as an office worker writes them.

use crate::app::ports::{Abilities, Ability, HoldKind, JournalKind, Uncleared};
use crate::domain::document::{Operation, Urgency};
use crate::domain::ladder::StepKind;
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Answer, Contact, Grade, Owed, Role, State};

mod day;
mod request;

pub use day::{Due, Left, Nearness, Telling, date, due, due_as, moment, weekday_date};
pub use request::{Naming, doubt, moved, request, verdict};

/// A step of a ladder.
pub fn step(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Remind => "nhắc",
        StepKind::Chase => "đôn đốc",
        StepKind::Criticise => "phê bình",
        StepKind::Review => "kiểm điểm",
    }
}

/// A number with Vietnamese thousands: `1.234`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
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
        Contact::Seen => "đã xem trên hệ thống văn bản",
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
        Answer::Done { report_symbol, report_date, note, link, figures } => {
            let mut parts = vec![
                report_symbol.as_ref().map(|symbol| format!("báo cáo số {symbol}")),
                report_date.map(|day| format!("ngày {}", date(day))),
            ];
            parts.extend(figures.iter().map(|figure| Some(format!("{}: {}", figure.name, figure.shown()))));
            parts.push(note.clone());
            // The host first, because that is what a reader must judge; text, never a link.
            parts.push(link.as_ref().map(|link| format!("tệp ở {}: {}", link.host(), link.as_str())));
            parts
        }
        Answer::Declined { reason, .. } => vec![Some(reason.clone())],
        Answer::MoreTime { until, reason } => {
            vec![Some(format!("đến ngày {}", date(*until))), Some(reason.clone())]
        }
    };
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
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
    operation.vietnamese()
}

/// The text with a capital first letter: `thư báo` becomes `Thư báo`.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
        NoticeKind::Digest => "việc hôm nay",
    }
}

/// Whether a status was told.
pub fn told(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued | Delivery::Held => "chờ báo",
        Delivery::Sending | Delivery::Ambiguous => "đang báo",
        Delivery::Sent => "đã báo",
        Delivery::Failed => "nguồn không nhận",
        Delivery::Dropped => "đã bỏ",
    }
}

/// What a source can do: label and word.
pub fn abilities(abilities: &Abilities) -> [(&'static str, &'static str); 5] {
    let Abilities { read_receipts, statuses, files, operations, counts } = abilities;
    [
        ("Cho biết ai đã xem", ability(*read_receipts)),
        ("Nhận trạng thái", ability(*statuses)),
        ("Tải tệp", ability(*files)),
        ("Thu hồi, cập nhật", ability(*operations)),
        ("Đếm văn bản", ability(*counts)),
    ]
}

fn ability(ability: Ability) -> &'static str {
    match ability {
        Ability::Yes => "có",
        Ability::Off => "chưa bật",
        Ability::No => "không",
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
        Delivery::Held => "bị giữ, chờ người cho gửi",
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
        HoldKind::NoHeir => "Chi bộ đã kết thúc, chưa rõ nơi tiếp nhận việc",
        HoldKind::Ambiguous => "Có thể là văn bản đã có: cần người xác định",
        HoldKind::Brake => "Đến dồn bất thường: đã vào sổ, chưa gửi thư",
        HoldKind::Operation => "Nghiệp vụ chờ văn bản gốc hoặc chưa rõ",
        HoldKind::Recall => "Nơi gửi yêu cầu lấy lại văn bản",
        HoldKind::Reply => "Thư trả lời cần người đọc",
        HoldKind::Upstream => "Trạng thái gửi lên bị từ chối hoặc không khớp",
        HoldKind::Deadline => "Hạn chưa đọc được",
    }
}

/// How long something has waited, in the largest unit that says something.
pub fn waited(time: chrono::TimeDelta) -> String {
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days @ 1.., _, _) => format!("{days} ngày"),
        (_, hours @ 1.., _) => format!("{hours} giờ"),
        (_, _, minutes) => format!("{} phút", minutes.max(0)),
    }
}

/// What stands in the way of a server that cannot clear rows away.
pub fn uncleared(of: &Uncleared) -> String {
    let Uncleared { table, dead, live } = of;
    format!(
        "máy chủ PostgreSQL chưa dọn được {} hàng cũ của bảng {table} (đang dùng {}), nên sổ chậm dần; hãy tìm giao dịch mở lâu \
         nhất (pg_stat_activity, cột xact_start; pg_prepared_xacts; pg_replication_slots) và xem autovacuum có bật không",
        number(*dead),
        number(*live)
    )
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
        JournalKind::Seen => "Chi bộ đã xem",
        JournalKind::Rested => "Tạm hoãn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_points() {
        for (n, text) in [(0, "0"), (221, "221"), (1234, "1.234"), (1_000_000, "1.000.000")] {
            assert_eq!(number(n), text);
        }
    }
}
