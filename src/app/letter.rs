//! From a claimed notice to the letter that is mailed, or to the reason why it is no longer wanted.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::office::Office;
use super::plan::letter::facts;
use super::policy::Policy;
use super::ports::{Claimed, ObligationRow, Store, StoreError, StoredDuty, StoredRevision};
use crate::domain::challenge::challenge;
use crate::domain::ids::{DutyId, RevisionId, UnitId};
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter, NoticeKind, taken_over, thread_root};
use crate::domain::obligation::{Contact, Duty, Obligation, Role, State};
use crate::domain::tally;
use crate::domain::text::vietnamese_order;
use crate::domain::token::{Claims, mailbox_hash};

/// A letter, or why there is none.
pub(super) enum Draft {
    /// To be sent.
    Letter(Box<Letter>),
    /// Overtaken by events.
    Needless(&'static str),
}

/// Writes letters; keeps revisions and duties it has read, because hundreds of notices share them.
pub(super) struct Writer<'a> {
    store: &'a dyn Store,
    office: &'a Office,
    policy: &'a Policy,
    revisions: HashMap<RevisionId, Arc<Known>>,
    duties: HashMap<DutyId, Arc<StoredDuty>>,
}

/// A revision, and what every letter about it says of its document.
struct Known {
    stored: StoredRevision,
    /// Made once: looking for stop words costs more than all else in a letter.
    facts: Facts,
}

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a dyn Store, office: &'a Office, policy: &'a Policy) -> Self {
        Self { store, office, policy, revisions: HashMap::new(), duties: HashMap::new() }
    }

    /// Writes the letter of a notice as things stand at `now`.
    pub(super) async fn write(&mut self, claimed: &Claimed, now: DateTime<Utc>) -> Result<Draft, StoreError> {
        let Some(revision) = self.revision(claimed.key.revision).await? else {
            return Ok(Draft::Needless("văn bản không còn trong sổ"));
        };
        match claimed.key.kind {
            NoticeKind::Escalation => self.escalation(claimed, &revision, now).await,
            NoticeKind::Withdrawal => {
                Ok(Draft::Letter(Box::new(self.letter(claimed, &revision, None, None, now))))
            }
            _ => self.for_cell(claimed, &revision, now).await,
        }
    }

    async fn for_cell(
        &mut self,
        claimed: &Claimed,
        revision: &Known,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let Some(row) = &claimed.obligation else {
            return Ok(Draft::Needless("không còn việc của chi bộ này"));
        };
        let Some(duty) = self.duty(row.duty).await? else {
            return Ok(Draft::Needless("không còn việc của chi bộ này"));
        };
        if !row.state.is_live() {
            return Ok(Draft::Needless("việc đã kết thúc"));
        }
        let step = step_number(&claimed.key.step).and_then(|number| duty.duty.ladder.step(number));
        if step.is_some_and(|step| !step.applies(row.state)) {
            return Ok(Draft::Needless("chi bộ đã trả lời"));
        }
        let letter = self.letter(claimed, revision, Some(row), Some(&duty.duty), now);
        Ok(Draft::Letter(Box::new(letter)))
    }

    async fn escalation(
        &mut self,
        claimed: &Claimed,
        revision: &Known,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let today = self.office.calendar.date_of(now);
        let below = |cell: &UnitId| self.office.units.is_within(cell, &claimed.key.unit, today);
        let everyone = Some(&claimed.key.unit) == self.office.units.office.as_ref();
        let cells: Vec<UnitId> = self
            .office
            .units
            .cells_on(today)
            .filter(|cell| everyone || below(&cell.id))
            .map(|cell| cell.id.clone())
            .collect();
        let mut rows = self.store.live_among(revision.stored.id, &cells).await?;
        rows.retain(|row| self.lags(row, now));
        let Some(first) = rows.first() else {
            return Ok(Draft::Needless("không còn chi bộ nào chậm"));
        };
        let Some(duty) = self.duty(first.obligation.duty).await? else {
            return Ok(Draft::Needless("không còn chi bộ nào chậm"));
        };
        let mut letter = self.letter(claimed, revision, None, Some(&duty.duty), now);
        letter.laggards = rows.iter().map(|row| self.laggard(row, now)).collect();
        letter.laggards.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
        Ok(Draft::Letter(Box::new(letter)))
    }

    /// Late, or never reached and past its due instant: a superior must know of both.
    fn lags(&self, row: &ObligationRow, now: DateTime<Utc>) -> bool {
        tally::is_past(&row.obligation, now)
    }

    fn laggard(&self, row: &ObligationRow, now: DateTime<Utc>) -> Laggard {
        let today = self.office.calendar.date_of(now);
        let cell = &row.obligation.cell;
        Laggard {
            name: self.office.units.name_on(cell, today).to_owned(),
            acknowledged: row.obligation.state == State::Acknowledged,
            days_late: self.days_left(row.obligation.due, now).map_or(0, |days| (-days).max(0)),
            unreached: matches!(row.contact, Contact::Unsent | Contact::NoContact),
        }
    }

    /// Working days from today to the due day; negative when it has passed.
    fn days_left(&self, due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i32> {
        let calendar = &self.office.calendar;
        let last_day = calendar.date_of(due? - Duration::milliseconds(1));
        Some(calendar.working_days_between(calendar.date_of(now), last_day))
    }

    fn letter(
        &self,
        claimed: &Claimed,
        revision: &Known,
        row: Option<&Obligation>,
        duty: Option<&Duty>,
        now: DateTime<Utc>,
    ) -> Letter {
        let (key, policy) = (&claimed.key, self.policy);
        let today = self.office.calendar.date_of(now);
        let due = row.map_or(duty.and_then(|duty| duty.due), |row| row.due);
        Letter {
            notice: claimed.id,
            kind: key.kind,
            times: claimed.sent_before + 1,
            message_id: claimed.message_id.clone(),
            thread: thread_root(claimed.document, &key.unit, &key.mailbox, &policy.secret, &policy.domain),
            to: key.mailbox.clone(),
            unit_name: self.office.units.name_on(&key.unit, today).to_owned(),
            unit: key.unit.clone(),
            facts: revision.facts.clone(),
            role: duty.map_or(Role::Inform, |duty| duty.role),
            owes: duty.map(|duty| duty.owes.clone()).unwrap_or_default(),
            rule_names: duty.map(|duty| duty.rule_names.clone()).unwrap_or_default(),
            acknowledge_due: row
                .map_or(duty.and_then(|duty| duty.acknowledge_due), |row| row.acknowledge_due),
            due,
            due_why: duty.and_then(|duty| duty.due_why.clone()),
            days_left: self.days_left(due, now),
            link: row.map(|row| self.link(row, &key.mailbox, now)),
            challenge: row.map(|row| challenge(&revision.stored.document, row.id, &policy.secret)),
            laggards: Vec::new(),
            taken_over_from: taken_over(&key.step)
                .map(|unit| self.office.units.name_on(&unit, today).to_owned()),
            instead_of: self.instead_of(&key.unit, &key.mailbox, today),
            written: now,
        }
    }

    fn instead_of(&self, unit: &UnitId, mailbox: &str, today: NaiveDate) -> Option<InsteadOf> {
        let absence = self.office.units.get(unit)?.deputises_on(mailbox, today)?;
        Some(InsteadOf { person: absence.person.clone(), until: absence.valid.until })
    }

    fn link(&self, row: &Obligation, mailbox: &str, now: DateTime<Utc>) -> String {
        let life = Duration::from_std(self.policy.link_life).unwrap_or(Duration::days(180));
        let claims = Claims { obligation: row.id, mailbox: mailbox_hash(mailbox), expires: now + life };
        format!("{}/a/{}", self.policy.public_url, self.policy.keyring.sign(&claims))
    }

    async fn revision(&mut self, id: RevisionId) -> Result<Option<Arc<Known>>, StoreError> {
        if !self.revisions.contains_key(&id)
            && let Some(stored) = self.store.revision(id).await?
        {
            let facts = facts(&stored.document, self.policy.subject(&stored.document));
            self.revisions.insert(id, Arc::new(Known { stored, facts }));
        }
        Ok(self.revisions.get(&id).cloned())
    }

    async fn duty(&mut self, id: DutyId) -> Result<Option<Arc<StoredDuty>>, StoreError> {
        if !self.duties.contains_key(&id)
            && let Some(duty) = self.store.duty(id).await?
        {
            self.duties.insert(id, Arc::new(duty));
        }
        Ok(self.duties.get(&id).cloned())
    }
}

/// The ladder step's number in a notice's step, `04@2026-03-16` → 4; the first notice is 0.
fn step_number(step: &str) -> Option<u16> {
    let digits = step.split_once('@').map_or(step, |(number, _)| number);
    digits.parse().ok().filter(|number| *number > 0)
}
