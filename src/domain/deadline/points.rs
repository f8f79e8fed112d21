//! A cue and a date: `trước ngày 15/3/2026`, `chậm nhất là 16h30 ngày 15/3`, `hạn báo cáo: 15/3/2026`.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime};
use regex::{Captures, Regex};

use super::dates::{DATE, Written, number};
use super::{Context, Found, named};

/// What may stand between the cue and the date: a time of day, a weekday, the word `ngày`.
const BETWEEN: &str = concat!(
    r"(?:(?P<hour>[0-9]{1,2})\s*(?:giờ|g|h|:)\s*(?:(?P<minute>[0-9]{1,2})\s*(?:phút|ph|p|['’′])?)?",
    r"\s*(?P<half>sáng|trưa|chiều|tối)?\s*,?\s*)?",
    r"(?:(?:ngày\s+)?(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật)\s*,?\s*\(?\s*)?",
    r"(?P<word>(?:của\s+)?ngày\s+(?:(?:mùng|mồng)\s+)?)?",
);

/// Cues right before the date.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static CUED: LazyLock<Regex> = LazyLock::new(|| {
    let late = r"(?:chậm|muộn|trễ)\s+nhất(?:\s+là)?(?:\s+(?:vào|trong|đến|tới))?";
    let until = r"(?:(?:cho\s+)?(?:đến|tới)\s+)?hết|trong|không\s+(?:quá|muộn\s+hơn|chậm\s+hơn)";
    let cue = format!(r"\b(?:(?P<before>(?:xong\s+)?trước)|(?P<firm>{late})|(?P<loose>{until}))");
    Regex::new(&format!(r"{cue}\s*[,:]?\s*{BETWEEN}{DATE}")).unwrap()
});

/// `hạn` or `thời gian hoàn thành`, which words may part from its date.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static LIMIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"\b(?:(?P<pre>\w+)\s+)?(?P<limit>hạn|thời\s+gian\s+(?:hoàn\s+thành|gửi|nộp|báo\s+cáo))\b(?P<gap>[^.;\n0-9]{{0,60}}?)\b{BETWEEN}{DATE}"
    ))
    .unwrap()
});

/// Words that make `hạn` another word: hữu hạn, quyền hạn, giới hạn, quá hạn, …
pub(super) const OTHER: [&str; 8] = ["hữu", "vô", "quyền", "giới", "ngắn", "dài", "trung", "quá"];
/// Words that hand the date to another phrase: a stricter cue, a start, a cited document.
const TURNS: [&str; 8] = ["trước", "từ", "kể", "sau", "theo", "tại", "số", "của"];

pub(super) fn read(text: &str, context: &Context<'_>) -> Vec<Found> {
    let cued = CUED.captures_iter(text).filter_map(|captures| cued(&captures, text, context));
    let limits = LIMIT.captures_iter(text).filter_map(|captures| limit(&captures, text, context));
    cued.chain(limits).collect()
}

/// Words right before a cue by which it tells up to when figures were taken.
const FIGURES: [&str; 6] = ["tính", "lũy kế", "luỹ kế", "số liệu", "thống kê", "tổng hợp số liệu"];
/// Words right before a cue by which it may tell of what has long happened.
const PAST: [&str; 12] = [
    "sinh",
    "kết nạp",
    "tuyển dụng",
    "nghỉ hưu",
    "tốt nghiệp",
    "hiệu lực",
    "thành lập",
    "phát sinh",
    "ban hành",
    "ký",
    "bổ nhiệm",
    "vào đảng",
];

/// Why a cue is none here, by the words before it and the day behind it.
pub(super) fn disclaimed(
    before: &str,
    day: Option<NaiveDate>,
    context: &Context<'_>,
) -> Option<&'static str> {
    let before = before.trim_end();
    let ends = |words: &[&str]| {
        words.iter().any(|word| {
            let rest = before.strip_suffix(word);
            rest.is_some_and(|rest| rest.chars().next_back().is_none_or(|char| !char.is_alphanumeric()))
        })
    };
    if ends(&FIGURES) {
        return Some("mốc lấy số liệu, không phải hạn");
    }
    (ends(&PAST) && day.is_some_and(|day| day < context.base()))
        .then_some("nói về việc đã có, không phải hạn")
}

fn cued(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Found> {
    let bare = captures.name("word").is_none() && captures.name("hour").is_none();
    // "không quá 1/3 số đảng viên" is a fraction.
    if captures.name("loose").is_some() && bare {
        return None;
    }
    let start = captures.get(0)?.start();
    let day = Written::read(captures, text).and_then(|written| written.resolve(context)).map(|(day, _)| day);
    if disclaimed(text.get(..start)?, day, context).is_some() {
        return None;
    }
    proposed(captures, start, captures.name("before").is_some(), text, context)
}

fn limit(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Found> {
    let gap = captures.name("gap")?.as_str();
    let pre = captures.name("pre").filter(|pre| pre.as_str() != "xong");
    let other = pre.is_some_and(|pre| OTHER.contains(&pre.as_str()));
    if other || gap.split_whitespace().any(|word| TURNS.contains(&word)) {
        return None;
    }
    let compound = pre.filter(|pre| ["thời", "gia", "kỳ"].contains(&pre.as_str()));
    let start = compound.or_else(|| captures.name("limit"))?.start();
    proposed(captures, start, false, text, context)
}

fn proposed(
    captures: &Captures<'_>,
    start: usize,
    before: bool,
    text: &str,
    context: &Context<'_>,
) -> Option<Found> {
    let range = start..captures.get(0)?.end();
    if is_lunar(text.get(range.end..)?) {
        return None;
    }
    let written = Written::read(captures, text)?;
    if written.weak && captures.name("word").is_none() {
        return None;
    }
    let (day, year_written) = written.resolve(context)?;
    let mut found = match captures.name("hour") {
        Some(_) => exact(captures, range, day, context)?,
        None if before => context.before(range, day),
        None => context.within(range, day),
    };
    if !year_written {
        context.doubt_far(&mut found);
    }
    Some(found)
}

/// Whether a date is said to be one of the lunar calendar.
pub(super) fn is_lunar(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '(', ',']);
    ["âm lịch", "âl", "al)"].iter().any(|word| behind.starts_with(word))
}

/// A time of day on the date; 24 giờ is the end of it.
fn exact(
    captures: &Captures<'_>,
    range: Range<usize>,
    day: NaiveDate,
    context: &Context<'_>,
) -> Option<Found> {
    let minute = captures.name("minute").map_or(Some(0), |minute| minute.as_str().parse().ok())?;
    let afternoon = captures.name("half").is_some_and(|half| matches!(half.as_str(), "chiều" | "tối"));
    let hour = number(captures, "hour").map(|hour| if afternoon && hour < 12 { hour + 12 } else { hour })?;
    if (hour, minute) == (24, 0) {
        return Some(context.within(range, day));
    }
    let time = NaiveTime::from_hms_opt(hour, minute, 0)?;
    let reading = format!("đúng {} {}", time.format("%H:%M"), named(day));
    Some(context.found(range, context.calendar.instant(day, time), reading))
}
