//! One open document into the register, inside the caller's transaction: what it is, given what is known,
//! and what follows from that.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::assign::Step;
use super::{Poll, Polled, revise, wait, withdraw};
use crate::app::ports::{
    HoldKind, Incoming, JournalEntry, JournalKind, NewHold, NewOrigin, Registered, StoreError, Tx,
};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::operation::{self, Candidate, Handling, Key, Known, Verdict};
use crate::domain::secrecy::Withheld;

/// What registering one document did.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// A revision came of it.
    pub(super) is_new: bool,
    /// It waits for staff because no rule matches.
    pub(super) is_unmatched: bool,
    /// Cells must act on it.
    pub(super) is_directive: bool,
    /// Obligations opened.
    pub(super) obligations: u64,
}

impl Done {
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    pub(super) fn count(&self, into: &mut Polled) {
        into.registered += u64::from(self.is_new);
        into.unmatched += u64::from(self.is_unmatched);
        into.directives += u64::from(self.is_directive);
        into.obligations += self.obligations;
    }
}

/// Registers what is new about a document; otherwise does nothing.
pub(super) async fn register(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    incoming: &Incoming,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let case = Case { poll, incoming, now };
    let known = case.known(tx).await?;
    case.settle(tx, operation::judge(case.document(), &known)).await
}

/// A delivery on its way into the register.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) poll: &'a Poll<'a>,
    pub(super) incoming: &'a Incoming,
    pub(super) now: DateTime<Utc>,
}

impl Case<'_> {
    pub(super) fn document(&self) -> &Document {
        self.incoming.document.get()
    }

    pub(super) fn handling(&self) -> &Handling {
        &self.poll.policy.operations
    }

    /// What the register knows that may have to do with the delivery.
    async fn known(&self, tx: &mut dyn Tx) -> Result<Known, StoreError> {
        let document = self.document();
        let origin = tx.origin(&document.source, &document.external_id).await?;
        if origin.is_some() {
            return Ok(Known { origin, ..Known::default() });
        }
        let keyed = match Key::target(document) {
            Some(key) => tx.keyed(&key).await?,
            None => Vec::new(),
        };
        let mut repeats = Vec::new();
        for id in &keyed {
            let origins = tx.origins(*id).await?.into_iter();
            repeats.extend(origins.filter(|origin| origin.content.source == document.source));
        }
        let alike = if keyed.is_empty() { self.alike(tx).await? } else { Vec::new() };
        Ok(Known { origin, repeats, keyed, alike })
    }

    async fn alike(&self, tx: &mut dyn Tx) -> Result<Vec<Candidate>, StoreError> {
        let document = self.document();
        let other = (!operation::operates(document.operation)).then_some(&document.source);
        let mut alike = Vec::new();
        for id in tx.alike(&document.symbol, other).await? {
            let newest = tx.newest(id).await?;
            alike.extend(newest.map(|(_, stored)| Candidate { id, content: stored.document }));
        }
        Ok(alike)
    }

    /// Does what a verdict asks for.
    pub(super) async fn settle(&self, tx: &mut dyn Tx, verdict: Verdict) -> Result<Done, StoreError> {
        match verdict {
            Verdict::Unchanged => Ok(Done::default()),
            Verdict::Repeat(id) => {
                self.keep_origin(tx, id, Some(&self.incoming.raw)).await?;
                Ok(Done::default())
            }
            Verdict::New => self.first(tx).await,
            Verdict::Onto(id) => self.onto(tx, id).await,
            Verdict::Revoke(id) => {
                self.keep_origin(tx, id, None).await?;
                withdraw::revoke(tx, self, id, (self.document(), &self.incoming.raw)).await
            }
            Verdict::Await(key) => wait::for_original(tx, self, key, None).await,
            Verdict::Doubtful(doubts) => wait::for_a_person(tx, self, &doubts).await,
            Verdict::Aimless => {
                let word = self.document().operation.vietnamese();
                self.hold(tx, HoldKind::Operation, format!("nghiệp vụ {word} không nêu mã văn bản nào")).await
            }
        }
    }

    /// A document nobody has seen, with what waited for it.
    async fn first(&self, tx: &mut dyn Tx) -> Result<Done, StoreError> {
        let raw = &self.incoming.raw;
        let registered = tx.register(None, &self.incoming.document, raw, self.now).await?;
        let id = registered.id;
        self.keep_origin(tx, id, None).await?;
        let detail = json!({"revision": registered.number, "fingerprint": registered.fingerprint});
        tx.append(&[self.entry(JournalKind::Registered, id, detail)]).await?;
        let met = wait::meet(tx, self, id).await?;
        let mut done = if met.ends() {
            self.step(&registered, self.document()).trace(tx).await?;
            Done { is_new: true, ..Done::default() }
        } else if met.updates.is_empty() {
            self.step(&registered, self.document()).route(tx).await?
        } else {
            revise::before_anybody_knew(tx, self, id).await?
        };
        self.replaces(tx, id).await?;
        let after = met.apply(tx, self, id).await?;
        done.is_new = true;
        done.is_directive &= !after;
        Ok(done)
    }

    /// More about a document that is known.
    async fn onto(&self, tx: &mut dyn Tx, id: DocumentId) -> Result<Done, StoreError> {
        let (source, external_id) = (&self.document().source, &self.document().external_id);
        let is_known = tx.origin(source, external_id).await?.is_some();
        self.keep_origin(tx, id, None).await?;
        let met = wait::meet(tx, self, id).await?;
        let done = revise::revise(tx, self, id).await?;
        if !done.is_new {
            self.keep_origin(tx, id, Some(&self.incoming.raw)).await?;
        }
        if !done.is_new && !is_known {
            let document = self.document();
            let detail = json!({
                "origin": document.source, "external_id": document.external_id,
                "operation": document.operation.as_str(),
            });
            tx.append(&[self.entry(JournalKind::Registered, id, detail)]).await?;
        }
        withdraw::receivers(tx, self, id, self.document()).await?;
        self.replaces(tx, id).await?;
        met.apply(tx, self, id).await?;
        Ok(done)
    }

    /// A replacement takes the place of each document it names, now or when that one comes.
    async fn replaces(&self, tx: &mut dyn Tx, new: DocumentId) -> Result<(), StoreError> {
        for (key, organs) in Key::replaced(self.document()) {
            let known = tx.keyed(&key).await?;
            if known.is_empty() {
                wait::for_original(tx, self, key, Some(new)).await?;
            }
            for old in known.into_iter().filter(|old| *old != new) {
                withdraw::replace(tx, self, (old, new), organs).await?;
            }
        }
        Ok(())
    }

    pub(super) fn step<'a>(&'a self, registered: &Registered, document: &'a Document) -> Step<'a> {
        Step { poll: self.poll, document, registered: registered.clone(), now: self.now }
    }

    async fn keep_origin(
        &self,
        tx: &mut dyn Tx,
        document: DocumentId,
        raw: Option<&Vec<u8>>,
    ) -> Result<(), StoreError> {
        let content = self.document();
        let key = Key::target(content);
        let (key, raw) = (key.as_ref(), raw.map(Vec::as_slice));
        tx.keep_origin(&NewOrigin { document, content, key, raw, seen: self.now }).await
    }

    /// Holds what cannot be registered; its bytes stay with the hold.
    pub(super) async fn hold(
        &self,
        tx: &mut dyn Tx,
        kind: HoldKind,
        reason: String,
    ) -> Result<Done, StoreError> {
        let document = self.document();
        let hold = NewHold {
            kind,
            source: document.source.clone(),
            external_id: document.external_id.clone(),
            document: None,
            unit: None,
            task: None,
            reason,
            raw: Some(self.incoming.raw.clone()),
        };
        tx.open_hold(&hold, self.now).await?;
        Ok(Done::default())
    }

    /// Holds a document whose text must not be kept after all; nothing of this delivery is.
    pub(super) async fn hold_secret(&self, tx: &mut dyn Tx, why: Withheld) -> Result<(), StoreError> {
        let document = self.document();
        let hold = NewHold {
            kind: HoldKind::Secret,
            source: document.source.clone(),
            external_id: document.external_id.clone(),
            document: None,
            unit: None,
            task: None,
            reason: why.vietnamese().to_owned(),
            raw: None,
        };
        tx.open_hold(&hold, self.now).await.map(|_| ())
    }

    pub(super) fn entry(
        &self,
        kind: JournalKind,
        document: DocumentId,
        detail: serde_json::Value,
    ) -> JournalEntry {
        JournalEntry { at: self.now, kind, document: Some(document), obligation: None, detail }
    }
}
