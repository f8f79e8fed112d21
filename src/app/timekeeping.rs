//! Timekeeping: what people are told while the clock that vanthu goes by is in doubt.

use crate::domain::calendar::{Calendar, moment};
use crate::domain::reckoning::Doubt;

/// What everybody who looks must know first, in one sentence.
pub fn sentence(doubt: &Doubt, calendar: &Calendar) -> String {
    format!(
        "Đồng hồ máy {} giờ vanthu đếm (từ {}): tạm dừng nhắc việc, văn bản mới vẫn gửi theo giờ vanthu đếm. Giờ máy đúng thì \
         chạy lệnh vanthu clock trust, sai thì chỉnh lại giờ máy",
        against(doubt.ahead),
        moment(doubt.since, calendar.zone),
    )
}

/// How far a clock is off: `nhanh hơn 3 ngày so với`, from seconds it is ahead.
pub fn against(ahead: i64) -> String {
    let word = if ahead < 0 { "chậm hơn" } else { "nhanh hơn" };
    format!("{word} {} so với", span(ahead.unsigned_abs()))
}

/// Seconds in their two largest units.
fn span(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let units = [(days, "ngày"), (hours, "giờ"), (minutes, "phút"), (seconds % 60, "giây")];
    let said = units.into_iter().skip_while(|(count, _)| *count == 0).take(2).filter(|(count, _)| *count > 0);
    said.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_said_to_be_off_as_people_say_it() {
        for (ahead, said) in [
            (3 * 86_400, "nhanh hơn 3 ngày so với"),
            (-3_600, "chậm hơn 1 giờ so với"),
            (90_061, "nhanh hơn 1 ngày 1 giờ so với"),
            (86_700, "nhanh hơn 1 ngày so với"),
            (-61, "chậm hơn 1 phút 1 giây so với"),
        ] {
            assert_eq!(against(ahead), said);
        }
    }
}
