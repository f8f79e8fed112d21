//! The timeline of a document: its journal, and its mails gathered by kind, step and outcome, because
//! two hundred equal lines tell less than one with a number.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::Setting;
use super::words;
use crate::app::ports::{HoldKind, JournalKind, JournalRow, NoticeRow};
use crate::domain::document::Operation;
use crate::domain::ids::UnitId;
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Answer, Grade, RespiteKind, State};

mod decided;

use decided::decided;

/// Cells named in one line; the table of cells tells of all.
const NAMED: usize = 5;

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
        let what = if sent {
            format!("Đã gửi {}", words::notice(kind))
        } else {
            words::sentence(words::notice(kind))
        };
        let n = words::number(n);
        (at, what, if sent { format!("{n} thư") } else { format!("{n} thư {state}") })
    };
    groups.into_iter().map(event).collect()
}

fn detail(row: &JournalRow, setting: &Setting<'_>) -> String {
    let cell = text(&row.detail, "cell").map(|code| setting.name(&UnitId::from(code)));
    let task = text(&row.detail, "task").map(|name| format!("việc “{name}”"));
    let rest = match row.kind {
        JournalKind::Answered => answered(&row.detail),
        JournalKind::Registered => registered(&row.detail),
        JournalKind::Routed => taken_over(&row.detail, setting).or_else(|| routed(&row.detail)),
        JournalKind::Stepped => Some(format!("{} bậc", counted(&row.detail, "steps"))),
        JournalKind::Closed => handed_over(&row.detail, setting).or_else(|| closed(&row.detail)),
        JournalKind::Held => held(&row.detail),
        JournalKind::Released => {
            let known = decided(&row.detail, setting).or_else(|| waited(&row.detail));
            known.or_else(|| reason(&row.detail))
        }
        JournalKind::Seen => looked(&row.detail, setting),
        JournalKind::Rested => rested(&row.detail, setting),
        JournalKind::Enqueued | JournalKind::Settled => reason(&row.detail),
    };
    [cell, task, rest].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn text<'a>(detail: &'a Value, key: &str) -> Option<&'a str> {
    detail.get(key)?.as_str()
}

fn counted(detail: &Value, key: &str) -> String {
    words::number(detail.get(key).and_then(Value::as_array).map_or(0, Vec::len) as u64)
}

fn reason(detail: &Value) -> Option<String> {
    ["reason", "because"].iter().find_map(|key| text(detail, key)).map(str::to_owned)
}

/// `bản thứ 2, cập nhật`; without a number where another source brought what is known.
fn registered(detail: &Value) -> Option<String> {
    let operation = text(detail, "operation").filter(|word| *word != "new");
    let operation = operation.and_then(Operation::parse).map(|word| word.vietnamese().to_owned());
    let what = match detail.get("revision") {
        Some(number) => format!("bản thứ {number}"),
        None => format!("thêm nguồn {}", text(detail, "origin").unwrap_or_default()),
    };
    Some([Some(what), operation].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// An operation that waited for this document.
fn waited(detail: &Value) -> Option<String> {
    text(detail, "waited_since")?;
    let operation = Operation::parse(text(detail, "operation")?)?;
    Some(format!("áp dụng nghiệp vụ {} đến trước văn bản", operation.vietnamese()))
}

fn routed(detail: &Value) -> Option<String> {
    let role = detail.get("role").and_then(|role| serde_json::from_value(role.clone()).ok());
    match role.map(words::role) {
        Some(role) => Some(format!("{} chi bộ, {role}", counted(detail, "cells"))),
        None => reason(detail),
    }
}

/// After a merger or split: where the work came from.
fn taken_over(detail: &Value, setting: &Setting<'_>) -> Option<String> {
    let from = text(detail, "from")?;
    Some(format!("tiếp nhận việc của {}", setting.name(&UnitId::from(from))))
}

/// After a merger or split: where the work went.
fn handed_over(detail: &Value, setting: &Setting<'_>) -> Option<String> {
    let to = setting.name(&UnitId::from(text(detail, "to")?));
    Some(match text(detail, "how") {
        Some("merged") => format!("nhập vào việc của {to}, theo yêu cầu chặt hơn"),
        _ => format!("chuyển cho {to} tiếp nhận"),
    })
}

fn closed(detail: &Value) -> Option<String> {
    let state = text(detail, "state").and_then(State::parse).map(words::state)?;
    let because = match text(detail, "because") {
        Some("new revision") => ", vì có bản mới".to_owned(),
        Some("revoked") => ", vì văn bản bị thu hồi".to_owned(),
        Some("replaced") => ", vì văn bản được thay thế".to_owned(),
        Some("removed") => ", vì nơi gửi thôi gửi".to_owned(),
        Some(other) => format!(", vì {other}"),
        None => String::new(),
    };
    Some(format!("{} việc {state}{because}", counted(detail, "cells")))
}

fn held(detail: &Value) -> Option<String> {
    let kind = |key| text(detail, key).and_then(HoldKind::parse).map(|kind| words::hold(kind).to_owned());
    kind("kind").or_else(|| kind("hold")).or_else(|| reason(detail))
}

/// `trên ioffice: Chi bộ A lúc 08:12 ngày 20/11/2026; …`; more than a few are counted.
fn looked(detail: &Value, setting: &Setting<'_>) -> Option<String> {
    let source = text(detail, "source")?;
    let cells = detail.get("cells")?.as_array()?;
    let one = |look: &Value| {
        let at: DateTime<Utc> = text(look, "seen")?.parse().ok()?;
        Some(format!("{} lúc {}", setting.name(&UnitId::from(text(look, "cell")?)), setting.moment(at)))
    };
    let named: Vec<_> = cells.iter().take(NAMED).filter_map(one).collect();
    let rest = cells.len().saturating_sub(named.len()) as u64;
    let rest =
        if rest == 0 { String::new() } else { format!("; và {} chi bộ khác", words::number(rest)) };
    Some(format!("trên {source}: {}{rest}", named.join("; ")))
}

/// `tạm hoãn nhắc đến hết ngày 12/03/2026, van-thu: chi bộ đại hội`, `cho chạy lại`.
fn rested(detail: &Value, setting: &Setting<'_>) -> Option<String> {
    let what = match RespiteKind::parse(text(detail, "act")?) {
        Some(kind) => {
            let until: Option<NaiveDate> = text(detail, "until").and_then(|day| day.parse().ok());
            let until = until.map(|day| format!(" đến hết ngày {}", words::date(day)));
            format!("{}{}", kind.vietnamese(), until.unwrap_or_default())
        }
        None => "cho chạy lại".to_owned(),
    };
    let due = text(detail, "due").and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let due = due.map(|at| format!(", hạn nay là {}", words::date(setting.calendar.due_day(at))));
    let by = text(detail, "actor").map(|actor| format!(", {actor}"));
    let why = reason(detail).map(|reason| format!(": {reason}"));
    Some([Some(what), due, by, why].into_iter().flatten().collect())
}

fn answered(detail: &Value) -> Option<String> {
    let answer: Answer = serde_json::from_value(detail.get("answer")?.clone()).ok()?;
    let mut said = words::answer_detail(&answer);
    if detail.get("words").is_some() {
        said += if said.is_empty() { "có lời giải thích" } else { "; có lời giải thích" };
    }
    let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
    let how = text(detail, "grade").and_then(Grade::parse).map(words::grade);
    let by = text(detail, "actor").map(|actor| format!(", {actor}"));
    let corrects = if detail.get("corrects").is_some() { "sửa báo cáo: " } else { "" };
    Some(format!(
        "{corrects}{}{said} – {}{}",
        words::answer(&answer),
        how.unwrap_or("không rõ cách trả lời"),
        by.unwrap_or_default()
    ))
}
