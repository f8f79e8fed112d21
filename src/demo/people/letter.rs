//! Letter: what a person takes from a mail by reading it. Nothing but its text is used.

use chrono::{DateTime, NaiveDate, Utc};
use mail_parser::{HeaderValue, MessageParser};
use unicode_normalization::UnicodeNormalization;

use super::Intent;
use crate::demo::mailboxes::Mail;

/// A mail, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// The first mail of its conversation, by Message-ID.
    pub(super) thread: String,
    /// Whether it follows an earlier one.
    pub(super) follows: bool,
    /// Where to answer.
    pub(super) link: String,
    /// The digits behind “Mã xác nhận”; empty where there are none.
    pub(super) digits: String,
    /// The day behind “Hạn”.
    pub(super) due: Option<NaiveDate>,
    /// When it came.
    pub(super) received: DateTime<Utc>,
    /// What was last answered to the matter.
    pub(super) answered: Option<Intent>,
}

impl Letter {
    /// Reads a mail; nothing if it holds no link to answer by.
    pub(super) fn read(mail: &Mail) -> Option<Self> {
        let parsed = MessageParser::default().parse(mail.raw.as_ref())?;
        let text: String = parsed.body_text(0)?.nfc().collect();
        let lines = || text.lines().map(str::trim);
        let root = first_id(parsed.references()).or_else(|| first_id(parsed.in_reply_to()));
        Some(Self {
            follows: root.is_some(),
            thread: root.or_else(|| parsed.message_id().map(str::to_owned))?,
            link: lines().find(|line| is_link(line))?.to_owned(),
            digits: lines().find_map(digits).unwrap_or_default(),
            due: lines().find_map(due),
            received: mail.received,
            answered: None,
        })
    }
}

fn first_id(value: &HeaderValue<'_>) -> Option<String> {
    match value {
        HeaderValue::Text(id) => Some(id.to_string()),
        HeaderValue::TextList(ids) => ids.first().map(ToString::to_string),
        _ => None,
    }
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

/// The first date of a line that begins with “Hạn:”.
fn due(line: &str) -> Option<NaiveDate> {
    let rest = line.strip_prefix("Hạn:")?;
    let words = rest.split(|c: char| !c.is_ascii_digit() && c != '/');
    words.into_iter().find_map(|word| NaiveDate::parse_from_str(word, "%d/%m/%Y").ok())
}
