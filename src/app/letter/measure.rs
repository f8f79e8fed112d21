//! What a mail of the ladder is to its cell: of which kind, and the how many-th of it.

use std::collections::BTreeSet;

use super::{Asked, Writer};
use crate::app::ports::{Claimed, StoreError};
use crate::domain::ids::ObligationId;
use crate::domain::ladder::Recipient;
use crate::domain::notice::{Measure, NoticeKind};

impl Writer<'_> {
    /// The sternest step a mail is about, and how often the cell met one of that kind about the same task,
    /// this one included; `None` where it is no mail of the ladder.
    pub(super) async fn measure(
        &self,
        claimed: &Claimed,
        asked: &[Asked<'_>],
    ) -> Result<Option<Measure>, StoreError> {
        let step = |asked: &&Asked<'_>| {
            let (_, number) = claimed.about.iter().find(|(row, _)| *row == asked.row.id)?;
            Some((asked.row.id, asked.duty.duty.ladder.step(*number)?.kind))
        };
        let steps: Vec<_> =
            asked.iter().filter(|asked| asked.is_meant).filter_map(|one| step(&one)).collect();
        let Some(kind) = steps.iter().map(|(_, kind)| *kind).max() else { return Ok(None) };
        let rows: Vec<ObligationId> =
            steps.iter().filter(|(_, own)| *own == kind).map(|(row, _)| *row).collect();
        let taken = self.store.stepped(&rows).await?;
        let of = |row: &ObligationId| {
            let own = taken.iter().filter(|step| step.obligation == *row && step.kind == kind);
            own.filter(|step| step.recipient == Recipient::Cell).count()
        };
        let times = rows.iter().map(of).max().unwrap_or_default().max(1);
        Ok(Some(Measure { kind, times: u32::try_from(times).ok() }))
    }

    /// The rows of a mail of the ladder that rest, about which nothing is to be mailed.
    pub(super) async fn resting(&self, claimed: &Claimed) -> Result<BTreeSet<ObligationId>, StoreError> {
        let ids: Vec<_> = claimed.obligations.iter().map(|row| row.id).collect();
        match claimed.key.kind {
            NoticeKind::Reminder | NoticeKind::Chase => self.resting_among(&ids).await,
            _ => Ok(BTreeSet::new()),
        }
    }

    /// The rows of these that rest.
    pub(super) async fn resting_among(
        &self,
        ids: &[ObligationId],
    ) -> Result<BTreeSet<ObligationId>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        Ok(self.store.resting(ids).await?.into_iter().map(|respite| respite.obligation).collect())
    }
}
