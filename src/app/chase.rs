//! Chase: look at the obligations whose ladder wants attention, take at most one step for each, and
//! set when to look again. Cost follows what is due, not what is open.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{JournalEntry, JournalKind, NewNotice, ObligationRow, Store, StoreError, StoredDuty, Tx};
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, DutyId, ObligationId, RevisionId, UnitId};
use crate::domain::ladder::{self, Planned, Recipient, StepKind};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::Obligation;

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
    let mut plan = Plan::new(office, policy, now);
    let mut facts = Facts::default();
    for row in &due {
        let duty = facts.duty(tx.as_mut(), row.obligation.duty).await?;
        let urgency = facts.urgency(tx.as_mut(), row.obligation.revision).await?;
        plan.look(row, duty.as_ref(), urgency);
    }
    tx.save_obligations(&plan.changed).await?;
    for (document, steps) in &plan.steps {
        done.enqueued += tx.enqueue(*document, &plan.notices(*document), now).await?;
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
    /// One mail for all that befalls a cell, or those below a superior, under one revision at one time: a
    /// plan with seven tasks must not send seven mails at once.
    mails: BTreeMap<(DocumentId, RevisionId, Reader), Writing>,
    steps: BTreeMap<DocumentId, Vec<serde_json::Value>>,
    skipped: u64,
}

/// Whom a mail of the ladder is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    /// A cell, about itself.
    Cell(UnitId),
    /// A superior or the office, about others.
    Above(UnitId),
}

/// A mail of the ladder before it is enqueued.
struct Writing {
    kind: NoticeKind,
    /// Number of the step that gave the kind, and the day it was planned for.
    step: (u16, NaiveDate),
    urgency: Urgency,
    about: Vec<(ObligationId, u16)>,
}

impl<'a> Plan<'a> {
    fn new(office: &'a Office, policy: &'a Policy, now: DateTime<Utc>) -> Self {
        let (mails, steps) = (BTreeMap::new(), BTreeMap::new());
        Self { office, policy, now, changed: Vec::new(), mails, steps, skipped: 0 }
    }

    fn look(&mut self, row: &ObligationRow, duty: Option<&StoredDuty>, urgency: Urgency) {
        let mut changed = row.obligation.clone();
        changed.next_action = None;
        if let Some(duty) = duty {
            let advice = ladder::advise(&row.obligation, &duty.duty.ladder, self.now, &self.office.calendar);
            changed.next_action = advice.next;
            self.skipped += u64::try_from(advice.skipped.len()).unwrap_or(u64::MAX);
            if let Some(planned) = advice.take {
                changed.step = planned.step.number.max(changed.step);
                self.take(row, &planned, &advice.skipped, urgency);
            }
        }
        self.changed.push(changed);
    }

    fn take(&mut self, row: &ObligationRow, planned: &Planned<'_>, skipped: &[u16], urgency: Urgency) {
        let step = planned.step;
        let unreached = !row.contact.is_reached();
        let reader = match step.to == Recipient::Cell && unreached {
            // Its first notice still waits and says the same, or its mailbox is dead and staff know.
            true => None,
            false => self.reader(&row.obligation, planned),
        };
        self.skipped += u64::from(reader.is_none());
        self.steps.entry(row.obligation.document).or_default().push(json!({
            "obligation": row.obligation.id, "step": step.number, "kind": step.kind, "to": step.to,
            "planned": planned.at, "skipped": skipped, "told": reader.as_ref().map(Reader::unit),
        }));
        if let Some(reader) = reader {
            self.write(row, planned, reader, urgency);
        }
    }

    /// Whom a step writes to, if there is a mailbox. A parent without one is passed over in favour of the
    /// office.
    fn reader(&self, row: &Obligation, planned: &Planned<'_>) -> Option<Reader> {
        let units = &self.office.units;
        let day = self.office.calendar.date_of(planned.at);
        let reached = |unit: &&UnitId| enqueue::has_mailbox(unit, self.office, self.now);
        let above = || units.office.as_ref().filter(reached);
        let parent = || units.get(&row.cell).and_then(|unit| unit.parent_on(day)).filter(reached);
        match planned.step.to {
            Recipient::Cell => Some(&row.cell).filter(reached).cloned().map(Reader::Cell),
            Recipient::Office => above().cloned().map(Reader::Above),
            Recipient::Parent => parent().or_else(above).cloned().map(Reader::Above),
        }
    }

    /// Adds a step to the mail for its reader; the sternest step gives the mail its kind.
    fn write(&mut self, row: &ObligationRow, planned: &Planned<'_>, reader: Reader, urgency: Urgency) {
        let (row, number) = (&row.obligation, planned.step.number);
        let kind = kind(planned.step.kind);
        let step = (number, self.office.calendar.date_of(planned.at));
        let mail = self.mails.entry((row.document, row.revision, reader)).or_insert_with(|| Writing {
            kind,
            step,
            urgency,
            about: Vec::new(),
        });
        if mail.kind < kind {
            (mail.kind, mail.step) = (kind, step);
        }
        mail.about.push((row.id, number));
    }

    /// The notices of the mails about a document.
    fn notices(&self, document: DocumentId) -> Vec<NewNotice> {
        let of = |(key, writing): (&(DocumentId, RevisionId, Reader), &Writing)| {
            self.enqueued(key.1, &key.2, writing)
        };
        self.mails.iter().filter(|(key, _)| key.0 == document).flat_map(of).collect()
    }

    fn enqueued(&self, revision: RevisionId, reader: &Reader, writing: &Writing) -> Vec<NewNotice> {
        let today = self.office.calendar.date_of(self.now);
        let (step, about) = match reader {
            Reader::Cell(_) => (format!("{:02}@{}", writing.step.0, writing.step.1), writing.about.clone()),
            // It tells of everybody who lags, so one a day is enough, whichever step asks for it.
            Reader::Above(_) => (format!("00@{today}"), Vec::new()),
        };
        let mail = enqueue::Mail { revision, urgency: writing.urgency, kind: writing.kind, step, about };
        enqueue::notices(&mail, reader.unit(), self.office, self.policy, self.now)
    }
}

impl Reader {
    fn unit(&self) -> &UnitId {
        match self {
            Self::Cell(unit) | Self::Above(unit) => unit,
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
