//! Due: a person enters by when the work about a document must be done. It outranks the source, the rules and the
//! text (design: a person's entry comes first), and no plan moves it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{HoldKind, JournalEntry, JournalKind, ObligationRow, Store, StoreError, StoredDuty, Tx};
use crate::domain::calendar::weekday_name;
use crate::domain::deadline::Basis;
use crate::domain::ids::{DocumentId, DutyId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Contact, DueWhy, Duty, Obligation};

/// What a person enters.
pub struct Entry<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office.
    pub office: &'a Office,
    /// How mails are made.
    pub policy: &'a Policy,
    /// The document.
    pub document: DocumentId,
    /// The code of a task; all tasks without one.
    pub task: Option<&'a str>,
    /// The last day, inclusive.
    pub day: NaiveDate,
    /// Who: an operating system user.
    pub actor: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Why it was not entered; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DueError {
    /// An entry without a reason cannot be explained later.
    #[error("cần ghi lý do")]
    NoReason,
    /// Nobody can be done in the past.
    #[error("ngày {} đã qua", .0.format("%d/%m/%Y"))]
    Past(NaiveDate),
    /// No cell has anything left to do, or there is no such task.
    #[error("văn bản này không có việc nào đang mở để đặt hạn")]
    Nothing,
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Entered {
    /// Obligations with the new day.
    pub obligations: u64,
    /// Mails that tell of it.
    pub mails: u64,
}

/// Enters a due day for all open work about a document, in one transaction.
///
/// # Errors
/// [`DueError`]
pub async fn enter(entry: &Entry<'_>) -> Result<Entered, DueError> {
    let due = entry.office.calendar.end_of_day(entry.day);
    if entry.reason.trim().is_empty() {
        return Err(DueError::NoReason);
    }
    if due <= entry.now {
        return Err(DueError::Past(entry.day));
    }
    let mut tx = entry.store.begin().await?;
    let mut by_duty: BTreeMap<DutyId, Vec<ObligationRow>> = BTreeMap::new();
    for row in tx.obligations(entry.document).await? {
        let meant = entry.task.is_none_or(|code| row.obligation.task.code() == code);
        if meant && row.obligation.state.is_live() && row.obligation.due != Some(due) {
            by_duty.entry(row.obligation.duty).or_default().push(row);
        }
    }
    let mut done = Entered::default();
    for (id, rows) in by_duty {
        let Some(old) = tx.duty(id).await? else { continue };
        done.mails += entry.move_rows(tx.as_mut(), &old, &rows, due).await?;
        done.obligations += rows.len() as u64;
    }
    if done.obligations == 0 {
        return Err(DueError::Nothing);
    }
    if let Some((_, stored)) = tx.newest(entry.document).await? {
        let (source, external_id) = (&stored.document.source, &stored.document.external_id);
        tx.close_holds(HoldKind::Deadline, source, external_id, entry.now).await?;
    }
    tx.commit().await?;
    Ok(done)
}

impl Entry<'_> {
    /// Puts the rows of one duty under another with the entered day; how many mails that makes.
    async fn move_rows(
        &self,
        tx: &mut dyn Tx,
        old: &StoredDuty,
        rows: &[ObligationRow],
        due: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let Some(revision) = rows.first().map(|row| row.obligation.revision) else { return Ok(0) };
        let duty = self.duty(&old.duty, due);
        let id = tx.open_duty(revision, &duty).await?;
        let calendar = &self.office.calendar;
        let given = |row: &ObligationRow| {
            let mut new = row.obligation.given(id, &duty);
            new.acknowledge_due = row.obligation.acknowledge_due;
            new.next_action = ladder::advise(&new, &duty.ladder, self.now, calendar).next;
            new
        };
        let moved: Vec<Obligation> = rows.iter().map(given).collect();
        tx.reassign(&moved).await?;
        let urgency = tx.revision(revision).await?.map(|stored| stored.document.urgency).unwrap_or_default();
        let (kind, step) = (NoticeKind::Change, format!("00@due-{id}"));
        let mail = enqueue::Mail { revision, urgency, kind, step, about: Vec::new() };
        let told = rows.iter().filter(|row| matches!(row.contact, Contact::Sent | Contact::Delivered));
        let write = |row: &ObligationRow| {
            enqueue::notices(&mail, &row.obligation.cell, self.office, self.policy, self.now)
        };
        let notices: Vec<_> = told.flat_map(write).collect();
        let mails = tx.enqueue(self.document, &notices, self.now).await?;
        let cells: Vec<_> = moved.iter().map(|row| &row.cell).collect();
        let detail = json!({
            "outcome": "assigned", "duty": id, "rules": duty.rules, "role": duty.role, "due": duty.due,
            "due_before": old.duty.due, "calendar": calendar.version(), "ruleset": duty.ruleset, "notices": mails,
            "cells": cells, "actor": self.actor, "reason": self.reason,
        });
        let (at, kind, document) = (self.now, JournalKind::Routed, Some(self.document));
        tx.append(&[JournalEntry { at, kind, document, obligation: None, detail }]).await?;
        Ok(mails)
    }

    fn duty(&self, old: &Duty, due: DateTime<Utc>) -> Duty {
        let day = format!("{} {}", weekday_name(self.day), self.day.format("%d/%m/%Y"));
        let why = DueWhy {
            reading: format!("{} nhập: hết {day} ({})", self.actor, self.reason),
            phrase: old.due_why.as_ref().and_then(|why| why.phrase.clone()),
            proposal: false,
            calendar: self.office.calendar.version(),
            basis: Some(Basis::Person),
            again: old.due_why.as_ref().and_then(|why| why.again),
        };
        Duty { due: Some(due), due_why: Some(why), ..old.clone() }
    }
}
