//! Withdraw: all that a document still asks is taken back, and its cells are told so.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{JournalEntry, JournalKind, StoreError, Tx};
use crate::domain::ids::{DocumentId, RevisionId, UnitId};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::State;

/// A document to be withdrawn.
#[derive(Clone, Copy)]
pub(super) struct Withdrawal<'a> {
    /// The document.
    pub(super) document: DocumentId,
    /// Why, as the timeline tells it.
    pub(super) because: &'a str,
    /// The office.
    pub(super) office: &'a Office,
    /// How mails are made.
    pub(super) policy: &'a Policy,
    /// Now.
    pub(super) now: DateTime<Utc>,
}

/// Withdraws live rows, drops unsent mails and writes to the cells that were asked; returns how many rows.
pub(super) async fn withdraw(tx: &mut dyn Tx, parts: &Withdrawal<'_>) -> Result<usize, StoreError> {
    let live = tx.live(parts.document, None).await?;
    let Some(newest) = live.iter().map(|row| row.revision).max() else { return Ok(0) };
    let closed: Vec<_> = live.iter().map(|row| row.closed(State::Withdrawn, parts.now)).collect();
    tx.save_obligations(&closed).await?;
    tx.drop_queued(parts.document, None, parts.because).await?;
    let cells: BTreeSet<&UnitId> = live.iter().map(|row| &row.cell).collect();
    tell(tx, parts, newest, &cells).await?;
    let detail = json!({"state": "withdrawn", "because": parts.because, "cells": cells});
    let (kind, document) = (JournalKind::Closed, Some(parts.document));
    tx.append(&[JournalEntry { at: parts.now, kind, document, obligation: None, detail }]).await?;
    Ok(live.len())
}

async fn tell(
    tx: &mut dyn Tx,
    parts: &Withdrawal<'_>,
    revision: RevisionId,
    cells: &BTreeSet<&UnitId>,
) -> Result<u64, StoreError> {
    let Some(stored) = tx.revision(revision).await? else { return Ok(0) };
    let mail = enqueue::Mail {
        revision,
        urgency: stored.document.urgency,
        kind: NoticeKind::Withdrawal,
        step: "00".to_owned(),
        about: Vec::new(),
    };
    let notices: Vec<_> = cells
        .iter()
        .flat_map(|cell| enqueue::notices(&mail, cell, parts.office, parts.policy, parts.now))
        .collect();
    tx.enqueue(parts.document, &notices, parts.now).await
}
