//! Days of every week: `hằng tuần, trước thứ Sáu`, `chậm nhất thứ Năm hằng tuần`. Only the next one is proposed,
//! and always with a doubt, as with all that recurs.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::{Captures, Regex};

use super::{Context, Found};

#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static WEEKLY: LazyLock<Regex> = LazyLock::new(|| {
    let every = r"(?:định\s+k[ỳì]\s*,?\s*)?(?:hằng|hàng|mỗi)\s+tuần";
    let cue = r"(?:(?P<before>trước)|(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+vào)?|vào|không\s+quá)";
    let hour = r"(?P<hour>[0-9]{1,2}\s*(?:giờ|g|h|:)\s*[0-9]{0,2}(?:\s*phút)?\s*,?\s*)?";
    let day = r"(?:ngày\s+)?(?:thứ\s+(?P<day>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|(?P<sunday>chủ\s+nhật))\b";
    let (ahead, behind) = (format!("(?P<ahead>{every})"), format!("(?P<behind>{every})"));
    Regex::new(&format!(
        r"\b(?:{ahead}\b[^.;\n0-9]{{0,80}}?\s*)?\b{cue}\s+{hour}{day}(?:\s+(?:của\s+)?{behind}\b)?"
    ))
    .unwrap()
});

pub(super) fn read(text: &str, context: &Context<'_>) -> Vec<Found> {
    WEEKLY.captures_iter(text).filter_map(|captures| proposed(&captures, context)).collect()
}

fn proposed(captures: &Captures<'_>, context: &Context<'_>) -> Option<Found> {
    let range = captures.get(0)?.range();
    captures.name("ahead").or_else(|| captures.name("behind"))?;
    let number = match captures.name("day").map(|day| day.as_str()) {
        Some("hai" | "2") => 1,
        Some("ba" | "3") => 2,
        Some("tư" | "4") => 3,
        Some("năm" | "5") => 4,
        Some("sáu" | "6") => 5,
        Some(_) => 6,
        None => 7,
    };
    // Before an hour of a day is on that day.
    let before = captures.name("before").is_some() && captures.name("hour").is_none();
    let days = context.base().iter_days().take(14).filter(|day| day.weekday().number_from_monday() == number);
    let mut found =
        days.map(|day| of(before, &range, day, context)).find(|found| is_ahead(found, context))?;
    found.doubts.push("hạn định kỳ, đây mới là đề xuất cho kỳ tới".to_owned());
    Some(found)
}

fn of(before: bool, range: &Range<usize>, day: NaiveDate, context: &Context<'_>) -> Found {
    if before { context.before(range.clone(), day) } else { context.within(range.clone(), day) }
}

fn is_ahead(found: &Found, context: &Context<'_>) -> bool {
    context.calendar.due_day(found.due) >= context.base()
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Calendar;
    use crate::domain::deadline::read;

    fn calendar() -> Calendar {
        let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Calendar {
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            mornings: [false; 7],
            sectors: Default::default(),
            hours: vec![(time(8), time(17))],
            before_day: Default::default(),
            years: [(2026, Default::default())].into(),
        }
    }

    /// Issued on Wednesday 04/03/2026.
    #[test]
    fn the_next_such_day_is_proposed_with_a_doubt() {
        let cases = [
            ("Báo cáo hằng tuần trước thứ Sáu.", Some("2026-03-05")),
            ("Gửi số liệu chậm nhất thứ Sáu hằng tuần về Văn phòng", Some("2026-03-06")),
            ("Định kỳ hằng tuần, báo cáo nhanh vào thứ 5", Some("2026-03-05")),
            ("báo cáo trước 16 giờ thứ Năm hằng tuần", Some("2026-03-05")),
            ("mỗi tuần vào chủ nhật", Some("2026-03-08")),
            ("trước thứ Ba hằng tuần", Some("2026-03-09")),
            ("họp giao ban vào thứ Hai", None),
            ("sinh hoạt hằng tuần của chi bộ", None),
        ];
        let (issued, calendar) = ("2026-03-04".parse().unwrap(), calendar());
        for (text, expected) in cases {
            let found = read(text, Some(issued), issued, &calendar);
            let day = found.first().map(|found| calendar.due_day(found.due).to_string());
            assert_eq!(day.as_deref(), expected, "{text}");
            assert!(found.iter().all(|found| found.doubt.is_some()), "{text}");
        }
    }
}
