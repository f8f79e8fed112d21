//! From a claimed notice to the letter that is mailed, or to the reason why it is no longer wanted.

mod appointments;
mod digest;

use std::collections::{BTreeSet, HashMap};
mod above;
mod measure;

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::office::Office;
use super::plan::letter::facts;
use super::policy::Policy;
use super::ports::{Claimed, Reader, StoreError, StoredDuty, StoredRevision};
use crate::domain::challenge::challenge;
use crate::domain::ids::{DutyId, ObligationId, RevisionId, UnitId};
use crate::domain::notice::{Facts, InsteadOf, Letter, LetterTask, News, NoticeKey, NoticeKind, taken_over};
use crate::domain::obligation::{Duty, Obligation, Role, State};
use crate::domain::operation::{Edit, Field, Weight};
use crate::domain::thread;
use crate::domain::token::{Claims, mailbox_hash};

mod conversation;
mod reply;

use reply::Said;

/// A letter, or why there is none.
pub(super) enum Draft {
    /// To be sent.
    Letter(Box<Letter>),
    /// Overtaken by events.
    Needless(&'static str),
}

/// Writes letters; keeps revisions and duties it has read, because hundreds of notices share them.
pub(super) struct Writer<'a> {
    store: &'a dyn Reader,
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
    /// What happened to it.
    news: News,
}

impl Known {
    /// What a letter tells of what happened. That a document was replaced is told where it ends; what it
    /// replaces, where it is new; what differs, where it changed by itself and not by a plan.
    fn news(&self, key: &NoticeKey) -> News {
        let news = self.news.clone();
        match key.kind {
            NoticeKind::Withdrawal => News { edits: Vec::new(), replaces: Vec::new(), ..news },
            NoticeKind::Notice => News { replaces: news.replaces, ..News::default() },
            NoticeKind::Change if !key.step.contains('@') => News { replaced_by: Vec::new(), ..news },
            _ => News::default(),
        }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a dyn Reader, office: &'a Office, policy: &'a Policy) -> Self {
        Self { store, office, policy, revisions: HashMap::new(), duties: HashMap::new() }
    }

    /// Writes the letter of a notice as things stand at `now`.
    pub(super) async fn write(&mut self, claimed: &Claimed, now: DateTime<Utc>) -> Result<Draft, StoreError> {
        let Some(revision) = self.revision(claimed.key.revision).await? else {
            return Ok(Draft::Needless("văn bản không còn trong sổ"));
        };
        let draft = match claimed.key.kind {
            NoticeKind::Digest => return self.digest(claimed, &revision, now).await,
            NoticeKind::Escalation => self.escalation(claimed, &revision, now).await?,
            NoticeKind::Withdrawal => {
                let mut letter = self.letter(claimed, &revision, &[], now);
                letter.appointments = self.appointments(claimed).await?;
                Draft::Letter(Box::new(letter))
            }
            _ => self.for_cell(claimed, &revision, now).await?,
        };
        match draft {
            Draft::Letter(letter) => self.in_thread(claimed, *letter, now).await,
            needless @ Draft::Needless(_) => Ok(needless),
        }
    }

    /// To a cell, about everything it is asked, or about the tasks whose ladder took a step.
    async fn for_cell(
        &mut self,
        claimed: &Claimed,
        revision: &Known,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let (mut asked, resting) = (Vec::new(), self.resting(claimed).await?);
        for row in &claimed.obligations {
            let Some(duty) = self.duty(row.duty).await? else { continue };
            let today = self.office.calendar.date_of(now);
            let is_meant = is_meant(claimed, row, &duty.duty, today) && !resting.contains(&row.id);
            asked.push(Asked { row, is_meant, duty });
        }
        if asked.is_empty() {
            return Ok(Draft::Needless("không còn việc của chi bộ này"));
        }
        if !asked.iter().any(|asked| asked.row.state.is_live()) {
            return Ok(Draft::Needless("việc đã kết thúc"));
        }
        if !asked.iter().any(|asked| asked.is_meant) {
            return Ok(Draft::Needless("chi bộ đã trả lời"));
        }
        let mut letter = self.letter(claimed, revision, &asked, now);
        letter.measure = self.measure(claimed, &asked).await?;
        match reply::said(self.store, claimed, &asked, self.office.calendar.date_of(now)).await? {
            Said::Nothing => {}
            Said::Reply(reply) => letter.reply = Some(reply),
            Said::Needless(why) => return Ok(Draft::Needless(why)),
        }
        if claimed.key.kind == NoticeKind::Change && !letter.tasks.is_empty() {
            letter.dropped = self.dropped(claimed, now).await?;
        }
        letter.appointments = self.appointments(claimed).await?;
        Ok(Draft::Letter(Box::new(letter)))
    }

    /// What was asked of the cell until this revision came or other rules did, and is no more.
    async fn dropped(&mut self, claimed: &Claimed, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for row in self.store.obligations(claimed.document, true).await? {
            let row = row.obligation;
            let earlier = row.revision <= claimed.key.revision && row.state == State::Withdrawn;
            let mut asked = claimed.obligations.iter();
            let still = asked.any(|kept| kept.task == row.task && kept.state != State::Withdrawn);
            if row.cell == claimed.key.unit && earlier && !still && row.since <= now {
                let task = self.duty(row.duty).await?.and_then(|duty| duty.duty.task.clone());
                names.extend(task.map(|task| task.name).filter(|name| !names.contains(name)));
            }
        }
        Ok(names)
    }

    /// Working days from today to the due day; negative when it has passed.
    fn days_left(&self, due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i32> {
        let calendar = &self.office.calendar;
        let last_day = calendar.date_of(due? - Duration::milliseconds(1));
        Some(calendar.working_days_between(calendar.date_of(now), last_day))
    }

    /// The letter about what is asked; of a plan, what sums up the tasks it is about.
    fn letter(&self, claimed: &Claimed, revision: &Known, asked: &[Asked<'_>], now: DateTime<Utc>) -> Letter {
        let (key, policy) = (&claimed.key, self.policy);
        let today = self.office.calendar.date_of(now);
        let meant = || asked.iter().filter(|asked| asked.is_meant);
        let nearest = meant().min_by_key(|asked| (asked.row.due.is_none(), asked.row.due));
        let due = nearest.and_then(|asked| asked.row.due);
        let first = asked.first().map(|asked| asked.row.id);
        let mut owes = distinct(meant().flat_map(|asked| asked.row.left_of(&asked.duty.duty.owes)));
        owes.sort_unstable();
        Letter {
            notice: claimed.id,
            kind: key.kind,
            times: claimed.sent_before + 1,
            message_id: claimed.message_id.clone(),
            thread: String::new(),
            topic: String::new(),
            started: thread::start(&revision.facts),
            first: None,
            language: policy.sending.language,
            to: key.mailbox.clone(),
            unit_name: self.office.units.name_on(&key.unit, today).to_owned(),
            unit: key.unit.clone(),
            facts: revision.facts.clone(),
            tasks: self.tasks(asked, now),
            dropped: Vec::new(),
            news: revision.news(key),
            role: meant().map(|asked| asked.duty.duty.role).max().unwrap_or(Role::Inform),
            owes,
            rule_names: distinct(meant().flat_map(|asked| asked.duty.duty.rule_names.iter().cloned())),
            acknowledge_due: meant().filter_map(|asked| asked.row.acknowledge_due).min(),
            due,
            topic_due: asked.iter().filter_map(|asked| asked.row.due).min(),
            due_why: nearest.and_then(|asked| asked.duty.duty.due_why.clone()),
            days_left: self.days_left(due, now),
            link: first.map(|row| self.link(row, &key.mailbox, now)),
            challenge: first.map(|row| challenge(&revision.stored.document, row, &policy.secret)),
            measure: None,
            laggards: Vec::new(),
            digest: None,
            appointments: Vec::new(),
            others: Vec::new(),
            reply: None,
            taken_over_from: taken_over(&key.step)
                .map(|unit| self.office.units.name_on(&unit, today).to_owned()),
            instead_of: self.instead_of(&key.unit, &key.mailbox, today),
            written: now,
        }
    }

    /// What the cell still owes of a plan; nothing where the document asks for one thing.
    fn tasks(&self, asked: &[Asked<'_>], now: DateTime<Utc>) -> Vec<LetterTask> {
        if asked.len() < 2 && asked.iter().all(|asked| asked.duty.duty.task.is_none()) {
            return Vec::new();
        }
        let live = asked.iter().filter(|asked| asked.row.state.is_live());
        live.map(|asked| {
            let (row, duty) = (asked.row, &asked.duty.duty);
            LetterTask {
                obligation: row.id,
                name: duty.title(),
                role: duty.role,
                owes: row.left_of(&duty.owes),
                acknowledge_due: row.acknowledge_due.filter(|_| row.state == State::Open),
                due: row.due,
                due_why: duty.due_why.clone(),
                days_left: self.days_left(row.due, now),
                is_meant: asked.is_meant,
            }
        })
        .collect()
    }

    fn instead_of(&self, unit: &UnitId, mailbox: &str, today: NaiveDate) -> Option<InsteadOf> {
        let absence = self.office.units.get(unit)?.deputises_on(mailbox, today)?;
        Some(InsteadOf { person: absence.person.clone(), until: absence.valid.until })
    }

    fn link(&self, row: ObligationId, mailbox: &str, now: DateTime<Utc>) -> String {
        let life = Duration::from_std(self.policy.link_life).unwrap_or(Duration::days(180));
        let claims = Claims { obligation: row, mailbox: mailbox_hash(mailbox), expires: now + life };
        format!("{}/a/{}", self.policy.public_url, self.policy.keyring.sign(&claims))
    }

    async fn revision(&mut self, id: RevisionId) -> Result<Option<Arc<Known>>, StoreError> {
        if !self.revisions.contains_key(&id)
            && let Some(stored) = self.store.revision(id).await?
        {
            let facts = self.facts(&stored);
            let news = self.news(&stored).await?;
            self.revisions.insert(id, Arc::new(Known { stored, facts, news }));
        }
        Ok(self.revisions.get(&id).cloned())
    }

    fn facts(&self, stored: &StoredRevision) -> Facts {
        facts(&stored.document, self.policy.subject(&stored.document))
    }

    async fn news(&self, stored: &StoredRevision) -> Result<News, StoreError> {
        let kept = self.store.edits(stored.id).await?;
        let (mut replaces, mut replaced_by) = (Vec::new(), Vec::new());
        for replacement in self.store.replacements(stored.document_id).await? {
            let (other, into) = if replacement.new == stored.document_id {
                (replacement.old, &mut replaces)
            } else {
                (replacement.new, &mut replaced_by)
            };
            let newest = self.store.revisions(other).await?.pop();
            into.extend(newest.map(|newest| self.facts(&newest)));
        }
        let shows_subject = self.policy.subject(&stored.document).is_some();
        Ok(News {
            standing: stored.standing,
            reason: stored.document.exchange.reason.clone().filter(|_| shows_subject),
            retouched: kept.as_ref().is_some_and(|kept| kept.retouched),
            edits: kept.map(|kept| self.shown(kept.edits)).unwrap_or_default(),
            replaces,
            replaced_by,
        })
    }

    /// The edits a mail may show: text only as far as it may show the trích yếu, and never whom else the
    /// document was sent to.
    fn shown(&self, edits: Vec<Edit>) -> Vec<Edit> {
        let is_told =
            |edit: &Edit| edit.field != Field::Addressees && edit.weight(&BTreeSet::new()) > Weight::Spelling;
        let withheld = |edit: &Edit| match edit.field {
            Field::Content | Field::Files => true,
            Field::Subject => !self.policy.may_show(&edit.old) || !self.policy.may_show(&edit.new),
            _ => false,
        };
        let shown = |edit: Edit| match withheld(&edit) {
            true => Edit { old: String::new(), new: String::new(), ..edit },
            false => edit,
        };
        edits.into_iter().filter(is_told).map(shown).collect()
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

/// One thing that is asked of a cell.
struct Asked<'a> {
    row: &'a Obligation,
    duty: Arc<StoredDuty>,
    /// The letter is about it.
    is_meant: bool,
}

/// Whether a notice is about a row: it still owes, and where a ladder's step was taken, that step still
/// makes sense.
fn is_meant(claimed: &Claimed, row: &Obligation, duty: &Duty, today: NaiveDate) -> bool {
    let steps = &claimed.about;
    let step = steps.iter().find(|(obligation, _)| *obligation == row.id).map(|(_, step)| *step);
    // A promise that lapsed leaves the row as if nobody had answered.
    let state = if row.lapsed(today).is_some() { State::Open } else { row.state };
    let applies = |number| duty.ladder.step(number).is_none_or(|step| step.applies(state));
    row.state.is_live() && (steps.is_empty() || step.is_some_and(applies))
}

/// Each once, in the order in which they come.
fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}
