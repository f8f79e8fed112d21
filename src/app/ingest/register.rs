//! One open document into the register: revision, routing, obligations and notices, inside the
//! caller's transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Poll, Polled};
use crate::app::enqueue;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{
    HoldKind, Incoming, JournalEntry, JournalKind, NewHold, NewNotice, NewObligation, Registered, StoreError,
    StoredRevision, Tx,
};
use crate::domain::brake::Why;
use crate::domain::document::{Document, Operation};
use crate::domain::ids::{DutyId, ObligationId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Duty, State};
use crate::domain::routing::{self, Assignment, Outcome};

/// What registering one document did.
#[derive(Debug, Default)]
pub(super) struct Done {
    is_new: bool,
    is_unmatched: bool,
    obligations: u64,
    registered: Option<Registered>,
    back: Option<Why>,
}

impl Done {
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// The revision, if it is new.
    pub(super) fn registered(&self) -> Option<&Registered> {
        self.registered.as_ref()
    }

    /// Notes that nobody is told of it.
    pub(super) fn keep_back(&mut self, why: Why) {
        self.back = Some(why);
    }

    pub(super) fn count(&self, into: &mut Polled) {
        into.registered += u64::from(self.is_new);
        into.unmatched += u64::from(self.is_unmatched);
        into.directives += u64::from(self.obligations > 0);
        into.obligations += self.obligations;
        into.silent += u64::from(self.back == Some(Why::Baseline));
        into.braked += u64::from(self.back == Some(Why::Flood));
    }
}

/// Registers a document if it, or this content of it, is new; otherwise does nothing. A `silent` one is
/// routed, so that everybody can see what it would have asked, but asks nothing.
pub(super) async fn register(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    incoming: &Incoming,
    silent: bool,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let document = incoming.document.get();
    let known = tx.registered(&document.source, &document.external_id).await?;
    if known.as_ref().is_some_and(|known| known.fingerprint == document.fingerprint()) {
        return Ok(Done::default());
    }
    let registered = tx.register(known.as_ref(), &incoming.document, &incoming.raw, now).await?;
    let step = Step { office: poll.office, policy: poll.policy, document, registered, now };
    tx.append(&[step.entry(
        JournalKind::Registered,
        json!({"revision": step.registered.number, "fingerprint": step.registered.fingerprint}),
    )])
    .await?;
    let done = step.route(tx, silent).await?;
    Ok(Done { registered: Some(step.registered), ..done })
}

/// Gives a registered revision to cells as a person decided: obligations, notices and journal as if a rule
/// had matched. Returns how many obligations were opened.
pub(in crate::app) async fn assign_stored(
    tx: &mut dyn Tx,
    (office, policy): (&Office, &Policy),
    stored: &StoredRevision,
    assignments: &[Assignment],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let registered = Registered {
        id: stored.document_id,
        revision: stored.id,
        number: stored.number,
        fingerprint: stored.document.fingerprint(),
    };
    let step = Step { office, policy, document: &stored.document, registered, now };
    Ok(step.assign(tx, assignments, &BTreeSet::new()).await?.obligations)
}

/// A freshly registered revision on its way through the rules.
struct Step<'a> {
    office: &'a Office,
    policy: &'a Policy,
    document: &'a Document,
    registered: Registered,
    now: DateTime<Utc>,
}

impl Step<'_> {
    fn entry(&self, kind: JournalKind, detail: serde_json::Value) -> JournalEntry {
        JournalEntry { at: self.now, kind, document: Some(self.registered.id), obligation: None, detail }
    }

    async fn route(&self, tx: &mut dyn Tx, silent: bool) -> Result<Done, StoreError> {
        let (office, document) = (self.office, self.document);
        let trace = routing::decide(&office.ruleset, document, &office.units, &office.calendar, self.now);
        let text = serde_json::to_string(&trace).map_err(|error| StoreError::Engine(error.to_string()))?;
        tx.keep_trace(self.registered.revision, &text).await?;
        if silent {
            return Ok(Done { is_new: true, ..Done::default() });
        }
        let superseded = self.supersede(tx).await?;
        match trace.outcome {
            Outcome::Assigned { assignments } if document.operation == Operation::New => {
                self.assign(tx, &assignments, &superseded).await
            }
            Outcome::Assigned { .. } => {
                let word = document.operation.as_str();
                self.hold(tx, format!("nghiệp vụ “{word}” cần văn thư quyết định")).await
            }
            Outcome::Nobody { rule, because } => {
                let detail = json!({"outcome": "nobody", "rule": rule, "because": because});
                tx.append(&[self.entry(JournalKind::Routed, detail)]).await?;
                Ok(Done { is_new: true, ..Done::default() })
            }
            Outcome::Unmatched => self.hold(tx, "không quy tắc nào khớp với văn bản này".to_owned()).await,
        }
    }

    async fn hold(&self, tx: &mut dyn Tx, reason: String) -> Result<Done, StoreError> {
        let hold = self.new_hold(HoldKind::Unmatched, None, reason);
        tx.open_hold(&hold, self.now).await?;
        let detail = json!({"hold": hold.kind.as_str(), "reason": hold.reason});
        tx.append(&[self.entry(JournalKind::Held, detail)]).await?;
        Ok(Done { is_new: true, is_unmatched: true, ..Done::default() })
    }

    fn new_hold(&self, kind: HoldKind, unit: Option<&UnitId>, reason: String) -> NewHold {
        NewHold {
            kind,
            source: self.document.source.clone(),
            external_id: self.document.external_id.clone(),
            document: Some(self.registered.id),
            unit: unit.cloned(),
            task: None,
            reason,
            raw: None,
        }
    }

    /// Withdraws what earlier revisions still ask, and drops their unsent mails; the cells that were asked.
    async fn supersede(&self, tx: &mut dyn Tx) -> Result<BTreeSet<UnitId>, StoreError> {
        if self.registered.number == 1 {
            return Ok(BTreeSet::new());
        }
        let live = tx.live(self.registered.id, Some(self.registered.revision)).await?;
        let closed: Vec<_> = live.iter().map(|row| row.closed(State::Withdrawn, self.now)).collect();
        tx.save_obligations(&closed).await?;
        tx.drop_queued(self.registered.id, Some(self.registered.revision), "văn bản có bản mới").await?;
        let cells: Vec<_> = live.iter().map(|row| row.cell.as_str()).collect();
        let detail = json!({"state": "withdrawn", "because": "new revision", "cells": cells});
        tx.append(&[self.entry(JournalKind::Closed, detail)]).await?;
        Ok(live.into_iter().map(|row| row.cell).collect())
    }

    /// Opens what is asked, task by task, and tells each cell in one mail of all of it.
    async fn assign(
        &self,
        tx: &mut dyn Tx,
        assignments: &[Assignment],
        superseded: &BTreeSet<UnitId>,
    ) -> Result<Done, StoreError> {
        let (mut opened, mut told) = (0, BTreeSet::new());
        for assignment in assignments {
            let (duty, rows) = self.open(tx, assignment).await?;
            opened += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let new: Vec<_> =
                rows.iter().map(|(_, cell)| cell).filter(|cell| !told.contains(*cell)).collect();
            let enqueued = self.tell(tx, &new, superseded).await?;
            told.extend(new.into_iter().cloned());
            tx.append(&[self.entry(JournalKind::Routed, routed(duty, &assignment.duty, &rows, enqueued))])
                .await?;
        }
        let kept: BTreeSet<_> = assignments.iter().flat_map(|assignment| &assignment.cells).collect();
        let released = superseded.iter().filter(|cell| !kept.contains(cell));
        let notices: Vec<_> = released.flat_map(|cell| self.notices(NoticeKind::Withdrawal, cell)).collect();
        tx.enqueue(self.registered.id, &notices, self.now).await?;
        Ok(Done { is_new: true, obligations: opened, ..Done::default() })
    }

    async fn open(
        &self,
        tx: &mut dyn Tx,
        assignment: &Assignment,
    ) -> Result<(DutyId, Vec<(ObligationId, UnitId)>), StoreError> {
        let duty_id = tx.open_duty(self.registered.revision, &assignment.duty).await?;
        let first = ladder::first(&assignment.duty, self.now, &self.office.calendar);
        let task = assignment.duty.task_id();
        let rows: Vec<_> = assignment
            .cells
            .iter()
            .map(|cell| NewObligation {
                duty: duty_id,
                cell: cell.clone(),
                task: task.clone(),
                acknowledge_due: assignment.duty.acknowledge_due,
                due: assignment.duty.due,
                next_action: first,
            })
            .collect();
        let opened =
            tx.open_obligations(self.registered.id, self.registered.revision, &rows, self.now).await?;
        Ok((duty_id, opened))
    }

    /// Enqueues the first mail of each cell; what it is asked is read when the mail is written.
    async fn tell(
        &self,
        tx: &mut dyn Tx,
        cells: &[&UnitId],
        superseded: &BTreeSet<UnitId>,
    ) -> Result<u64, StoreError> {
        let mut notices = Vec::with_capacity(cells.len());
        for cell in cells {
            let kind = if superseded.contains(*cell) { NoticeKind::Change } else { NoticeKind::Notice };
            let written = self.notices(kind, cell);
            if written.is_empty() {
                let reason = "chi bộ được giao việc nhưng chưa có hộp thư".to_owned();
                tx.open_hold(&self.new_hold(HoldKind::NoContact, Some(cell), reason), self.now).await?;
            }
            notices.extend(written);
        }
        tx.enqueue(self.registered.id, &notices, self.now).await
    }

    fn notices(&self, kind: NoticeKind, unit: &UnitId) -> Vec<NewNotice> {
        let mail = enqueue::Mail {
            revision: self.registered.revision,
            urgency: self.document.urgency,
            kind,
            step: "00".to_owned(),
            about: Vec::new(),
        };
        enqueue::notices(&mail, unit, self.office, self.policy, self.now)
    }
}

fn routed(
    duty_id: DutyId,
    duty: &Duty,
    opened: &[(ObligationId, UnitId)],
    enqueued: u64,
) -> serde_json::Value {
    let cells: Vec<_> = opened.iter().map(|(_, cell)| cell.as_str()).collect();
    let mut detail = json!({
        "outcome": "assigned", "duty": duty_id, "rules": duty.rules, "role": duty.role, "due": duty.due,
        "ruleset": duty.ruleset, "notices": enqueued, "cells": cells,
    });
    if let (Some(task), Some(detail)) = (&duty.task, detail.as_object_mut()) {
        detail.insert("task".to_owned(), json!(task.name));
    }
    detail
}
