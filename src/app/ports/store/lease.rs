//! Leases: which of several instances does what only one may do at a time.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::StoreError;

/// Earlier states of rows that a server keeps because somebody's transaction might still see them: while it is open,
/// everything grows slower.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncleared {
    /// The table with the most of them.
    pub table: String,
    /// How many.
    pub dead: u64,
    /// How many rows it has.
    pub live: u64,
}

/// What anybody may ask about the instances that share a register.
#[async_trait]
pub trait LeaseReader {
    /// The time by the clock of the server that several instances share; `None` for a file, which one daemon has for
    /// itself.
    async fn server_time(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Refuses a register that a newer program has brought up to date meanwhile: this one does not know what its rows say
    /// now.
    async fn require_known(&self) -> Result<(), StoreError>;

    /// The rows that the server cannot clear away although they were changed long ago; `None` while there are few, and for a
    /// file.
    async fn uncleared(&self) -> Result<Option<Uncleared>, StoreError>;

    /// The instances that serve the register, by name. An SQLite file is held by its lock alone, and none is listed.
    async fn instances(&self) -> Result<Vec<String>, StoreError>;
}

/// Taking and giving back leases. They end by the server's clock; `now` counts where there is none.
#[async_trait]
pub trait LeaseTx {
    /// Takes a job that is free, or keeps one's own, for `time` from now: the epoch, which grows whenever a job is
    /// taken anew; `None` while another instance holds it.
    async fn take_lease(
        &mut self,
        job: &str,
        instance: &str,
        time: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError>;

    /// Gives back every job of an instance.
    async fn give_back(&mut self, instance: &str) -> Result<(), StoreError>;

    /// Frees the mails that an instance has claimed and does not know of: those of a claim whose commit was not answered.
    /// For when it has none in flight. One may have been accepted, for all the register knows; how many they were.
    async fn take_back(&mut self, instance: &str, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
