//! What a source shows of its readers, where the duty is content with that.

use chrono::{DateTime, Utc};

use super::record::{Statement, record};
use super::{AnswerError, Outcome};
use crate::app::ports::Store;
use crate::domain::calendar::Calendar;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Answer, Grade};
use crate::domain::status::Voices;

/// Records that the cells of some rows have looked at the directive in its source, at grade
/// [`Grade::Upstream`]. The caller has seen to it that their duties are content with that.
///
/// # Errors
/// [`AnswerError::Unknown`] and [`AnswerError::Store`]; then nothing was recorded.
pub async fn upstream(
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    (obligations, evidence): (Vec<ObligationId>, String),
    now: DateTime<Utc>,
) -> Result<Outcome, AnswerError> {
    let statement = Statement {
        obligations,
        answer: Answer::Received { promised: None },
        grade: Grade::Upstream,
        channel: "upstream",
        actor: None,
        reason: None,
        evidence: Some(evidence),
        now,
    };
    Ok(record(store, (calendar, voices), &statement).await?.outcome)
}
