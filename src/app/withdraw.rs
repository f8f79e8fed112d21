//! Withdraw: a document, or a cell's part in it, asks nothing any more. Reminders stop, what is unsent is dropped,
//! and each cell that knows the document is told once. Whoever ends a document (its sender, a replacement, staff
//! who give it back) does it here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::enqueue;
use super::office::Office;
use super::policy::Policy;
use super::ports::{
    Decision, HoldKind, JournalEntry, JournalKind, Registered, StoreError, StoredRevision, Tx, Verdict,
};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, UnitId};
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Obligation, State};
use crate::domain::operation::Standing;

/// What staff need not look at any more once a document has ended.
const MOOT: [HoldKind; 5] =
    [HoldKind::Unmatched, HoldKind::NoContact, HoldKind::Declined, HoldKind::MoreTime, HoldKind::Deadline];

/// Rows of a document being ended.
#[derive(Clone, Copy)]
pub(super) struct Withdrawal<'a> {
    /// The revision under which cells are told.
    pub(super) registered: &'a Registered,
    /// What it says.
    pub(super) document: &'a Document,
    /// Why, as the timeline tells it: `revoked`, `replaced`, `removed`.
    pub(super) because: &'static str,
    /// The office.
    pub(super) office: &'a Office,
    /// How mails are made.
    pub(super) policy: &'a Policy,
    /// Now.
    pub(super) now: DateTime<Utc>,
}

/// The rows of a document that are somebody's.
pub(super) async fn rows(tx: &mut dyn Tx, id: DocumentId) -> Result<Vec<Obligation>, StoreError> {
    let rows = tx.obligations(id).await?.into_iter().map(|row| row.obligation);
    Ok(rows.filter(|row| row.state != State::Withdrawn).collect())
}

/// Gives a document back to its sender, as a person agreed to; returns how many live rows ended by it.
pub(super) async fn give_back(
    tx: &mut dyn Tx,
    id: DocumentId,
    (office, policy): (&Office, &Policy),
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some((registered, stored)) = tx.newest(id).await? else { return Ok(0) };
    let rows = rows(tx, id).await?;
    let StoredRevision { document, .. } = &stored;
    let end = Withdrawal { registered: &registered, document, because: "revoked", office, policy, now };
    end.whole(tx, &rows).await
}

/// Ends what a cell asked of staff about a row that has ended, because nothing can be decided about it any more.
/// Its hold closes by itself, and says why.
pub(super) async fn unasked(
    tx: &mut dyn Tx,
    row: &Obligation,
    because: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for open in tx.open_requests(row.id).await? {
        let why = ended(because);
        let decision = Decision { why: Some(why.to_owned()), ..Decision::by_itself(Verdict::Overtaken, now) };
        tx.decide_request(open.id, &decision).await?;
        if let Some(hold) = tx.hold(open.hold).await? {
            tx.hold_reason(open.hold, &format!("{} – tự khép: {why}", hold.reason)).await?;
        }
        tx.release_hold(open.hold, now).await?;
        let detail = json!({ "hold": open.hold, "request": open.id, "cell": row.cell, "because": why });
        let (kind, document) = (JournalKind::Released, Some(row.document));
        tx.append(&[JournalEntry { at: now, kind, document, obligation: Some(row.id), detail }]).await?;
    }
    Ok(())
}

/// Why a row ended, in words.
fn ended(because: &str) -> &'static str {
    match because {
        "revoked" => "văn bản đã được thu hồi",
        "replaced" => "văn bản đã được thay thế",
        "excused" => "chi bộ được miễn việc này",
        "reorganised" => "tổ chức đã kết thúc hoạt động, việc đã chuyển nơi khác",
        _ => "việc không còn giao cho chi bộ",
    }
}

impl Withdrawal<'_> {
    /// Ends a document for everybody: it stands as revoked, and nothing about it waits for staff.
    pub(super) async fn whole(&self, tx: &mut dyn Tx, rows: &[Obligation]) -> Result<usize, StoreError> {
        tx.stand(self.registered.id, Standing::Revoked).await?;
        let ended = self.run(tx, rows, &BTreeSet::new()).await?;
        self.moot(tx).await?;
        Ok(ended)
    }

    /// Closes what staff need not look at any more.
    pub(super) async fn moot(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        for kind in MOOT {
            tx.close_holds(kind, &self.document.source, &self.document.external_id, self.now).await?;
        }
        Ok(())
    }

    /// Ends these rows; cells that are `spared` hear of it in another way. Returns how many were live.
    pub(super) async fn run(
        &self,
        tx: &mut dyn Tx,
        rows: &[Obligation],
        spared: &BTreeSet<UnitId>,
    ) -> Result<usize, StoreError> {
        let (id, now) = (self.registered.id, self.now);
        let told = tx.told(id).await?;
        let live = rows.iter().filter(|row| row.state.is_live());
        let closed: Vec<_> = live.map(|row| row.closed(State::Withdrawn, now)).collect();
        tx.save_obligations(&closed).await?;
        for row in &closed {
            unasked(tx, row, self.because, now).await?;
        }
        let cells: BTreeSet<_> = rows.iter().map(|row| row.cell.clone()).collect();
        tx.drop_queued_of(id, &cells, "văn bản không còn hiệu lực với chi bộ").await?;
        self.tell(tx, rows, |cell| told.contains(cell) && !spared.contains(cell)).await?;
        let cells: Vec<_> = closed.iter().map(|row| row.cell.as_str()).collect();
        let detail = json!({"state": "withdrawn", "because": self.because, "cells": cells});
        let (kind, document) = (JournalKind::Closed, Some(id));
        tx.append(&[JournalEntry { at: now, kind, document, obligation: None, detail }]).await?;
        Ok(closed.len())
    }

    /// Who is done must know too: it may go on using the paper.
    async fn tell(
        &self,
        tx: &mut dyn Tx,
        rows: &[Obligation],
        tells: impl Fn(&UnitId) -> bool + Send,
    ) -> Result<u64, StoreError> {
        let concerned = rows.iter().filter(|row| row.state.is_live() || row.state == State::Done);
        let concerned: BTreeSet<_> = concerned.map(|row| &row.cell).filter(|cell| tells(cell)).collect();
        let mail = enqueue::Mail {
            revision: self.registered.revision,
            urgency: self.document.urgency,
            kind: NoticeKind::Withdrawal,
            step: "00".to_owned(),
            about: Vec::new(),
        };
        let write = |cell: &&UnitId| enqueue::notices(&mail, cell, self.office, self.policy, self.now);
        let notices: Vec<_> = concerned.iter().flat_map(write).collect();
        tx.enqueue(self.registered.id, &notices, self.now).await
    }
}
