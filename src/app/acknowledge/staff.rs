//! What a cell told staff by telephone, on paper or in person.

use chrono::{DateTime, Utc};

use super::record::{Statement, record};
use super::{AnswerError, Outcome};
use crate::app::ports::Store;
use crate::domain::calendar::Calendar;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::{Answer, Grade};
use crate::domain::status::Voices;

/// An answer that staff enter on behalf of a cell.
#[derive(Debug, Clone, Copy)]
pub struct OnBehalf<'a> {
    /// The rows it is about.
    pub obligations: &'a [ObligationId],
    /// What the cell said.
    pub answer: &'a Answer,
    /// Who enters it: the operating system's user.
    pub actor: &'a str,
    /// Why it is entered: a phone call, a letter on paper.
    pub reason: &'a str,
    /// When.
    pub now: DateTime<Utc>,
}

/// Records what a cell told staff by other ways, at grade [`Grade::Staff`].
///
/// # Errors
/// [`AnswerError::Unknown`] and [`AnswerError::Store`]; then nothing was recorded.
pub async fn staff(
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    entry: &OnBehalf<'_>,
) -> Result<Outcome, AnswerError> {
    let statement = Statement {
        obligations: entry.obligations.to_vec(),
        answer: entry.answer.clone(),
        grade: Grade::Staff,
        channel: "staff",
        actor: Some(entry.actor.to_owned()),
        reason: Some(entry.reason.to_owned()),
        evidence: None,
        now: entry.now,
    };
    Ok(record(store, (calendar, voices), &statement).await?.outcome)
}
