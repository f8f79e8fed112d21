//! Chase: look at the obligations whose ladder wants attention, take at most one step for each, and
//! set when to look again. Cost follows what is due, not what is open.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{JournalEntry, JournalKind, NewNotice, ObligationRow, Store, StoreError, StoredDuty, Tx};
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, DutyId, RevisionId, UnitId};
use crate::domain::ladder::{self, Planned, Recipient, StepKind};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Contact, Obligation};

/// Obligations looked at in one transaction.
const BATCH: u32 = 500;

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
    let mut done = Chased::default();
    loop {
        let looked = batch(store, office, policy, now, &mut done).await?;
        if looked < u64::from(BATCH) {
            return Ok(done);
        }
    }
}

async fn batch(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
    done: &mut Chased,
) -> Result<u64, StoreError> {
    let mut tx = store.begin().await?;
    let due = tx.due(now, BATCH).await?;
    let mut plan = Plan { office, policy, now, changed: Vec::new(), mails: BTreeMap::new(), skipped: 0 };
    let mut facts = Facts::default();
    for row in &due {
        let duty = facts.duty(tx.as_mut(), row.obligation.duty).await?;
        let urgency = facts.urgency(tx.as_mut(), row.obligation.revision).await?;
        plan.look(row, duty.as_ref(), urgency);
    }
    tx.save_obligations(&plan.changed).await?;
    for (document, (notices, steps)) in &plan.mails {
        done.enqueued += tx.enqueue(*document, notices, now).await?;
        tx.append(&[stepped(*document, steps, now)]).await?;
    }
    tx.commit().await?;
    let looked = u64::try_from(due.len()).unwrap_or(u64::MAX);
    done.looked += looked;
    done.skipped += plan.skipped;
    Ok(looked)
}

fn stepped(document: DocumentId, steps: &[serde_json::Value], now: DateTime<Utc>) -> JournalEntry {
    let detail = json!({ "steps": steps });
    JournalEntry { at: now, kind: JournalKind::Stepped, document: Some(document), obligation: None, detail }
}

/// What many rows of a batch share, read once.
#[derive(Default)]
struct Facts {
    duties: HashMap<DutyId, Option<StoredDuty>>,
    urgencies: HashMap<RevisionId, Urgency>,
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

    async fn urgency(&mut self, tx: &mut dyn Tx, id: RevisionId) -> Result<Urgency, StoreError> {
        if let Some(known) = self.urgencies.get(&id) {
            return Ok(*known);
        }
        let revision = tx.revision(id).await?;
        let urgency = revision.map(|revision| revision.document.urgency).unwrap_or_default();
        self.urgencies.insert(id, urgency);
        Ok(urgency)
    }
}

/// What one batch will store.
struct Plan<'a> {
    office: &'a Office,
    policy: &'a Policy,
    now: DateTime<Utc>,
    changed: Vec<Obligation>,
    mails: BTreeMap<DocumentId, (Vec<NewNotice>, Vec<serde_json::Value>)>,
    skipped: u64,
}

impl Plan<'_> {
    fn look(&mut self, row: &ObligationRow, duty: Option<&StoredDuty>, urgency: Urgency) {
        let mut changed = row.obligation.clone();
        changed.next_action = None;
        if let Some(duty) = duty {
            let advice = ladder::advise(&row.obligation, &duty.duty.ladder, self.now, &self.office.calendar);
            changed.next_action = advice.next;
            self.skipped += u64::try_from(advice.skipped.len()).unwrap_or(u64::MAX);
            if let Some(planned) = advice.take {
                changed.step = planned.step.number;
                self.take(row, &planned, &advice.skipped, urgency);
            }
        }
        self.changed.push(changed);
    }

    fn take(&mut self, row: &ObligationRow, planned: &Planned<'_>, skipped: &[u16], urgency: Urgency) {
        let row_id = row.obligation.id;
        let (notices, steps) = self.mails.entry(row.obligation.document).or_default();
        let step = planned.step;
        let unreached = matches!(row.contact, Contact::Unsent | Contact::NoContact);
        let written = match step.to == Recipient::Cell && unreached {
            // Its first notice still waits and says the same, or its mailbox is dead and staff know.
            true => Vec::new(),
            false => write(self.office, self.policy, &row.obligation, planned, urgency, self.now),
        };
        self.skipped += u64::from(written.is_empty());
        steps.push(json!({
            "obligation": row_id, "step": step.number, "kind": step.kind, "to": step.to,
            "planned": planned.at, "skipped": skipped, "notices": written.len(),
        }));
        notices.extend(written);
    }
}

/// The notices of a step. A parent without a mailbox is passed over in favour of the office.
fn write(
    office: &Office,
    policy: &Policy,
    row: &Obligation,
    planned: &Planned<'_>,
    urgency: Urgency,
    now: DateTime<Utc>,
) -> Vec<NewNotice> {
    let day = office.calendar.date_of(planned.at);
    let mail = enqueue::Mail {
        revision: row.revision,
        urgency,
        kind: kind(planned.step.kind),
        step: format!("{:02}@{day}", planned.step.number),
    };
    let to = |unit: &UnitId| enqueue::notices(&mail, unit, office, policy, now);
    let above = || office.units.office.as_ref().map(to).unwrap_or_default();
    match planned.step.to {
        Recipient::Cell => to(&row.cell),
        Recipient::Office => above(),
        Recipient::Parent => {
            let unit = office.units.get(&row.cell);
            let parent = unit.and_then(|unit| unit.parent_on(day)).map(to).unwrap_or_default();
            if parent.is_empty() { above() } else { parent }
        }
    }
}

fn kind(step: StepKind) -> NoticeKind {
    match step {
        StepKind::Remind => NoticeKind::Reminder,
        StepKind::Chase => NoticeKind::Chase,
        StepKind::Escalate => NoticeKind::Escalation,
    }
}
