//! Attend: what answers of cells leave to be done by mail: the office is told what a cell asks of it, and a cell
//! is asked again whose link was pressed as a machine presses.

use chrono::{DateTime, TimeDelta, Utc};

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{About, Asked, DoubtRow, NewBulletin, RequestRow, Store, StoreError, StoredRevision};
use crate::domain::bulletin::{RequestNews, message_id};
use crate::domain::notice::{NoticeKind, confirm_step};

/// A doubted press is asked about no sooner than this after it: a person who was asked for the digits has them
/// typed by then, and a scanner has gone.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// What was enqueued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attended {
    /// Requests that the office is told of.
    pub requests: u64,
    /// Cells that are asked again.
    pub doubts: u64,
}

/// Enqueues the mails about requests and doubted presses that nobody was told of. Requests wait for office
/// hours, so that one that is decided in the meantime makes no mail.
///
/// # Errors
/// [`StoreError`]; what was enqueued stays.
pub async fn attend(
    store: &dyn Store,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Attended, StoreError> {
    let mut done = Attended::default();
    if policy.any_hour || office.calendar.next_office_instant(now) <= now {
        for request in store.untold_requests().await? {
            tell_office(store, (office, policy), &request, now).await?;
            done.requests += 1;
        }
    }
    for doubt in store.unasked_doubts(now - PATIENCE).await? {
        ask_again(store, (office, policy), &doubt, now).await?;
        done.doubts += 1;
    }
    Ok(done)
}

/// One mail to each mailbox of the office's unit that is first in order; its link is made when it is sent.
async fn tell_office(
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    request: &RequestRow,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let unit = office.units.office.as_ref();
    let mailboxes = unit.map(|unit| enqueue::addresses(unit, office, now)).unwrap_or_default();
    let news = news(store, office, request).await?;
    let mut tx = store.begin().await?;
    for mailbox in mailboxes {
        let state = news.state();
        let bulletin = NewBulletin {
            message_id: message_id(&state, &mailbox, &policy.secret, &policy.domain),
            about: About::Request(news.clone(), now),
            state,
            mailbox,
            send_at: now,
        };
        tx.enqueue_bulletin(&bulletin).await?;
    }
    tx.told_request(request.id, now).await?;
    tx.commit().await
}

async fn news(store: &dyn Store, office: &Office, request: &RequestRow) -> Result<RequestNews, StoreError> {
    let today = office.calendar.date_of(request.asked);
    let name = |unit| office.units.name_on(unit, today).to_owned();
    let (until, suggested) = match &request.asks {
        Asked::MoreTime { until } => (Some(*until), None),
        Asked::Declined { suggested } => (None, suggested.as_ref().map(name)),
    };
    let row = store.obligation(request.obligation).await?;
    let task = match &row {
        Some(row) => store.duty(row.obligation.duty).await?.and_then(|stored| stored.duty.task),
        None => None,
    };
    let symbol = match &row {
        Some(row) => store.revision(row.obligation.revision).await?.map(|known| called(&known)),
        None => None,
    };
    Ok(RequestNews {
        request: request.id,
        hold: request.hold,
        cell: name(&request.cell),
        document: symbol.unwrap_or_default(),
        task: task.map(|task| task.name),
        due: request.due.map(|due| office.calendar.due_day(due)),
        until,
        suggested,
        reason: request.reason.clone(),
        link: None,
        code: None,
    })
}

/// Number and issuer: what the office knows a document by.
pub(super) fn called(revision: &StoredRevision) -> String {
    let document = &revision.document;
    let parts = [document.symbol.as_str(), document.issuer.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

async fn ask_again(
    store: &dyn Store,
    (office, policy): (&Office, &Policy),
    doubt: &DoubtRow,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    if let Some(row) = tx.obligation(doubt.obligation).await?
        && let Some(known) = tx.revision(row.revision).await?
    {
        let mail = enqueue::Mail {
            revision: row.revision,
            urgency: known.document.urgency,
            kind: NoticeKind::Reminder,
            step: confirm_step(row.id),
            about: vec![(row.id, 0)],
        };
        let notices = enqueue::notices(&mail, &row.cell, office, policy, now);
        tx.enqueue(row.document, &notices, now).await?;
    }
    tx.asked_doubt(doubt.obligation, now).await?;
    tx.commit().await
}
