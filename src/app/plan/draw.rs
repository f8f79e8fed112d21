//! Draw: walk the register in pages and route every document of the window anew. Memory holds one page
//! and what changes; nothing is written, and there is nothing to write with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::decide::{Aim, Standing, group, mark};
use crate::app::office::Office;
use crate::app::ports::{Reader, Replayed, StoreError};
use crate::domain::change::{Fate, Shift, assignments, shifts};
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

/// What to draw.
pub struct Draw<'a> {
    /// The register.
    pub reader: &'a dyn Reader,
    /// What to compare with; `None` is what each document was in fact routed to.
    pub before: Option<Side<'a>>,
    /// What it leads to.
    pub after: Side<'a>,
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
    let (mut changes, mut looked, mut after) = (Vec::new(), 0, None);
    loop {
        let page = draw.reader.replay(draw.since, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.document_id);
        looked += page.len() as u64;
        for replayed in &page {
            changes.extend(change(draw, replayed).await?);
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
pub(super) fn outcome(office: &Office, replayed: &Replayed) -> Outcome {
    let at = replayed.registered;
    decide(&office.ruleset, &replayed.document, &office.units, &office.calendar, at).outcome
}

/// What changes for one document; `None` if nothing does.
async fn change(draw: &Draw<'_>, replayed: &Replayed) -> Result<Option<Change>, StoreError> {
    let after = outcome(draw.after.office, replayed);
    let before = match &draw.before {
        None => routed(replayed),
        Some(side) => outcome(side.office, replayed),
    };
    let operation = replayed.document.operation;
    let (was, is) = (Fate::of(&before, operation), Fate::of(&after, operation));
    let shifts = shifts(&before, &after);
    if was == is && shifts.is_empty() {
        return Ok(None);
    }
    let rows = draw.reader.obligations(replayed.document_id, false).await?;
    let mut duties: BTreeMap<DutyId, Duty> = BTreeMap::new();
    for row in &rows {
        let id = row.obligation.duty;
        if let std::collections::btree_map::Entry::Vacant(slot) = duties.entry(id)
            && let Some(stored) = draw.reader.duty(id).await?
        {
            slot.insert(stored.duty);
        }
    }
    let stored = match &draw.before {
        None => was,
        Some(_) => Fate::of(&routed(replayed), operation),
    };
    let standing = Standing {
        operation,
        routed: stored,
        held: replayed.held,
        rows: rows.iter().map(|row| (&row.obligation.cell, row)).collect(),
        duties: &duties,
    };
    Ok(Some(Change {
        was,
        is,
        rules_before: rules(&before),
        rules_after: rules(&after),
        ..decided(draw, replayed, &standing, (&shifts, is))
    }))
}

fn decided(
    draw: &Draw<'_>,
    replayed: &Replayed,
    standing: &Standing<'_>,
    (shifts, is): (&[Shift<'_>], Fate),
) -> Change {
    let office = draw.after.office;
    let aim = Aim { office, now: draw.now, registered: replayed.registered };
    let kept = standing.kept();
    let groups: Vec<_> = shifts.iter().map(|shift| group(shift, standing, kept, &aim)).collect();
    Change {
        document: replayed.document_id,
        revision: replayed.revision,
        symbol: replayed.document.symbol.clone(),
        subject: replayed.document.subject.clone(),
        registered: office.calendar.date_of(replayed.registered),
        was: is,
        is,
        rules_before: Vec::new(),
        rules_after: Vec::new(),
        hold: kept.is_none().then(|| standing.hold(is, &groups)).flatten(),
        mark: mark(replayed.revision, &standing.rows, &groups),
        groups,
        kept,
    }
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
