//! What a cell answered by mail, where its words are a statement and its sender is one of its mailboxes.

use chrono::{DateTime, Utc};

use super::follow::{Followed, follow};
use super::record::{Statement, enter};
use super::{AnswerError, Desk, Memory, Outcome};
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Store, Tx};
use crate::domain::ids::{RevisionId, UnitId};
use crate::domain::obligation::{Answer, Grade};

/// An answer that came by mail.
#[derive(Debug, Clone, Copy)]
pub struct ByMail<'a> {
    /// The revision that the answered mail was about.
    pub revision: RevisionId,
    /// The unit it was written to.
    pub unit: &'a UnitId,
    /// What was said.
    pub answer: &'a Answer,
    /// Who says so, and by which message: kept with the evidence.
    pub evidence: &'a str,
    /// When it was read.
    pub now: DateTime<Utc>,
}

/// What an answer by mail led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replied {
    /// It counts, or the same was known before.
    Counted,
    /// All it is about is closed; the answer is kept as evidence.
    Closed,
    /// The unit is asked nothing by that revision: a superior who was told about others.
    Nothing,
    /// The unit is asked several things, and the words do not say which of them is done.
    Several(usize),
    /// The duty wants stronger evidence than a mail.
    TooWeak,
}

/// Records an answer by mail, at grade [`Grade::Replied`], within the transaction that keeps the mail. A
/// receipt is about all that is asked; a report is about one thing, so it counts only where there is one.
///
/// # Errors
/// [`AnswerError`]; the caller gives the transaction up.
pub async fn by_mail(
    tx: &mut dyn Tx,
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    mail: &ByMail<'_>,
) -> Result<Replied, AnswerError> {
    let Some(first) = store.asked_of(mail.revision, mail.unit).await?.into_iter().next() else {
        return Ok(Replied::Nothing);
    };
    let memory = Memory::default();
    let desk = Desk {
        store,
        keyring: &policy.keyring,
        secret: &policy.secret,
        memory: &memory,
        calendar: &office.calendar,
        units: &office.units,
        voices: &policy.voices,
    };
    let Followed { group, .. } = follow(&desk, first.id, mail.now).await?;
    let meant = group.meant(None);
    let open = meant.iter().filter(|row| row.state.is_live()).count();
    if open > 1 && matches!(mail.answer, Answer::Done { .. }) {
        return Ok(Replied::Several(open));
    }
    if group.demanded(&meant) > Grade::Replied {
        return Ok(Replied::TooWeak);
    }
    let statement = Statement {
        obligations: meant.iter().map(|row| row.id).collect(),
        answer: mail.answer.clone(),
        grade: Grade::Replied,
        channel: "reply",
        actor: None,
        reason: None,
        evidence: Some(mail.evidence.to_owned()),
        now: mail.now,
    };
    let (recorded, _) = enter(tx, store, (&office.calendar, &policy.voices), &statement).await?;
    Ok(if recorded.outcome == Outcome::Closed { Replied::Closed } else { Replied::Counted })
}
