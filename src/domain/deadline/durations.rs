//! Durations: `trong vòng 05 ngày làm việc kể từ ngày ký`. The first day is not counted (Bộ luật Dân sự
//! Đ147); an end on a day of rest moves to the next working day (Đ148).

use std::sync::LazyLock;

use chrono::{Days, Months, NaiveDate};
use regex::{Captures, Regex};

use super::dates::{DATE, Written};
use super::{Context, Found, named, shown};

#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    let limit = r"(?P<limit>(?:trong\s+)?(?:vòng|thời\s+hạn)(?:\s+là)?)";
    let late = r"(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+(?:trong|sau))?|không\s+quá|trong|sau";
    let count = r"(?P<count>[0-9]{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?:\s*\([^)]{0,30}\))?";
    let unit = r"(?P<unit>ngày(?:\s+làm\s+việc)?|giờ|tuần|tháng)\b";
    let from = r"\s*,?\s*(?:được\s+)?(?:(?:tính|kể)\s+)*(?:từ|sau)\s+(?:(?:ngày|khi|lúc|thời\s+điểm)\s+)*";
    let event =
        format!(r"(?:{DATE}|(?:[^.,;\n0-9]{{0,30}}?\s)??(?P<event>ký|ban\s+hành|phát\s+hành|nhận)\b)");
    Regex::new(&format!(r"\b(?:(?:{limit}|(?P<late>{late}))\s+)?\b{count}\s*{unit}(?P<from>{from}{event})?"))
        .unwrap()
});

/// Signs that the count starts at something this program does not know.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static STARTS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*,?\s*(?:được\s+)?(?:kể|tính|từ|sau)\b").unwrap());

/// What a sender wants done, and an event that lasts a while; the later of the two is what a bare "trong" is about.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static WANTED: LazyLock<Regex> = LazyLock::new(|| {
    let demand = r"báo\s+cáo|gửi|nộp|hoàn\s+thành|trả\s+lời|phản\s+hồi|giải\s+quyết|xử\s+lý|xác\s+nhận|đăng\s+ký|bổ\s+sung|khắc\s+phục|cung\s+cấp|tổng\s+hợp";
    let event = r"diễn\s+ra|kéo\s+dài|tổ\s+chức|tập\s+huấn|hội\s+nghị|cuộc\s+họp|lớp|đợt|nghỉ|hoạt\s+động|thực\s+hiện";
    Regex::new(&format!(r"\b(?:(?P<demand>{demand})|{event})\b")).unwrap()
});

/// What may follow a bare "trong 5 ngày" that is a limit; "trong 3 ngày Tết" is a time to tell of.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static ENDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*(?:$|[.,;:)!\n]|(?:về|để|cho)\b)").unwrap());

/// How far before a count its demand may stand, in characters: a text of counts alone must not be read once for each.
const CLAUSE: usize = 300;

const WORDS: [&str; 10] = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];

pub(super) fn read(text: &str, context: &Context<'_>) -> Vec<Found> {
    DURATION.captures_iter(text).filter_map(|captures| proposed(&captures, text, context)).collect()
}

/// Where a count starts, and how to say it.
struct Anchor {
    day: NaiveDate,
    name: &'static str,
    doubt: Option<&'static str>,
}

fn proposed(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Found> {
    let range = captures.get(0)?.range();
    let anchor = match captures.name("from") {
        Some(_) => anchor(captures, text, context)?,
        None if STARTS.is_match(text.get(range.end..)?) => return None,
        None if captures.name("limit").is_some() || is_wanted(captures, text) => unnamed(context),
        // "trong 3 ngày" alone tells how long an event lasts.
        None => return None,
    };
    let (count, unit) = (count(captures.name("count")?.as_str())?, captures.name("unit")?.as_str());
    let end = end(anchor.day, count, unit, context)?;
    let due_day = context.calendar.add_working_days(end, 0);
    let rolled = if due_day == end {
        String::new()
    } else {
        format!(" (hết hạn vào {}, ngày nghỉ)", named(end))
    };
    let caveat = context.calendar.caveat(anchor.day, due_day);
    let (from, to) = (shown(anchor.day), named(due_day));
    let reading = format!("{count} {unit} sau {} {from}: hết {to}{rolled}{caveat}", anchor.name);
    let mut found = context.found(range, context.calendar.end_of_day(due_day), reading);
    found.doubts.extend(anchor.doubt.map(str::to_owned));
    found.doubts.extend((unit == "giờ").then(|| "hạn tính bằng giờ được tính tròn ngày".to_owned()));
    context.doubt_guess(&mut found, anchor.day, due_day);
    Some(found)
}

/// Whether a bare "trong" limits what its own clause demands: "báo cáo kết quả trong 07 ngày làm việc".
fn is_wanted(captures: &Captures<'_>, text: &str) -> bool {
    let Some(whole) = captures.get(0) else { return false };
    let bare = captures.name("late").is_some_and(|late| late.as_str() == "trong");
    if !bare || !text.get(whole.end()..).is_some_and(|after| ENDS.is_match(after)) {
        return false;
    }
    let before = text.get(..whole.start()).unwrap_or_default();
    let (near, _) = before.char_indices().rev().nth(CLAUSE).unwrap_or_default();
    let clause = before.get(near..).unwrap_or_default().rsplit(['.', ';', '\n']).next().unwrap_or_default();
    WANTED.captures_iter(clause).last().is_some_and(|last| last.name("demand").is_some())
}

/// The start of a count that names none. Where a document came on the day it was issued, there is nothing to doubt.
fn unnamed(context: &Context<'_>) -> Anchor {
    let same = context.issued == Some(context.received);
    issued(context, (!same).then_some("không ghi mốc tính, tạm tính từ ngày ban hành"))
}

fn anchor(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Anchor> {
    match captures.name("event").map(|event| event.as_str()) {
        Some("nhận") => Some(Anchor { day: context.received, name: "ngày nhận", doubt: None }),
        Some(_) => Some(issued(context, None)),
        // "02 ngày, từ ngày 15/3/2026" tells when an event takes place.
        None if captures.name("from")?.as_str().trim_start_matches([' ', ',']).starts_with("từ") => None,
        None => {
            let (day, _) = Written::read(captures, text)?.resolve(context)?;
            Some(Anchor { day, name: "ngày", doubt: None })
        }
    }
}

/// The issue date, or the day of receipt where it is not known.
fn issued(context: &Context<'_>, doubt: Option<&'static str>) -> Anchor {
    match context.issued {
        Some(day) => Anchor { day, name: "ngày ban hành", doubt },
        None => Anchor {
            day: context.received,
            name: "ngày nhận",
            doubt: Some("không rõ ngày ban hành, tạm tính từ ngày nhận"),
        },
    }
}

fn count(written: &str) -> Option<u32> {
    let word = WORDS.iter().position(|word| *word == written).and_then(|index| u32::try_from(index + 1).ok());
    word.or_else(|| written.parse().ok()).filter(|count| *count > 0)
}

/// The last day of the duration, not yet moved. Months end on the same day or the month's last (Đ147).
fn end(from: NaiveDate, count: u32, unit: &str, context: &Context<'_>) -> Option<NaiveDate> {
    let days = |count: u32| from.checked_add_days(Days::new(u64::from(count)));
    match unit {
        "ngày" => days(count),
        "tuần" => days(count * 7),
        "giờ" => days(count.div_ceil(24)),
        "tháng" => from.checked_add_months(Months::new(count)),
        _ => Some(context.calendar.add_working_days(from, i32::try_from(count).ok()?)),
    }
}
