//! The figures of a change: how many documents of late would be routed differently, and to whom.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::app::office::Office;
use crate::app::ports::{DocumentRow, Store, StoreError};
use crate::domain::change::{self, Fate};
use crate::domain::edition::{Impact, Whole};
use crate::domain::ids::UnitId;
use crate::domain::operation::Standing;
use crate::domain::routing;

/// Documents routed between two chances for others to run.
const BREATH: usize = 50;

/// Documents looked at, newest first: more than two years of a busy office, and some seconds of work.
const MOST: u32 = 5_000;

/// Routes the newest revisions of documents registered since `since` through both offices.
///
/// # Errors
/// The register's.
pub async fn impact(
    store: &dyn Store,
    old: &Office,
    new: &Office,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Impact, StoreError> {
    let mut rows = store.documents(MOST, now).await?;
    rows.retain(|row| row.registered >= since && row.standing == Standing::InForce);
    let mut impact = Impact { documents: rows.len() as u64, ..Impact::default() };
    let mut cells = BTreeSet::new();
    for (number, row) in rows.iter().enumerate() {
        if number % BREATH == BREATH - 1 {
            tokio::task::yield_now().await;
        }
        let Some(touched) = difference(row, old, new, &mut impact) else { continue };
        impact.changed += 1;
        for obligation in store.obligations(row.id, false).await? {
            let row = &obligation.obligation;
            impact.open += u64::from(row.state.is_live() && touched.contains(&row.cell));
        }
        cells.extend(touched);
    }
    impact.cells = cells.len() as u64;
    Ok(impact)
}

/// All that an impact is a part of: the cells of the office, and what is open.
///
/// # Errors
/// The register's.
pub async fn whole(store: &dyn Store, office: &Office, now: DateTime<Utc>) -> Result<Whole, StoreError> {
    let cells = office.units.cells_on(office.calendar.date_of(now)).count() as u64;
    let tally = store.tally(now).await?;
    let open = tally.iter().filter(|row| row.state.is_live()).map(|row| row.count).sum();
    Ok(Whole { cells, open })
}

/// The cells that would notice; `None` if the document goes as before.
fn difference(
    row: &DocumentRow,
    old: &Office,
    new: &Office,
    impact: &mut Impact,
) -> Option<BTreeSet<UnitId>> {
    let routed = |office: &Office| {
        routing::decide(&office.ruleset, &row.document, &office.units, &office.calendar, row.registered)
            .outcome
    };
    let (before, after) = (routed(old), routed(new));
    let mut touched = BTreeSet::new();
    for shift in change::shifts(&before, &after) {
        let cells = shift.cells.len() as u64;
        match (shift.before, shift.after) {
            (None, _) => impact.added += cells,
            (_, None) => impact.removed += cells,
            (Some(_), Some(_)) => impact.altered += cells,
        }
        touched.extend(shift.cells.into_iter().cloned());
    }
    let fate = Fate::of;
    (fate(&before) != fate(&after) || !touched.is_empty()).then_some(touched)
}
