//! A register that was put back from an older copy of itself.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoreError;
use crate::domain::ids::ObligationId;

/// That a register was put back. Until a person releases it nothing leaves: what the copy does not know may have been
/// sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restoration {
    /// Its number.
    pub id: i64,
    /// What it was put back from, for people: the name of a file.
    pub origin: String,
    /// When the copy was taken, where that is known.
    pub taken: Option<DateTime<Utc>>,
    /// When it was put back.
    pub restored: DateTime<Utc>,
    /// Who did it.
    pub author: String,
    /// The last number of the journal as it was put back.
    pub position: i64,
    /// The greatest number of an obligation that the copy knew, and the number that later ones begin above. What lies
    /// between was given by the register that is lost, and may stand in links.
    pub lost: (i64, i64),
    /// When nothing was held back any more; `None` as long as it is.
    pub released: Option<DateTime<Utc>>,
    /// Who said so.
    pub releaser: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl Restoration {
    /// Whether an obligation of that number was opened by the register that is lost.
    pub fn lost(&self, id: ObligationId) -> bool {
        self.lost.0 < id.0 && id.0 <= self.lost.1
    }
}

/// The greatest numbers that a lost register is known to have given; 0 where nothing is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Of obligations.
    pub obligation: i64,
    /// Of documents.
    pub document: i64,
    /// Of revisions.
    pub revision: i64,
    /// Of holds.
    pub hold: i64,
}

/// To be recorded of a register that was put back.
#[derive(Debug, Clone)]
pub struct NewRestoration {
    /// As in [`Restoration`].
    pub origin: String,
    /// As in [`Restoration`].
    pub taken: Option<DateTime<Utc>>,
    /// As in [`Restoration`].
    pub restored: DateTime<Utc>,
    /// As in [`Restoration`].
    pub author: String,
    /// Later numbers begin above these too.
    pub given: Given,
}

/// What anybody may ask.
#[async_trait]
pub trait RestorationReader {
    /// Every time the register was put back, oldest first.
    async fn restorations(&self) -> Result<Vec<Restoration>, StoreError>;

    /// The last of those that hold back what would leave; `None` where nothing is held back.
    async fn restoring(&self) -> Result<Option<Restoration>, StoreError> {
        Ok(self.restorations().await?.into_iter().rfind(|restoration| restoration.released.is_none()))
    }
}

/// Holding back, and letting go.
#[async_trait]
pub trait RestorationTx {
    /// Records that the register was put back: nothing leaves from now on, and no number that the lost register may
    /// have given is given again.
    async fn restored(&mut self, new: &NewRestoration) -> Result<(), StoreError>;

    /// Lets go; how many restorations were held back for.
    async fn release_restored(
        &mut self,
        author: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;
}
