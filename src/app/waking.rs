//! Waking: on the working day before the last one of a rest the office is told, once, what will run again, so that
//! whoever let it rest can still give it longer.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::{About, NewBulletin, Reader, Store, StoreError};
use super::{attend, enqueue};
use crate::domain::bulletin::{RestLine, RestNews, message_id};
use crate::domain::obligation::Respite;

/// What rests and soon will not, by its last day, the nearest first. What was let rest today is left out: whoever
/// did so knows.
///
/// # Errors
/// [`StoreError`].
pub async fn waking(
    store: &(impl Reader + ?Sized),
    office: &Office,
    now: DateTime<Utc>,
) -> Result<Vec<RestNews>, StoreError> {
    let calendar = &office.calendar;
    let today = calendar.date_of(now);
    let mut days: BTreeMap<NaiveDate, Vec<RestLine>> = BTreeMap::new();
    for respite in store.resting(&[]).await? {
        let ends = calendar.date_of(respite.until - TimeDelta::milliseconds(1));
        let is_soon = calendar.add_working_days(ends, -1) <= today && today <= ends;
        if is_soon && calendar.date_of(respite.since) < today {
            days.entry(ends).or_default().extend(line(store, office, respite).await?);
        }
    }
    days.retain(|_, rests| !rests.is_empty());
    Ok(days.into_iter().map(|(ends, rests)| RestNews { ends, rests }).collect())
}

/// A row that rests, as people know it; nothing of one that has ended meanwhile.
async fn line(
    store: &(impl Reader + ?Sized),
    office: &Office,
    respite: Respite,
) -> Result<Option<RestLine>, StoreError> {
    let Some(row) = store.obligation(respite.obligation).await? else { return Ok(None) };
    let row = row.obligation;
    let known = store.revision(row.revision).await?;
    let task = store.duty(row.duty).await?.and_then(|stored| stored.duty.task);
    let calendar = &office.calendar;
    Ok(row.state.is_live().then(|| RestLine {
        obligation: row.id,
        document: row.document,
        kind: respite.kind,
        cell: office.units.name_on(&row.cell, calendar.date_of(respite.since)).to_owned(),
        called: known.as_ref().map(attend::called).unwrap_or_default(),
        task: task.map(|task| task.name),
        due: row.due.map(|due| calendar.due_day(due)),
        author: respite.author,
        reason: respite.reason,
    }))
}

/// Enqueues a mail to each mailbox of the office's unit that is first in order, for the office's next hour; how
/// many were new.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let unit = office.units.office.as_ref();
    let mailboxes = unit.map(|unit| enqueue::addresses(unit, office, now)).unwrap_or_default();
    let mut told = 0;
    let news = waking(store, office, now).await?;
    let mut tx = store.begin().await?;
    for news in &news {
        for mailbox in &mailboxes {
            let state = news.state();
            let bulletin = NewBulletin {
                message_id: message_id(&state, mailbox, &policy.secret, &policy.domain),
                about: About::Rest(news.clone(), now),
                state,
                mailbox: mailbox.clone(),
                send_at: office.calendar.next_office_instant(now),
            };
            told += usize::from(tx.enqueue_bulletin(&bulletin).await?);
        }
    }
    tx.commit().await?;
    Ok(told)
}
