//! Apply: do exactly what a plan shows, one transaction per document, or refuse.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::draw::Side;
use super::decide;
use crate::app::enqueue;
use crate::app::policy::Policy;
use crate::app::ports::{
    HoldKind, JournalEntry, JournalKind, NewHold, NewNotice, NewObligation, Store, StoreError, Tx,
};
use crate::domain::change::{Difference, Fate, assignments, differences};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, DutyId, ObligationId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::{Duty, Obligation, State};
use crate::domain::plan::{Act, Change, FORM, Group, HoldAct, Part, Plan};
use crate::domain::routing;

/// Why a plan was not, or not wholly, applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It was saved by another version.
    #[error("kế hoạch do một phiên bản vanthu khác lập; hãy lập lại")]
    Form,
    /// The files changed.
    #[error("{} đã đổi từ khi lập kế hoạch; hãy lập lại", .0.join(", "))]
    Files(Vec<&'static str>),
    /// Somebody acted on these documents, or their time has come.
    #[error("sổ đã đổi từ khi lập kế hoạch, ở văn bản {}; hãy lập lại", list(.0))]
    Moved(Vec<DocumentId>),
    /// The same, after some documents were done.
    #[error("dừng ở văn bản #{document}, vì sổ vừa đổi; đã áp dụng xong {done} văn bản trước đó, hãy lập kế hoạch cho phần còn lại")]
    Stopped {
        /// Where.
        document: DocumentId,
        /// How many were done.
        done: u64,
    },
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(documents: &[DocumentId]) -> String {
    let shown: Vec<_> = documents.iter().take(5).map(|id| format!("#{id}")).collect();
    let rest = documents.len().saturating_sub(shown.len());
    let more = if rest > 0 { format!(" và {rest} văn bản nữa") } else { String::new() };
    shown.join(", ") + &more
}

/// What applying did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// Documents.
    pub documents: u64,
    /// Obligations opened, for the first time or again.
    pub opened: u64,
    /// Obligations changed.
    pub changed: u64,
    /// Obligations withdrawn.
    pub withdrawn: u64,
    /// Mails enqueued.
    pub mails: u64,
}

/// Everything applying needs.
pub struct Apply<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The office whose rules the plan leads to.
    pub side: Side<'a>,
    /// How mails are made.
    pub policy: &'a Policy,
    /// Who applies.
    pub actor: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Applies a plan.
///
/// # Errors
/// [`ApplyError`]; all but `Stopped` and `Store` leave the register as it was.
pub async fn apply(apply: &Apply<'_>, plan: &Plan) -> Result<Applied, ApplyError> {
    if plan.form != FORM {
        return Err(ApplyError::Form);
    }
    let moved = plan.after.differs(apply.side.stamp);
    if !moved.is_empty() {
        return Err(ApplyError::Files(moved));
    }
    let changes: Vec<_> = plan.changes.iter().filter(|change| change.acts()).collect();
    unmoved(apply, &changes).await?;
    let (mut done, id) = (Applied::default(), plan.id());
    for change in changes {
        let mut tx = apply.store.begin().await?;
        let Some(document) = current(tx.as_mut(), apply, change).await? else {
            return Err(ApplyError::Stopped { document: change.document, done: done.documents });
        };
        let one = One { apply, change, document, plan: &id };
        one.run(tx.as_mut(), &mut done).await?;
        tx.commit().await?;
        done.documents += 1;
    }
    Ok(done)
}

/// Looks at every document before the first is touched.
async fn unmoved(apply: &Apply<'_>, changes: &[&Change]) -> Result<(), ApplyError> {
    let mut tx = apply.store.begin().await?;
    let mut moved = Vec::new();
    for change in changes {
        if current(tx.as_mut(), apply, change).await?.is_none() {
            moved.push(change.document);
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(ApplyError::Moved(moved)) }
}

/// The document, if it stands as the plan saw it and the rules still make of it what the plan shows.
async fn current(tx: &mut dyn Tx, apply: &Apply<'_>, change: &Change) -> Result<Option<Current>, StoreError> {
    let Some(stored) = tx.revision(change.revision).await? else { return Ok(None) };
    let newest = tx.registered(&stored.document.source, &stored.document.external_id).await?;
    let rows = tx.obligations(change.document).await?;
    let by_cell: BTreeMap<_, _> = rows.iter().map(|row| (&row.obligation.cell, row)).collect();
    let is_newest = newest.is_some_and(|newest| newest.revision == change.revision);
    if !is_newest || decide::mark(change.revision, &by_cell, &change.groups) != change.mark {
        return Ok(None);
    }
    let office = apply.side.office;
    let trace = routing::decide(&office.ruleset, &stored.document, &office.units, &office.calendar, stored.registered);
    let duty_of = |cell: &UnitId| {
        let mut groups = assignments(&trace.outcome).iter();
        groups.find(|group| group.cells.contains(cell)).map(|group| &group.duty)
    };
    let agrees = |(group, part): (&Group, &Part)| {
        let differs = differences(duty_of(&part.cell), group.after.as_ref());
        let past = group.after.as_ref().and_then(|duty| duty.due).is_some_and(|due| due <= apply.now);
        let keeps = matches!(part.act, Act::Keep { .. });
        keeps || !past && differs.iter().all(|difference| *difference == Difference::AcknowledgeDue)
    };
    if Fate::of(&trace.outcome, stored.document.operation) != change.is || !change.parts().all(agrees) {
        return Ok(None);
    }
    let trace = serde_json::to_string(&trace).map_err(|error| StoreError::Engine(error.to_string()))?;
    let rows = rows.into_iter().map(|row| (row.obligation.id, row.obligation)).collect();
    Ok(Some(Current { document: stored.document, trace, rows }))
}

/// A document as it stands inside the transaction.
struct Current {
    document: Document,
    trace: String,
    rows: BTreeMap<ObligationId, Obligation>,
}

/// One document being changed.
struct One<'a> {
    apply: &'a Apply<'a>,
    change: &'a Change,
    document: Current,
    plan: &'a str,
}

impl One<'_> {
    async fn run(&self, tx: &mut dyn Tx, done: &mut Applied) -> Result<(), StoreError> {
        tx.keep_trace(self.change.revision, &self.document.trace).await?;
        for group in &self.change.groups {
            match &group.after {
                Some(duty) => self.assign(tx, group, duty, done).await?,
                None => self.withdraw(tx, group, done).await?,
            }
        }
        self.hold(tx).await
    }

    /// Opens, opens again and changes the cells of a group under one new duty.
    async fn assign(
        &self,
        tx: &mut dyn Tx,
        group: &Group,
        duty: &Duty,
        done: &mut Applied,
    ) -> Result<(), StoreError> {
        if group.cells.iter().all(|part| matches!(part.act, Act::Keep { .. })) {
            return Ok(());
        }
        let id = tx.open_duty(self.change.revision, duty).await?;
        let opened = self.open(tx, group, (id, duty)).await?;
        let (reopened, changed) = self.reassigned(group, (id, duty));
        let both: Vec<_> = reopened.iter().chain(&changed).cloned().collect();
        tx.reassign(&both).await?;
        let told = |kind| self.notices(group, kind);
        let notices = [told(NoticeKind::Notice), told(NoticeKind::Change)].concat();
        let mails = tx.enqueue(self.change.document, &notices, self.apply.now).await?;
        self.unreached(tx, group).await?;
        let cells: Vec<_> = opened.iter().map(UnitId::as_str).chain(both.iter().map(|row| row.cell.as_str())).collect();
        let detail = json!({
            "outcome": "assigned", "duty": id, "rules": duty.rules, "role": duty.role, "due": duty.due,
            "ruleset": duty.ruleset, "notices": mails, "cells": cells,
            "plan": self.plan, "actor": self.apply.actor,
        });
        tx.append(&[self.entry(JournalKind::Routed, detail)]).await?;
        done.opened += (opened.len() + reopened.len()) as u64;
        done.changed += changed.len() as u64;
        done.mails += mails;
        Ok(())
    }

    async fn open(
        &self,
        tx: &mut dyn Tx,
        group: &Group,
        (id, duty): (DutyId, &Duty),
    ) -> Result<Vec<UnitId>, StoreError> {
        let next_action = self.first(duty);
        let new = group.cells.iter().filter(|part| part.act == Act::Open);
        let rows: Vec<_> = new
            .map(|part| NewObligation {
                duty: id,
                cell: part.cell.clone(),
                acknowledge_due: duty.acknowledge_due,
                due: duty.due,
                next_action,
            })
            .collect();
        let (change, now) = (self.change, self.apply.now);
        let opened = tx.open_obligations(change.document, change.revision, &rows, now).await?;
        Ok(opened.into_iter().map(|(_, cell)| cell).collect())
    }

    /// The new forms of the rows that are opened again, and of those that change.
    fn reassigned(&self, group: &Group, (id, duty): (DutyId, &Duty)) -> (Vec<Obligation>, Vec<Obligation>) {
        let (now, calendar) = (self.apply.now, &self.apply.side.office.calendar);
        let row = |obligation: &ObligationId| self.document.rows.get(obligation);
        let (mut reopened, mut changed) = (Vec::new(), Vec::new());
        for part in &group.cells {
            match &part.act {
                Act::Reopen { obligation } => {
                    reopened.extend(row(obligation).map(|row| row.reopened(id, duty, self.first(duty), now)));
                }
                Act::Change { obligation } => {
                    let keeps = !group.differences.contains(&Difference::AcknowledgeDue);
                    let change = |row: &Obligation| {
                        let mut new = row.given(id, duty);
                        if keeps {
                            new.acknowledge_due = row.acknowledge_due;
                        }
                        new.next_action = ladder::advise(&new, &duty.ladder, now, calendar).next;
                        new
                    };
                    changed.extend(row(obligation).map(change));
                }
                Act::Open | Act::Withdraw { .. } | Act::Keep { .. } => {}
            }
        }
        (reopened, changed)
    }

    fn first(&self, duty: &Duty) -> Option<DateTime<Utc>> {
        ladder::first(duty, self.apply.now, &self.apply.side.office.calendar)
    }

    async fn withdraw(&self, tx: &mut dyn Tx, group: &Group, done: &mut Applied) -> Result<(), StoreError> {
        let row = |part: &Part| match part.act {
            Act::Withdraw { obligation } => self.document.rows.get(&obligation),
            _ => None,
        };
        let closed: Vec<_> = group.cells.iter().filter_map(row).map(|row| row.closed(State::Withdrawn, self.apply.now)).collect();
        if closed.is_empty() {
            return Ok(());
        }
        tx.save_obligations(&closed).await?;
        let notices = self.notices(group, NoticeKind::Withdrawal);
        done.mails += tx.enqueue(self.change.document, &notices, self.apply.now).await?;
        let cells: Vec<_> = closed.iter().map(|row| row.cell.as_str()).collect();
        let detail = json!({
            "state": "withdrawn", "because": "quy tắc giao việc đã đổi", "cells": cells,
            "plan": self.plan, "actor": self.apply.actor,
        });
        tx.append(&[self.entry(JournalKind::Closed, detail)]).await?;
        done.withdrawn += closed.len() as u64;
        Ok(())
    }

    /// The notices of one kind that the plan shows for a group, to the addresses it shows.
    fn notices(&self, group: &Group, kind: NoticeKind) -> Vec<NewNotice> {
        let (office, policy) = (self.apply.side.office, self.apply.policy);
        let mail = enqueue::Mail {
            revision: self.change.revision,
            urgency: self.document.document.urgency,
            kind,
            step: format!("00@{}", self.plan),
        };
        let parts = group.cells.iter().filter(|part| part.act.mail() == Some(kind));
        parts
            .flat_map(|part| part.mails.iter().map(move |address| (&part.cell, address.clone())))
            .map(|(cell, address)| enqueue::notice(&mail, cell, address, (office, policy), self.apply.now))
            .collect()
    }

    /// A hold for every cell that is given work and has no mailbox.
    async fn unreached(&self, tx: &mut dyn Tx, group: &Group) -> Result<(), StoreError> {
        let opens = |part: &&Part| matches!(part.act, Act::Open | Act::Reopen { .. });
        for part in group.cells.iter().filter(opens).filter(|part| part.mails.is_empty()) {
            let reason = "chi bộ được giao việc nhưng chưa có hộp thư".to_owned();
            let hold = self.new_hold(HoldKind::NoContact, Some(&part.cell), reason);
            tx.open_hold(&hold, self.apply.now).await?;
        }
        Ok(())
    }

    async fn hold(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let Document { source, external_id, .. } = &self.document.document;
        let (kind, entry) = match self.change.hold {
            None => return Ok(()),
            Some(HoldAct::Open) => {
                let reason = "không quy tắc nào khớp với văn bản này nữa".to_owned();
                let hold = self.new_hold(HoldKind::Unmatched, None, reason);
                tx.open_hold(&hold, self.apply.now).await?;
                (JournalKind::Held, hold.reason)
            }
            Some(HoldAct::Close) => {
                tx.close_holds(HoldKind::Unmatched, source, external_id, self.apply.now).await?;
                (JournalKind::Released, "quy tắc mới đã xử lý văn bản này".to_owned())
            }
        };
        let detail = json!({
            "hold": HoldKind::Unmatched.as_str(), "reason": entry, "plan": self.plan, "actor": self.apply.actor,
        });
        tx.append(&[self.entry(kind, detail)]).await
    }

    fn new_hold(&self, kind: HoldKind, unit: Option<&UnitId>, reason: String) -> NewHold {
        let document = &self.document.document;
        NewHold {
            kind,
            source: document.source.clone(),
            external_id: document.external_id.clone(),
            document: Some(self.change.document),
            unit: unit.cloned(),
            reason,
            raw: None,
        }
    }

    fn entry(&self, kind: JournalKind, detail: serde_json::Value) -> JournalEntry {
        let document = Some(self.change.document);
        JournalEntry { at: self.apply.now, kind, document, obligation: None, detail }
    }
}
