//! Digest: once on a working morning one mail for each cell on which something presses, and the reminders
//! of that morning folded into it. Whoever has one thing open gets its plain reminder.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{
    JournalEntry, JournalKind, NewNotice, ObligationRow, Round, Store, StoreError, Tx, Waiting,
};
use crate::domain::digest::{Pain, days_left, due_at, is_settled};
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, NoticeId, ObligationId, UnitId};
use crate::domain::notice::NoticeKind;

/// Why a reminder was not mailed by itself.
pub const FOLDED: &str = "đã gộp vào thư việc cần làm buổi sáng";

/// What a morning came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Cells that get a digest.
    pub cells: u64,
    /// Reminders folded into them.
    pub folded: u64,
}

/// Puts the digests of this morning together, if it is time and nobody has; all of them or none.
///
/// # Errors
/// [`StoreError`].
pub async fn gather(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Gathered, StoreError> {
    let day = office.calendar.date_of(now);
    let is_time = policy.digest.is_some_and(|hour| due_at(hour, now, &office.calendar).is_some());
    if !is_time || store.round_made(Round::Digest, day).await? {
        return Ok(Gathered::default());
    }
    let mut tx = store.begin().await?;
    if !tx.begin_round(Round::Digest, day, now).await? {
        return Ok(Gathered::default());
    }
    let morning = Morning { office, policy, now };
    let waiting = tx.waiting(Urgency::Express.priority()).await?;
    let (mails, folded) = morning.mails(&open(tx.as_mut()).await?, &waiting);
    let done = send(tx.as_mut(), &mails, &folded, now).await?;
    if done.cells > 0 {
        let detail = json!({ "digest": day, "cells": done.cells, "folded": folded });
        let kind = JournalKind::Enqueued;
        tx.append(&[JournalEntry { at: now, kind, document: None, obligation: None, detail }]).await?;
    }
    tx.commit().await?;
    Ok(done)
}

/// What cells still have to do something about, but for what was muted or paused: no mail names that.
async fn open(tx: &mut dyn Tx) -> Result<Vec<ObligationRow>, StoreError> {
    let mut rows = tx.open().await?;
    let ids: Vec<ObligationId> = rows.iter().map(|row| row.obligation.id).collect();
    let resting = tx.resting(&ids).await?;
    let resting: BTreeSet<_> = resting.into_iter().map(|respite| respite.obligation).collect();
    rows.retain(|row| !resting.contains(&row.obligation.id));
    let mut duties = BTreeMap::new();
    for row in rows.iter().filter(|row| row.obligation.due.is_none()) {
        let id = row.obligation.duty;
        if let Entry::Vacant(known) = duties.entry(id) {
            known.insert(tx.duty(id).await?.map(|stored| stored.duty.owes).unwrap_or_default());
        }
    }
    let settled = |row: &ObligationRow| {
        duties.get(&row.obligation.duty).is_some_and(|owes| is_settled(&row.obligation, owes))
    };
    Ok(rows.into_iter().filter(|row| !settled(row)).collect())
}

async fn send(
    tx: &mut dyn Tx,
    mails: &BTreeMap<DocumentId, Vec<NewNotice>>,
    folded: &[NoticeId],
    now: DateTime<Utc>,
) -> Result<Gathered, StoreError> {
    // Folded first: an older digest that never left makes room for this one.
    let folded = if folded.is_empty() { 0 } else { tx.fold(folded, FOLDED).await? };
    let cells: BTreeSet<_> = mails.values().flatten().map(|mail| &mail.key.unit).collect();
    for (document, notices) in mails {
        tx.enqueue(*document, notices, now).await?;
    }
    Ok(Gathered { cells: cells.len() as u64, folded })
}

/// One morning of the office.
struct Morning<'a> {
    office: &'a Office,
    policy: &'a Policy,
    now: DateTime<Utc>,
}

impl Morning<'_> {
    /// The digests, by the document each bears, and the mails they say all of.
    fn mails(
        &self,
        open: &[ObligationRow],
        waiting: &[Waiting],
    ) -> (BTreeMap<DocumentId, Vec<NewNotice>>, Vec<NoticeId>) {
        let mut cells: BTreeMap<&UnitId, Vec<&ObligationRow>> = BTreeMap::new();
        for row in open.iter().filter(|row| row.contact.is_reached()) {
            cells.entry(&row.obligation.cell).or_default().push(row);
        }
        let mut reminders: BTreeMap<&UnitId, Vec<&Waiting>> = BTreeMap::new();
        waiting.iter().for_each(|one| reminders.entry(&one.cell).or_default().push(one));
        let (mut mails, mut folded) = (BTreeMap::new(), Vec::new());
        for (cell, rows) in cells.into_iter().filter(|(cell, _)| self.works(cell)) {
            let reminders = reminders.remove(cell).unwrap_or_default();
            let Some((document, notices)) = self.digest(cell, &rows, &reminders) else { continue };
            mails.entry(document).or_insert_with(Vec::new).extend(notices);
            folded.extend(reminders.iter().map(|one| one.notice));
        }
        (mails, folded)
    }

    /// Whether a cell works today: enterprises need not follow the office's swaps.
    fn works(&self, cell: &UnitId) -> bool {
        let sector = self.office.units.get(cell).and_then(|unit| unit.sector.as_deref());
        let calendar = self.office.calendar.of_sector(sector);
        calendar.is_working(calendar.date_of(self.now))
    }

    /// The digest of a cell for each of its mailboxes, if it has several things open and something presses.
    /// It bears the document that presses most.
    fn digest(
        &self,
        cell: &UnitId,
        rows: &[&ObligationRow],
        reminders: &[&Waiting],
    ) -> Option<(DocumentId, Vec<NewNotice>)> {
        let (now, calendar) = (self.now, &self.office.calendar);
        let pain = |row: &&ObligationRow| Pain::of(&row.obligation, now, calendar);
        let presses = !reminders.is_empty() || rows.iter().any(|row| pain(row).calls());
        if rows.len() < 2 || !presses {
            return None;
        }
        let order = |row: &&&ObligationRow| {
            let left = days_left(&row.obligation, now, calendar);
            (pain(row), left.is_none(), left, row.obligation.id)
        };
        let first = &rows.iter().min_by_key(order)?.obligation;
        let mail = enqueue::Mail {
            revision: first.revision,
            urgency: Urgency::Normal,
            kind: NoticeKind::Digest,
            step: format!("00@{}", calendar.date_of(now)),
            about: about(rows, reminders),
        };
        let notices = enqueue::notices(&mail, cell, self.office, self.policy, now);
        (!notices.is_empty()).then_some((first.document, notices))
    }
}

/// Everything it tells of, each with the ladder step it stands for; 0 where none was taken.
fn about(rows: &[&ObligationRow], reminders: &[&Waiting]) -> Vec<(ObligationId, u16)> {
    let steps: BTreeMap<_, _> = reminders.iter().flat_map(|one| one.about.iter().copied()).collect();
    let step = |id| steps.get(&id).copied().unwrap_or_default();
    rows.iter().map(|row| (row.obligation.id, step(row.obligation.id))).collect()
}
