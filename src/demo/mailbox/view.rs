//! What each mailbox page shows, ready for its template.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use mail_parser::{Message, MessageParser};
use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use crate::demo::mailboxes::{Mail, Summary};
use crate::demo::worktime::zone;

/// Letters of a mail's beginning that a list shows, as phones do.
const PREHEADER: usize = 140;

/// All mailboxes.
#[derive(Debug, Serialize)]
pub(super) struct Index {
    taken: u64,
    unread: usize,
    query: String,
    rows: Vec<Row>,
}

/// The mails of one mailbox.
#[derive(Debug, Serialize)]
pub(super) struct Listing {
    address: String,
    unread: usize,
    rows: Vec<Row>,
}

/// A line of either list.
#[derive(Debug, Serialize)]
struct Row {
    id: u64,
    address: String,
    /// The address as a part of a path.
    mailbox: String,
    from: String,
    subject: String,
    preheader: String,
    date: String,
    mails: usize,
    unread: usize,
}

/// Which face of a mail is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tab {
    /// Its HTML, in a frame.
    Html,
    /// Its plain text.
    Text,
    /// Its headers as they came.
    Source,
}

/// One mail.
#[derive(Debug, Serialize)]
pub(super) struct Reading {
    tab: Tab,
    row: Row,
    body: String,
}

/// Nothing at that address.
#[derive(Debug, Default, Serialize)]
pub(super) struct Missing {}

impl Index {
    pub(super) fn new(summaries: &[Summary], taken: u64, query: &str) -> Self {
        let query = query.trim();
        let wanted = query.to_lowercase();
        let found = summaries.iter().filter(|summary| summary.address.contains(&wanted));
        Self {
            taken,
            unread: summaries.iter().map(|summary| summary.unread).sum(),
            query: query.to_owned(),
            rows: found.map(|one| Row::new(&one.newest, one.mails, one.unread)).collect(),
        }
    }
}

impl Listing {
    pub(super) fn new(address: &str, mails: &[(Arc<Mail>, bool)]) -> Self {
        let rows: Vec<Row> = mails.iter().map(|(mail, read)| Row::new(mail, 1, usize::from(!read))).collect();
        let unread = rows.iter().map(|row| row.unread).sum();
        Self { address: address.to_lowercase(), unread, rows }
    }
}

impl Row {
    fn new(mail: &Mail, mails: usize, unread: usize) -> Self {
        let parsed = MessageParser::default().parse(mail.raw.as_ref()).unwrap_or_default();
        Self {
            id: mail.id,
            address: mail.to.clone(),
            mailbox: byte_serialize(mail.to.as_bytes()).collect(),
            from: sender(&parsed).unwrap_or_else(|| mail.from.clone()),
            subject: parsed.subject().unwrap_or("(không có tiêu đề)").to_owned(),
            preheader: preheader(&parsed),
            date: local_time(mail.received),
            mails,
            unread,
        }
    }
}

impl Reading {
    pub(super) fn new(mail: &Mail, tab: Tab) -> Self {
        let parsed = MessageParser::default().parse(mail.raw.as_ref()).unwrap_or_default();
        let body = match tab {
            Tab::Html => parsed.body_html(0).map(|html| outward_links(&html)),
            Tab::Text => parsed.body_text(0).map(std::borrow::Cow::into_owned),
            Tab::Source => Some(headers(&mail.raw)),
        };
        Self { tab, row: Row::new(mail, 1, 0), body: body.unwrap_or_default() }
    }
}

/// The name of the sender, else its address.
fn sender(parsed: &Message<'_>) -> Option<String> {
    let first = parsed.from()?.first()?;
    first.name().or(first.address()).map(str::to_owned)
}

/// How the text begins, on one line.
fn preheader(parsed: &Message<'_>) -> String {
    let text = parsed.body_text(0).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(PREHEADER).collect();
    if short.len() < line.len() { format!("{}…", short.trim_end()) } else { short }
}

/// Sends every link to a window of its own.
fn outward_links(html: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    if html.contains("<head>") {
        html.replacen("<head>", &format!("<head>{BASE}"), 1)
    } else {
        format!("{BASE}{html}")
    }
}

/// Everything above the first empty line.
fn headers(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let head = text.split_once("\r\n\r\n").map_or(text.as_ref(), |(head, _)| head);
    head.replace("\r\n", "\n")
}

/// `Thứ Sáu, 27/11/2026 08:05`, local.
fn local_time(instant: DateTime<Utc>) -> String {
    const DAYS: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"];
    let local = instant.with_timezone(&zone());
    let day = DAYS.get(local.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    format!("{day}, {}", local.format("%d/%m/%Y %H:%M"))
}
