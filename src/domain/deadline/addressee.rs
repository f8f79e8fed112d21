//! To whom a report goes: `gửi báo cáo về Ban Tổ chức (qua Văn phòng) trước ngày …`. Read for people, who see it
//! beside the deadline; nothing is decided by it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// How far before the deadline the sentence is looked at, in bytes.
const REACH: usize = 240;

/// A verb of sending, `về`, and words that begin the name of a body.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    let body = r"(?:văn\s+phòng|ban|đảng\s+(?:ủy|uỷ)|tỉnh\s+(?:ủy|uỷ)|thành\s+(?:ủy|uỷ)|huyện\s+(?:ủy|uỷ)|(?:ủy|uỷ)\s+ban|ubnd|sở|phòng|chi\s+bộ|thường\s+trực|cơ\s+quan|hội|đoàn|công\s+đoàn|mặt\s+trận|trung\s+tâm|bộ\s+phận|tổ|vp|hộp\s+thư|địa\s+chỉ)\b";
    Regex::new(&format!(
        r"\b(?:gửi|nộp|báo\s+cáo|chuyển|đăng\s+ký)\b[^.;:\n]{{0,80}}?\bvề\s+(?P<to>{body}[^.;:\n]{{0,90}}?)(?:\s*,)?(?:\s+(?:để|nhằm)\s+[^.;:\n]{{0,40}})?\s*\(?\s*$"
    ))
    .unwrap()
});

/// Where the addressee stands before a deadline phrase, or within it (`thời hạn gửi báo cáo về Ban Tổ chức là
/// ngày …`).
pub(super) fn before(text: &str, phrase: &Range<usize>) -> Option<Range<usize>> {
    let mut start = phrase.start.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let window = text.get(start..phrase.start)?;
    let sentence = window.rfind(['.', ';', '\n']).map_or(0, |at| at + 1);
    let clause = window.get(sentence..)?;
    let to = SENT.captures(clause)?.name("to")?;
    let from = start + sentence;
    Some(from + to.start()..from + to.end())
}
