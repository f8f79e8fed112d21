//! Recur: some days after a duty that comes again was due, its next period opens by itself, for the cells that still
//! bear it.
//!
//! A period has a task of its own, named by its due day, so that opening it twice is impossible. Periods that
//! passed while the daemon was down are not opened late: only the next one is.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, NewObligation, Store, StoreError, StoredDuty, Tx,
};
use crate::domain::deadline::{Period, Recurrence, next_period};
use crate::domain::ids::{DutyId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Duty, Obligation, State};
use crate::domain::rule::Rule;
use crate::domain::unit::Bearer;

/// Duties looked at in one transaction.
const BATCH: u32 = 50;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recurred {
    /// Duties whose period ended.
    pub ended: u64,
    /// Obligations opened for the next one.
    pub opened: u64,
}

/// Opens the next period of every duty whose time has come by `now`.
///
/// # Errors
/// [`StoreError`]; finished batches stay.
pub async fn recur(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Recurred, StoreError> {
    let mut done = Recurred::default();
    loop {
        let mut tx = store.begin().await?;
        let ripe = tx.ripe(now, BATCH).await?;
        for ended in &ripe {
            done.opened += Turn { office, policy, now, ended }.take(tx.as_mut()).await?;
            tx.end_period(ended.id).await?;
        }
        tx.commit().await?;
        done.ended += ripe.len() as u64;
        if ripe.len() < BATCH as usize {
            return Ok(done);
        }
    }
}

/// One duty whose period has ended.
struct Turn<'a> {
    office: &'a Office,
    policy: &'a Policy,
    now: DateTime<Utc>,
    ended: &'a StoredDuty,
}

impl Turn<'_> {
    /// Opens the next period; how many obligations that were.
    async fn take(&self, tx: &mut dyn Tx) -> Result<u64, StoreError> {
        let rows = tx.under(self.ended.id).await?;
        let Some((first, next)) = rows.first().zip(self.next()) else { return Ok(0) };
        let cells = self.cells(&rows);
        if cells.is_empty() {
            return Ok(0);
        }
        let duty = self.duty(first, next);
        let id = tx.open_duty(first.revision, &duty).await?;
        let opened = self.open(tx, first, (id, &duty), &cells).await?;
        let mails = self.tell(tx, first, &opened, next).await?;
        let detail = json!({
            "outcome": "assigned", "duty": id, "after": self.ended.id, "rules": duty.rules, "role": duty.role,
            "due": duty.due, "ruleset": duty.ruleset, "calendar": self.office.calendar.version(), "notices": mails, "cells": opened,
            "task": duty.task.as_ref().map(|task| &task.name), "period": next.day, "passed_over": next.passed_over,
        });
        let (at, kind, document) = (self.now, JournalKind::Routed, Some(first.document));
        tx.append(&[JournalEntry { at, kind, document, obligation: None, detail }]).await?;
        Ok(opened.len() as u64)
    }

    async fn open(
        &self,
        tx: &mut dyn Tx,
        first: &Obligation,
        (id, duty): (DutyId, &Duty),
        cells: &BTreeSet<UnitId>,
    ) -> Result<Vec<UnitId>, StoreError> {
        let next_action = ladder::first(duty, self.now, &self.office.calendar);
        let new = |cell: &UnitId| NewObligation {
            duty: id,
            cell: cell.clone(),
            task: duty.task_id(),
            acknowledge_due: duty.acknowledge_due,
            due: duty.due,
            next_action,
        };
        let new: Vec<_> = cells.iter().map(new).collect();
        let opened = tx.open_obligations(first.document, first.revision, &new, self.now).await?;
        Ok(opened.into_iter().map(|(_, cell)| cell).collect())
    }

    /// Writes to every cell, or opens a hold where it has no mailbox; how many mails that were.
    async fn tell(
        &self,
        tx: &mut dyn Tx,
        first: &Obligation,
        cells: &[UnitId],
        next: Period,
    ) -> Result<u64, StoreError> {
        let Some(stored) = tx.revision(first.revision).await? else { return Ok(0) };
        let mail = enqueue::Mail {
            revision: first.revision,
            urgency: stored.document.urgency,
            kind: NoticeKind::Notice,
            step: format!("00@{}", next.day),
            about: Vec::new(),
        };
        let mut notices = Vec::with_capacity(cells.len());
        for cell in cells {
            let written = enqueue::notices(&mail, cell, self.office, self.policy, self.now);
            if written.is_empty() {
                let hold = NewHold {
                    kind: HoldKind::NoContact,
                    source: stored.document.source.clone(),
                    external_id: stored.document.external_id.clone(),
                    document: Some(first.document),
                    unit: Some(cell.clone()),
                    task: None,
                    reason: "chi bộ được giao việc nhưng chưa có hộp thư".to_owned(),
                    raw: None,
                };
                tx.open_hold(&hold, self.now).await?;
            }
            notices.extend(written);
        }
        tx.enqueue(first.document, &notices, self.now).await
    }

    fn recurrence(&self) -> Option<Recurrence> {
        self.ended.duty.due_why.as_ref()?.again
    }

    /// The next period, as long as a rule that gave the duty still holds.
    fn next(&self) -> Option<Period> {
        let calendar = &self.office.calendar;
        let today = calendar.date_of(self.now);
        let holds = |rule: &Rule| rule.valid.covers(today) && self.ended.duty.rules.contains(&rule.id);
        let due = self.ended.duty.due.filter(|_| self.office.ruleset.rules.iter().any(holds))?;
        next_period(self.recurrence()?, calendar.due_day(due), today)
    }

    /// Who goes on: whoever has not been rid of it, or whoever took over from them.
    fn cells(&self, rows: &[Obligation]) -> BTreeSet<UnitId> {
        let today = self.office.calendar.date_of(self.now);
        let goes_on = |row: &&Obligation| !matches!(row.state, State::Withdrawn | State::Declined);
        let bearer = |row: &Obligation| match self.office.units.bearer(&row.cell, today) {
            Bearer::Itself(unit) | Bearer::Heir(unit) => Some(unit.id.clone()),
            Bearer::Undecided { .. } => None,
        };
        rows.iter().filter(goes_on).filter_map(bearer).collect()
    }

    /// The duty of the next period: as it was, with its days counted anew.
    fn duty(&self, row: &Obligation, next: Period) -> Duty {
        let (old, calendar) = (&self.ended.duty, &self.office.calendar);
        let days = |due| calendar.working_days_between(calendar.date_of(row.opened), calendar.due_day(due));
        let today = calendar.date_of(self.now);
        let acknowledge = |due| calendar.end_of_day(calendar.add_working_days(today, days(due).max(1)));
        let mut why = old.due_why.clone();
        if let (Some(why), Some(recurrence)) = (&mut why, self.recurrence()) {
            why.reading = format!("kỳ {}, {}", shown(next.day), recurrence.reading());
            why.calendar = calendar.version();
        }
        Duty {
            task: Some(old.period(next.day)),
            acknowledge_due: old.acknowledge_due.map(acknowledge),
            due: Some(calendar.end_of_day(next.day)),
            due_why: why,
            ..old.clone()
        }
    }
}

fn shown(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
