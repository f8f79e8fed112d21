//! What a cell asked of staff, decided by them: more time, and work that is not its own. The cell is told of
//! every decision that changes something for it.

use std::slice;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::assign::{To, Wanted};
use super::{Decided, Desk, HoldError};
use crate::app::enqueue;
use crate::app::ingest::assign_stored;
use crate::app::ports::{Act, Asked, Decision, HoldKind, HoldRow, RequestRow, Tx, Verdict, advice};
use crate::domain::calendar::weekday_name;
use crate::domain::deadline::Basis;
use crate::domain::ids::{HoldId, UnitId};
use crate::domain::ladder;
use crate::domain::notice::{NoticeKind, request_step};
use crate::domain::obligation::{DueWhy, Duty, Obligation, Unextendable};
use crate::domain::routing::Assignment;

impl Desk<'_> {
    /// Grants more time: until the day that was asked for, or until another. The due instant moves, the ladder
    /// with it; what the document's sender was told does not.
    ///
    /// # Errors
    /// [`HoldError`]
    pub async fn grant(&self, id: HoldId, until: Option<NaiveDate>) -> Result<Decided, HoldError> {
        let (hold, _) = self.find(id, Act::Release).await?;
        let mut tx = self.store.begin().await?;
        let (request, row) = self.asked(tx.as_mut(), &hold).await?;
        let Asked::MoreTime { until: asked } = request.asks else {
            return Err(HoldError::NotPossible(id, "--until", advice(&hold).to_owned()));
        };
        let until = until.unwrap_or(asked);
        let (extended, before) = self.extended(tx.as_mut(), (&request, &row), until).await?;
        tx.reassign(slice::from_ref(&extended)).await?;
        let (given, moved) = (Some(until), extended.due);
        let decision = Decision { given, moved, ..self.decision(Verdict::Granted) };
        tx.decide_request(request.id, &decision).await?;
        let mails = self.tell_decision(tx.as_mut(), &hold, (&request, &extended)).await?;
        let more = json!({
            "request": request.id, "obligation": row.id, "cell": row.cell, "asked": asked, "until": until,
            "due_before": before, "due": extended.due, "duty": extended.duty,
        });
        self.settle(tx, &hold, Act::Release, Decided { documents: 1, opened: 0, mails }, more).await
    }

    /// Refuses more time: the old due day holds.
    pub(super) async fn refuse(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        let Some(request) = tx.open_request_under(hold.id).await? else {
            return self.settle(tx, hold, Act::Dismiss, Decided::default(), json!({})).await;
        };
        tx.decide_request(request.id, &self.decision(Verdict::Refused)).await?;
        let Some(row) = tx.obligation(request.obligation).await?.filter(|row| row.state.is_live()) else {
            return self.settle(tx, hold, Act::Dismiss, Decided::default(), json!({})).await;
        };
        let row = row.unextended();
        tx.save_obligations(slice::from_ref(&row)).await?;
        let mails = self.tell_decision(tx.as_mut(), hold, (&request, &row)).await?;
        let more = json!({ "request": request.id, "obligation": row.id, "cell": row.cell, "due": row.due });
        self.settle(tx, hold, Act::Dismiss, Decided { documents: 1, opened: 0, mails }, more).await
    }

    /// Tells a cell that the work is its own all the same; the ladder goes on.
    pub(super) async fn hand_back(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        let (request, row) = self.asked(tx.as_mut(), hold).await?;
        let duty = tx.duty(row.duty).await?.ok_or(HoldError::NoDocument)?.duty;
        let mut row = row.handed_back(self.now);
        row.next_action = ladder::advise(&row, &duty.ladder, self.now, &self.office.calendar).next;
        tx.save_obligations(slice::from_ref(&row)).await?;
        tx.decide_request(request.id, &self.decision(Verdict::Refused)).await?;
        let mails = self.tell_decision(tx.as_mut(), hold, (&request, &row)).await?;
        let more = json!({
            "request": request.id, "obligation": row.id, "cell": row.cell, "state": row.state.as_str(),
        });
        self.settle(tx, hold, Act::Release, Decided { documents: 1, opened: 0, mails }, more).await
    }

    /// Gives what a cell says is not its own to others, as it was asked of that cell.
    pub(super) async fn pass_on(
        &self,
        hold: &HoldRow,
        cells: &[UnitId],
        due: Option<NaiveDate>,
    ) -> Result<Decided, HoldError> {
        self.are_cells(cells)?;
        let mut tx = self.store.begin().await?;
        let (request, row) = self.asked(tx.as_mut(), hold).await?;
        let old = tx.duty(row.duty).await?.ok_or(HoldError::NoDocument)?.duty;
        let duty = self.passed_on(&old, due)?;
        let stored = self.stored(tx.as_mut(), hold).await?;
        let assignment = Assignment { cells: cells.to_vec().into(), duty };
        let ours = (self.office, self.policy);
        let opened =
            assign_stored(tx.as_mut(), ours, &stored, slice::from_ref(&assignment), self.now).await?;
        if opened == 0 {
            return Err(HoldError::Nobody);
        }
        tx.decide_request(request.id, &self.decision(Verdict::Granted)).await?;
        let mails = tx.queued(stored.id).await?;
        let more = json!({ "request": request.id, "obligation": row.id, "from": row.cell, "cells": cells });
        self.settle(tx, hold, Act::Assign, Decided { documents: 1, opened, mails }, more).await
    }

    /// Agrees that the work is nobody's.
    pub(super) async fn agree(&self, hold: &HoldRow) -> Result<Decided, HoldError> {
        let mut tx = self.store.begin().await?;
        if let Some(request) = tx.open_request_under(hold.id).await? {
            tx.decide_request(request.id, &self.decision(Verdict::Granted)).await?;
        }
        self.settle(tx, hold, Act::Dismiss, Decided::default(), json!({})).await
    }

    /// Whom a declined task goes to instead, where `wanted` names single cells.
    pub(super) fn others<'w>(&self, hold: &HoldRow, wanted: &'w Wanted) -> Option<&'w [UnitId]> {
        match (&wanted.to, hold.kind) {
            (To::Cells(cells), HoldKind::Declined) => Some(cells),
            _ => None,
        }
    }

    /// The open request under a hold, with its row.
    async fn asked(&self, tx: &mut dyn Tx, hold: &HoldRow) -> Result<(RequestRow, Obligation), HoldError> {
        let request = tx.open_request_under(hold.id).await?.ok_or(HoldError::Unasked(hold.id))?;
        let row = tx.obligation(request.obligation).await?.ok_or(HoldError::NoDocument)?;
        Ok((request, row))
    }

    fn decision(&self, verdict: Verdict) -> Decision {
        let why = Some(self.reason.trim().to_owned()).filter(|why| !why.is_empty());
        Decision { actor: Some(self.actor.to_owned()), why, ..Decision::by_itself(verdict, self.now) }
    }

    /// The row with more time, under a duty that says so, and the due instant before.
    async fn extended(
        &self,
        tx: &mut dyn Tx,
        (request, row): (&RequestRow, &Obligation),
        until: NaiveDate,
    ) -> Result<(Obligation, Option<DateTime<Utc>>), HoldError> {
        let calendar = &self.office.calendar;
        let due = calendar.end_of_day(until);
        if due <= self.now {
            return Err(HoldError::Past(until));
        }
        row.may_extend(until, calendar).map_err(|error| match error {
            Unextendable::NotLater { due } => HoldError::NotLater(calendar.due_day(due)),
            Unextendable::NoDue | Unextendable::Ended(_) => HoldError::Ended(request.hold),
        })?;
        let old = tx.duty(row.duty).await?.ok_or(HoldError::NoDocument)?.duty;
        let duty = Duty { due: Some(due), due_why: Some(self.why(&old, row.due, until)), ..old };
        let id = tx.open_duty(row.revision, &duty).await?;
        let mut extended = row.extended(id, due);
        extended.next_action = ladder::advise(&extended, &duty.ladder, self.now, calendar).next;
        Ok((extended, row.due))
    }

    /// How the due day came about; as a person's word no plan moves it.
    fn why(&self, old: &Duty, before: Option<DateTime<Utc>>, until: NaiveDate) -> DueWhy {
        let calendar = &self.office.calendar;
        let day = format!("{} {}", weekday_name(until), until.format("%d/%m/%Y"));
        let before = before.map(|due| calendar.due_day(due).format("%d/%m/%Y").to_string());
        let before = before.map(|day| format!("; hạn cũ {day}")).unwrap_or_default();
        let why = self.reason.trim();
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        DueWhy {
            reading: format!("{} đồng ý gia hạn: hết {day}{before}{why}", self.actor),
            phrase: old.due_why.as_ref().and_then(|why| why.phrase.clone()),
            proposal: false,
            calendar: calendar.version(),
            basis: Some(Basis::Person),
            again: old.due_why.as_ref().and_then(|why| why.again),
        }
    }

    /// What was asked of one cell as it is asked of others now: nobody is late with what nobody told them.
    fn passed_on(&self, old: &Duty, due: Option<NaiveDate>) -> Result<Duty, HoldError> {
        let calendar = &self.office.calendar;
        let tomorrow = calendar.end_of_day(calendar.add_working_days(calendar.date_of(self.now), 1));
        let acknowledge_due = old.acknowledge_due.map(|at| at.max(tomorrow));
        let mut duty = Duty { acknowledge_due, ..old.clone() };
        if let Some(day) = due {
            duty.due = Some(calendar.end_of_day(day));
            duty.due_why = Some(DueWhy {
                reading: format!("{} nhập: hết {} {}", self.actor, weekday_name(day), day.format("%d/%m/%Y")),
                phrase: old.due_why.as_ref().and_then(|why| why.phrase.clone()),
                proposal: false,
                calendar: calendar.version(),
                basis: Some(Basis::Person),
                again: None,
            });
        }
        match duty.due {
            Some(due) if due <= self.now => Err(HoldError::Past(calendar.due_day(due))),
            _ => Ok(duty),
        }
    }

    /// Enqueues the mail that tells the cell; how many mails that makes.
    async fn tell_decision(
        &self,
        tx: &mut dyn Tx,
        hold: &HoldRow,
        (request, row): (&RequestRow, &Obligation),
    ) -> Result<u64, HoldError> {
        let stored = self.stored(tx, hold).await?;
        let mail = enqueue::Mail {
            revision: row.revision,
            urgency: stored.document.urgency,
            kind: NoticeKind::Change,
            step: request_step(request.id),
            about: vec![(row.id, 0)],
        };
        let notices = enqueue::notices(&mail, &row.cell, self.office, self.policy, self.now);
        Ok(tx.enqueue(row.document, &notices, self.now).await?)
    }
}
