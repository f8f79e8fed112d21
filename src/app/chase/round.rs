//! One round of the chase: what every row that is due wants, gathered by who is to read it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use crate::app::enqueue;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{JournalEntry, JournalKind, NewNotice, ObligationRow, Stepped, StoredDuty};
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, ObligationId, RevisionId, UnitId};
use crate::domain::ladder::{self, Planned, Recipient, StepKind};
use crate::domain::notice::{NoticeKind, above_step};
use crate::domain::obligation::{Contact, Obligation, Respite};

/// How long the mail to a superior waits for the further batches of a run that are to be told with it.
const LINGER: TimeDelta = TimeDelta::seconds(60);

/// What one batch will store.
pub(super) struct Round<'a> {
    office: &'a Office,
    policy: &'a Policy,
    now: DateTime<Utc>,
    resting: HashMap<ObligationId, &'a Respite>,
    /// Rows in their new form.
    pub(super) changed: Vec<Obligation>,
    /// Steps that were taken and told to somebody.
    pub(super) taken: Vec<Stepped>,
    /// Rows that rest no more, with their documents.
    pub(super) roused: Vec<(Respite, DocumentId)>,
    /// Steps by document, as the journal tells them.
    pub(super) steps: BTreeMap<DocumentId, Vec<serde_json::Value>>,
    /// Cells that nobody could ever reach, with why.
    pub(super) unreached: BTreeMap<(RevisionId, UnitId), &'static str>,
    /// Steps that were not taken.
    pub(super) skipped: u64,
    /// One mail for all that befalls a cell under one revision: a plan with seven tasks must not send seven.
    cells: BTreeMap<(DocumentId, RevisionId, UnitId), ToCell>,
    /// One mail to each superior; apart, those that cannot wait for office hours.
    above: BTreeMap<(UnitId, bool), Above>,
}

/// Whom a step writes to.
enum Reader {
    /// A cell, about itself.
    Cell(UnitId),
    /// A superior, the office or its leadership, about others.
    Above(UnitId),
}

/// A mail to a cell before it is enqueued.
struct ToCell {
    kind: StepKind,
    /// Number of the step that gave the kind, and the day it was planned for.
    step: (u16, NaiveDate),
    urgency: Urgency,
    about: Vec<(ObligationId, u16)>,
}

/// A mail to a superior before it is enqueued: it stands with the document that is most urgent and first due.
struct Above {
    urgency: Urgency,
    due: Option<DateTime<Utc>>,
    document: DocumentId,
    revision: RevisionId,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        office: &'a Office,
        policy: &'a Policy,
        now: DateTime<Utc>,
        resting: &'a [Respite],
    ) -> Self {
        Self {
            office,
            policy,
            now,
            resting: resting.iter().map(|respite| (respite.obligation, respite)).collect(),
            changed: Vec::new(),
            taken: Vec::new(),
            roused: Vec::new(),
            steps: BTreeMap::new(),
            unreached: BTreeMap::new(),
            skipped: 0,
            cells: BTreeMap::new(),
            above: BTreeMap::new(),
        }
    }

    /// Looks at one row.
    pub(super) fn look(&mut self, row: &ObligationRow, duty: Option<&StoredDuty>, urgency: Urgency) {
        let Some(mut standing) = self.awake(row) else { return };
        let (floor, calendar) = (standing.next_action.take(), &self.office.calendar);
        if let Some(duty) = duty {
            let asked = Obligation { next_action: floor, ..standing.clone() };
            let advice = ladder::advise(&asked, &duty.duty.ladder, self.now, calendar);
            standing.next_action = advice.next;
            self.skipped += u64::try_from(advice.skipped.len()).unwrap_or(u64::MAX);
            for planned in &advice.take {
                standing.step = planned.step.number.max(standing.step);
                self.take(row, planned, &advice.skipped, urgency);
            }
        }
        self.changed.push(standing);
    }

    /// The row as its ladder is to see it; `None` while it rests.
    fn awake(&mut self, row: &ObligationRow) -> Option<Obligation> {
        let Some(respite) = self.resting.get(&row.obligation.id).copied() else {
            return Some(row.obligation.clone());
        };
        if self.now < respite.until {
            // Something planned its ladder anew meanwhile; that waits too.
            self.changed.push(Obligation { next_action: Some(respite.until), ..row.obligation.clone() });
            return None;
        }
        self.roused.push((respite.clone(), row.obligation.document));
        Some(row.obligation.roused(respite, self.now, &self.office.calendar))
    }

    fn take(&mut self, row: &ObligationRow, planned: &Planned<'_>, skipped: &[u16], urgency: Urgency) {
        let (step, obligation) = (planned.step, &row.obligation);
        let reader = match step.to == Recipient::Cell && !row.contact.is_reached() {
            // Its first notice still waits and says the same, or its mailbox is dead and staff are told.
            true => None,
            false => self.reader(obligation, planned, urgency),
        };
        if step.to == Recipient::Cell && reader.is_none() {
            self.unread(row);
        }
        self.skipped += u64::from(reader.is_none());
        self.steps.entry(obligation.document).or_default().push(json!({
            "obligation": obligation.id, "step": step.number, "kind": step.kind, "to": step.to,
            "planned": planned.at, "skipped": skipped, "told": reader.as_ref().map(Reader::unit),
        }));
        if let Some(reader) = reader {
            self.taken.push(Stepped {
                obligation: obligation.id,
                at: self.now,
                step: step.number,
                kind: step.kind,
                recipient: step.to,
                unit: reader.unit().clone(),
            });
            self.write(obligation, planned, reader, urgency);
        }
    }

    fn unread(&mut self, row: &ObligationRow) {
        let reason = match row.contact {
            // The mail server takes its time; that is a matter of the outbox.
            Contact::Unsent => return,
            Contact::NoContact => "chưa thư nào đến được chi bộ nên không nhắc, không đôn đốc",
            _ => "đến bước nhắc mà không hộp thư nào của chi bộ có người đọc",
        };
        self.unreached.insert((row.obligation.revision, row.obligation.cell.clone()), reason);
    }

    /// Whom a step writes to, if anybody reads there. A parent or a leadership whose mail nobody reads is passed
    /// over in favour of the office.
    fn reader(&self, row: &Obligation, planned: &Planned<'_>, urgency: Urgency) -> Option<Reader> {
        let (units, calendar) = (&self.office.units, &self.office.calendar);
        let (day, leaves) = (calendar.date_of(planned.at), self.policy.send_at(urgency, self.now, calendar));
        let reached = |unit: &&UnitId| enqueue::is_read(unit, self.office, leaves);
        let office = || units.office.as_ref().filter(reached);
        let parent = || units.get(&row.cell).and_then(|unit| unit.parent_on(day)).filter(reached);
        let leadership = || units.leadership.as_ref().filter(reached);
        match planned.step.to {
            Recipient::Cell => Some(&row.cell).filter(reached).cloned().map(Reader::Cell),
            Recipient::Parent => parent().or_else(office).cloned().map(Reader::Above),
            Recipient::Office => office().cloned().map(Reader::Above),
            Recipient::Leadership => leadership().or_else(office).cloned().map(Reader::Above),
        }
    }

    fn write(&mut self, row: &Obligation, planned: &Planned<'_>, reader: Reader, urgency: Urgency) {
        match reader {
            Reader::Cell(cell) => self.write_cell(row, planned, cell, urgency),
            Reader::Above(unit) => self.write_above(row, unit, urgency),
        }
    }

    /// Adds a step to the mail for its cell; the sternest step gives the mail its kind.
    fn write_cell(&mut self, row: &Obligation, planned: &Planned<'_>, cell: UnitId, urgency: Urgency) {
        let (kind, number) = (planned.step.kind, planned.step.number);
        let step = (number, self.office.calendar.date_of(planned.at));
        let new = || ToCell { kind, step, urgency, about: Vec::new() };
        let mail = self.cells.entry((row.document, row.revision, cell)).or_insert_with(new);
        if mail.kind <= kind {
            (mail.kind, mail.step) = (kind, step);
        }
        mail.about.retain(|(known, _)| *known != row.id);
        mail.about.push((row.id, number));
    }

    /// Adds a row to the mail for a superior; what it tells of is read when it is written.
    fn write_above(&mut self, row: &Obligation, unit: UnitId, urgency: Urgency) {
        let (document, revision, due) = (row.document, row.revision, row.due);
        let new = Above { urgency, due, document, revision };
        let mail = self.above.entry((unit, urgency.breaks_quiet_hours())).or_insert(new);
        type Due = Option<DateTime<Utc>>;
        let earlier = |one: Due, other: Due| one.is_some() && (other.is_none() || one < other);
        if urgency > mail.urgency || urgency == mail.urgency && earlier(due, mail.due) {
            *mail = Above { urgency, due, document, revision };
        }
    }

    /// The notices to cells, by document.
    pub(super) fn to_cells(&self) -> BTreeMap<DocumentId, Vec<NewNotice>> {
        let mut notices: BTreeMap<DocumentId, Vec<NewNotice>> = BTreeMap::new();
        for ((document, revision, cell), mail) in &self.cells {
            let kind = match mail.kind {
                StepKind::Remind => NoticeKind::Reminder,
                StepKind::Chase | StepKind::Criticise | StepKind::Review => NoticeKind::Chase,
            };
            let step = format!("{:02}@{}", mail.step.0, mail.step.1);
            let (urgency, about) = (mail.urgency, mail.about.clone());
            let mail = enqueue::Mail { revision: *revision, urgency, kind, step, about };
            let written = enqueue::notices(&mail, cell, self.office, self.policy, self.now);
            notices.entry(*document).or_default().extend(written);
        }
        notices
    }

    /// The notices to superiors, by document, but for those whose mail of this run waits already; `more` says
    /// that further batches follow.
    pub(super) fn to_superiors(
        &self,
        told: &mut BTreeSet<(UnitId, bool)>,
        more: bool,
    ) -> Vec<(DocumentId, Vec<NewNotice>)> {
        let fresh: Vec<_> = self.above.iter().filter(|(reader, _)| told.insert((*reader).clone())).collect();
        let written = fresh.into_iter().map(|((unit, _), above)| {
            let Above { urgency, document, revision, .. } = *above;
            let (kind, step) = (NoticeKind::Escalation, above_step(self.now));
            let mail = enqueue::Mail { revision, urgency, kind, step, about: Vec::new() };
            let mut notices = enqueue::notices(&mail, unit, self.office, self.policy, self.now);
            for notice in notices.iter_mut().filter(|_| more) {
                notice.send_at = notice.send_at.max(self.now + LINGER);
            }
            (document, notices)
        });
        written.collect()
    }
}

/// What the journal tells of a row that rests no more.
pub(super) fn roused(respite: &Respite, document: DocumentId, now: DateTime<Utc>) -> JournalEntry {
    let detail = json!({ "act": "resume", "kind": respite.kind, "because": "hết thời hạn tạm hoãn" });
    let (kind, obligation) = (JournalKind::Rested, Some(respite.obligation));
    JournalEntry { at: now, kind, document: Some(document), obligation, detail }
}

impl Reader {
    fn unit(&self) -> &UnitId {
        match self {
            Self::Cell(unit) | Self::Above(unit) => unit,
        }
    }
}
