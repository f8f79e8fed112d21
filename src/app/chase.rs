//! Chase: look at the obligations whose ladder wants attention, take the steps that are due, and set when to
//! look again. Cost follows what is due, not what is open.
//!
//! A cell gets one mail about one document at a time. A superior gets one at a time about everybody below it,
//! whatever the documents: twelve late cells are a table and not twelve mails.

mod round;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::office::Office;
use super::policy::Policy;
use super::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, Store, StoreError, StoredDuty, StoredRevision, Tx,
};
use crate::domain::ids::{DocumentId, DutyId, RevisionId, UnitId};
use round::Round;

/// Obligations looked at in one transaction.
const BATCH: u32 = 500;

/// Why a mail of the ladder that waited for its server is not sent any more.
const OVERTAKEN: &str = "đã có thư nhắc mới hơn";

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chased {
    /// Obligations looked at.
    pub looked: u64,
    /// Notices enqueued.
    pub enqueued: u64,
    /// Steps skipped because a newer one was due too, or because the cell was never reached.
    pub skipped: u64,
}

/// Takes the steps that are due at `now`, batch by batch, until none is left.
///
/// # Errors
/// [`StoreError`]; finished batches stay.
pub async fn chase(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Chased, StoreError> {
    let (mut done, mut told) = (Chased::default(), BTreeSet::new());
    loop {
        let looked = batch(store, (office, policy), now, &mut told, &mut done).await?;
        if looked < u64::from(BATCH) {
            return Ok(done);
        }
    }
}

/// Looks at one batch; `told` are the superiors whose mail of this run is enqueued already.
async fn batch(
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    now: DateTime<Utc>,
    told: &mut BTreeSet<(UnitId, bool)>,
    done: &mut Chased,
) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let due = tx.due(now, BATCH).await?;
    let ids: Vec<_> = due.iter().map(|row| row.obligation.id).collect();
    let resting = tx.resting(&ids).await?;
    let mut round = Round::new(office, policy, now, &resting);
    let mut facts = Facts::default();
    for row in &due {
        let duty = facts.duty(tx.as_mut(), row.obligation.duty).await?;
        let urgency = facts.revision(tx.as_mut(), row.obligation.revision).await?;
        let urgency = urgency.map(|stored| stored.document.urgency).unwrap_or_default();
        round.look(row, duty.as_ref(), urgency);
    }
    tx.save_obligations(&round.changed).await?;
    tx.record_steps(&round.taken).await?;
    for (respite, document) in &round.roused {
        tx.rouse(respite.id, now).await?;
        tx.append(&[round::roused(respite, *document, now)]).await?;
    }
    let more = due.len() >= BATCH as usize;
    let mut notices = round.to_cells();
    for (document, above) in round.to_superiors(told, more) {
        notices.entry(document).or_default().extend(above);
    }
    for (document, notices) in &notices {
        tx.overtake(*document, notices, OVERTAKEN).await?;
        done.enqueued += tx.enqueue(*document, notices, now).await?;
    }
    let calendar = office.calendar.version();
    for (document, steps) in &round.steps {
        tx.append(&[stepped(*document, steps, &calendar, now)]).await?;
    }
    unreached(tx.as_mut(), &round.unreached, &facts, now).await?;
    tx.commit().await?;
    let looked = u64::try_from(due.len()).unwrap_or(u64::MAX);
    done.looked += looked;
    done.skipped += round.skipped;
    Ok(looked)
}

fn stepped(
    document: DocumentId,
    steps: &[serde_json::Value],
    calendar: &str,
    now: DateTime<Utc>,
) -> JournalEntry {
    let detail = json!({ "steps": steps, "calendar": calendar });
    JournalEntry { at: now, kind: JournalKind::Stepped, document: Some(document), obligation: None, detail }
}

/// Nobody is chased who was never reached: staff are told instead, once as long as their hold is open.
async fn unreached(
    tx: &mut dyn Tx,
    cells: &BTreeMap<(RevisionId, UnitId), &'static str>,
    facts: &Facts,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for ((revision, cell), reason) in cells {
        let Some(stored) = facts.revisions.get(revision).and_then(Option::as_ref) else { continue };
        let hold = NewHold {
            kind: HoldKind::NoContact,
            source: stored.document.source.clone(),
            external_id: stored.document.external_id.clone(),
            document: Some(stored.document_id),
            unit: Some(cell.clone()),
            task: None,
            reason: (*reason).to_owned(),
            raw: None,
        };
        if let Some(id) = tx.open_hold(&hold, now).await? {
            let detail = json!({ "hold": id, "kind": hold.kind.as_str(), "cell": cell, "reason": reason });
            let (kind, document) = (JournalKind::Held, Some(stored.document_id));
            tx.append(&[JournalEntry { at: now, kind, document, obligation: None, detail }]).await?;
        }
    }
    Ok(())
}

/// What many rows of a batch share, read once.
#[derive(Default)]
struct Facts {
    duties: HashMap<DutyId, Option<StoredDuty>>,
    revisions: HashMap<RevisionId, Option<StoredRevision>>,
}

impl Facts {
    async fn duty(&mut self, tx: &mut dyn Tx, id: DutyId) -> Result<Option<StoredDuty>, StoreError> {
        if let Some(known) = self.duties.get(&id) {
            return Ok(known.clone());
        }
        let duty = tx.duty(id).await?;
        self.duties.insert(id, duty.clone());
        Ok(duty)
    }

    async fn revision(
        &mut self,
        tx: &mut dyn Tx,
        id: RevisionId,
    ) -> Result<Option<&StoredRevision>, StoreError> {
        let stored = match self.revisions.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(tx.revision(id).await?),
        };
        Ok(stored.as_ref())
    }
}
