//! The timeline of a document: its journal, and its mails gathered by kind, step and outcome, because
//! two hundred equal lines tell less than one with a number.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::Setting;
use super::words;
use crate::app::ports::{JournalKind, JournalRow, NoticeRow};
use crate::domain::ids::UnitId;
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Answer, Grade};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When, in words.
    pub when: String,
    /// When, for machines.
    pub at: String,
    /// What, in a few words.
    pub what: String,
    /// What exactly.
    pub detail: String,
}

/// Journal and mails of a document, oldest first.
pub fn timeline(journal: &[JournalRow], notices: &[NoticeRow], setting: &Setting<'_>) -> Vec<Event> {
    let told = |row: &&JournalRow| !matches!(row.kind, JournalKind::Enqueued | JournalKind::Settled);
    let mut events: Vec<(DateTime<Utc>, String, String)> = journal
        .iter()
        .filter(told)
        .map(|row| (row.at, words::journal(row.kind).to_owned(), detail(row, setting)))
        .collect();
    events.extend(mails(notices));
    events.sort_by_key(|(at, ..)| *at);
    events
        .into_iter()
        .map(|(at, what, detail)| Event { when: setting.moment(at), at: at.to_rfc3339(), what, detail })
        .collect()
}

/// Mails by kind, step and outcome; each group stands where its last mail was accepted or waits.
fn mails(notices: &[NoticeRow]) -> Vec<(DateTime<Utc>, String, String)> {
    type Key<'a> = (NoticeKind, &'a str, &'static str);
    let mut groups: BTreeMap<Key<'_>, (DateTime<Utc>, u64)> = BTreeMap::new();
    for notice in notices {
        let at = notice.sent_at.unwrap_or(notice.send_at);
        let key = (notice.kind, notice.step.as_str(), words::delivery(notice.delivery));
        let group = groups.entry(key).or_insert((at, 0));
        *group = (group.0.max(at), group.1 + 1);
    }
    let event = |((kind, _, state), (at, n)): (Key<'_>, (DateTime<Utc>, u64))| {
        let sent = state == words::delivery(Delivery::Sent);
        let what = if sent { format!("Đã gửi {}", words::notice(kind)) } else { title(words::notice(kind)) };
        let n = words::number(n);
        (at, what, if sent { format!("{n} thư") } else { format!("{n} thư {state}") })
    };
    groups.into_iter().map(event).collect()
}

/// `thư báo` → `Thư báo`.
fn title(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn detail(row: &JournalRow, setting: &Setting<'_>) -> String {
    let cell = row.detail.get("cell").and_then(Value::as_str).map(|code| setting.name(&UnitId::from(code)));
    let rest = match row.kind {
        JournalKind::Answered => answered(&row.detail),
        _ => plain(&row.detail),
    };
    [cell, rest].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn answered(detail: &Value) -> Option<String> {
    let answer: Answer = serde_json::from_value(detail.get("answer")?.clone()).ok()?;
    let said = words::answer_detail(&answer);
    let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
    let how = detail.get("grade").and_then(Value::as_str).and_then(Grade::parse).map(words::grade);
    let by = detail.get("actor").and_then(Value::as_str).map(|actor| format!(", {actor}"));
    Some(format!(
        "{}{said} – {}{}",
        words::answer(&answer),
        how.unwrap_or("không rõ cách trả lời"),
        by.unwrap_or_default()
    ))
}

/// What other use cases wrote: the Vietnamese sentence where there is one, else numbers and short
/// words by their names.
fn plain(detail: &Value) -> Option<String> {
    if let Some(text) = ["reason", "text", "because"].iter().find_map(|key| detail.get(key)?.as_str()) {
        return Some(text.to_owned());
    }
    let short = |value: &Value| match value {
        Value::Number(n) => Some(n.to_string()),
        Value::String(text) if text.chars().count() <= 60 => Some(text.clone()),
        Value::Array(items) => Some(words::number(items.len() as u64)),
        _ => None,
    };
    let parts: Vec<String> = detail
        .as_object()?
        .iter()
        .filter(|(key, _)| key.as_str() != "cell")
        .filter_map(|(key, value)| short(value).map(|value| format!("{} {value}", name(key))))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Names of what stands in the journal's details.
fn name(key: &str) -> &str {
    match key {
        "cells" => "chi bộ",
        "obligations" => "việc",
        "notices" => "thư",
        "number" => "bản thứ",
        "revision" => "bản số",
        "duties" => "nhóm việc",
        "outcome" => "kết quả",
        "kind" => "loại",
        "state" => "trạng thái",
        "step" => "bậc",
        "rule" => "quy tắc",
        "ruleset" => "bộ quy tắc",
        "hold" => "mục tạm giữ",
        other => other,
    }
}
