//! Duties that come again.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{StoreError, StoredDuty};
use crate::domain::ids::DutyId;
use crate::domain::obligation::Obligation;

/// Periods inside a write.
#[async_trait]
pub trait RecurTx {
    /// The duties whose next period may open at `now`, longest due first; none of a document that waits for
    /// a person's word about a brake.
    async fn ripe(&mut self, now: DateTime<Utc>, limit: u32) -> Result<Vec<StoredDuty>, StoreError>;

    /// The rows under a duty that belong to the newest revision of a document in force.
    async fn under(&mut self, duty: DutyId) -> Result<Vec<Obligation>, StoreError>;

    /// Records that nothing more opens after this duty by itself.
    async fn end_period(&mut self, duty: DutyId) -> Result<(), StoreError>;
}
