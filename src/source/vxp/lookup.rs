//! Looking up what the axis was sent, after a try whose answer is not known. A row of its list does not say
//! which status it is, so the message itself is fetched; where the axis will not give it, rows are counted.
//! Where nothing is certain the status is told once more: a second copy of the same status changes nothing
//! for whoever receives it, one that never arrives does.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::call::Call;
use super::{KEYS, Vxp};
use crate::app::ports::{Earlier, Reading, Report, SourceError};
use crate::domain::document::Reference;
use crate::domain::status::Status;
use crate::source::axis::{self, Failure, Letter};

/// How far the times of a sending and of its row on the axis may differ.
const SLACK: TimeDelta = TimeDelta::minutes(2);

/// Messages fetched for one look; further ones are counted only.
const MOST: usize = 20;

/// A row of the list of what was sent.
struct Sent {
    id: Option<String>,
    /// The symbol it names, where it names any.
    symbol: Option<String>,
}

impl Vxp {
    /// Whether an earlier try of this report is on the axis.
    ///
    /// # Errors
    /// [`SourceError`] if the axis cannot be asked now.
    pub(super) async fn has_arrived(
        &self,
        report: &Report,
        letter: &Letter,
        earlier: &Earlier,
    ) -> Result<bool, SourceError> {
        let mut rows = self.sent(&letter.to, report.at).await?;
        let listed = rows.len();
        rows.retain(|row| !row.id.as_ref().is_some_and(|id| earlier.receipts.contains(id)));
        let told = earlier.receipts.len().saturating_sub(listed - rows.len());
        let ours = report.document.symbol.as_str();
        rows.retain(|row| row.symbol.as_deref().is_none_or(|symbol| symbol == ours));
        let mut unread = 0;
        for (number, row) in rows.iter().enumerate() {
            match row.id.as_deref().filter(|_| number < MOST) {
                Some(id) => match self.content(id).await? {
                    Some(status) if is_same(&status, report, &letter.about) => return Ok(true),
                    Some(_) => {}
                    None => unread += usize::from(row.symbol.is_some()),
                },
                None => unread += usize::from(row.symbol.is_some()),
            }
        }
        Ok(unread > told)
    }

    /// The statuses sent to an organ since `at`. An axis that keeps no such list gives none.
    async fn sent(&self, to: &str, at: DateTime<Utc>) -> Result<Vec<Sent>, SourceError> {
        let skew = self.line.skew().unwrap_or_default();
        let since = at + skew - SLACK;
        let day = |at: DateTime<Utc>| at.with_timezone(&self.line.zone).format("%Y/%m/%d").to_string();
        let call = Call::Sent { from: day(since), to: day(self.line.now() + skew) };
        let fields = match self.ask(&call).await {
            Ok(fields) => fields,
            Err(Failure::Refused(_)) => return Ok(Vec::new()),
            Err(failure) => return Err(failure.of_source(KEYS)),
        };
        let rows = axis::field(&fields, "data").and_then(Value::as_array);
        let is_meant = |row: &&Map<String, Value>| {
            let at = axis::text(row, "sentTime").and_then(|text| axis::instant(&text, self.line.zone));
            axis::text(row, "toCode").as_deref() == Some(to)
                && axis::text(row, "messageType").is_none_or(|kind| kind == "status")
                && at.is_some_and(|at| at >= since)
        };
        let row = |row: &Map<String, Value>| Sent {
            id: axis::text(row, "senderDocId").or_else(|| axis::text(row, "docId")),
            symbol: axis::text(row, "notation"),
        };
        Ok(rows.into_iter().flatten().filter_map(Value::as_object).filter(is_meant).map(row).collect())
    }

    /// A status we sent, as the axis has it; `None` if it does not give it back.
    async fn content(&self, id: &str) -> Result<Option<Status>, SourceError> {
        let message = match self.message(id).await {
            Ok(message) => message,
            Err(Failure::Refused(_) | Failure::Unusable(_)) => return Ok(None),
            Err(failure) => return Err(failure.of_source(KEYS)),
        };
        let origin = axis::Origin {
            source: self.line.id.clone(),
            external_id: id.into(),
            received: None,
            zone: self.line.zone,
            issuer: None,
            beside: None,
        };
        let reading = axis::read(message, &["data"], origin, self.files.clone()).await?;
        Ok(match reading {
            Some(Reading::Status(status)) => Some(*status),
            _ => None,
        })
    }
}

/// A code is told about a document once, so code and document say which status it is.
fn is_same(status: &Status, report: &Report, about: &Reference) -> bool {
    let theirs = &status.about;
    let is_about = match (&theirs.key, &about.key) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => (&theirs.symbol, theirs.issued) == (&about.symbol, about.issued),
    };
    status.code() == Some(report.code) && is_about
}
