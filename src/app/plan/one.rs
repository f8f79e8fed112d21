//! One document of a plan being changed, inside one transaction: obligations, mails, holds, journal.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::apply::{Applied, Apply};
use crate::app::enqueue;
use crate::app::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, NewNotice, NewObligation, StoreError, Tx,
};
use crate::app::withdraw::unasked;
use crate::domain::change::Difference;
use crate::domain::document::Document;
use crate::domain::ids::{DutyId, ObligationId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Duty, Obligation, State};
use crate::domain::plan::{Act, Change, Group, HoldAct, Part};

/// A document as it stands inside the transaction.
pub(super) struct Current {
    /// Its newest revision.
    pub(super) document: Document,
    /// What the rules make of it, JSON.
    pub(super) trace: String,
    /// Its obligations.
    pub(super) rows: BTreeMap<ObligationId, Obligation>,
}

/// One document being changed.
pub(super) struct One<'a> {
    /// What applying needs.
    pub(super) apply: &'a Apply<'a>,
    /// What the plan shows of it.
    pub(super) change: &'a Change,
    /// As it stands.
    pub(super) document: Current,
    /// The plan's name.
    pub(super) plan: &'a str,
}

impl One<'_> {
    /// Does everything the plan shows of the document, inside the caller's transaction.
    pub(super) async fn run(&self, tx: &mut dyn Tx, done: &mut Applied) -> Result<(), StoreError> {
        tx.keep_trace(self.change.revision, &self.document.trace).await?;
        for group in &self.change.groups {
            match &group.after {
                Some(duty) => self.assign(tx, group, duty, done).await?,
                None => self.withdraw(tx, group, done).await?,
            }
        }
        self.hold(tx).await
    }

    /// Opens, opens again and changes the cells of a group under one new duty.
    async fn assign(
        &self,
        tx: &mut dyn Tx,
        group: &Group,
        duty: &Duty,
        done: &mut Applied,
    ) -> Result<(), StoreError> {
        if group.cells.iter().all(|part| matches!(part.act, Act::Keep { .. })) {
            return Ok(());
        }
        let id = tx.open_duty(self.change.revision, duty).await?;
        let opened = self.open(tx, group, (id, duty)).await?;
        let (reopened, changed) = self.reassigned(group, (id, duty));
        let both: Vec<_> = reopened.iter().chain(&changed).cloned().collect();
        tx.reassign(&both).await?;
        let told = |kind| self.notices(group, kind);
        let notices = [told(NoticeKind::Notice), told(NoticeKind::Change)].concat();
        let mails = tx.enqueue(self.change.document, &notices, self.apply.now).await?;
        self.unreached(tx, group).await?;
        let cells: Vec<_> = opened.iter().chain(both.iter().map(|row| &row.cell)).collect();
        tx.append(&[self.entry(JournalKind::Routed, self.routed(group, (id, duty), mails, &cells))]).await?;
        done.opened += (opened.len() + reopened.len()) as u64;
        done.changed += changed.len() as u64;
        done.mails += mails;
        Ok(())
    }

    fn routed(
        &self,
        group: &Group,
        (id, duty): (DutyId, &Duty),
        mails: u64,
        cells: &[&UnitId],
    ) -> serde_json::Value {
        let mut detail = json!({
            "outcome": "assigned", "duty": id, "rules": duty.rules, "role": duty.role, "due": duty.due,
            "ruleset": duty.ruleset, "calendar": self.apply.side.office.calendar.version(), "notices": mails,
            "cells": cells,
            "plan": self.plan, "actor": self.apply.actor,
        });
        let Some(entries) = detail.as_object_mut() else { return detail };
        if let Some(task) = &duty.task {
            entries.insert("task".to_owned(), json!(task.name));
        }
        if group.differences.contains(&Difference::Due) {
            let before = group.before.as_ref().and_then(|before| before.due);
            entries.insert("due_before".to_owned(), json!(before));
        }
        detail
    }

    async fn open(
        &self,
        tx: &mut dyn Tx,
        group: &Group,
        (id, duty): (DutyId, &Duty),
    ) -> Result<Vec<UnitId>, StoreError> {
        let next_action = self.first(duty);
        let new = group.cells.iter().filter(|part| part.act == Act::Open);
        let rows: Vec<_> = new
            .map(|part| NewObligation {
                duty: id,
                cell: part.cell.clone(),
                task: duty.task_id(),
                acknowledge_due: duty.acknowledge_due,
                due: duty.due,
                next_action,
            })
            .collect();
        let (change, now) = (self.change, self.apply.now);
        let opened = tx.open_obligations(change.document, change.revision, &rows, now).await?;
        Ok(opened.into_iter().map(|(_, cell)| cell).collect())
    }

    /// The new forms of the rows that are opened again, and of those that change.
    fn reassigned(&self, group: &Group, (id, duty): (DutyId, &Duty)) -> (Vec<Obligation>, Vec<Obligation>) {
        let (now, calendar) = (self.apply.now, &self.apply.side.office.calendar);
        let row = |obligation: &ObligationId| self.document.rows.get(obligation);
        let (mut reopened, mut changed) = (Vec::new(), Vec::new());
        for part in &group.cells {
            match &part.act {
                Act::Reopen { obligation } => {
                    reopened.extend(row(obligation).map(|row| row.reopened(id, duty, self.first(duty), now)));
                }
                Act::Change { obligation } => {
                    let keeps = !group.differences.contains(&Difference::AcknowledgeDue);
                    let change = |row: &Obligation| {
                        let mut new = row.given(id, duty);
                        if keeps {
                            new.acknowledge_due = row.acknowledge_due;
                        }
                        new.next_action = ladder::advise(&new, &duty.ladder, now, calendar).next;
                        new
                    };
                    changed.extend(row(obligation).map(change));
                }
                Act::Open | Act::Withdraw { .. } | Act::Keep { .. } => {}
            }
        }
        (reopened, changed)
    }

    fn first(&self, duty: &Duty) -> Option<DateTime<Utc>> {
        ladder::first(duty, self.apply.now, &self.apply.side.office.calendar)
    }

    async fn withdraw(&self, tx: &mut dyn Tx, group: &Group, done: &mut Applied) -> Result<(), StoreError> {
        let row = |part: &Part| match part.act {
            Act::Withdraw { obligation } => self.document.rows.get(&obligation),
            _ => None,
        };
        let closed: Vec<_> = group
            .cells
            .iter()
            .filter_map(row)
            .map(|row| row.closed(State::Withdrawn, self.apply.now))
            .collect();
        if closed.is_empty() {
            return Ok(());
        }
        tx.save_obligations(&closed).await?;
        for row in &closed {
            unasked(tx, row, "unassigned", self.apply.now).await?;
        }
        // A cell that keeps another task is told of a change.
        let told = |kind| self.notices(group, kind);
        let notices = [told(NoticeKind::Withdrawal), told(NoticeKind::Change)].concat();
        done.mails += tx.enqueue(self.change.document, &notices, self.apply.now).await?;
        let cells: Vec<_> = closed.iter().map(|row| row.cell.as_str()).collect();
        let detail = json!({
            "state": "withdrawn", "because": "quy tắc giao việc đã đổi", "cells": cells,
            "plan": self.plan, "actor": self.apply.actor,
        });
        tx.append(&[self.entry(JournalKind::Closed, detail)]).await?;
        done.withdrawn += closed.len() as u64;
        Ok(())
    }

    /// The notices of one kind that the plan shows for a group, to the addresses it shows.
    fn notices(&self, group: &Group, kind: NoticeKind) -> Vec<NewNotice> {
        let (office, policy) = (self.apply.side.office, self.apply.policy);
        let mail = enqueue::Mail {
            revision: self.change.revision,
            urgency: self.document.document.urgency,
            kind,
            step: format!("00@{}", self.plan),
            about: Vec::new(),
        };
        let parts = group.cells.iter().filter(|part| part.mail() == Some(kind));
        parts
            .flat_map(|part| part.mails.iter().map(move |address| (&part.cell, address.clone())))
            .map(|(cell, address)| enqueue::notice(&mail, cell, address, (office, policy), self.apply.now))
            .collect()
    }

    /// A hold for every cell that is given work and has no mailbox.
    async fn unreached(&self, tx: &mut dyn Tx, group: &Group) -> Result<(), StoreError> {
        let opens = |part: &&Part| matches!(part.act, Act::Open | Act::Reopen { .. });
        // A cell with several tasks is written to once, so that this part of it may have no mail.
        let all = self.change.parts().filter(|(_, part)| !part.mails.is_empty());
        let reached: BTreeSet<_> = all.map(|(_, part)| &part.cell).collect();
        for part in group.cells.iter().filter(opens).filter(|part| !reached.contains(&part.cell)) {
            let reason = "chi bộ được giao việc nhưng chưa có hộp thư".to_owned();
            let hold = self.new_hold(HoldKind::NoContact, Some(&part.cell), reason);
            tx.open_hold(&hold, self.apply.now).await?;
        }
        Ok(())
    }

    async fn hold(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let Document { source, external_id, .. } = &self.document.document;
        let (kind, entry) = match self.change.hold {
            None => return Ok(()),
            Some(HoldAct::Open) => {
                let reason = "không quy tắc nào khớp với văn bản này nữa".to_owned();
                let hold = self.new_hold(HoldKind::Unmatched, None, reason);
                tx.open_hold(&hold, self.apply.now).await?;
                (JournalKind::Held, hold.reason)
            }
            Some(HoldAct::Close) => {
                tx.close_holds(HoldKind::Unmatched, source, external_id, self.apply.now).await?;
                (JournalKind::Released, "quy tắc mới đã xử lý văn bản này".to_owned())
            }
        };
        let detail = json!({
            "hold": HoldKind::Unmatched.as_str(), "reason": entry, "plan": self.plan, "actor": self.apply.actor,
        });
        tx.append(&[self.entry(kind, detail)]).await
    }

    fn new_hold(&self, kind: HoldKind, unit: Option<&UnitId>, reason: String) -> NewHold {
        let document = &self.document.document;
        NewHold {
            kind,
            source: document.source.clone(),
            external_id: document.external_id.clone(),
            document: Some(self.change.document),
            unit: unit.cloned(),
            task: None,
            reason,
            raw: None,
        }
    }

    fn entry(&self, kind: JournalKind, detail: serde_json::Value) -> JournalEntry {
        let document = Some(self.change.document);
        JournalEntry { at: self.apply.now, kind, document, obligation: None, detail }
    }
}
