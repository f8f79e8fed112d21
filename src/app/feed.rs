//! Feed: the calendar of one cell at an address of its own. Whoever has the address can read it and nothing
//! else, so nothing stands in it by which one could answer.

use chrono::{DateTime, TimeDelta, Utc};

use super::office::Office;
use super::plan::letter::facts;
use super::policy::Policy;
use super::ports::{Reader, StoreError};
use crate::domain::appointment::Appointment;
use crate::domain::ids::UnitId;
use crate::domain::token::FeedClaims;

/// How long what has ended is still shown, as cancelled: phones that slept for weeks learn of it too.
const REMEMBERED: TimeDelta = TimeDelta::days(45);

/// The calendar of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Name of the cell.
    pub name: String,
    /// Its dues, oldest work first.
    pub appointments: Vec<Appointment>,
}

/// Why there is no calendar. Whoever asks sees the same answer for all but the last.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Not an address of ours, an older one of the cell's, or of a cell that is no more.
    #[error("địa chỉ lịch không đúng hoặc đã được thay")]
    Unknown,
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The address of a cell's calendar as it is served now.
///
/// # Errors
/// [`StoreError`].
pub async fn address(store: &dyn Reader, policy: &Policy, cell: &UnitId) -> Result<String, StoreError> {
    let generation = store.feed_generation(cell).await?;
    let token = policy.keyring.sign_feed(&FeedClaims { cell: cell.clone(), generation });
    Ok(format!("{}/lich/{token}.ics", policy.public_url))
}

/// The calendar behind a token.
///
/// # Errors
/// [`FeedError`].
pub async fn feed(
    store: &dyn Reader,
    office: &Office,
    policy: &Policy,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Feed, FeedError> {
    let claims = policy.keyring.verify_feed(token).map_err(|_| FeedError::Unknown)?;
    let today = office.calendar.date_of(now);
    let unit = office.units.get(&claims.cell).filter(|unit| unit.valid.covers(today));
    let unit = unit.ok_or(FeedError::Unknown)?;
    if store.feed_generation(&claims.cell).await? != claims.generation {
        return Err(FeedError::Unknown);
    }
    let rows = store.dated_of(&claims.cell, now - REMEMBERED).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.obligation.id).collect();
    let sequences = store.sequences(&ids).await?;
    let mut appointments = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|row| row.contact.is_reached()) {
        let row = &row.obligation;
        let Some(revision) = store.revision(row.revision).await? else { continue };
        let Some(duty) = store.duty(row.duty).await? else { continue };
        let facts = facts(&revision.document, policy.subject(&revision.document));
        let task = duty.duty.task.as_ref().map(|task| task.name.as_str());
        let sequence = sequences.get(&row.id).copied().unwrap_or_default();
        appointments.extend(Appointment::of(row, sequence, (&facts, task), &office.calendar));
    }
    Ok(Feed { name: unit.name_on(today).to_owned(), appointments })
}
