//! The subject line, frozen: every letter about one document to one recipient bears the same words,
//! because Gmail and Outlook open a new conversation when they change. What is new in a letter stands
//! in the sender's name and in its first line.

use chrono_tz::Tz;

use super::ladder::lines;
use super::words::Due;
use crate::domain::notice::{Letter, NoticeKind};
use crate::render::line::{one_line, shorten};

/// Characters of the trích yếu in a subject line: with symbol and due day about what a phone shows
/// in two lines.
const TOPIC: usize = 72;

/// `[12-KH/ĐUK] Kế hoạch sinh hoạt chuyên đề quý I – hạn 05/02/2026`, without `Re:`.
///
/// A withheld trích yếu gives way to the kind of the document. An escalation names how many cells it
/// is about and so opens a conversation of its own.
pub fn topic(letter: &Letter, zone: Tz) -> String {
    let symbol = one_line(&letter.facts.symbol);
    let mut line = if symbol.is_empty() { String::new() } else { format!("[{}] ", shorten(&symbol, 40)) };
    if letter.kind == NoticeKind::Escalation {
        if !letter.others.is_empty() {
            return format!(
                "Đôn đốc {} lượt tổ chức chậm thực hiện {} văn bản",
                lines(letter),
                letter.others.len() + 1
            );
        }
        line.push_str(&format!("Đôn đốc {} tổ chức: ", letter.laggards.len()));
    }
    let about = [letter.facts.subject.as_deref(), letter.facts.kind_name.as_deref()]
        .into_iter()
        .flatten()
        .map(one_line)
        .find(|text| !text.is_empty());
    line.push_str(&shorten(about.as_deref().unwrap_or("Văn bản chỉ đạo"), TOPIC));
    if let Some(due) = letter.topic_due {
        line.push_str(" – hạn ");
        line.push_str(&Due::new(due, zone).short);
    }
    line
}

/// Whether the subject line is prefixed with `Re: `: the letter follows an earlier one.
pub fn follows_up(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Notice | NoticeKind::Escalation => false,
        NoticeKind::Reminder | NoticeKind::Chase | NoticeKind::Change | NoticeKind::Withdrawal => true,
    }
}
