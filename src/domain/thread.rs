//! A conversation: all mails about one document to one mailbox. What mail programs group by is frozen by
//! its first mail and kept in the register, so that a later change of title or due day opens no second one.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;

use super::language::Language;
use super::line::{one_line, shorten};
use super::notice::{Facts, NoticeKind};

/// Characters of the trích yếu in a subject line: with symbol and due day about what a phone shows
/// in two lines.
const SUBJECT: usize = 72;

/// Characters of a symbol in a subject line.
const SYMBOL: usize = 40;

/// What the first mail of a conversation froze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// The subject line without `Re: `, also `Thread-Topic`.
    pub topic: String,
    /// The instant in the head of `Thread-Index`.
    pub started: DateTime<Utc>,
    /// Message-ID of the first mail, without angle brackets: what later ones answer.
    pub first: String,
}

/// What a subject line is made of.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The document.
    pub facts: &'a Facts,
    /// The due instant it names: the nearest of all that the cell is asked, done or not.
    pub due: Option<DateTime<Utc>>,
    /// Of an escalation, what its tables hold.
    pub table: Option<Table>,
}

/// How much an escalation tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Lines: a unit that is late with two documents stands in two.
    pub lines: usize,
    /// Documents.
    pub documents: usize,
}

/// `[12-KH/ĐUK] Kế hoạch sinh hoạt chuyên đề quý I – hạn 05/02/2026`, without `Re: `.
///
/// A withheld trích yếu gives way to the kind of the document. An escalation names how many units it
/// is about and so opens a conversation of its own.
pub fn topic(about: About<'_>, zone: Tz, language: Language) -> String {
    let symbol = one_line(&about.facts.symbol);
    let mut line = if symbol.is_empty() { String::new() } else { format!("[{}] ", shorten(&symbol, SYMBOL)) };
    match (about.table, language) {
        (Some(Table { lines, documents }), Language::Vi) if documents > 1 => {
            return format!("Đôn đốc {lines} lượt tổ chức chậm thực hiện {documents} văn bản");
        }
        (Some(Table { lines, documents }), Language::En) if documents > 1 => {
            return format!("Chasing {lines} late answers to {documents} documents");
        }
        (Some(Table { lines, .. }), Language::Vi) => line.push_str(&format!("Đôn đốc {lines} tổ chức: ")),
        (Some(Table { lines, .. }), Language::En) => line.push_str(&format!("Chasing {lines} units: ")),
        (None, _) => {}
    }
    let named = [about.facts.subject.as_deref(), about.facts.kind_name.as_deref()];
    let named = named.into_iter().flatten().map(one_line).find(|text| !text.is_empty());
    let nameless = match language {
        Language::Vi => "Văn bản chỉ đạo",
        Language::En => "Directive",
    };
    line.push_str(&shorten(named.as_deref().unwrap_or(nameless), SUBJECT));
    if let Some(due) = about.due {
        // 24:00 of a day is midnight of the next; it is shown as the day that ends with it.
        let day = (due - Duration::milliseconds(1)).with_timezone(&zone).date_naive();
        let word = if language == Language::Vi { "hạn" } else { "due" };
        line.push_str(&format!(" – {word} {}", day.format("%d/%m/%Y")));
    }
    line
}

/// The instant in the head of a conversation's Thread-Index before anything is frozen: the day of issue, so that
/// a repeat after a crash bears the same.
pub fn start(facts: &Facts) -> DateTime<Utc> {
    facts.issued.map_or(DateTime::UNIX_EPOCH, |day| day.and_time(NaiveTime::MIN).and_utc())
}

/// Whether mails of a kind answer an earlier one: their subject line is `Re: ` and the topic. An escalation
/// and a first notice do not.
pub fn follows_up(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Notice | NoticeKind::Escalation | NoticeKind::Digest => false,
        NoticeKind::Reminder | NoticeKind::Chase | NoticeKind::Change | NoticeKind::Withdrawal => true,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone};
    use chrono_tz::Asia::Ho_Chi_Minh;

    use super::*;
    use crate::domain::document::Urgency;

    #[test]
    fn subject_lines() {
        let facts = |symbol: &str, subject: Option<&str>, kind: Option<&str>| Facts {
            symbol: symbol.to_owned(),
            kind_name: kind.map(str::to_owned),
            issuer: "Đảng uỷ Khối".to_owned(),
            issued: NaiveDate::from_ymd_opt(2026, 1, 15),
            subject: subject.map(str::to_owned),
            urgency: Urgency::Normal,
        };
        let at = |hour| Ho_Chi_Minh.with_ymd_and_hms(2026, 2, 6, hour, 0, 0).unwrap().to_utc();
        let whole = facts("12-KH/ĐUK", Some("Chuyên đề quý I"), Some("Kế hoạch"));
        let secret = facts("12-KH/ĐUK", None, Some("Kế hoạch"));
        let bare = facts("", None, None);
        let tricky = facts("1\r\nBcc: a@b", Some("a\u{202e}b"), None);
        let table = |(lines, documents)| Table { lines, documents };
        for (facts, due, told, language, line) in [
            (&whole, Some(0), None, Language::Vi, "[12-KH/ĐUK] Chuyên đề quý I – hạn 05/02/2026"),
            (&whole, Some(17), None, Language::Vi, "[12-KH/ĐUK] Chuyên đề quý I – hạn 06/02/2026"),
            (&whole, Some(0), None, Language::En, "[12-KH/ĐUK] Chuyên đề quý I – due 05/02/2026"),
            (&whole, None, Some((3, 1)), Language::Vi, "[12-KH/ĐUK] Đôn đốc 3 tổ chức: Chuyên đề quý I"),
            (&whole, None, Some((3, 1)), Language::En, "[12-KH/ĐUK] Chasing 3 units: Chuyên đề quý I"),
            (&whole, None, Some((5, 2)), Language::Vi, "Đôn đốc 5 lượt tổ chức chậm thực hiện 2 văn bản"),
            (&whole, None, Some((5, 2)), Language::En, "Chasing 5 late answers to 2 documents"),
            (&secret, None, None, Language::Vi, "[12-KH/ĐUK] Kế hoạch"),
            (&bare, None, None, Language::Vi, "Văn bản chỉ đạo"),
            (&bare, None, None, Language::En, "Directive"),
            (&tricky, None, None, Language::Vi, "[1 Bcc: a@b] a b"),
        ] {
            let about = About { facts, due: due.map(at), table: told.map(table) };
            assert_eq!(topic(about, Ho_Chi_Minh, language), line);
        }
    }
}
