//! A cell in the table of a document.

use serde::Serialize;

use super::super::Setting;
use super::super::words::{self, Due};
use super::Dossier;
use super::seen::seen;
use crate::app::ports::{Asked, DoubtRow, ObligationRow};
use crate::domain::obligation::{Contact, Obligation, TaskName};
use crate::domain::tally::is_late;

/// One cell.
#[derive(Debug, Clone, Serialize)]
pub struct CellLine {
    /// Number of the obligation.
    pub id: i64,
    /// It still owes.
    pub live: bool,
    /// Its name.
    pub name: String,
    /// Which task; none where the document asks for one thing.
    pub task: Option<String>,
    /// Word of the state, for the pattern beside the text.
    pub state: &'static str,
    /// The state.
    pub stands: &'static str,
    /// When the state was entered.
    pub since: String,
    /// How the best answer was given.
    pub grade: Option<&'static str>,
    /// Whether it was reached.
    pub contact: &'static str,
    /// Where and when it first looked at the directive in its source.
    pub seen: Option<String>,
    /// It was never reached.
    pub unreached: bool,
    /// It is late.
    pub late: bool,
    /// Effective due instant.
    pub due: Option<Due>,
    /// What it promised, reported, asked and was granted, a sentence each.
    pub says: Vec<String>,
    /// Presses of its link that were not counted.
    pub doubted: Option<String>,
    /// That its ladder or its clock rests, and why.
    pub rests: Option<String>,
    /// Mails sent to it.
    pub mails: u32,
}

impl CellLine {
    pub(super) fn new(
        row: &ObligationRow,
        task: Option<&TaskName>,
        dossier: &Dossier,
        setting: &Setting<'_>,
    ) -> Self {
        let obligation = &row.obligation;
        let live = obligation.state.is_live();
        Self {
            id: obligation.id.0,
            live,
            name: setting.name(&obligation.cell),
            task: task.map(|task| task.name.clone()),
            state: obligation.state.as_str(),
            stands: words::state(obligation.state),
            since: setting.moment(obligation.since),
            grade: obligation.grade.map(words::grade),
            contact: words::contact(row.contact),
            seen: seen(&dossier.receipts, &obligation.cell, setting),
            unreached: row.contact == Contact::NoContact,
            late: is_late(obligation, row.contact, setting.now),
            due: obligation.due.filter(|_| live).map(|at| words::due(at, setting.now, setting.calendar)),
            says: says(obligation, dossier, setting),
            doubted: doubted(obligation, &dossier.doubts, setting),
            rests: dossier
                .resting
                .iter()
                .find(|respite| respite.obligation == obligation.id && live)
                .map(|respite| respite.sentence(setting.calendar)),
            mails: row.notices_sent,
        }
    }
}

/// What a cell said beyond its state, and what became of what it asked.
fn says(row: &Obligation, dossier: &Dossier, setting: &Setting<'_>) -> Vec<String> {
    let today = setting.calendar.date_of(setting.now);
    let mut says = Vec::new();
    if let Some(day) = row.promised.filter(|_| row.state.is_live()) {
        let lapsed = if row.lapsed(today).is_some() { ", đã qua ngày hẹn" } else { "" };
        says.push(format!("hẹn xong {}{lapsed}", words::date(day)));
    }
    says.extend(dossier.reports.get(&row.id).filter(|report| !report.is_empty()).cloned());
    let name = |cell: &str| setting.name(&cell.into());
    for request in dossier.requests.iter().filter(|request| request.obligation == row.id) {
        let moved = words::moved(request, setting.calendar);
        let moved = moved.map(|moved| format!("; hạn {moved}")).unwrap_or_default();
        let label = match request.asks {
            Asked::MoreTime { .. } => "gia hạn",
            Asked::Declined { .. } => "báo không thuộc trách nhiệm",
        };
        says.push(format!("{label}: {}{moved}", words::request(request, setting.calendar, &name)));
    }
    says
}

fn doubted(row: &Obligation, doubts: &[DoubtRow], setting: &Setting<'_>) -> Option<String> {
    let doubt = doubts.iter().find(|doubt| doubt.obligation == row.id)?;
    let times = if doubt.presses > 1 { format!(" {} lần", doubt.presses) } else { String::new() };
    Some(format!(
        "liên kết bị bấm{times}, lần đầu {}, chưa tính là trả lời: {}",
        setting.moment(doubt.first),
        words::doubt(&doubt.why)
    ))
}
