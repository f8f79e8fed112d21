//! Letter: what a person takes from a mail by reading it. Nothing but its text is used.

use chrono::{DateTime, NaiveDate, Utc};
use mail_parser::{HeaderValue, Message, MessageParser};
use unicode_normalization::UnicodeNormalization;

use super::about::About;
use crate::demo::mailboxes::Mail;
use crate::demo::worktime;

/// Working days before its day within which something in a list makes a reader act; of what is farther away a list
/// only tells.
const SOON: u64 = 2;

/// What a mail says of one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// The matter.
    pub(super) about: About,
    /// Where to answer.
    pub(super) link: String,
    /// The digits behind “Mã xác nhận”; empty where there are none.
    pub(super) digits: String,
    /// The day behind “Hạn”.
    pub(super) due: Option<NaiveDate>,
    /// The day behind “Xác nhận đã nhận”.
    pub(super) acknowledge: Option<NaiveDate>,
    /// When it came.
    pub(super) received: DateTime<Utc>,
}

impl Letter {
    /// Reads a mail: what it says of its matter, or of each matter that it lists, in its order. Nothing if it
    /// holds no link to answer by.
    pub(super) fn read(mail: &Mail) -> Vec<Self> {
        let parsed = MessageParser::default().parse(mail.raw.as_ref());
        let Some((parsed, text)) = parsed.and_then(|parsed| {
            let text: String = parsed.body_text(0)?.nfc().collect();
            Some((parsed, text))
        }) else {
            return Vec::new();
        };
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let listed: Vec<_> = lines
            .split(|line| line.is_empty())
            .filter_map(|paragraph| {
                Self::of(About::Line(numbered(paragraph.first()?)?), paragraph, mail.received)
            })
            .collect();
        if !listed.is_empty() {
            return listed;
        }
        let alone = conversation(&parsed, &lines).and_then(|about| Self::of(about, &lines, mail.received));
        alone.into_iter().collect()
    }

    /// What some lines say of a matter; nothing if no link to answer by is among them.
    fn of(about: About, lines: &[&str], received: DateTime<Utc>) -> Option<Self> {
        let said = |read: fn(&str) -> Option<NaiveDate>| lines.iter().find_map(|line| read(line));
        Some(Self {
            about,
            link: (*lines.iter().find(|line| is_link(line))?).to_owned(),
            digits: lines.iter().find_map(|line| digits(line)).unwrap_or_default(),
            due: said(|line| day(line.strip_prefix("Hạn:")?)),
            acknowledge: said(|line| day(line.strip_prefix("Xác nhận đã nhận:")?)),
            received,
        })
    }

    /// Whether it makes somebody act who only moves when reminded: a mail of its own about a known matter does, a
    /// line of a list where a day that it names is near or over.
    pub(super) fn presses(&self) -> bool {
        let soon = worktime::days_later(worktime::local_date(self.received), SOON);
        match &self.about {
            About::Conversation { follows, .. } => *follows,
            About::Line(_) => [self.due, self.acknowledge].into_iter().flatten().any(|day| day <= soon),
        }
    }
}

/// What a mail about one matter alone is about.
fn conversation(parsed: &Message<'_>, lines: &[&str]) -> Option<About> {
    let root = first_id(parsed.references()).or_else(|| first_id(parsed.in_reply_to()));
    let value = |label: &str| {
        let found = lines.iter().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
        found.map(str::to_owned)
    };
    Some(About::Conversation {
        follows: root.is_some(),
        first: root.or_else(|| parsed.message_id().map(str::to_owned))?,
        number: value("Số, ký hiệu"),
        subject: value("Trích yếu"),
    })
}

fn first_id(value: &HeaderValue<'_>) -> Option<String> {
    match value {
        HeaderValue::Text(id) => Some(id.to_string()),
        HeaderValue::TextList(ids) => ids.first().map(ToString::to_string),
        _ => None,
    }
}

/// What stands behind the number of a line like `3. Hướng dẫn số 05-HD/BTCTU`.
fn numbered(line: &str) -> Option<String> {
    let (number, rest) = line.split_once(". ")?;
    let counts = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    counts.then(|| rest.to_owned())
}

/// A line that is a link and nothing else.
fn is_link(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(char::is_whitespace)
}

fn digits(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("Mã xác nhận:")?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The first date of some words.
fn day(text: &str) -> Option<NaiveDate> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '/');
    words.into_iter().find_map(|word| NaiveDate::parse_from_str(word, "%d/%m/%Y").ok())
}
