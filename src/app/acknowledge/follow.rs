//! Where a link leads. A mail stays in its reader's mailbox for years; meanwhile documents change and
//! cells are merged and split. Its link goes on answering for whoever bears the work now.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::group::Group;
use super::{AnswerError, Desk};
use crate::app::ports::{JournalKind, JournalRow, Store, StoreError};
use crate::domain::ids::{DocumentId, ObligationId, UnitId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::unit::Bearer;

/// Most rows from a link to where it leads: more reorganisations than a mail lives through.
const MOST: usize = 32;

/// Where a link leads.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    /// What answers count for.
    pub(super) group: Group,
    /// The row the link was made for.
    pub(super) own: Obligation,
}

/// What a link leads to: all that is asked of the cell of its row, because a plan is one mail and one page.
/// A row that was withdrawn because the document changed leads on to what the same cell is asked under the
/// newest revision, so that an old mail answers for what is asked now (T42); one whose cell has ended to
/// what is asked of whoever took its work over.
pub(super) async fn follow(
    desk: &Desk<'_>,
    id: ObligationId,
    now: DateTime<Utc>,
) -> Result<Followed, AnswerError> {
    let asked = group(desk.store, id).await?;
    let stands =
        |group: &Group| group.rows().find(|row| row.id == id && row.state != State::Withdrawn).cloned();
    // Most links lead nowhere else.
    if let Some((own, group)) = asked.and_then(|group| Some((stands(&group)?, group))) {
        return Ok(Followed { group, own });
    }
    let own = row(desk.store, id).await?;
    let mut here = own.clone();
    for _ in 0..MOST {
        match next(desk, &here, now).await? {
            Some(further) if further.id != own.id => here = further,
            _ => break,
        }
    }
    Ok(Followed { group: group(desk.store, here.id).await?.ok_or(AnswerError::Unknown)?, own })
}

async fn group(store: &dyn Store, id: ObligationId) -> Result<Option<Group>, StoreError> {
    Ok(store.sheet(id).await?.and_then(Group::of))
}

async fn row(store: &dyn Store, id: ObligationId) -> Result<Obligation, AnswerError> {
    if let Some(row) = store.obligation(id).await? {
        return Ok(row.obligation);
    }
    if let Some(now) = store.formerly(id).await?
        && let Some(row) = store.obligation(now).await?
    {
        return Ok(row.obligation);
    }
    let lost = store.restorations().await?.iter().any(|restoration| restoration.lost(id));
    Err(if lost { AnswerError::Lost } else { AnswerError::Unknown })
}

/// The next row on the way; `None` where it ends.
async fn next(
    desk: &Desk<'_>,
    here: &Obligation,
    now: DateTime<Utc>,
) -> Result<Option<Obligation>, AnswerError> {
    if here.state != State::Withdrawn {
        return Ok(None);
    }
    // What was recorded when the work moved stands, whatever the files say by now.
    if let Some(into) = recorded(desk.store, here.document, here.id).await? {
        return row(desk.store, into).await.map(Some);
    }
    let newest: Vec<_> = desk.store.obligations(here.document, false).await?;
    let of = |cell: &UnitId| {
        let rows = newest.iter().map(|row| &row.obligation).filter(|row| row.cell == *cell);
        // Between rows of one revision that were all withdrawn there is no way on.
        let further = rows.filter(|row| row.state != State::Withdrawn || row.revision > here.revision);
        further.min_by_key(|row| (row.state == State::Withdrawn, row.task != here.task, row.id))
    };
    if let Some(newer) = of(&here.cell) {
        return Ok(Some(newer.clone()));
    }
    // A newer revision was given to the successor from the start.
    let heir = match desk.units.bearer(&here.cell, desk.calendar.date_of(now)) {
        Bearer::Heir(heir) => of(&heir.id),
        Bearer::Itself(_) | Bearer::Undecided { .. } => None,
    };
    Ok(heir.cloned())
}

/// The row that took over, by the journal.
async fn recorded(
    store: &dyn Store,
    document: DocumentId,
    id: ObligationId,
) -> Result<Option<ObligationId>, StoreError> {
    let journal = store.journal(Some(document), 0, 0).await?;
    let closed = |row: &&JournalRow| row.kind == JournalKind::Closed && row.obligation == Some(id);
    let into = |row: &JournalRow| row.detail.get("into").and_then(Value::as_i64).map(ObligationId);
    Ok(journal.iter().rev().filter(closed).find_map(into))
}
