//! Chasing: drafts the official letter that chases the cells of a directive. Nothing is sent or stored: a
//! person numbers and signs it.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::plan::letter::facts;
use super::policy::Policy;
use super::ports::{DocumentRow, HoldKind, Reader, StoreError};
use crate::domain::chasing::{Asked, ChasingLetter, sides};
use crate::domain::ids::DocumentId;
use crate::domain::obligation::State;
use crate::domain::operation::Standing;

/// Why there is no letter.
#[derive(Debug, thiserror::Error)]
pub enum ChasingError {
    /// No such document.
    #[error("không có văn bản này trong sổ")]
    Unknown,
    /// It waits for a person because it may be secret.
    #[error("văn bản đang bị giữ vì độ mật; không soạn công văn đôn đốc bằng máy")]
    Withheld,
    /// It holds no more.
    #[error("văn bản đã được thu hồi, thay thế hoặc không còn hiệu lực; không có gì để đôn đốc")]
    Ended,
    /// It asks nothing of anybody.
    #[error("văn bản không giao việc cho chi bộ nào; không có gì để đôn đốc")]
    Nobody,
    /// Everybody has done it.
    #[error("mọi chi bộ đã hoàn thành; không có gì để đôn đốc")]
    AllDone,
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Drafts the letter about a document as things stand at `now`.
///
/// # Errors
/// [`ChasingError`].
pub async fn draft(
    store: &dyn Reader,
    office: &Office,
    policy: &Policy,
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<ChasingLetter, ChasingError> {
    let document = store.document(id, now).await?.ok_or(ChasingError::Unknown)?;
    if is_withheld(store, &document).await? {
        return Err(ChasingError::Withheld);
    }
    if document.standing != Standing::InForce {
        return Err(ChasingError::Ended);
    }
    let asked = asked(store, id).await?;
    let due = asked.iter().filter(|one| one.row.state.is_live()).filter_map(|one| one.row.due).max();
    let (owing, done) = sides(&asked, (&office.units, &office.calendar), now);
    if owing.is_empty() {
        return Err(if done.is_empty() { ChasingError::Nobody } else { ChasingError::AllDone });
    }
    let day = office.calendar.date_of(now);
    let body = office.units.office.as_ref().map(|id| office.units.name_on(id, day).to_owned());
    Ok(ChasingLetter {
        body: body.filter(|body| *body != office.name),
        office: office.name.clone(),
        facts: facts(&document.document, policy.subject(&document.document)),
        due,
        day,
        owing,
        done,
    })
}

/// Whether a later delivery of it may be secret and nobody has said.
async fn is_withheld(store: &dyn Reader, document: &DocumentRow) -> Result<bool, StoreError> {
    let holds = store.holds(true).await?;
    let mut secret = holds.iter().filter(|hold| hold.kind == HoldKind::Secret);
    Ok(secret.any(|hold| {
        let same = hold.source == document.source && hold.external_id == document.external_id;
        same || hold.document == Some(document.id)
    }))
}

/// What is asked of every cell; withdrawn rows of cells that go on under another row say nothing.
async fn asked(store: &dyn Reader, id: DocumentId) -> Result<Vec<Asked>, StoreError> {
    let mut asked = Vec::new();
    for row in store.obligations(id, false).await? {
        if row.obligation.state == State::Withdrawn {
            continue;
        }
        let duty = store.duty(row.obligation.duty).await?;
        let owes = duty.as_ref().map(|stored| stored.duty.owes.clone()).unwrap_or_default();
        let task = duty.and_then(|stored| stored.duty.task).map(|task| task.name);
        asked.push(Asked { row: row.obligation, contact: row.contact, task, owes });
    }
    Ok(asked)
}
