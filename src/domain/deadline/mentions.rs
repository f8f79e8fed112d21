//! What a text says about time that is no deadline, and why: so that a person sees that it was read, and that
//! a deadline nobody could understand is not lost in silence.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::{Captures, Regex};
use serde::Serialize;

use super::dates::{DATE, Written, number};
use super::fold::Folded;
use super::points::{OTHER, disclaimed, is_lunar};
use super::{Context, named};
use crate::domain::calendar::solar_day;

/// How much before a date tells what it is the date of, in bytes.
const REACH: usize = 120;

/// A date, a length of time, or a call for haste that is no deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The words, verbatim.
    pub phrase: String,
    /// Why it is none, in Vietnamese.
    pub reason: String,
    /// The sender meant a deadline and it could not be read: somebody must look.
    pub warns: bool,
}

#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static DATED: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"\b(?:ngày\s+)?\b{DATE}")).unwrap());

/// A cue that wants a date, at the end of what stands before it.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<cue>trước|(?:chậm|muộn|trễ)\s+nhất|hạn|không\s+quá|đến\s+hết|tới\s+hết)(?:\s+(?:là|vào|đến|báo\s+cáo|gửi|nộp|hoàn\s+thành|cuối|chót|thứ\s+\w+|chủ\s+nhật|[0-9]{1,2}\s*(?:giờ|g|h|:)\s*[0-9]{0,2}(?:\s*phút)?))*\s*[,:(]?\s*$",
    )
    .unwrap()
});

/// What makes a date that of a document or of an event.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static CITED: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = r"công\s+văn|kế\s+hoạch|nghị\s+quyết|chỉ\s+thị|kết\s+luận|quyết\s+định|quy\s+định|quy\s+chế|hướng\s+dẫn|thông\s+báo|thông\s+tri|chương\s+trình|đề\s+án|tờ\s+trình|báo\s+cáo|công\s+điện|nghị\s+định|thông\s+tư|luật|văn\s+bản|giấy\s+mời|biên\s+bản";
    Regex::new(&format!(r"\b(?:(?:{kinds})\s+số\b|(?:{kinds})\s|số\s*:?\s*[0-9]+\s*[-/])[^.;\n]*$")).unwrap()
});

/// A length of time without a deadline's words, or from an event nobody knows the day of.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<lead>(?:trong\s+)?(?:vòng|thời\s+hạn)|trong|chậm\s+nhất(?:\s+là)?|không\s+quá|sau)\s+[0-9]{1,3}(?:\s*\([^)]{0,30}\))?\s*(?:ngày(?:\s+làm\s+việc)?|giờ|tuần|tháng)\b(?P<from>\s*,?\s*(?:được\s+)?(?:kể|tính|từ|sau)\b[^.;\n]{0,60})?",
    )
    .unwrap()
});

/// Calls for haste that name no day.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static HASTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:ngay\s+(?:sau\s+)?khi\s+nhận(?:\s+được)?(?:\s+(?:văn\s+bản|công\s+văn|thông\s+báo))?(?:\s+này)?|khẩn\s+trương|trong\s+thời\s+gian\s+sớm\s+nhất|sớm\s+nhất|kịp\s+thời|ngay\s+lập\s+tức)\b",
    )
    .unwrap()
});

/// What of `folded` is no deadline; `taken` are the ranges that are.
pub(super) fn read(
    folded: &Folded,
    original: &str,
    taken: &[Range<usize>],
    context: &Context<'_>,
) -> Vec<Mention> {
    let text = folded.text.as_str();
    let dates = DATED.captures_iter(text).filter_map(|captures| date(&captures, text, context));
    let lengths = LENGTH.captures_iter(text).filter_map(|captures| length(&captures));
    let haste = HASTE.find_iter(text).map(|found| {
        (found.range(), "không nêu ngày: xử lý theo độ khẩn và thời hạn của quy tắc".to_owned(), false)
    });
    let mut found: Vec<_> = dates.chain(lengths).chain(haste).collect();
    found.sort_by_key(|(range, ..)| (range.start, std::cmp::Reverse(range.end)));
    let (mut mentions, mut end) = (Vec::new(), 0);
    for (range, reason, warns) in found {
        let is_taken = taken.iter().any(|taken| taken.start < range.end && range.start < taken.end);
        if !is_taken && range.start >= end {
            end = range.end;
            mentions.push(Mention { phrase: folded.quote(original, range), reason, warns });
        }
    }
    mentions
}

fn date(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<(Range<usize>, String, bool)> {
    let mut range = captures.get(0)?.range();
    let written = Written::read(captures, text)?;
    // "1/3 số đảng viên", "10.5 triệu": numbers, not days.
    if !written.has_year() && !text.get(range.clone())?.starts_with("ngày") {
        return None;
    }
    let before = near(text, range.start);
    let cue = CUE.captures(before).and_then(|captures| captures.name("cue"));
    let cue = cue.filter(|cue| !is_other(before, cue));
    let day = written.resolve(context).map(|(day, _)| day);
    if let Some(cue) = cue {
        range.start = range.start - before.len() + cue.start();
        let (reason, warns) = cued(text, &range, day, (captures, context));
        return Some((range, reason, warns));
    }
    let reason = if day.is_none() {
        "ngày này không có trong lịch"
    } else if CITED.is_match(before) {
        "ngày của văn bản được dẫn"
    } else if before.trim_end().ends_with("từ") {
        "ngày bắt đầu, không phải hạn"
    } else {
        "không có từ chỉ hạn (trước, chậm nhất, hạn…) đứng trước"
    };
    Some((range, reason.to_owned(), false))
}

/// Whether `hạn` is the end of another word here: hữu hạn, quá hạn.
fn is_other(before: &str, cue: &regex::Match<'_>) -> bool {
    let last = before.get(..cue.start()).and_then(|before| before.split_whitespace().next_back());
    cue.as_str() == "hạn" && last.is_some_and(|last| OTHER.contains(&last))
}

/// Why a date behind a cue was not taken, and whether somebody must look.
fn cued(
    text: &str,
    range: &Range<usize>,
    day: Option<NaiveDate>,
    (captures, context): (&Captures<'_>, &Context<'_>),
) -> (String, bool) {
    let behind = text.get(range.end..).unwrap_or_default();
    if is_lunar(behind) {
        return (lunar(captures, context), true);
    }
    if let Some(reason) = disclaimed(text.get(..range.start).unwrap_or_default(), day, context) {
        return (reason.to_owned(), false);
    }
    match day {
        None => ("ngày này không có trong lịch; hỏi lại nơi gửi".to_owned(), true),
        Some(_) => ("có từ chỉ hạn nhưng không hiểu được; cần người đọc".to_owned(), true),
    }
}

/// What a lunar date is in the solar calendar, as help for whoever reads it.
fn lunar(captures: &Captures<'_>, context: &Context<'_>) -> String {
    let named_number = |one, two| number(captures, one).or_else(|| number(captures, two));
    let base = context.base();
    let solar = named_number("d", "dw").zip(named_number("m", "mw")).and_then(|(day, month)| {
        let years = base.year() - 1..=base.year() + 1;
        years.filter_map(|year| solar_day(year, month, day)).find(|day| *day >= base)
    });
    let solar = solar.map(|day| format!(", tức khoảng {}", named(day))).unwrap_or_default();
    format!("ngày âm lịch{solar}; cần người xác nhận")
}

fn length(captures: &Captures<'_>) -> Option<(Range<usize>, String, bool)> {
    let range = captures.get(0)?.range();
    let lead = captures.name("lead")?.as_str();
    let limits = lead != "trong" && lead != "sau";
    let reason = match captures.name("from") {
        Some(_) if limits => "mốc bắt đầu tính không phải ngày ký, ban hành hay nhận: không rõ ngày nào",
        _ => "nói kéo dài bao lâu, không phải hạn",
    };
    Some((range, reason.to_owned(), limits && captures.name("from").is_some()))
}

/// The end of the text before a place, as far as it may tell what stands there.
fn near(text: &str, end: usize) -> &str {
    let mut start = end.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let window = text.get(start..end).unwrap_or_default();
    window.rfind(['\n', ';']).and_then(|at| window.get(at + 1..)).unwrap_or(window)
}
