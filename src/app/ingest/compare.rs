//! The nightly comparison: what a source holds of the last weeks, asked for by lookup and not by its lists, is
//! held against the register. What slipped past the lists is registered like any other; what is no longer found
//! is shown as missing. Nothing is concluded from a comparison that did not go through.

use chrono::{DateTime, Utc};

use super::{Poll, PollError, Polled, attempt, sweep, walk};
use crate::app::ports::{Differ, Found, Listed, PollState, Source, SourceError, Span, StoreError};
use crate::domain::ids::SourceId;
use crate::domain::watch::Compared;

/// Compares, where the night has come and the source can be looked up; a failure of the source is noted and
/// tried again in an hour.
pub(super) async fn compare(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &mut PollState,
    now: DateTime<Utc>,
    done: &mut Polled,
) -> Result<(), PollError> {
    let night = sweep::night(poll, now);
    if !state.watch.compares(night, now) {
        return Ok(());
    }
    // The first comparison meets what lay there before the first walk: that is no news to anybody.
    let settled = state.watch.settled;
    state.watch.settled &= state.watch.compared.is_some();
    let compared = through(poll, source, state, now, done).await;
    state.watch.settled = settled;
    match compared {
        Ok(Some(compared)) => state.watch.take_comparison(Compared { night, ..compared }),
        Ok(None) => {}
        Err(PollError::Source(error)) => state.watch.miss_comparison(error.to_string(), now),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn through(
    poll: &Poll<'_>,
    source: &dyn Source,
    state: &mut PollState,
    now: DateTime<Utc>,
    done: &mut Polled,
) -> Result<Option<Compared>, PollError> {
    let before = done.registered;
    let mut compared = Compared { at: now, ..Compared::default() };
    let today = poll.office.calendar.date_of(now);
    let (mut token, mut counted, mut uncounted) = (None, None, 0);
    let span = loop {
        let Some(lookup) = attempt::lookup(source, today, token.as_ref()).await? else { return Ok(None) };
        let rows = u64::try_from(lookup.rows.len()).unwrap_or(u64::MAX);
        compared.found += rows;
        match lookup.total {
            Some(total) => counted = counted.or(Some(total)),
            None => uncounted += rows,
        }
        read_unknown(poll, source, &lookup.rows, (&mut *state, &mut *done), now).await?;
        note(poll, source.id(), &lookup.rows, now).await?;
        match lookup.next {
            Some(next) => token = Some(next),
            None => break lookup.span,
        }
    };
    doubt(&compared, counted.map(|counted| counted + uncounted), state)?;
    compared.slipped = done.registered - before;
    (compared.missing, compared.overdue) = conclude(poll, source.id(), span, now).await?;
    Ok(Some(compared))
}

/// A lookup that gave less than the source counted, or suddenly nothing, proves nothing of what it did not give.
fn doubt(compared: &Compared, counted: Option<u64>, state: &PollState) -> Result<(), SourceError> {
    let found = compared.found;
    if let Some(counted) = counted.filter(|counted| found < *counted) {
        let what = format!("tra cứu: nguồn đếm {counted} dòng nhưng chỉ đưa ra {found}");
        return Err(SourceError::Unexpected(what));
    }
    if found == 0 && state.watch.compared.as_ref().is_some_and(|last| last.found > 0) {
        return Err(SourceError::Unexpected("tra cứu bỗng không thấy văn bản nào".to_owned()));
    }
    Ok(())
}

/// Reads and registers the rows of a page that no list ever showed.
async fn read_unknown(
    poll: &Poll<'_>,
    source: &dyn Source,
    found: &[Found],
    (state, done): (&mut PollState, &mut Polled),
    now: DateTime<Utc>,
) -> Result<(), PollError> {
    let ids: Vec<_> = found.iter().map(|found| found.row.external_id.clone()).collect();
    let unknown = poll.store.unknown(source.id(), &ids).await?;
    let mut rows: Vec<&Listed> = found.iter().map(|found| &found.row).collect();
    rows.retain(|row| unknown.contains(&row.external_id));
    rows.dedup_by(|a, b| a.external_id == b.external_id);
    for row in rows {
        tracing::info!(source = %source.id(), id = %row.external_id, "tra cứu thấy văn bản chưa từng có trong danh sách");
        walk::take(poll, source, row, state, now, done).await?;
    }
    Ok(())
}

async fn note(
    poll: &Poll<'_>,
    source: &SourceId,
    found: &[Found],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if found.is_empty() {
        return Ok(());
    }
    let found: Vec<_> = found.iter().map(|found| (found.row.external_id.clone(), found.overdue)).collect();
    let mut tx = poll.store.begin().await?;
    tx.note_found(source, now, &found).await?;
    tx.commit().await
}

/// Concludes; how many documents are missing, and how many only the source calls due or overdue.
async fn conclude(
    poll: &Poll<'_>,
    source: &SourceId,
    span: Span,
    now: DateTime<Utc>,
) -> Result<(u64, u64), StoreError> {
    let mut tx = poll.store.begin().await?;
    tx.conclude_compare(source, now, span).await?;
    tx.commit().await?;
    let differences = poll.store.differences(None).await?;
    let own = differences.iter().filter(|difference| difference.source == *source);
    Ok(own.fold((0, 0), |(missing, overdue), difference| match difference.differ {
        Differ::Missing => (missing + 1, overdue),
        Differ::Undated | Differ::Finished => (missing, overdue + 1),
    }))
}
