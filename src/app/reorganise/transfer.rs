//! The open work of one unit, to its heir.

use std::collections::BTreeSet;

use serde_json::json;

use super::hold::hold_row;
use super::{Held, Reorganisation, Reorganised};
use crate::app::enqueue;
use crate::app::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, NewObligation, StoreError, StoredDuty, StoredRevision, Tx,
};
use crate::app::report_up;
use crate::app::withdraw::unasked;
use crate::domain::ids::{DutyId, ObligationId, RevisionId, UnitId};
use crate::domain::ladder::advise;
use crate::domain::notice::{NoticeKind, takeover_step};
use crate::domain::obligation::{Obligation, State, strictest};
use crate::domain::unit::Unit;

/// The revisions of which the heir was told already.
type Told = BTreeSet<RevisionId>;

/// From a unit that has ended to the cell that bears its work.
pub(super) struct Transfer<'a> {
    pub(super) parts: &'a Reorganisation<'a>,
    pub(super) from: &'a UnitId,
    pub(super) heir: &'a Unit,
}

impl Transfer<'_> {
    /// All of it, in one transaction.
    pub(super) async fn run(&self, done: &mut Reorganised, held: &mut Held) -> Result<(), StoreError> {
        let mut tx = self.parts.store.begin().await?;
        let mut told = BTreeSet::new();
        let live = tx.live_of(self.from).await?;
        let documents: BTreeSet<_> = live.iter().map(|row| row.document).collect();
        for row in live {
            match tx.obligation_of(row.revision, &row.task, &self.heir.id).await? {
                None => {
                    self.hand_over(tx.as_mut(), &row, &mut told).await?;
                    done.moved += 1;
                }
                Some(own) if own.state.is_live() => {
                    self.merge(tx.as_mut(), (&row, &own), &mut told).await?;
                    done.merged += 1;
                }
                Some(own) => {
                    hold_row(self.parts, tx.as_mut(), &row, &self.closed(&own)).await?;
                    held.insert((row.document, row.cell));
                }
            }
        }
        // One cell less may be the one that the others were waiting for.
        for document in documents {
            report_up::say(tx.as_mut(), &self.parts.policy.voices, document, self.parts.now).await?;
        }
        tx.commit().await
    }

    /// The heir has closed its own part; whether that covers this one, a person must say.
    fn closed(&self, own: &Obligation) -> String {
        let name = self.name();
        let state = match own.state {
            State::Done => "đã báo hoàn thành",
            State::Declined => "đã báo không thuộc trách nhiệm",
            _ => "không còn phải làm",
        };
        format!("{name} tiếp nhận việc này nhưng {state} phần của mình; xem còn phải giao tiếp không")
    }

    fn name(&self) -> &str {
        self.heir.name_on(self.parts.office.calendar.date_of(self.parts.now))
    }

    async fn hand_over(&self, tx: &mut dyn Tx, row: &Obligation, told: &mut Told) -> Result<(), StoreError> {
        let duty = self.duty(tx, row.duty).await?;
        let new = NewObligation {
            duty: row.duty,
            cell: self.heir.id.clone(),
            task: row.task.clone(),
            acknowledge_due: row.acknowledge_due,
            due: row.due,
            next_action: None,
        };
        let opened = tx.open_obligations(row.document, row.revision, &[new], self.parts.now).await?;
        let Some((id, _)) = opened.into_iter().next() else { return Err(lost(row.id)) };
        let opened = self.parts.now;
        let taken = Obligation { id, cell: self.heir.id.clone(), opened, next_action: None, ..row.clone() };
        let first = advise(&taken, &duty.duty.ladder, opened, &self.parts.office.calendar).next;
        let next_action = first.into_iter().chain(row.next_action).min();
        tx.save_obligations(&[Obligation { next_action, ..taken.clone() }]).await?;
        self.withdraw(tx, row, id, "moved").await?;
        let notices = self.tell(tx, &taken, NoticeKind::Notice, told).await?;
        let detail = json!({
            "outcome": "taken over", "from": self.from, "cell": self.heir.id, "obligation": row.id,
            "role": duty.duty.role, "due": row.due, "notices": notices,
            "ruleset": duty.duty.ruleset, "calendar": self.parts.office.calendar.version(),
        });
        tx.append(&[self.entry(&taken, JournalKind::Routed, detail)]).await
    }

    async fn merge(
        &self,
        tx: &mut dyn Tx,
        (row, own): (&Obligation, &Obligation),
        told: &mut Told,
    ) -> Result<(), StoreError> {
        let (kept, taken) = (self.duty(tx, own.duty).await?, self.duty(tx, row.duty).await?);
        let duty = strictest(&kept.duty, &taken.duty);
        let mut merged = own.taking_over(row);
        if duty != kept.duty {
            merged.duty = tx.open_duty(own.revision, &duty).await?;
            // Steps are counted along one ladder: whose ladder goes on, whose count does.
            merged.step = if duty.ladder == kept.duty.ladder { own.step } else { row.step };
        }
        tx.reassign(std::slice::from_ref(&merged)).await?;
        self.withdraw(tx, row, own.id, "merged").await?;
        let changed =
            duty != kept.duty || (merged.due, merged.acknowledge_due) != (own.due, own.acknowledge_due);
        let notices = if changed { self.tell(tx, &merged, NoticeKind::Change, told).await? } else { 0 };
        let detail = json!({
            "outcome": "taken over", "from": self.from, "cell": self.heir.id, "obligation": row.id,
            "role": duty.role, "due": merged.due, "notices": notices,
            "ruleset": duty.ruleset, "calendar": self.parts.office.calendar.version(),
        });
        tx.append(&[self.entry(&merged, JournalKind::Routed, detail)]).await
    }

    async fn duty(&self, tx: &mut dyn Tx, id: DutyId) -> Result<StoredDuty, StoreError> {
        let lost = || StoreError::Inconsistent { table: "obligation", column: "duty", key: id.to_string() };
        tx.duty(id).await?.ok_or_else(lost)
    }

    /// Closes the old row; its journal entry is what old links follow.
    async fn withdraw(
        &self,
        tx: &mut dyn Tx,
        row: &Obligation,
        into: ObligationId,
        how: &str,
    ) -> Result<(), StoreError> {
        tx.save_obligations(&[row.closed(State::Withdrawn, self.parts.now)]).await?;
        unasked(tx, row, "reorganised", self.parts.now).await?;
        let detail = json!({
            "state": State::Withdrawn.as_str(), "because": "reorganised", "how": how, "cells": [row.cell],
            "cell": row.cell, "to": self.heir.id, "into": into,
        });
        tx.append(&[self.entry(row, JournalKind::Closed, detail)]).await
    }

    fn entry(&self, row: &Obligation, kind: JournalKind, detail: serde_json::Value) -> JournalEntry {
        let (document, obligation) = (Some(row.document), Some(row.id));
        JournalEntry { at: self.parts.now, kind, document, obligation, detail }
    }

    /// Tells the heir; without a mailbox, staff. Returns how many mails were written. One mail tells of all
    /// the tasks of a document.
    async fn tell(
        &self,
        tx: &mut dyn Tx,
        row: &Obligation,
        kind: NoticeKind,
        told: &mut Told,
    ) -> Result<u64, StoreError> {
        if !told.insert(row.revision) {
            return Ok(0);
        }
        let (parts, revision) = (self.parts, self.revision(tx, row.revision).await?);
        let mail = enqueue::Mail {
            revision: row.revision,
            urgency: revision.document.urgency,
            kind,
            step: takeover_step(self.from),
            about: Vec::new(),
        };
        let notices = enqueue::notices(&mail, &row.cell, parts.office, parts.policy, parts.now);
        if notices.is_empty() {
            let document = revision.document;
            let hold = NewHold {
                kind: HoldKind::NoContact,
                source: document.source,
                external_id: document.external_id,
                document: Some(row.document),
                unit: Some(row.cell.clone()),
                task: None,
                reason: format!("{} tiếp nhận việc nhưng chưa có hộp thư", self.name()),
                raw: None,
            };
            tx.open_hold(&hold, parts.now).await?;
        }
        tx.enqueue(row.document, &notices, parts.now).await
    }

    async fn revision(&self, tx: &mut dyn Tx, id: RevisionId) -> Result<StoredRevision, StoreError> {
        let lost =
            || StoreError::Inconsistent { table: "obligation", column: "revision", key: id.to_string() };
        tx.revision(id).await?.ok_or_else(lost)
    }
}

fn lost(id: ObligationId) -> StoreError {
    StoreError::Inconsistent { table: "obligation", column: "cell", key: id.to_string() }
}
