//! The dues of a letter as the reader's calendar takes them.

use super::Writer;
use crate::app::ports::{Claimed, StoreError};
use crate::domain::appointment::Appointment;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::Obligation;

impl Writer<'_> {
    /// The appointments a letter brings: new ones with a first notice, changed and ended ones with a change,
    /// ended ones with a withdrawal. Reminders change nothing and bring none.
    pub(super) async fn appointments(&mut self, claimed: &Claimed) -> Result<Vec<Appointment>, StoreError> {
        let rows: Vec<Obligation> = match claimed.key.kind {
            NoticeKind::Notice => {
                claimed.obligations.iter().filter(|row| row.state.is_live()).cloned().collect()
            }
            NoticeKind::Change | NoticeKind::Withdrawal => {
                let rows = self.store.obligations(claimed.document, true).await?;
                rows.into_iter()
                    .map(|row| row.obligation)
                    .filter(|row| row.cell == claimed.key.unit)
                    .collect()
            }
            _ => Vec::new(),
        };
        let ids: Vec<_> = rows.iter().filter(|row| row.due.is_some()).map(|row| row.id).collect();
        let sequences = if ids.is_empty() { Default::default() } else { self.store.sequences(&ids).await? };
        let mut appointments = Vec::with_capacity(ids.len());
        for row in &rows {
            let (revision, duty) = (self.revision(row.revision).await?, self.duty(row.duty).await?);
            let (Some(revision), Some(duty)) = (revision, duty) else { continue };
            let task = duty.duty.task.as_ref().map(|task| task.name.as_str());
            let sequence = sequences.get(&row.id).copied().unwrap_or_default();
            let about = (&revision.facts, task);
            appointments.extend(Appointment::of(row, sequence, about, &self.office.calendar));
        }
        Ok(appointments)
    }
}
