//! A directive in the table of the board.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::words::{self, Due};
use super::super::{Bar, Setting};
use crate::app::ports::DocumentRow;
use crate::domain::obligation::State;

/// A directive in the table.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its number in the register.
    pub id: i64,
    /// Số, ký hiệu.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Issuing body and date.
    pub from: String,
    /// Độ khẩn, where it is not ordinary.
    pub urgency: Option<&'static str>,
    /// Earliest due instant among live rows.
    pub due: Option<Due>,
    /// What was asked of cells, in all.
    pub total: u64,
    /// Cells not heard of.
    pub open: u64,
    /// Cells late.
    pub late: u64,
    /// How the cells stand, in words.
    pub progress: String,
    /// The same drawn.
    pub bar: Bar,
    /// Sorting key, hurting first.
    #[serde(skip)]
    pub(super) pain: Pain,
}

type Pain = (bool, bool, bool, DateTime<Utc>, Reverse<DateTime<Utc>>);

impl Line {
    pub(super) fn new(row: &DocumentRow, setting: &Setting<'_>) -> Self {
        let count = |state| row.tally.iter().filter(|(of, _)| *of == state).map(|(_, n)| n).sum::<u64>();
        let (open, acknowledged, done) = (count(State::Open), count(State::Acknowledged), count(State::Done));
        let total = row.tally.iter().map(|(_, n)| n).sum::<u64>();
        let document = &row.document;
        let issued = document.issued.map(|day| format!(", {}", words::date(day))).unwrap_or_default();
        Self {
            id: row.id.0,
            symbol: document.symbol.clone(),
            subject: document.subject.clone(),
            from: format!("{}{issued}", document.issuer),
            urgency: words::urgency(document.urgency),
            due: row.due.map(|at| words::due(at, setting.now, setting.calendar)),
            total,
            open,
            late: row.late,
            progress: progress(row.cells, total, acknowledged, done),
            bar: Bar::new(total, done, acknowledged),
            pain: (
                open + acknowledged == 0,
                row.late == 0,
                !document.urgency.breaks_quiet_hours(),
                row.due.unwrap_or(DateTime::<Utc>::MAX_UTC),
                Reverse(row.registered),
            ),
        }
    }
}

fn progress(cells: u64, total: u64, acknowledged: u64, done: u64) -> String {
    if total == 0 {
        return "không giao chi bộ nào".to_owned();
    }
    let heard = words::number(acknowledged + done);
    let said = format!("{heard}/{} đã nhận, {} xong", words::number(total), words::number(done));
    // A plan counts what was asked, cell by cell and task by task.
    if cells < total {
        format!("{said} (lượt việc của {} chi bộ)", words::number(cells))
    } else {
        said
    }
}
