//! What waits to be sent, and what was.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::NoticeRow;
use crate::domain::notice::Delivery;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct OutboxPage {
    /// What surrounds it.
    pub shell: Shell,
    /// How many mails stand how.
    pub counts: Vec<(&'static str, String)>,
    /// Since when the oldest due mail waits.
    pub oldest: Option<String>,
    /// Mails, in the order given.
    pub lines: Vec<MailLine>,
}

impl Page for OutboxPage {
    const TEMPLATE: &'static str = "outbox.html";
}

/// One mail.
#[derive(Debug, Clone, Serialize)]
pub struct MailLine {
    /// Its number, for `vanthu outbox retry`.
    pub id: i64,
    /// What it is.
    pub kind: &'static str,
    /// The unit written to.
    pub unit: String,
    /// The address.
    pub mailbox: String,
    /// The document's number in the register.
    pub document: i64,
    /// Word of the delivery state, for the pattern beside the text.
    pub delivery: &'static str,
    /// The delivery state.
    pub stands: &'static str,
    /// When it was accepted, or is to be sent.
    pub when: String,
    /// Tries so far.
    pub tries: u32,
    /// The server's last reply or the last failure.
    pub reply: String,
}

impl OutboxPage {
    /// Counts, the oldest instant a mail should have left at, and mails, those in trouble first.
    pub fn new(
        setting: Setting<'_>,
        counts: &[(Delivery, u64)],
        oldest: Option<DateTime<Utc>>,
        notices: &[NoticeRow],
    ) -> Self {
        Self {
            counts: counts.iter().map(|(state, n)| (words::delivery(*state), words::number(*n))).collect(),
            oldest: oldest.map(|at| setting.moment(at)),
            lines: notices.iter().map(|notice| MailLine::new(notice, &setting)).collect(),
            shell: setting.shell,
        }
    }
}

impl MailLine {
    fn new(notice: &NoticeRow, setting: &Setting<'_>) -> Self {
        Self {
            id: notice.id.0,
            kind: words::notice(notice.kind),
            unit: setting.name(&notice.unit),
            mailbox: notice.mailbox.clone(),
            document: notice.document.0,
            delivery: notice.delivery.as_str(),
            stands: words::delivery(notice.delivery),
            when: setting.moment(notice.sent_at.unwrap_or(notice.send_at)),
            tries: notice.tries,
            reply: notice.reply.clone().unwrap_or_default(),
        }
    }
}
