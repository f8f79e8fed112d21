//! From a registered revision to its cells: routed, duties and obligations opened, each cell told once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::register::Done;
use super::unread;
use crate::app::enqueue;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, NewNotice, NewObligation, Registered, StoreError,
    StoredRevision, Tx,
};
use crate::domain::document::Document;
use crate::domain::ids::{DutyId, ObligationId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::Duty;
use crate::domain::routing::{self, Assignment, Outcome, Trace};

/// A freshly registered revision on its way through the rules.
pub(super) struct Step<'a> {
    pub(super) office: &'a Office,
    pub(super) policy: &'a Policy,
    pub(super) document: &'a Document,
    pub(super) registered: Registered,
    pub(super) now: DateTime<Utc>,
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
    step.assign(tx, assignments, &BTreeSet::new()).await
}

impl Step<'_> {
    pub(super) fn entry(&self, kind: JournalKind, detail: serde_json::Value) -> JournalEntry {
        JournalEntry { at: self.now, kind, document: Some(self.registered.id), obligation: None, detail }
    }

    /// Keeps what the rules make of it as of now, and returns it.
    pub(super) async fn trace(&self, tx: &mut dyn Tx) -> Result<Trace, StoreError> {
        let office = self.office;
        let trace =
            routing::decide(&office.ruleset, self.document, &office.units, &office.calendar, self.now);
        self.keep_trace(tx, &trace).await?;
        Ok(trace)
    }

    pub(super) async fn keep_trace(&self, tx: &mut dyn Tx, trace: &Trace) -> Result<(), StoreError> {
        let text = serde_json::to_string(trace).map_err(|error| StoreError::Engine(error.to_string()))?;
        tx.keep_trace(self.registered.revision, &text).await
    }

    /// Routes it and gives it to its cells, of whom nobody knows it yet.
    pub(super) async fn route(&self, tx: &mut dyn Tx) -> Result<Done, StoreError> {
        let trace = self.trace(tx).await?;
        match &trace.outcome {
            Outcome::Assigned { assignments } => {
                let obligations = self.assign(tx, assignments, &BTreeSet::new()).await?;
                Ok(Done { is_new: true, is_directive: obligations > 0, obligations, ..Done::default() })
            }
            outcome => self.unassigned(tx, outcome).await,
        }
    }

    /// What is said where no cell must act.
    pub(super) async fn unassigned(&self, tx: &mut dyn Tx, outcome: &Outcome) -> Result<Done, StoreError> {
        if let Outcome::Nobody { rule, because } = outcome {
            let detail = json!({
                "outcome": "nobody", "rule": rule, "because": because,
                "ruleset": self.office.ruleset.hash, "calendar": self.office.calendar.version(),
            });
            tx.append(&[self.entry(JournalKind::Routed, detail)]).await?;
            return Ok(Done { is_new: true, ..Done::default() });
        }
        let reason = "không quy tắc nào khớp với văn bản này".to_owned();
        let hold = self.new_hold(HoldKind::Unmatched, None, reason);
        tx.open_hold(&hold, self.now).await?;
        let detail = json!({
            "hold": hold.kind.as_str(), "reason": hold.reason, "ruleset": self.office.ruleset.hash,
        });
        tx.append(&[self.entry(JournalKind::Held, detail)]).await?;
        Ok(Done { is_new: true, is_unmatched: true, ..Done::default() })
    }

    pub(super) fn new_hold(&self, kind: HoldKind, unit: Option<&UnitId>, reason: String) -> NewHold {
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

    /// Opens what is asked, task by task, and tells each cell in one mail of all of it; how many obligations
    /// were opened. Cells that know the document (`told`) are told of a change.
    pub(super) async fn assign(
        &self,
        tx: &mut dyn Tx,
        assignments: &[Assignment],
        told: &BTreeSet<UnitId>,
    ) -> Result<u64, StoreError> {
        let (mut opened, mut written) = (0, BTreeSet::new());
        for assignment in assignments {
            let (duty, rows) = self.open(tx, assignment).await?;
            opened += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let new: Vec<_> =
                rows.iter().map(|(_, cell)| cell).filter(|cell| !written.contains(*cell)).collect();
            let enqueued = self.tell(tx, &new, told).await?;
            written.extend(new.into_iter().cloned());
            self.hold_deadline(tx, &assignment.duty).await?;
            tx.append(&[
                self.entry(JournalKind::Routed, self.routed(duty, &assignment.duty, &rows, enqueued))
            ])
            .await?;
        }
        Ok(opened)
    }

    /// Puts a deadline that cannot be used before staff, unless they have seen it.
    async fn hold_deadline(&self, tx: &mut dyn Tx, duty: &Duty) -> Result<(), StoreError> {
        let received = self.office.calendar.date_of(self.document.received.unwrap_or(self.now));
        let Some(reason) = unread::doubt(self.document, duty, received, self.office) else { return Ok(()) };
        let Document { source, external_id, .. } = self.document;
        if !tx.dismissed(HoldKind::Deadline, source, external_id).await? {
            tx.open_hold(&self.new_hold(HoldKind::Deadline, None, reason), self.now).await?;
        }
        Ok(())
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
        told: &BTreeSet<UnitId>,
    ) -> Result<u64, StoreError> {
        let mut notices = Vec::with_capacity(cells.len());
        for cell in cells {
            let kind = if told.contains(*cell) { NoticeKind::Change } else { NoticeKind::Notice };
            let written = self.notices(kind, cell);
            if written.is_empty() {
                let reason = "chi bộ được giao việc nhưng chưa có hộp thư".to_owned();
                tx.open_hold(&self.new_hold(HoldKind::NoContact, Some(cell), reason), self.now).await?;
            }
            notices.extend(written);
        }
        tx.enqueue(self.registered.id, &notices, self.now).await
    }

    pub(super) fn notices(&self, kind: NoticeKind, unit: &UnitId) -> Vec<NewNotice> {
        let mail = enqueue::Mail {
            revision: self.registered.revision,
            urgency: self.document.urgency,
            kind,
            step: "00".to_owned(),
            about: Vec::new(),
        };
        enqueue::notices(&mail, unit, self.office, self.policy, self.now)
    }

    /// What the journal says of it: who was asked what, by which rules and which calendar.
    fn routed(
        &self,
        duty_id: DutyId,
        duty: &Duty,
        opened: &[(ObligationId, UnitId)],
        enqueued: u64,
    ) -> serde_json::Value {
        let cells: Vec<_> = opened.iter().map(|(_, cell)| cell.as_str()).collect();
        let mut detail = json!({
            "outcome": "assigned", "duty": duty_id, "rules": duty.rules, "role": duty.role, "due": duty.due,
            "ruleset": duty.ruleset, "calendar": self.office.calendar.version(), "notices": enqueued,
            "cells": cells,
        });
        if let (Some(task), Some(detail)) = (&duty.task, detail.as_object_mut()) {
            detail.insert("task".to_owned(), json!(task.name));
        }
        detail
    }
}
