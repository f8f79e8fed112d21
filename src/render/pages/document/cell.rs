//! A cell in the table of a document.

use serde::Serialize;

use super::super::Setting;
use super::super::words::{self, Due};
use super::seen::seen;
use crate::app::ports::{CellReceipt, ObligationRow};
use crate::domain::obligation::{Contact, Respite, TaskName};
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
    /// What it promised or asked.
    pub says: Option<String>,
    /// That its ladder or its clock rests, and why.
    pub rests: Option<String>,
    /// Mails sent to it.
    pub mails: u32,
}

impl CellLine {
    pub(super) fn new(
        row: &ObligationRow,
        task: Option<&TaskName>,
        (receipts, resting): (&[CellReceipt], &[Respite]),
        setting: &Setting<'_>,
    ) -> Self {
        let obligation = &row.obligation;
        let promised = obligation.promised.map(|day| format!("hẹn xong {}", words::date(day)));
        let asked = obligation.extension_asked.map(|day| format!("xin gia hạn đến {}", words::date(day)));
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
            seen: seen(receipts, &obligation.cell, setting),
            unreached: row.contact == Contact::NoContact,
            late: is_late(obligation, row.contact, setting.now),
            due: obligation.due.filter(|_| live).map(|at| words::due(at, setting.now, setting.calendar)),
            says: asked.or(promised),
            rests: resting
                .iter()
                .find(|respite| respite.obligation == obligation.id && live)
                .map(|respite| respite.sentence(setting.calendar)),
            mails: row.notices_sent,
        }
    }
}
