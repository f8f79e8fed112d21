//! A new content of a known document: a further revision, and for each cell what it means. Who is not
//! concerned hears nothing; a change that matters asks anew; any other is told, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::assign::Step;
use super::register::{Case, Done};
use crate::app::ports::{
    Carry, HoldKind, JournalKind, KeptEdits, NewNotice, Registered, StoreError, StoredRevision, Tx,
};
use crate::app::withdraw::unasked;
use crate::domain::chain;
use crate::domain::deadline::Basis;
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ObligationId, TaskId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{DueWhy, Duty, Obligation, State};
use crate::domain::operation::{Edit, Field, Routes, Standing, Turn, Weight, edits, reading, turn};
use crate::domain::routing::{self, Assignment, Outcome};
use crate::domain::secrecy::{Open, judge_again};

/// A content on its way to be the newest revision.
struct Next {
    known: Registered,
    stored: StoredRevision,
    open: Open<Document>,
    edits: Vec<Edit>,
}

/// Registers what a document reads now, where that differs from its newest revision.
pub(super) async fn revise(tx: &mut dyn Tx, case: &Case<'_>, id: DocumentId) -> Result<Done, StoreError> {
    let Some(next) = next(tx, case, id).await? else { return Ok(Done::default()) };
    if next.edits.is_empty() || next.stored.standing != Standing::InForce {
        return Ok(Done::default());
    }
    let rows: Vec<_> = tx.obligations(id).await?.into_iter().map(|row| row.obligation).collect();
    let office = case.office;
    let route = |document: &Document, at| {
        routing::decide(&office.ruleset, document, &office.units, &office.calendar, at)
    };
    let before = route(&next.stored.document, next.stored.asked);
    let after = route(next.open.get(), next.stored.asked);
    let current = route(next.open.get(), case.now);
    let routes = Routes { before: &before.outcome, after: &after.outcome, now: &current.outcome };
    let turn = turn(&rows, &next.edits, routes, &case.handling().material);
    let told = tx.told(id).await?;
    let registered = enter(tx, case, &next, &turn).await?;
    let step = case.step(&registered, next.open.get());
    step.keep_trace(tx, if turn.anew { &current } else { &after }).await?;
    let turning = Turning { case, step, turn, edits: &next.edits, rows: by_id(rows), told };
    let (was, is) = (&before.outcome, if turning.turn.anew { &current.outcome } else { &after.outcome });
    turning.run(tx, was, is).await
}

/// A document whose update came first: its first content was registered and told to nobody.
pub(super) async fn before_anybody_knew(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    id: DocumentId,
) -> Result<Done, StoreError> {
    let Some(next) = next(tx, case, id).await? else { return Ok(Done::default()) };
    if next.edits.is_empty() {
        return case.step(&next.known, next.open.get()).route(tx).await;
    }
    let registered = enter(tx, case, &next, &Turn { anew: true, ..Turn::default() }).await?;
    case.step(&registered, next.open.get()).route(tx).await
}

/// What a document reads by all its origins, beside what its newest revision says; `None` where it must be
/// withheld after all.
async fn next(tx: &mut dyn Tx, case: &Case<'_>, id: DocumentId) -> Result<Option<Next>, StoreError> {
    let Some((known, stored)) = tx.newest(id).await? else { return Ok(None) };
    let Some(content) = reading(&tx.origins(id).await?, &case.handling().order) else { return Ok(None) };
    let (source, external_id) = (stored.document.source.clone(), stored.document.external_id.clone());
    let content = Document { source, external_id, ..content };
    let edits = edits(&stored.document, &content);
    match judge_again(content) {
        Ok(open) => Ok(Some(Next { known, stored, open, edits })),
        Err(withheld) => {
            case.hold_secret(tx, withheld).await?;
            Ok(None)
        }
    }
}

/// The further revision, with what differs.
async fn enter(tx: &mut dyn Tx, case: &Case<'_>, next: &Next, turn: &Turn) -> Result<Registered, StoreError> {
    let registered = tx.register(Some(&next.known), &next.open, &case.incoming.raw, case.now).await?;
    if !turn.anew {
        tx.count_from(registered.revision, next.stored.asked).await?;
    }
    let earlier = untold(tx, next).await?;
    tx.keep_edits(registered.revision, &kept(earlier, next, turn)).await?;
    let fields: Vec<_> = next.edits.iter().map(|edit| edit.field.as_str()).collect();
    let detail = json!({
        "revision": registered.number, "fingerprint": registered.fingerprint, "changed": fields,
        "raw": chain::sha256(&[&case.incoming.raw]),
        "origin": case.document().source, "operation": case.document().operation.as_str(),
    });
    tx.append(&[case.entry(JournalKind::Registered, registered.id, detail)]).await?;
    Ok(registered)
}

/// The revision to compare with, where somebody is still to be told how the newest came about.
async fn untold(tx: &mut dyn Tx, next: &Next) -> Result<Option<(KeptEdits, StoredRevision)>, StoreError> {
    if !tx.untold_change(next.stored.id).await? {
        return Ok(None);
    }
    let Some(kept) = tx.edits(next.stored.id).await? else { return Ok(None) };
    Ok(tx.revision(kept.base).await?.map(|base| (kept, base)))
}

/// What differs, from the last content of which everybody was told.
fn kept(earlier: Option<(KeptEdits, StoredRevision)>, next: &Next, turn: &Turn) -> KeptEdits {
    let retouched = !turn.anew && turn.opened.is_empty();
    match earlier {
        Some((earlier, base)) => KeptEdits {
            base: base.id,
            retouched: retouched && earlier.retouched,
            edits: edits(&base.document, next.open.get()),
        },
        None => KeptEdits { base: next.stored.id, retouched, edits: next.edits.clone() },
    }
}

fn by_id(rows: Vec<Obligation>) -> BTreeMap<ObligationId, Obligation> {
    rows.into_iter().map(|row| (row.id, row)).collect()
}

/// The due instant a person entered, with why; no update of a source moves it.
fn person(duty: &Duty) -> Option<(DateTime<Utc>, DueWhy)> {
    let why = duty.due_why.as_ref().filter(|why| why.basis == Some(Basis::Person))?;
    Some((duty.due?, why.clone()))
}

/// A turn being made.
struct Turning<'a> {
    case: &'a Case<'a>,
    step: Step<'a>,
    turn: Turn,
    edits: &'a [Edit],
    rows: BTreeMap<ObligationId, Obligation>,
    told: BTreeSet<UnitId>,
}

impl Turning<'_> {
    async fn run(&self, tx: &mut dyn Tx, was: &Outcome, is: &Outcome) -> Result<Done, StoreError> {
        let (ended, opened) = (self.ended(), self.opened());
        self.close(tx, &ended).await?;
        let behind: BTreeSet<_> = ended.union(&opened).cloned().collect();
        let id = self.step.registered.id;
        tx.drop_queued_of(id, &behind, "văn bản có bản mới").await?;
        let behind: Vec<_> = behind.into_iter().collect();
        let rows: Vec<_> = self.carried().map(|row| row.id).collect();
        tx.carry(&Carry { document: id, to: self.step.registered.revision, rows: &rows, behind: &behind })
            .await?;
        self.give(tx).await?;
        let assignments = self.entered(tx).await?;
        let obligations = self.step.assign(tx, &assignments, &self.told).await?;
        let notices = self.mails(&ended, &opened);
        tx.enqueue(id, &notices, self.case.now).await?;
        let is_directive = obligations > 0 || self.carried().any(|row| row.state.is_live());
        let done = Done { is_new: true, is_directive, obligations, ..Done::default() };
        self.hold(tx, was, is, done).await
    }

    /// The hold of a document that no rule matches any more, or that one matches at last.
    async fn hold(
        &self,
        tx: &mut dyn Tx,
        was: &Outcome,
        is: &Outcome,
        done: Done,
    ) -> Result<Done, StoreError> {
        let unmatched = |outcome: &Outcome| matches!(outcome, Outcome::Unmatched);
        if unmatched(is) && !unmatched(was) {
            return self.step.unassigned(tx, is).await;
        }
        if !unmatched(is) && unmatched(was) {
            let Document { source, external_id, .. } = self.step.document;
            tx.close_holds(HoldKind::Unmatched, source, external_id, self.case.now).await?;
        }
        Ok(done)
    }

    /// Rows that go on.
    fn carried(&self) -> impl Iterator<Item = &Obligation> {
        let given = self.turn.given.iter().map(|(id, _)| id);
        self.turn.kept.iter().chain(given).filter_map(|id| self.rows.get(id))
    }

    /// Cells of whom something is asked no more, or anew.
    fn ended(&self) -> BTreeSet<UnitId> {
        let rows = self.turn.withdrawn.iter().filter_map(|id| self.rows.get(id));
        rows.map(|row| row.cell.clone()).collect()
    }

    fn opened(&self) -> BTreeSet<UnitId> {
        self.turn.opened.iter().flat_map(|assignment| assignment.cells.iter().cloned()).collect()
    }

    async fn close(&self, tx: &mut dyn Tx, ended: &BTreeSet<UnitId>) -> Result<(), StoreError> {
        let rows = self.turn.withdrawn.iter().filter_map(|id| self.rows.get(id));
        let closed: Vec<_> = rows.map(|row| row.closed(State::Withdrawn, self.case.now)).collect();
        if closed.is_empty() {
            return Ok(());
        }
        tx.save_obligations(&closed).await?;
        for row in &closed {
            unasked(tx, row, "unassigned", self.case.now).await?;
        }
        let cells: Vec<_> = ended.iter().map(UnitId::as_str).collect();
        let detail = json!({"state": "withdrawn", "because": "new revision", "cells": cells});
        tx.append(&[self.step.entry(JournalKind::Closed, detail)]).await
    }

    /// Rows that go on under another duty keep their ladder and how far they climbed it.
    async fn give(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let calendar = &self.case.office.calendar;
        let (mut duties, mut rows): (Vec<(Duty, _)>, Vec<_>) = (Vec::new(), Vec::new());
        for (id, duty) in &self.turn.given {
            let Some(row) = self.rows.get(id) else { continue };
            let Some(old) = tx.duty(row.duty).await? else { continue };
            let entered = person(&old.duty);
            let (ladder, acknowledge_due) = (old.duty.ladder, old.duty.acknowledge_due);
            let mut duty = Duty { ladder, acknowledge_due, ..duty.clone() };
            let due = if entered.is_some() { row.due } else { duty.due };
            if let Some((due, why)) = entered {
                (duty.due, duty.due_why) = (Some(due), Some(why));
            }
            let known = duties.iter().find(|(other, _)| *other == duty).map(|(_, id)| *id);
            let duty_id = match known {
                Some(id) => id,
                None => tx.open_duty(self.step.registered.revision, &duty).await?,
            };
            let mut given = Obligation {
                step: row.step,
                acknowledge_due: row.acknowledge_due,
                due,
                ..row.given(duty_id, &duty)
            };
            given.next_action = ladder::advise(&given, &duty.ladder, self.case.now, calendar).next;
            rows.push(given);
            duties.push((duty, duty_id));
        }
        tx.reassign(&rows).await
    }

    /// What is asked anew, with the due instants that a person entered for a cell kept: they outrank the source's.
    async fn entered(&self, tx: &mut dyn Tx) -> Result<Vec<Assignment>, StoreError> {
        let ended = self.turn.withdrawn.iter().filter_map(|id| self.rows.get(id));
        let mut known: BTreeMap<(&TaskId, &UnitId), (DateTime<Utc>, DueWhy)> = BTreeMap::new();
        for row in ended {
            let old = tx.duty(row.duty).await?.and_then(|old| person(&old.duty));
            let ahead = old.filter(|(due, _)| *due > self.case.now);
            known.extend(ahead.map(|due| ((&row.task, &row.cell), due)));
        }
        let mut kept = Vec::with_capacity(self.turn.opened.len());
        for assignment in &self.turn.opened {
            let task = assignment.duty.task_id();
            let mut parts: Vec<(Duty, Vec<UnitId>)> = Vec::new();
            for cell in assignment.cells.iter() {
                let mut duty = assignment.duty.clone();
                if let Some((due, why)) = known.get(&(&task, cell)) {
                    (duty.due, duty.due_why) = (Some(*due), Some(why.clone()));
                }
                match parts.iter_mut().find(|(known, _)| *known == duty) {
                    Some((_, cells)) => cells.push(cell.clone()),
                    None => parts.push((duty, vec![cell.clone()])),
                }
            }
            kept.extend(parts.into_iter().map(|(duty, cells)| Assignment { duty, cells: cells.into() }));
        }
        Ok(kept)
    }

    /// The mails to cells that are not asked anew: each at most one, and only where it knows the document.
    fn mails(&self, ended: &BTreeSet<UnitId>, opened: &BTreeSet<UnitId>) -> Vec<NewNotice> {
        let going: BTreeSet<_> =
            self.carried().filter(|row| row.state.is_live()).map(|row| row.cell.clone()).collect();
        let given: BTreeSet<_> =
            self.turn.given.iter().filter_map(|(id, _)| self.rows.get(id)).map(|row| &row.cell).collect();
        let tells = self.case.handling().tells_small;
        let all = tells && self.informs();
        let kind = |cell: &UnitId| match (going.contains(cell), ended.contains(cell)) {
            (false, true) => Some(NoticeKind::Withdrawal),
            (true, true) => Some(NoticeKind::Change),
            (true, false) if all || tells && given.contains(cell) => Some(NoticeKind::Change),
            (_, false) => None,
        };
        let cells = going.union(ended).filter(|cell| !opened.contains(*cell) && self.told.contains(*cell));
        cells
            .filter_map(|cell| Some((kind(cell)?, cell)))
            .flat_map(|(kind, cell)| self.step.notices(kind, cell))
            .collect()
    }

    /// Whether something differs that every cell should know. That others were added or removed concerns
    /// those only.
    fn informs(&self) -> bool {
        let material = &self.case.handling().material;
        let seen = |edit: &&Edit| edit.field != Field::Addressees;
        self.edits.iter().filter(seen).any(|edit| edit.weight(material) > Weight::Spelling)
    }
}
