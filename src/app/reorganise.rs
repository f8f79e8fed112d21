//! Reorganise: what a unit that has ended still owes goes to whoever bears its work, or to staff as a
//! hold. One transaction per unit; doing it again changes nothing, so that it can be cut short anywhere.
//!
//! The old row is withdrawn and stays as history; the heir gets a row under the same revision with the
//! same instants. Where the heir has one already, that one takes over, in the stricter form of the two.
//! The journal names both, and by it an old link leads on.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::office::Office;
use super::policy::Policy;
use super::ports::{HoldKind, JournalEntry, JournalKind, Store, StoreError};
use crate::domain::ids::{DocumentId, UnitId};
use crate::domain::unit::Bearer;

mod hold;
mod preview;
mod transfer;

use hold::{Kept, hold_work};
pub use preview::{Consequence, preview};
use transfer::Transfer;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reorganised {
    /// Obligations that went to an heir that had none for the directive.
    pub moved: u64,
    /// Obligations that an heir's own took over.
    pub merged: u64,
    /// Obligations that wait for staff, also those that already did.
    pub held: u64,
    /// Holds that are no longer needed.
    pub released: u64,
}

/// The parts a reorganisation works with.
#[derive(Clone, Copy)]
pub struct Reorganisation<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office, with the units as they are now.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Brings the open obligations in line with the units as they are today.
///
/// # Errors
/// [`StoreError`]; units that were finished stay finished, the rest is done next time.
pub async fn reorganise(parts: &Reorganisation<'_>) -> Result<Reorganised, StoreError> {
    let today = parts.office.calendar.date_of(parts.now);
    let mut done = Reorganised::default();
    let mut kept = BTreeSet::new();
    for cell in parts.store.live_cells().await? {
        match parts.office.units.bearer(&cell, today) {
            Bearer::Itself(_) => {}
            Bearer::Heir(heir) => {
                let transfer = Transfer { parts, from: &cell, heir };
                transfer.run(&mut done, &mut kept).await?;
            }
            Bearer::Undecided { last, among } => {
                let reason = hold::undecided(parts, &cell, last, &among);
                kept.extend(hold_work(parts, &cell, &reason).await?);
            }
        }
    }
    done.held = kept.len() as u64;
    done.released = release(parts, &kept).await?;
    Ok(done)
}

/// What stays held after this run, to be told from holds that are no longer needed.
type Held = BTreeSet<Kept>;

/// Closes holds whose work has found a bearer, or has ended.
async fn release(parts: &Reorganisation<'_>, kept: &Held) -> Result<u64, StoreError> {
    let holds = parts.store.holds(true).await?;
    let needed = |document: Option<DocumentId>, unit: Option<UnitId>| {
        document.zip(unit).is_some_and(|pair| kept.contains(&pair))
    };
    let needless: Vec<_> = holds
        .into_iter()
        .filter(|hold| hold.kind == HoldKind::NoHeir && !needed(hold.document, hold.unit.clone()))
        .collect();
    if needless.is_empty() {
        return Ok(0);
    }
    let mut tx = parts.store.begin().await?;
    let mut released = 0;
    for hold in needless {
        if tx.release_hold(hold.id, parts.now).await? {
            released += 1;
            let detail = json!({"hold": hold.id, "cell": hold.unit, "reason": "việc đã có nơi tiếp nhận hoặc đã khép"});
            let kind = JournalKind::Released;
            tx.append(&[JournalEntry {
                at: parts.now,
                kind,
                document: hold.document,
                obligation: None,
                detail,
            }])
            .await?;
        }
    }
    tx.commit().await?;
    Ok(released)
}
