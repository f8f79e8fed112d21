//! Explain: what would happen to a document, without a writer and without a mailer.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::office::Office;
use super::ports::{Reading, Source, SourceError, StoredRevision};
use crate::domain::document::{Document, Operation};
use crate::domain::ids::ExternalId;
use crate::domain::routing::{self, Outcome, Trace};

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
        Reading::Status(status) => Some(held(format!("trạng thái {}, không phải văn bản", status.digits))),
        Reading::Gone => None,
    }
}

fn routed(external_id: &ExternalId, document: &Document, office: &Office, now: DateTime<Utc>) -> Preview {
    let trace = routing::decide(&office.ruleset, document, &office.units, &office.calendar, now);
    Preview {
        external_id: external_id.clone(),
        symbol: document.symbol.clone(),
        subject: document.subject.clone(),
        rules: trace.rules.iter().map(|rule| rule.rule.0.clone()).collect(),
        outcome: match document.operation {
            Operation::New | Operation::Replace => words(&trace.outcome),
            Operation::Unknown => "giữ lại: mã nghiệp vụ không có trong danh mục".to_owned(),
            operation @ (Operation::Revoke | Operation::Update) => {
                format!("{} văn bản đã có trong sổ; chưa có thì chờ", operation.vietnamese())
            }
        },
    }
}

/// Routes a document under the office's rules.
pub fn trace(document: &Document, office: &Office, now: DateTime<Utc>) -> Trace {
    routing::route(&office.ruleset, document, &office.units, &office.calendar, now)
}

/// The trace stored with a revision, with the reason for every rule. The daemon stores the reasons of the
/// rules that matched; those of the others are worked out again as of the instant of registration, as long
/// as the rules are the ones it was routed by. What came out stays as it was stored.
pub fn whole_trace(revision: &StoredRevision, office: &Office) -> Option<String> {
    let stored = revision.trace.as_ref()?;
    let again = || -> Option<String> {
        let mut trace: Value = serde_json::from_str(stored).ok()?;
        let is_whole = trace.get("left_out").and_then(Value::as_u64).unwrap_or_default() == 0;
        if is_whole || trace.get("ruleset")?.as_str()? != office.ruleset.hash {
            return None;
        }
        let whole = self::trace(&revision.document, office, revision.asked);
        *trace.get_mut("rules")? = serde_json::to_value(whole.rules).ok()?;
        *trace.get_mut("left_out")? = Value::from(0);
        Some(trace.to_string())
    };
    Some(again().unwrap_or_else(|| stored.clone()))
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
