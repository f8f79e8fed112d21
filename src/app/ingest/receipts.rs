//! Who has looked at a directive in its source: asked again every hour for the new ones and every night for all
//! that have open work, a directive at a time. A look is evidence of contact. It acknowledges only where the rule
//! is content with it (`grade = "upstream"`); otherwise no ladder stops for it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Poll, attempt, sweep};
use crate::app::acknowledge::{self, AnswerError};
use crate::app::ports::{
    Ability, JournalEntry, JournalKind, PollState, ReceiptLook, Source, SourceError, StoreError, StoredDuty,
    Watched,
};
use crate::domain::ids::{ObligationId, SourceId, UnitId};
use crate::domain::obligation::{Grade, Owed, State};
use crate::domain::receipt::{Gathered, Roster, Times, reaches};

/// Asks, where it is time to. A source that does not answer is asked again at the next turn; a poll does not
/// fail because of it.
pub(super) async fn look(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &PollState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(since) = sweep::receipts(poll, state, now) else { return Ok(()) };
    if source.abilities().read_receipts != Ability::Yes {
        return Ok(());
    }
    let roster = Roster::new(&poll.office.units, poll.office.calendar.date_of(now));
    for watched in poll.store.watched(source.id(), since).await? {
        match gather(source, &watched, &roster).await {
            Ok(None) => {}
            Ok(Some(gathered)) => keep(poll, source.id(), &watched, gathered, now).await?,
            Err(error) => {
                tracing::warn!(source = %source.id(), %error, "chưa hỏi được ai đã xem văn bản; sẽ hỏi lại");
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Every receiver of a directive, matched page by page: what tells them apart is let go of with the page.
async fn gather(
    source: &dyn Source,
    watched: &Watched,
    roster: &Roster<'_>,
) -> Result<Option<Gathered>, SourceError> {
    let (mut gathered, mut page) = (Gathered::default(), None);
    loop {
        let receipts = attempt::receipts(source, &watched.external_id, page.as_ref()).await?;
        let Some(receipts) = receipts else { return Ok(None) };
        receipts.rows.iter().for_each(|receipt| gathered.add(receipt, roster));
        match receipts.next {
            Some(next) => page = Some(next),
            None => return Ok(Some(gathered)),
        }
    }
}

async fn keep(
    poll: &Poll<'_>,
    source: &SourceId,
    watched: &Watched,
    gathered: Gathered,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = poll.store.begin().await?;
    let known = tx.receipts_of(watched.document, source).await?;
    let cells = merged(&known, &gathered);
    let fresh: Vec<_> =
        cells.iter().filter(|(cell, times)| is_new(known.get(*cell), times)).map(entry).collect();
    if !fresh.is_empty() {
        let detail = json!({"source": source, "cells": fresh});
        let document = Some(watched.document);
        tx.append(&[JournalEntry { at: now, kind: JournalKind::Seen, document, obligation: None, detail }])
            .await?;
    }
    let Gathered { receivers, unmatched, .. } = gathered;
    let look = ReceiptLook {
        document: watched.document,
        source: source.clone(),
        cells,
        receivers,
        unmatched,
        at: now,
    };
    tx.keep_receipts(&look).await?;
    tx.commit().await?;
    acknowledge(poll, &look, now).await
}

/// What is known of every cell now.
fn merged(known: &BTreeMap<UnitId, Times>, gathered: &Gathered) -> BTreeMap<UnitId, Times> {
    let mut cells = known.clone();
    for (cell, heard) in &gathered.cells {
        let times = cells.entry(cell.clone()).or_default();
        *times = times.or_heard(*heard);
    }
    cells
}

fn is_new(known: Option<&Times>, times: &Times) -> bool {
    times.seen.is_some() && known.is_none_or(|known| known.seen.is_none())
}

fn entry((cell, times): (&UnitId, &Times)) -> serde_json::Value {
    json!({"cell": cell, "seen": times.seen})
}

/// Acknowledges the rows whose duty is content with a look. Asked at every turn, so that one that a crash cut
/// off is made up for.
async fn acknowledge(poll: &Poll<'_>, look: &ReceiptLook, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut rows: BTreeMap<DateTime<Utc>, Vec<ObligationId>> = BTreeMap::new();
    for row in poll.store.obligations(look.document, false).await? {
        let seen = look.cells.get(&row.obligation.cell).and_then(|times| times.seen);
        let (State::Open, Some(seen)) = (row.obligation.state, seen) else { continue };
        let duty = poll.store.duty(row.obligation.duty).await?;
        let revision = poll.store.revision(row.obligation.revision).await?;
        let counts = revision.is_some_and(|revision| reaches(seen, revision.number, revision.asked));
        if counts && duty.is_some_and(is_content) {
            rows.entry(seen).or_default().push(row.obligation.id);
        }
    }
    let parts = (&poll.office.calendar, &poll.policy.voices);
    for (seen, rows) in rows {
        let at = seen.with_timezone(&poll.office.calendar.zone).format("%H:%M %d/%m/%Y");
        let evidence = format!("đã xem trên {} lúc {at}", look.source);
        match acknowledge::upstream(poll.store, parts, (rows, evidence), now).await {
            Ok(_) => {}
            Err(AnswerError::Store(error)) => return Err(error),
            Err(error) => tracing::warn!(%error, "chưa ghi được xác nhận theo lần xem trên nguồn"),
        }
    }
    Ok(())
}

/// Whether a look is enough of an answer.
fn is_content(stored: StoredDuty) -> bool {
    stored.duty.grade == Grade::Upstream && stored.duty.owes.contains(&Owed::Acknowledge)
}
