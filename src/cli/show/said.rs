//! What the cells of a document said beyond their state: promises, reports, requests with what became of them,
//! and presses of their links that were not counted.

use chrono::NaiveDate;
use serde::Serialize;

use crate::app::ports::{DoubtRow, Reader, RequestRow, StoreError};
use crate::cli::print;
use crate::config::Office;
use crate::domain::ids::DocumentId;
use crate::domain::obligation::{Answer, Obligation, State};
use crate::render::pages::words;

/// What one row says beyond its state.
#[derive(Debug, Default, Serialize)]
pub(super) struct Said {
    /// The day by which it promised to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    promised: Option<NaiveDate>,
    /// Whether that day has passed.
    lapsed: bool,
    /// What was reported last.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Answer>,
}

/// What the whole document's cells asked, and what was not counted.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requests: Vec<RequestRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<DoubtRow>,
}

/// What a row says.
pub(super) async fn of(store: &dyn Reader, row: &Obligation, today: NaiveDate) -> Result<Said, StoreError> {
    let mut said = Said {
        promised: row.promised.filter(|_| row.state.is_live()),
        lapsed: row.lapsed(today).is_some(),
        report: None,
    };
    if row.state == State::Done {
        let answers = store.answers(row.id).await?;
        let done = |answer: &Answer| matches!(answer, Answer::Done { .. });
        said.report = answers.into_iter().rev().map(|known| known.answer).find(done);
    }
    Ok(said)
}

/// What was asked about a document.
pub(super) async fn asked(store: &dyn Reader, document: DocumentId) -> Result<Asked, StoreError> {
    let requests = store.requests(document).await?;
    Ok(Asked { requests, doubts: store.doubts(Some(document)).await? })
}

/// One row for each thing that was said; `lines` are name of the cell, number of the row and what it says.
pub(super) fn display(lines: &[(&str, i64, &Said)], asked: &Asked, office: &Office, today: NaiveDate) {
    let name = |cell: &str| office.units.name_on(&cell.into(), today).to_owned();
    let mut rows = Vec::new();
    for (cell, number, said) in lines {
        let mut row = |what: String| rows.push(vec![number.to_string(), (*cell).to_owned(), what]);
        if let Some(day) = said.promised {
            let lapsed = if said.lapsed { ", ĐÃ QUA NGÀY HẸN" } else { "" };
            row(format!("hẹn xong {}{lapsed}", words::date(day)));
        }
        if let Some(detail) = said.report.as_ref().map(words::answer_detail).filter(|text| !text.is_empty()) {
            row(detail);
        }
        for request in asked.requests.iter().filter(|request| request.obligation.0 == *number) {
            let moved = words::moved(request, &office.calendar);
            let moved = moved.map(|moved| format!("; hạn {moved}")).unwrap_or_default();
            row(format!("{}{moved}", words::request(request, &office.calendar, &name)));
        }
        for doubt in asked.doubts.iter().filter(|doubt| doubt.obligation.0 == *number) {
            let at = print::instant(Some(doubt.first), &office.calendar);
            let why = words::doubt(&doubt.why);
            row(format!("CHƯA TÍNH: liên kết bị bấm {} lần, lần đầu {at}: {why}", doubt.presses));
        }
    }
    print::table(&["Việc", "Chi bộ", "Chi bộ nói gì"], rows);
}
