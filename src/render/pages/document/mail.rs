//! What cells wrote back, and which of the mails came back.

use serde::Serialize;

use crate::app::ports::{InboundKind, InboundRow};
use crate::render::pages::Setting;

/// A message about the document.
#[derive(Debug, Clone, Serialize)]
pub struct MailLine {
    /// When it was read, for people.
    pub when: String,
    /// The same for machines.
    pub at: String,
    /// Which cell it is from, or about.
    pub cell: String,
    /// What it came to.
    pub what: String,
    /// Its own words, while they are kept; for messages that wait for people.
    pub words: Option<String>,
}

/// The messages, oldest first; machines' answers are left out.
pub fn lines(messages: &[InboundRow], setting: &Setting<'_>) -> Vec<MailLine> {
    let told = messages.iter().filter(|message| message.kind != InboundKind::Automatic);
    told.map(|message| MailLine {
        when: setting.moment(message.at),
        at: message.at.to_rfc3339(),
        cell: message.unit.as_ref().map(|unit| setting.name(unit)).unwrap_or_default(),
        what: what(message),
        words: message.text.as_ref().map(|text| text.trim().to_owned()),
    })
    .collect()
}

fn what(message: &InboundRow) -> String {
    let kind = match message.kind {
        InboundKind::Answer => "trả lời thư, được ghi nhận",
        InboundKind::Message => "trả lời thư, chờ người đọc",
        InboundKind::Report => "máy chủ thư báo",
        InboundKind::Unreadable => "thư không đọc được",
        InboundKind::Automatic => "máy tự trả lời",
    };
    format!("{kind}: {}", message.because)
}
