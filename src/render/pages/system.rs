//! How the daemon itself fares.

use chrono::{DateTime, Datelike, Utc};
use serde::Serialize;

use super::upstream::SourceLine;
use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::{Difference, PollState};
use crate::domain::rule::Ruleset;
use crate::domain::watch::{Compared, Concern};

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
    /// Where sources and register differ.
    pub differences: Vec<DifferenceLine>,
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

/// One difference between a source and the register.
#[derive(Debug, Clone, Serialize)]
pub struct DifferenceLine {
    /// The document's number.
    pub document: i64,
    /// Its symbol, or a word where there is none.
    pub symbol: String,
    /// Its source and id there.
    pub origin: String,
    /// How they differ.
    pub what: &'static str,
    /// Since when.
    pub since: String,
}

impl DifferenceLine {
    /// A difference in words.
    pub fn new(difference: &Difference, setting: &Setting<'_>) -> Self {
        let Difference { document, symbol, source, external_id, differ, since } = difference;
        Self {
            document: document.0,
            symbol: if symbol.is_empty() { "Không số".to_owned() } else { symbol.clone() },
            origin: format!("{source} / {external_id}"),
            what: differ.vietnamese(),
            since: setting.moment(*since),
        }
    }
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
    /// What the last nightly comparison found; empty where there was none.
    pub compared: String,
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
            compared: poll.watch.compared.as_ref().map(|last| compared(last, setting)).unwrap_or_default(),
            trouble: concerns.iter().map(trouble).collect(),
        }
    }
}

/// `01:05 ngày 20/11/2026: thấy 132, lọt danh sách 1, không còn 2, khác hạn 0`
fn compared(last: &Compared, setting: &Setting<'_>) -> String {
    let counts = [last.found, last.slipped, last.missing, last.overdue].map(words::number);
    let [found, slipped, missing, overdue] = counts;
    let at = setting.moment(last.at);
    format!("{at}: thấy {found}, lọt danh sách {slipped}, không còn {missing}, khác hạn {overdue}")
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
