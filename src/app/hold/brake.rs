//! The brake let go by a person, document by document: who stops half-way goes on where it stopped.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Decided, Desk, HoldError};
use crate::app::ingest::assign_stored;
use crate::app::ports::{Act, HoldKind, HoldRow, NewHold, StoreError, StoredRevision, Tx};
use crate::domain::brake::Why;
use crate::domain::ids::DocumentId;
use crate::domain::ladder;
use crate::domain::obligation::{Obligation, State};
use crate::domain::routing::{self, Outcome};

impl Desk<'_> {
    /// Tells the cells of everything a hold keeps back.
    pub(super) async fn unbrake(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut done = Decided::default();
        for document in self.waiting(hold).await? {
            let mut tx = self.store.begin().await?;
            let Some((_, stored)) = tx.newest(document).await? else { continue };
            let opened = match Why::parse(hold.external_id.as_str()) {
                Some(Why::Baseline) => self.open(tx.as_mut(), hold, &stored).await?,
                _ => self.start(tx.as_mut(), &stored).await?,
            };
            let send_at = self.policy.send_at(stored.document.urgency, self.now, &self.office.calendar);
            tx.let_go(document, Some(send_at), self.now).await?;
            let mails = tx.queued(stored.id).await?;
            tx.append(&[self.entry(&about(hold, document), Act::Release, json!({"mails": mails}))]).await?;
            tx.commit().await?;
            done.documents += 1;
            done.opened += opened;
            done.mails += mails;
        }
        let more = json!({"documents": done.documents, "mails": done.mails});
        self.settle(self.store.begin().await?, hold, Act::Release, done, more).await
    }

    /// Tells nobody of what a hold keeps back, for good.
    pub(super) async fn silence(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut done = Decided::default();
        for document in self.waiting(hold).await? {
            let mut tx = self.store.begin().await?;
            tx.let_go(document, None, self.now).await?;
            let live = tx.live(document, None).await?;
            let excused: Vec<_> = live.iter().map(|row| row.closed(State::Excused, self.now)).collect();
            tx.save_obligations(&excused).await?;
            let more = json!({"excused": excused.len()});
            tx.append(&[self.entry(&about(hold, document), Act::Dismiss, more)]).await?;
            tx.commit().await?;
            done.documents += 1;
        }
        let more = json!({"documents": done.documents});
        self.settle(self.store.begin().await?, hold, Act::Dismiss, done, more).await
    }

    async fn waiting(&self, hold: &HoldRow) -> Result<Vec<DocumentId>, StoreError> {
        let mut tx = self.store.begin().await?;
        tx.braked_by(hold.id).await
    }

    /// What lay in the source before its first walk is routed only now.
    async fn open(
        &self,
        tx: &mut dyn Tx,
        hold: &HoldRow,
        stored: &StoredRevision,
    ) -> Result<u64, StoreError> {
        let Desk { office, policy, now, .. } = *self;
        let trace = routing::decide(&office.ruleset, &stored.document, &office.units, &office.calendar, now);
        match trace.outcome {
            Outcome::Assigned { assignments } => {
                assign_stored(tx, (office, policy), stored, &assignments, now).await
            }
            Outcome::Nobody { .. } => Ok(0),
            Outcome::Unmatched => {
                let new = NewHold {
                    kind: HoldKind::Unmatched,
                    source: hold.source.clone(),
                    external_id: stored.document.external_id.clone(),
                    document: Some(stored.document_id),
                    unit: None,
                    task: None,
                    reason: "không quy tắc nào khớp với văn bản này".to_owned(),
                    raw: None,
                };
                tx.open_hold(&new, now).await?;
                Ok(0)
            }
        }
    }

    /// The ladders of what was opened under the brake start now: nobody is late with what nobody told them.
    async fn start(&self, tx: &mut dyn Tx, stored: &StoredRevision) -> Result<u64, StoreError> {
        let mut rows = Vec::new();
        for row in tx.live(stored.document_id, None).await? {
            let Some(duty) = tx.duty(row.duty).await? else { continue };
            rows.push(self.started(row, &duty.duty.ladder));
        }
        tx.reassign(&rows).await?;
        Ok(0)
    }

    fn started(&self, row: Obligation, ladder: &ladder::Ladder) -> Obligation {
        let calendar = &self.office.calendar;
        let day = |at: DateTime<Utc>| {
            at.max(calendar.end_of_day(calendar.add_working_days(calendar.date_of(self.now), 1)))
        };
        let row = Obligation {
            opened: self.now,
            acknowledge_due: row.acknowledge_due.map(day),
            next_action: None,
            ..row
        };
        let next_action = ladder::advise(&row, ladder, self.now, calendar).next;
        Obligation { next_action, ..row }
    }
}

/// The hold as far as it is about one document.
fn about(hold: &HoldRow, document: DocumentId) -> HoldRow {
    HoldRow { document: Some(document), ..hold.clone() }
}
