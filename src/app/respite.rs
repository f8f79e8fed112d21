//! Respite: a person lets work rest for a while, wakes it, or excuses a cell from it. Each act has an author, a
//! reason and, but for an excuse, an end; each is journalled, and told to cells that it concerns.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

pub use super::desk::Desk;
use super::ports::{JournalEntry, JournalKind, StoreError, Tx};
use super::withdraw::unasked;
use super::{enqueue, report_up};
use crate::domain::calendar::Calendar;
use crate::domain::ids::{DocumentId, ObligationId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Obligation, RespiteKind, State};

/// Nothing rests longer than a year at a time: what is forgotten must come back.
const LONGEST: Days = Days::new(366);

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum RespiteError {
    /// There is no such row.
    #[error("không có việc số {0}")]
    Unknown(ObligationId),
    /// The row has ended.
    #[error("việc số {0} đã kết thúc")]
    Closed(ObligationId),
    /// It rests already.
    #[error("việc số {0} đang tạm hoãn; muốn đổi thời hạn thì cho chạy lại trước")]
    Resting(ObligationId),
    /// It does not rest.
    #[error("việc số {0} không tạm hoãn")]
    Awake(ObligationId),
    /// An act without a reason cannot be explained later.
    #[error("cần ghi lý do")]
    NoReason,
    /// The end has passed already.
    #[error("ngày {} đã qua", .0.format("%d/%m/%Y"))]
    Past(NaiveDate),
    /// The end is too far.
    #[error("ngày {} xa quá một năm; hết hạn rồi xem xét lại", .0.format("%d/%m/%Y"))]
    TooLong(NaiveDate),
    /// Nothing was named.
    #[error("chưa chỉ ra việc nào")]
    Nothing,
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rested {
    /// Rows that changed.
    pub obligations: u64,
    /// Mails that tell of it.
    pub mails: u64,
}

/// The end of a respite that holds to the end of a day.
///
/// # Errors
/// [`RespiteError::Past`], [`RespiteError::TooLong`].
pub fn end(day: NaiveDate, calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, RespiteError> {
    let until = calendar.end_of_day(day);
    if until <= now {
        return Err(RespiteError::Past(day));
    }
    let farthest = calendar.date_of(now).checked_add_days(LONGEST).unwrap_or(NaiveDate::MAX);
    if day > farthest { Err(RespiteError::TooLong(day)) } else { Ok(until) }
}

impl Desk<'_> {
    /// Holds the mails of rows until the end of a day; their clocks run.
    ///
    /// # Errors
    /// [`RespiteError`]; nothing was changed then.
    pub async fn mute(&self, rows: &[ObligationId], until: NaiveDate) -> Result<Rested, RespiteError> {
        self.rest(rows, RespiteKind::Mute, until).await
    }

    /// Stops the clocks of rows until the end of a day: their instants move by the working time of the pause.
    ///
    /// # Errors
    /// [`RespiteError`]; nothing was changed then.
    pub async fn pause(&self, rows: &[ObligationId], until: NaiveDate) -> Result<Rested, RespiteError> {
        self.rest(rows, RespiteKind::Pause, until).await
    }

    /// Ends the respite of rows before its time.
    ///
    /// # Errors
    /// [`RespiteError`]; nothing was changed then.
    pub async fn resume(&self, rows: &[ObligationId]) -> Result<Rested, RespiteError> {
        let (mut tx, live) = self.begin(rows).await?;
        let resting = tx.resting(rows).await?;
        let mut changes = Vec::with_capacity(live.len());
        for row in live {
            let respite = resting.iter().find(|respite| respite.obligation == row.id);
            let respite = respite.ok_or(RespiteError::Awake(row.id))?;
            tx.rouse(respite.id, self.now).await?;
            let mut roused = row.roused(respite, self.now, &self.office.calendar);
            if roused.next_action.is_none() {
                roused.next_action = self.next(tx.as_mut(), &roused).await?;
            }
            let detail = json!({ "act": "resume", "kind": respite.kind });
            changes.push(Change { step: format!("00@resume-{}", respite.id), row: roused, was: row, detail });
        }
        self.store_all(tx, &changes).await
    }

    /// Closes rows: their cells need not do it.
    ///
    /// # Errors
    /// [`RespiteError`]; nothing was changed then.
    pub async fn excuse(&self, rows: &[ObligationId]) -> Result<Rested, RespiteError> {
        let (mut tx, live) = self.begin(rows).await?;
        for respite in tx.resting(rows).await? {
            tx.rouse(respite.id, self.now).await?;
        }
        let excused: Vec<_> = live.iter().map(|row| row.closed(State::Excused, self.now)).collect();
        tx.save_obligations(&excused).await?;
        for row in &excused {
            unasked(tx.as_mut(), row, "excused", self.now).await?;
        }
        let mut done = Rested { obligations: excused.len() as u64, mails: 0 };
        let mut told = BTreeSet::new();
        for row in &excused {
            let detail = json!({ "state": "excused", "cells": [row.cell], "because": self.said() });
            self.note(tx.as_mut(), row, JournalKind::Closed, detail).await?;
            if told.insert((row.revision, row.cell.clone())) {
                done.mails += self.tell_excused(tx.as_mut(), row).await?;
            }
        }
        let documents: BTreeSet<_> = excused.iter().map(|row| row.document).collect();
        for document in documents {
            report_up::say(tx.as_mut(), &self.policy.voices, document, self.now).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    async fn rest(
        &self,
        rows: &[ObligationId],
        kind: RespiteKind,
        day: NaiveDate,
    ) -> Result<Rested, RespiteError> {
        let until = end(day, &self.office.calendar, self.now)?;
        let (mut tx, live) = self.begin(rows).await?;
        let by = (self.actor, self.reason.trim());
        let mut changes = Vec::with_capacity(live.len());
        for row in live {
            let (rested, respite) = match kind {
                RespiteKind::Mute => row.muted(by, self.now, until),
                RespiteKind::Pause => row.paused(by, self.now, until, &self.office.calendar),
            };
            let id = tx.rest(&respite).await?.ok_or(RespiteError::Resting(row.id))?;
            let detail = json!({ "act": kind, "kind": kind, "until": day });
            changes.push(Change {
                step: format!("00@{}-{id}", kind.as_str()),
                row: rested,
                was: row,
                detail,
            });
        }
        self.store_all(tx, &changes).await
    }

    /// A write, with the rows that are meant, each once and all of them live.
    async fn begin(&self, rows: &[ObligationId]) -> Result<(Box<dyn Tx>, Vec<Obligation>), RespiteError> {
        if self.reason.trim().is_empty() {
            return Err(RespiteError::NoReason);
        }
        let mut tx = self.store.begin().await?;
        let ids: BTreeSet<_> = rows.iter().copied().collect();
        let mut live = Vec::with_capacity(ids.len());
        for id in ids {
            let row = tx.obligation(id).await?.ok_or(RespiteError::Unknown(id))?;
            if !row.state.is_live() {
                return Err(RespiteError::Closed(id));
            }
            live.push(row);
        }
        if live.is_empty() { Err(RespiteError::Nothing) } else { Ok((tx, live)) }
    }

    /// Stores the rows, tells cells whose due instant moved, and journals each.
    async fn store_all(&self, mut tx: Box<dyn Tx>, changes: &[Change]) -> Result<Rested, RespiteError> {
        let rows: Vec<_> = changes.iter().map(|change| change.row.clone()).collect();
        tx.save_obligations(&rows).await?;
        let mut done = Rested { obligations: rows.len() as u64, mails: 0 };
        let mut told = BTreeSet::new();
        for Change { row, was, step, detail } in changes {
            let moved = row.due != was.due || row.acknowledge_due != was.acknowledge_due;
            if moved && told.insert((row.revision, row.cell.clone())) {
                done.mails += self.tell_cell(tx.as_mut(), row, NoticeKind::Change, step).await?;
            }
            let mut detail = detail.clone();
            if let Some(detail) = detail.as_object_mut() {
                detail.insert("due_before".to_owned(), json!(was.due.filter(|_| moved)));
                detail.insert("due".to_owned(), json!(row.due.filter(|_| moved)));
                detail.insert("actor".to_owned(), json!(self.actor));
                detail.insert("reason".to_owned(), json!(self.reason.trim()));
            }
            self.note(tx.as_mut(), row, JournalKind::Rested, detail).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// A cell that is excused from all hears that it is; from one task of several, what is left.
    async fn tell_excused(&self, tx: &mut dyn Tx, row: &Obligation) -> Result<u64, StoreError> {
        let left = tx.live_of(&row.cell).await?.iter().any(|other| other.revision == row.revision);
        if !left {
            let cells: BTreeSet<UnitId> = [row.cell.clone()].into();
            tx.drop_queued_of(row.document, &cells, "chi bộ được miễn").await?;
        }
        let kind = if left { NoticeKind::Change } else { NoticeKind::Withdrawal };
        self.tell_cell(tx, row, kind, &format!("00@excuse-{}", row.id)).await
    }

    /// Writes to the cell of a row, if it knows the document.
    async fn tell_cell(
        &self,
        tx: &mut dyn Tx,
        row: &Obligation,
        kind: NoticeKind,
        step: &str,
    ) -> Result<u64, StoreError> {
        if !tx.told(row.document).await?.contains(&row.cell) {
            return Ok(0);
        }
        let Some(stored) = tx.revision(row.revision).await? else { return Ok(0) };
        let (revision, urgency, step) = (row.revision, stored.document.urgency, step.to_owned());
        let mail = enqueue::Mail { revision, urgency, kind, step, about: Vec::new() };
        let notices = enqueue::notices(&mail, &row.cell, self.office, self.policy, self.now);
        tx.enqueue(row.document, &notices, self.now).await
    }

    /// When the ladder of a row wants to look again.
    async fn next(&self, tx: &mut dyn Tx, row: &Obligation) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(stored) = tx.duty(row.duty).await? else { return Ok(None) };
        Ok(ladder::advise(row, &stored.duty.ladder, self.now, &self.office.calendar).next)
    }

    fn said(&self) -> String {
        format!("{} ({})", self.reason.trim(), self.actor)
    }

    async fn note(
        &self,
        tx: &mut dyn Tx,
        row: &Obligation,
        kind: JournalKind,
        mut detail: Value,
    ) -> Result<(), StoreError> {
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("cell".to_owned(), json!(row.cell));
        }
        let (at, obligation) = (self.now, Some(row.id));
        let document: Option<DocumentId> = Some(row.document);
        tx.append(&[JournalEntry { at, kind, document, obligation, detail }]).await
    }
}

/// A row before and after.
struct Change {
    row: Obligation,
    was: Obligation,
    /// As in [`NoticeKey::step`](crate::domain::notice::NoticeKey::step).
    step: String,
    detail: Value,
}
