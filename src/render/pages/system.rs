//! How the daemon itself fares.

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;

use super::upstream::SourceLine;
use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::PollState;
use crate::domain::rule::Ruleset;
use crate::domain::watch::Concern;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct SystemPage {
    /// What surrounds it.
    pub shell: Shell,
    /// The checks of `/readyz`, in words: name, whether it is well, what is the matter.
    pub checks: Vec<CheckLine>,
    /// The sources.
    pub polls: Vec<PollLine>,
    /// What each source can do, and what waits to be told to it.
    pub sources: Vec<SourceLine>,
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
    /// Whether nothing is odd about it.
    pub well: bool,
    /// When a walk last reached the end.
    pub good: String,
    /// When the last new document came.
    pub newest: String,
    /// Rows the last good walk saw.
    pub rows: String,
    /// Everything that is odd, since when.
    pub trouble: Vec<String>,
}

impl PollLine {
    /// How polling a source goes.
    pub fn new(poll: &PollState, setting: &Setting<'_>) -> Self {
        let moment =
            |at: Option<DateTime<Utc>>| at.map_or_else(|| "chưa có".to_owned(), |at| setting.moment(at));
        let trouble = |concern: &Concern| {
            let (what, since) = (concern.odd.vietnamese(), setting.moment(concern.since));
            format!("{what}: {} (từ {since})", concern.detail)
        };
        let concerns = poll.concerns();
        Self {
            source: poll.source.clone(),
            well: concerns.is_empty(),
            good: moment(poll.good),
            newest: moment(poll.newest),
            rows: words::number(poll.rows_seen),
            trouble: concerns.iter().map(trouble).collect(),
        }
    }
}

/// One sentence for everything that is odd about a source.
pub fn odd(polls: &[PollState], setting: &Setting<'_>) -> Vec<String> {
    let sentence = |poll: &PollState, concern: Concern| {
        let (what, since) = (concern.odd.vietnamese(), setting.moment(concern.since));
        format!("Nguồn {}: {what}, {} (từ {since}).", poll.source, concern.detail)
    };
    polls
        .iter()
        .flat_map(|poll| poll.concerns().into_iter().map(move |concern| sentence(poll, concern)))
        .collect()
}

/// Rules and calendar in use.
pub fn facts(ruleset: &Ruleset, setting: &Setting<'_>) -> Vec<(&'static str, String)> {
    let year = setting.calendar.date_of(setting.now).year();
    let basis = |year: i32| match setting.calendar.years.get(&year) {
        None => format!("năm {year} chưa có"),
        Some(known) if known.draft => format!("năm {year} mới là bản nháp"),
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
