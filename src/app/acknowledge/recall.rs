//! Answers that a lost register had recorded, by the copy of its journal: recorded again as they were given.

use chrono::{DateTime, Utc};

use super::record::{Statement, enter};
use super::{AnswerError, Outcome};
use crate::app::ports::{RecalledAnswer, Store, StoreError};
use crate::domain::calendar::Calendar;
use crate::domain::status::Voices;

/// Records an answer for the row it is about, as of when it was given; whether it counts there, or did already. One that
/// cannot count any more is left for people.
///
/// # Errors
/// [`StoreError`]; nothing was recorded.
pub async fn recall(
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    recalled: &RecalledAnswer,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let statement = Statement {
        obligations: vec![recalled.target],
        answer: recalled.answer.clone(),
        grade: recalled.grade,
        channel: channel(&recalled.channel),
        actor: recalled.actor.clone(),
        reason: recalled.reason.clone(),
        evidence: Some("theo bản chép nhật ký, sau khi phục hồi".to_owned()),
        now: recalled.at,
    };
    let mut tx = store.begin().await?;
    let (recorded, _) = match enter(tx.as_mut(), store, (calendar, voices), &statement).await {
        Ok(done) => done,
        Err(AnswerError::Store(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    let counts = matches!(
        recorded.outcome,
        Outcome::Recorded(_) | Outcome::Corrected(_) | Outcome::Already | Outcome::Closed
    );
    if counts {
        tx.found_again(recalled.id, now).await?;
        tx.commit().await?;
    }
    Ok(counts)
}

/// The word of a channel.
fn channel(word: &str) -> &'static str {
    ["link", "reply", "staff", "upstream"].into_iter().find(|known| *known == word).unwrap_or("link")
}
