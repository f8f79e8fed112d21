//! One open document into the register, inside the caller's transaction: what it is, given what is known,
//! and what follows from that.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::assign::Step;
use super::{Poll, Polled, revise, wait, withdraw};
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{
    HoldKind, Incoming, JournalEntry, JournalKind, NewHold, NewOrigin, Registered, StoreError, Tx,
};
use crate::domain::brake::Why;
use crate::domain::chain;
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
    /// Why nobody is told of it, where nobody is.
    pub(super) back: Option<Why>,
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
        into.silent += u64::from(self.back == Some(Why::Baseline));
        into.braked += u64::from(self.back == Some(Why::Flood));
    }
}

/// Registers what is new about a document; otherwise does nothing. A `silent` one is routed, so that everybody
/// can see what it would have asked, but asks nothing.
pub(super) async fn register(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    incoming: &Incoming,
    silent: bool,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let case = Case { office: poll.office, policy: poll.policy, incoming, silent, now };
    let verdict = operation::judge(case.document(), &case.known(tx).await?);
    if needs_a_person_to_differ(&verdict) && tx.decided(case.document()).await? {
        return Ok(Done::default());
    }
    case.settle(tx, verdict).await
}

/// Whether a delivery may be one about which a person has said otherwise: read once more, it must neither be
/// asked about again nor undo what was decided.
fn needs_a_person_to_differ(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::New | Verdict::Unchanged | Verdict::Repeat(_))
}

/// A delivery on its way into the register.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) office: &'a Office,
    pub(super) policy: &'a Policy,
    pub(super) incoming: &'a Incoming,
    pub(super) silent: bool,
    pub(super) now: DateTime<Utc>,
}

impl Case<'_> {
    pub(super) fn document(&self) -> &Document {
        self.incoming.document.get()
    }

    pub(super) fn handling(&self) -> &Handling {
        &self.policy.operations
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
            Verdict::Aimless => wait::for_a_target(tx, self).await,
        }
    }

    /// A document nobody has seen, with what waited for it.
    async fn first(&self, tx: &mut dyn Tx) -> Result<Done, StoreError> {
        let raw = &self.incoming.raw;
        let registered = tx.register(None, &self.incoming.document, raw, self.now).await?;
        let id = registered.id;
        self.keep_origin(tx, id, None).await?;
        let detail = json!({
            "revision": registered.number, "fingerprint": registered.fingerprint, "raw": chain::sha256(&[raw]),
        });
        tx.append(&[self.entry(JournalKind::Registered, id, detail)]).await?;
        if self.silent {
            self.step(&registered, self.document()).trace(tx).await?;
            return Ok(Done { is_new: true, ..Done::default() });
        }
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
        if self.silent {
            return self.onto_silently(tx, id).await;
        }
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

    /// More about a document that nobody was told of: a revision like any other, of which nobody is told either.
    async fn onto_silently(&self, tx: &mut dyn Tx, id: DocumentId) -> Result<Done, StoreError> {
        self.keep_origin(tx, id, Some(&self.incoming.raw)).await?;
        let Some((known, _)) = tx.newest(id).await? else { return Ok(Done::default()) };
        if known.fingerprint == self.document().fingerprint() {
            return Ok(Done::default());
        }
        let raw = &self.incoming.raw;
        let registered = tx.register(Some(&known), &self.incoming.document, raw, self.now).await?;
        let detail = json!({
            "revision": registered.number, "fingerprint": registered.fingerprint, "raw": chain::sha256(&[raw]),
        });
        tx.append(&[self.entry(JournalKind::Registered, id, detail)]).await?;
        self.step(&registered, self.document()).trace(tx).await?;
        Ok(Done { is_new: true, ..Done::default() })
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
        let Case { office, policy, .. } = *self;
        Step { office, policy, document, registered: registered.clone(), now: self.now }
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
