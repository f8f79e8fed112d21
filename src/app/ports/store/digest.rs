//! Digests, appointments and counts: what is open of whom, and what was made of a morning.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{ObligationRow, StoreError};
use crate::domain::ids::{NoticeId, ObligationId, UnitId};
use crate::domain::tally::{Counted, Window};

/// A mail that waits to remind a cell or to chase it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The notice.
    pub notice: NoticeId,
    /// The cell.
    pub cell: UnitId,
    /// The obligations it is about, each with the ladder step that was taken.
    pub about: Vec<(ObligationId, u16)>,
}

/// What is put together once on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// The digests of a morning.
    Digest,
    /// The table of a week.
    Weekly,
}

impl Round {
    /// The word in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Weekly => "weekly",
        }
    }
}

/// What digests, calendars and counts are made of.
#[async_trait]
pub trait DigestReader {
    /// Whether a round was made on a day.
    async fn round_made(&self, round: Round, day: NaiveDate) -> Result<bool, StoreError>;

    /// Live obligations of a cell with their contact, oldest first; none of a document that waits for a
    /// person's word about a brake.
    async fn open_of(&self, cell: &UnitId) -> Result<Vec<ObligationRow>, StoreError>;

    /// Obligations of a cell that have a due and are live, or ended at or after `since`, oldest first; none of
    /// a document that waits for a person's word about a brake.
    async fn dated_of(&self, cell: &UnitId, since: DateTime<Utc>) -> Result<Vec<ObligationRow>, StoreError>;

    /// The number of times due or end of these obligations changed.
    async fn sequences(&self, ids: &[ObligationId]) -> Result<BTreeMap<ObligationId, u32>, StoreError>;

    /// Which address of a cell's calendar is served; 0 is the first.
    async fn feed_generation(&self, cell: &UnitId) -> Result<u32, StoreError>;

    /// What is counted over a window: the obligations of newest revisions owed at some time in it.
    async fn counted(&self, window: Window) -> Result<Vec<Counted>, StoreError>;
}

/// Digests inside a write.
#[async_trait]
pub trait DigestTx {
    /// Records that a round is made on a day; `false` if it was before.
    async fn begin_round(
        &mut self,
        round: Round,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Live obligations of all cells, by cell, as [`DigestReader::open_of`].
    async fn open(&mut self) -> Result<Vec<ObligationRow>, StoreError>;

    /// Reminders, chases and older digests that wait, none of which a server took, and that are not as urgent as
    /// `priority`.
    async fn waiting(&mut self, priority: u8) -> Result<Vec<Waiting>, StoreError>;

    /// Drops notices that still wait, because a digest says what they would.
    async fn fold(&mut self, notices: &[NoticeId], reason: &str) -> Result<u64, StoreError>;

    /// Serves a cell's calendar at a new address alone; returns its generation.
    async fn renew_feed(&mut self, cell: &UnitId, now: DateTime<Utc>) -> Result<u32, StoreError>;
}
