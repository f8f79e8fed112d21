//! Pages on how the daemon itself fares: what waits for a human, what waits to be sent, the system.

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;

use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::{HoldRow, NoticeRow, PollState};
use crate::domain::notice::Delivery;
use crate::domain::rule::Ruleset;

/// What waits for a human.
#[derive(Debug, Clone, Serialize)]
pub struct HoldsPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The open holds, newest first.
    pub lines: Vec<HoldLine>,
}

impl Page for HoldsPage {
    const TEMPLATE: &'static str = "holds.html";
}

/// One hold.
#[derive(Debug, Clone, Serialize)]
pub struct HoldLine {
    /// Its number, for `vanthu hold release`.
    pub id: i64,
    /// What it is.
    pub kind: &'static str,
    /// Why.
    pub reason: String,
    /// The unit it is about.
    pub unit: Option<String>,
    /// The document's number in the register.
    pub document: Option<i64>,
    /// Where the document comes from.
    pub origin: String,
    /// Since when.
    pub since: String,
}

impl HoldsPage {
    /// The open holds.
    pub fn new(setting: Setting<'_>, holds: &[HoldRow]) -> Self {
        let line = |hold: &HoldRow| HoldLine {
            id: hold.id.0,
            kind: words::hold(hold.kind),
            reason: hold.reason.clone(),
            unit: hold.unit.as_ref().map(|unit| setting.name(unit)),
            document: hold.document.map(|id| id.0),
            origin: format!("{} / {}", hold.source, hold.external_id),
            since: setting.moment(hold.opened),
        };
        let lines = holds.iter().filter(|hold| hold.closed.is_none()).map(line).collect();
        Self { shell: setting.shell, lines }
    }
}

/// What waits to be sent, and what was.
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

/// How the daemon fares.
#[derive(Debug, Clone, Serialize)]
pub struct SystemPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The checks of `/readyz`, in words: name, whether it is well, what is the matter.
    pub checks: Vec<CheckLine>,
    /// The sources.
    pub polls: Vec<PollLine>,
    /// Rules, calendar, register, program: label and value.
    pub facts: Vec<(&'static str, String)>,
}

impl Page for SystemPage {
    const TEMPLATE: &'static str = "system.html";
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckLine {
    /// What is checked.
    pub name: String,
    /// Whether it is well.
    pub well: bool,
    /// What is the matter.
    pub detail: String,
}

/// One source.
#[derive(Debug, Clone, Serialize)]
pub struct PollLine {
    /// Its name.
    pub source: String,
    /// Whether the last walk was good.
    pub well: bool,
    /// When a walk last reached the end.
    pub good: String,
    /// When the last new document came.
    pub newest: String,
    /// Rows the last good walk saw.
    pub rows: String,
    /// What is the matter, since when.
    pub trouble: String,
}

impl PollLine {
    /// How polling a source goes.
    pub fn new(poll: &PollState, setting: &Setting<'_>) -> Self {
        let moment =
            |at: Option<DateTime<Utc>>| at.map_or_else(|| "chưa có".to_owned(), |at| setting.moment(at));
        let trouble = |since| {
            let error = poll.error.as_deref().unwrap_or("không rõ nguyên nhân");
            format!("từ {}, {} lần: {error}", setting.moment(since), poll.failures)
        };
        Self {
            source: poll.source.clone(),
            well: poll.failing_since.is_none(),
            good: moment(poll.good),
            newest: moment(poll.newest),
            rows: words::number(poll.rows_seen),
            trouble: poll.failing_since.map(trouble).unwrap_or_default(),
        }
    }
}

/// Rules and calendar in use.
pub fn facts(ruleset: &Ruleset, setting: &Setting<'_>) -> Vec<(&'static str, String)> {
    let year = setting.calendar.date_of(setting.now).year();
    let basis = |year: i32| match setting.calendar.years.get(&year) {
        None => format!("năm {year} chưa xác nhận"),
        Some(known) => {
            format!("năm {year} theo {}", known.basis.as_deref().unwrap_or("tệp lịch, không ghi căn cứ"))
        }
    };
    vec![
        ("Bộ quy tắc", format!("{} ({} quy tắc)", ruleset.hash, ruleset.rules.len())),
        ("Lịch làm việc", format!("{}; {}", basis(year), basis(year + 1))),
        ("Bản lịch", setting.calendar.version()),
        ("Múi giờ", setting.calendar.zone.to_string()),
    ]
}
