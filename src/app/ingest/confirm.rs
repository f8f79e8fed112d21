//! Tell the source what is kept: after the commit, and again for whatever it lists all the same. An answer
//! that was lost, or a process that died in between, costs one more word and no second reading.

use std::collections::HashSet;

use super::{Poll, PollError, Polled};
use crate::app::ports::{Listed, Reading, Source, SourceError};

/// Whether what was read is in the register once it is committed. A withheld document is not: it stays in the
/// source as if nobody had asked for it. Nor is one that could not be read, even where its bytes are held: the
/// source goes on listing it, so that it can be read again, or taken by other means, until a person dismisses it.
pub(super) fn is_kept(reading: &Reading) -> bool {
    match reading {
        Reading::Open(_) | Reading::Status(_) => true,
        Reading::Broken(_) | Reading::Withheld(_) | Reading::Gone => false,
    }
}

/// Tells the source that a row is kept. One that says no to this row alone keeps nobody else waiting: the
/// row comes again. Of a register that was put back nothing is told: should another copy take its place, the source
/// must still have what this one read.
pub(super) async fn confirm(
    poll: &Poll<'_>,
    source: &dyn Source,
    row: &Listed,
    done: &mut Polled,
) -> Result<(), PollError> {
    if source.drains() && poll.store.restoring().await?.is_some() {
        return Ok(());
    }
    match source.confirm(row).await {
        Err(SourceError::Unexpected(reason)) => {
            tracing::warn!(source = %source.id(), document = %row.external_id, reason, "not confirmed");
            done.unconfirmed += 1;
            Ok(())
        }
        settled => Ok(settled?),
    }
}

/// Rows of a page that were kept by an earlier reading and are listed all the same: the source missed that
/// we have them. `fresh` are those read just now. A source whose lists stay as they are is not asked.
pub(super) async fn again(
    poll: &Poll<'_>,
    source: &dyn Source,
    rows: &[Listed],
    fresh: &[&Listed],
    done: &mut Polled,
) -> Result<(), PollError> {
    if !source.drains() {
        return Ok(());
    }
    let fresh: HashSet<_> = fresh.iter().map(|row| &row.external_id).collect();
    let known: Vec<_> = rows.iter().map(|row| &row.external_id).filter(|id| !fresh.contains(id)).collect();
    if known.is_empty() {
        return Ok(());
    }
    let kept: HashSet<_> = poll.store.kept(source.id(), &known).await?.into_iter().collect();
    let mut told = HashSet::new();
    for row in rows.iter().filter(|row| kept.contains(&row.external_id)) {
        // Some lists show a row twice.
        if told.insert(&row.external_id) {
            confirm(poll, source, row, done).await?;
        }
    }
    Ok(())
}
