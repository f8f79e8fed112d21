//! The figures of a change: how many documents of late would be routed differently, and to whom.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::app::office::Office;
use crate::app::ports::{DocumentRow, Store, StoreError};
use crate::domain::document::Document;
use crate::domain::edition::{Impact, Whole};
use crate::domain::ids::UnitId;
use crate::domain::obligation::Duty;
use crate::domain::routing::{self, Outcome};

/// Documents routed between two chances for others to run.
const BREATH: usize = 50;

/// Documents looked at, newest first: more than two years of a busy office, and some seconds of work.
const MOST: u32 = 5_000;

/// What each cell would owe.
type Duties = BTreeMap<UnitId, Duty>;

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
    rows.retain(|row| row.registered >= since);
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

/// The cells whose duty would differ; `None` if the document goes as before.
fn difference(
    row: &DocumentRow,
    old: &Office,
    new: &Office,
    impact: &mut Impact,
) -> Option<BTreeSet<UnitId>> {
    let (before, was) = duties(&row.document, old, row.registered);
    let (after, is) = duties(&row.document, new, row.registered);
    let mut touched = BTreeSet::new();
    for (cell, duty) in &after {
        match before.get(cell) {
            None => impact.added += 1,
            Some(earlier) if !is_alike(earlier, duty) => impact.altered += 1,
            Some(_) => continue,
        }
        touched.insert(cell.clone());
    }
    for cell in before.keys().filter(|cell| !after.contains_key(*cell)) {
        impact.removed += 1;
        touched.insert(cell.clone());
    }
    (was != is || !touched.is_empty()).then_some(touched)
}

/// What a cell notices: the rest of a duty says where it came from.
fn is_alike(one: &Duty, other: &Duty) -> bool {
    let seen = |duty: &Duty| (duty.role, duty.owes.clone(), duty.acknowledge_due, duty.due);
    seen(one) == seen(other)
}

/// What each cell would owe, and what kind of outcome it is.
fn duties(document: &Document, office: &Office, at: DateTime<Utc>) -> (Duties, &'static str) {
    let trace = routing::route(&office.ruleset, document, &office.units, &office.calendar, at);
    match trace.outcome {
        Outcome::Assigned { assignments } => {
            let each = assignments.into_iter().flat_map(|group| {
                let duty = group.duty;
                group.cells.into_iter().map(move |cell| (cell, duty.clone()))
            });
            (each.collect(), "assigned")
        }
        Outcome::Nobody { .. } => (Duties::new(), "nobody"),
        Outcome::Unmatched => (Duties::new(), "unmatched"),
    }
}
