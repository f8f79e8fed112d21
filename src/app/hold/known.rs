//! Holds about something the register keeps beside them: a delivery that waits, a status, a message.

use serde_json::json;

use super::{Decided, Desk, HoldError};
use crate::app::ingest::{self, IdentifyError};
use crate::app::ports::{Act, HoldRow, JournalEntry, JournalKind, OriginId, Pending, StoreError, Tx};
use crate::app::report_up;
use crate::domain::ids::{DocumentId, HoldId};

impl From<IdentifyError> for HoldError {
    fn from(error: IdentifyError) -> Self {
        match error {
            IdentifyError::NoDocument(id) => Self::NotThis(id),
            IdentifyError::Secret(why) => Self::Secret(why),
            IdentifyError::Store(error) => Self::Store(error),
        }
    }
}

impl Desk<'_> {
    /// Does with a delivery that waits what a person says it is. One that awaits several documents is settled
    /// for the first of them, and its hold stays open for the others.
    pub(super) async fn identify(
        &self,
        hold: &HoldRow,
        act: Act,
        choice: ingest::Choice,
    ) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        let pending = self.kept(tx.as_mut(), hold).await?;
        let (ours, new) = ((self.office, self.policy), pending.document);
        let done = ingest::identify(tx.as_mut(), ours, pending, choice, self.now).await?;
        let about = match (choice, tx.origin(&hold.source, &hold.external_id).await?) {
            (ingest::Choice::Same(id), _) => Some(id),
            (ingest::Choice::Own, origin) => origin.map(|origin| origin.document).or(new),
        };
        let mails = match about {
            Some(id) => self.mails(tx.as_mut(), id).await?,
            None => 0,
        };
        let decided = Decided { documents: 1, opened: done.opened, mails };
        let about = HoldRow { document: about, ..hold.clone() };
        if done.left == 0 {
            return self.settle(tx, &about, act, decided, json!({})).await;
        }
        tx.append(&[self.entry(&about, act, json!({"left": done.left}))]).await?;
        tx.commit().await?;
        Ok(decided)
    }

    /// Ends the waiting of a delivery for good.
    pub(super) async fn drop_kept(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        for pending in tx.kept(&hold.source, &hold.external_id).await? {
            tx.end_wait(&pending, self.now).await?;
        }
        self.settle(tx, hold, Act::Dismiss, Decided::default(), json!({})).await
    }

    /// An operation names bodies that a person says are the office itself.
    pub(super) async fn reach_all(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        ingest::reach_all(tx.as_mut(), (self.office, self.policy), hold, self.now).await?;
        let mails = match hold.document {
            Some(id) => self.mails(tx.as_mut(), id).await?,
            None => 0,
        };
        let decided = Decided { documents: 1, opened: 0, mails };
        self.settle(tx, hold, Act::Release, decided, json!({})).await
    }

    /// Has every status told again that its source refused.
    pub(super) async fn tell_again(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        let document = hold.document.ok_or(HoldError::NoDocument)?;
        let origin = OriginId { source: hold.source.clone(), external_id: hold.external_id.clone() };
        let again = report_up::again(tx.as_mut(), document, &origin, self.actor, self.now).await?;
        if again.is_empty() {
            return Err(HoldError::NothingToTell(hold.id));
        }
        self.settle(tx, hold, Act::Release, Decided::default(), json!({"again": again})).await
    }

    /// A message that fitted nothing is about this document.
    pub(super) async fn attribute(&self, hold: &HoldRow, id: DocumentId) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        if tx.newest(id).await?.is_none() {
            return Err(HoldError::NotThis(id));
        }
        ingest::attribute(tx.as_mut(), hold, id, self.now).await?;
        let about = HoldRow { document: Some(id), ..hold.clone() };
        self.settle(tx, &about, Act::Assign, Decided::default(), json!({})).await
    }

    /// Answers a sender who wants a document back.
    pub(super) async fn answer(&self, id: HoldId, agrees: bool) -> Result<Decided, HoldError> {
        let takes = |origin: &OriginId| self.policy.voices.contains_key(&origin.source);
        let Desk { actor, reason, office, policy, now, .. } = *self;
        let recall = report_up::Recall { hold: id, agrees, actor, reason, office, policy, now };
        match report_up::answer(self.store, &takes, &recall).await {
            Ok(answered) => {
                let mut tx = self.store.begin().await?;
                let mails = self.mails(tx.as_mut(), answered.document).await?;
                Ok(Decided { documents: 1, opened: 0, mails })
            }
            Err(report_up::RecallError::NoRecall(id)) => Err(HoldError::Gone(id)),
            Err(report_up::RecallError::Unsayable(why)) => Err(HoldError::Unsayable(why)),
            Err(report_up::RecallError::Store(error)) => Err(error.into()),
        }
    }

    /// The delivery that waits, the oldest first.
    async fn kept(&self, tx: &mut dyn Tx, hold: &HoldRow) -> Result<Pending, HoldError> {
        let kept = tx.kept(&hold.source, &hold.external_id).await?;
        kept.into_iter().next().ok_or(HoldError::Gone(hold.id))
    }

    /// Mails about a document that wait to be sent.
    async fn mails(&self, tx: &mut dyn Tx, id: DocumentId) -> Result<u64, StoreError> {
        match tx.newest(id).await? {
            Some((_, stored)) => tx.queued(stored.id).await,
            None => Ok(0),
        }
    }

    /// The entry of a decision about a hold.
    pub(super) fn entry(&self, hold: &HoldRow, act: Act, more: serde_json::Value) -> JournalEntry {
        let mut detail = json!({
            "hold": hold.id, "kind": hold.kind.as_str(), "act": act.as_str(), "reason": self.reason,
            "actor": self.actor,
        });
        if let (Some(detail), serde_json::Value::Object(more)) = (detail.as_object_mut(), more) {
            detail.extend(more);
        }
        let (at, kind) = (self.now, JournalKind::Released);
        JournalEntry { at, kind, document: hold.document, obligation: None, detail }
    }
}
