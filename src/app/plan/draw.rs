//! Draw: walk the register in pages and route every document of the window anew. Memory holds one page
//! and what changes; nothing is written, and there is nothing to write with.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::decide::{self, Aim, Standing, group, mark};
use crate::app::office::Office;
use crate::app::ports::{ObligationRow, Reader, Replayed, StoreError};
use crate::domain::change::{Difference, Fate, Shift, assignments, shifts};
use crate::domain::ids::{DutyId, RuleId};
use crate::domain::obligation::Duty;
use crate::domain::plan::{Baseline, Change, FORM, Plan};
use crate::domain::routing::{Outcome, decide};
use crate::domain::stamp::Stamp;

/// Documents read at once.
const PAGE: u32 = 256;

/// An office with the stamp of the files it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The office.
    pub office: &'a Office,
    /// Its stamp.
    pub stamp: &'a Stamp,
}

/// Which changes a plan shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// All.
    All,
    /// Due instants that were counted by another calendar. A document for which rules change more than that is
    /// left out and counted apart.
    Calendar,
}

/// What to draw.
pub struct Draw<'a> {
    /// The register.
    pub reader: &'a dyn Reader,
    /// What to compare with; `None` is what each document was in fact routed to.
    pub before: Option<Side<'a>>,
    /// What it leads to.
    pub after: Side<'a>,
    /// Which changes.
    pub only: Only,
    /// Documents registered from here on.
    pub since: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub actor: String,
    /// Told how many documents have been looked at, and of how many.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// Draws a plan.
///
/// # Errors
/// The register's.
pub async fn draw(draw: &Draw<'_>) -> Result<Plan, StoreError> {
    let position = draw.reader.position().await?;
    let total = draw.reader.replay_size(draw.since).await?;
    let (mut changes, mut looked, mut apart, mut after) = (Vec::new(), 0, 0, None);
    loop {
        let page = draw.reader.replay(draw.since, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.document_id);
        looked += page.len() as u64;
        for replayed in &page {
            match change(draw, replayed).await? {
                Found::Nothing => {}
                Found::Apart => apart += 1,
                Found::Change(change) => changes.push(*change),
            }
        }
        (draw.progress)(looked, total);
    }
    let before = match &draw.before {
        None => Baseline::Register,
        Some(side) => Baseline::Rules { stamp: side.stamp.clone() },
    };
    Ok(Plan {
        form: FORM,
        made: draw.now,
        actor: draw.actor.clone(),
        since: draw.since,
        before,
        after: draw.after.stamp.clone(),
        position,
        looked,
        apart,
        changes,
    })
}

/// The stored trace as far as a plan reads it.
#[derive(Deserialize)]
struct Stored {
    outcome: Outcome,
}

/// What a document was in fact routed to. One without a readable trace counts as matched by no rule.
fn routed(replayed: &Replayed) -> Outcome {
    let stored = replayed.trace.as_deref().and_then(|trace| serde_json::from_str::<Stored>(trace).ok());
    stored.map_or(Outcome::Unmatched, |stored| stored.outcome)
}

/// Routes a document as on the day it was registered.
fn outcome(office: &Office, replayed: &Replayed) -> Outcome {
    let at = replayed.asked;
    decide(&office.ruleset, &replayed.document, &office.units, &office.calendar, at).outcome
}

/// One document routed both ways.
struct Turn {
    before: Outcome,
    after: Outcome,
    was: Fate,
    is: Fate,
}

impl Turn {
    fn new(draw: &Draw<'_>, replayed: &Replayed) -> Self {
        let before = match &draw.before {
            None => routed(replayed),
            Some(side) => outcome(side.office, replayed),
        };
        let after = outcome(draw.after.office, replayed);
        Self { was: Fate::of(&before), is: Fate::of(&after), before, after }
    }
}

/// What was found about one document.
enum Found {
    Nothing,
    /// It changes by more than is asked for.
    Apart,
    Change(Box<Change>),
}

/// What changes for one document. Only if something does is the register asked for its cells.
async fn change(draw: &Draw<'_>, replayed: &Replayed) -> Result<Found, StoreError> {
    let turn = Turn::new(draw, replayed);
    let mut shifts = shifts(&turn.before, &turn.after);
    if turn.was == turn.is && shifts.is_empty() {
        return Ok(Found::Nothing);
    }
    if draw.only == Only::Calendar {
        if turn.was != turn.is || !shifts.iter().all(Shift::is_of_calendar) {
            return Ok(Found::Apart);
        }
        // What cells were given to acknowledge stays as they were told.
        shifts.iter_mut().for_each(|shift| shift.differences.retain(|what| *what == Difference::Due));
        shifts.retain(|shift| !shift.differences.is_empty());
        if shifts.is_empty() {
            return Ok(Found::Nothing);
        }
    }
    let rows = draw.reader.obligations(replayed.document_id, false).await?;
    let duties = duties(draw.reader, &rows).await?;
    let standing = Standing {
        routed: draw.before.map_or(turn.was, |_| Fate::of(&routed(replayed))),
        held: replayed.held,
        rows: decide::by_key(&rows),
        duties: &duties,
    };
    let office = draw.after.office;
    let aim = Aim { office, now: draw.now, registered: replayed.asked };
    let kept = standing.kept();
    let mut groups: Vec<_> = shifts.iter().map(|shift| group(shift, &standing, kept, &aim)).collect();
    decide::once(&mut groups, &standing.rows);
    Ok(Found::Change(Box::new(Change {
        document: replayed.document_id,
        revision: replayed.revision,
        symbol: replayed.document.symbol.clone(),
        subject: replayed.document.subject.clone(),
        registered: office.calendar.date_of(replayed.registered),
        was: turn.was,
        is: turn.is,
        rules_before: rules(&turn.before),
        rules_after: rules(&turn.after),
        hold: kept.is_none().then(|| standing.hold(turn.is, &groups)).flatten(),
        mark: mark(replayed.revision, &standing.rows, &groups),
        groups,
        kept,
    })))
}

/// The duties that rows stand under.
async fn duties(reader: &dyn Reader, rows: &[ObligationRow]) -> Result<BTreeMap<DutyId, Duty>, StoreError> {
    let ids: BTreeSet<_> = rows.iter().map(|row| row.obligation.duty).collect();
    let mut duties = BTreeMap::new();
    for id in ids {
        duties.extend(reader.duty(id).await?.map(|stored| (id, stored.duty)));
    }
    Ok(duties)
}

/// The rules that gave a document to cells, or to nobody.
fn rules(outcome: &Outcome) -> Vec<RuleId> {
    if let Outcome::Nobody { rule, .. } = outcome {
        return vec![rule.clone()];
    }
    let mut rules: Vec<RuleId> = Vec::new();
    for rule in assignments(outcome).iter().flat_map(|group| &group.duty.rules) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    rules
}
