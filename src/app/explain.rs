//! Explain: what would happen to a document, without a writer and without a mailer.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::office::Office;
use super::ports::{Reading, Source, SourceError};
use crate::domain::document::Document;
use crate::domain::ids::ExternalId;
use crate::domain::routing::{self, Outcome, RuleVerdict, Trace};

/// What a poll would do with one row.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Id at the source.
    pub external_id: ExternalId,
    /// Số, ký hiệu; empty for a withheld document.
    pub symbol: String,
    /// Trích yếu; empty for a withheld document.
    pub subject: String,
    /// The rules that match.
    pub rules: Vec<String>,
    /// What would come out, in words.
    pub outcome: String,
}

/// Reads a source to the end and routes every document it holds. Nothing is stored or sent: this
/// function is given nothing to store or send with.
///
/// # Errors
/// The source's.
pub async fn preview(
    source: &dyn Source,
    office: &Office,
    now: DateTime<Utc>,
) -> Result<Vec<Preview>, SourceError> {
    let mut previews = Vec::new();
    let mut page = None;
    loop {
        let listing = source.list(page.as_ref()).await?;
        for row in &listing.rows {
            let reading = source.read(row).await?;
            previews.extend(preview_one(&row.external_id, &reading, office, now));
        }
        match listing.next {
            Some(next) => page = Some(next),
            None => return Ok(previews),
        }
    }
}

fn preview_one(
    external_id: &ExternalId,
    reading: &Reading,
    office: &Office,
    now: DateTime<Utc>,
) -> Option<Preview> {
    let held = |outcome: String| Preview {
        external_id: external_id.clone(),
        symbol: String::new(),
        subject: String::new(),
        rules: Vec::new(),
        outcome,
    };
    match reading {
        Reading::Open(incoming) => Some(routed(external_id, incoming.document.get(), office, now)),
        Reading::Withheld(reason) => Some(held(format!("giữ lại: {}", reason.vietnamese()))),
        Reading::Broken(broken) => Some(held(format!("giữ lại: {}", broken.reason))),
        Reading::Gone => None,
    }
}

fn routed(external_id: &ExternalId, document: &Document, office: &Office, now: DateTime<Utc>) -> Preview {
    let trace = trace(document, office, now);
    let matched = trace.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Matched);
    Preview {
        external_id: external_id.clone(),
        symbol: document.symbol.clone(),
        subject: document.subject.clone(),
        rules: matched.map(|rule| rule.rule.0.clone()).collect(),
        outcome: words(&trace.outcome),
    }
}

/// Routes a document under the office's rules.
pub fn trace(document: &Document, office: &Office, now: DateTime<Utc>) -> Trace {
    routing::route(&office.ruleset, document, &office.units, &office.calendar, now)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Assigned { assignments } => {
            format!("giao {} chi bộ", routing::distinct_cells(assignments))
        }
        Outcome::Nobody { because, .. } => format!("không giao: {because}"),
        Outcome::Unmatched => "không quy tắc nào khớp: chờ văn thư".to_owned(),
    }
}
