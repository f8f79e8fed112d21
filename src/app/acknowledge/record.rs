//! Recording an answer: row, evidence, journal and, where staff must decide, a hold; one transaction.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AnswerError, Outcome, request};
use crate::app::ports::{AnswerRecord, HoldKind, JournalEntry, JournalKind, Store, StoreError, Tx};
use crate::app::report_up;
use crate::domain::calendar::Calendar;
use crate::domain::chain;
use crate::domain::ids::{DocumentId, HoldId, ObligationId};
use crate::domain::ladder::advise;
use crate::domain::obligation::{Answer, Duty, Effect, Grade, Obligation, TaskName, Unextendable};
use crate::domain::status::Voices;

/// An answer that is to be recorded.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// The rows it is about.
    pub(super) obligations: Vec<ObligationId>,
    pub(super) answer: Answer,
    pub(super) grade: Grade,
    pub(super) channel: &'static str,
    pub(super) actor: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
    pub(super) now: DateTime<Utc>,
}

/// What came of an answer.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What is told.
    pub outcome: Outcome,
    /// What became of the rows it is about; none unless it moved every one of them.
    pub(super) rows: Vec<Moved>,
}

/// A row that an answer moved.
#[derive(Debug, Clone)]
pub(super) struct Moved {
    /// As the transaction found it.
    pub(super) before: Obligation,
    /// As it stands now.
    pub(super) after: Obligation,
    /// The answer as it is kept.
    pub(super) answer: AnswerRecord,
}

/// Records an answer for every row it is about. Where it is recorded for one, that is what is told; what
/// is neither [`Outcome::Recorded`], [`Outcome::Corrected`] nor [`Outcome::Closed`] leaves no trace.
///
/// # Errors
/// [`AnswerError::Unknown`], [`AnswerError::Store`]; nothing was recorded then.
pub(super) async fn record(
    store: &dyn Store,
    desk: (&Calendar, &Voices),
    statement: &Statement,
) -> Result<Recorded, AnswerError> {
    let mut tx = store.begin().await?;
    let (recorded, writes) = enter(tx.as_mut(), store, desk, statement).await?;
    if writes {
        tx.commit().await?;
    }
    Ok(recorded)
}

/// The same within a transaction of the caller's, who commits; whether anything was written.
///
/// # Errors
/// As [`record`].
pub(super) async fn enter(
    tx: &mut dyn Tx,
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    statement: &Statement,
) -> Result<(Recorded, bool), AnswerError> {
    let mut draft = Draft::over(tx, &[statement]).await?;
    let recorded = draft.enter(tx, store, calendar, statement).await?;
    let writes = draft.write(tx, voices).await?;
    Ok((recorded, writes))
}

/// The same for several, none of which is about a row of another.
///
/// # Errors
/// As [`record`].
pub(super) async fn enter_all(
    tx: &mut dyn Tx,
    store: &dyn Store,
    (calendar, voices): (&Calendar, &Voices),
    statements: &[&Statement],
) -> Result<(Vec<Recorded>, bool), AnswerError> {
    let mut draft = Draft::over(tx, statements).await?;
    let mut recorded = Vec::with_capacity(statements.len());
    for statement in statements {
        recorded.push(draft.enter(tx, store, calendar, statement).await?);
    }
    let writes = draft.write(tx, voices).await?;
    Ok((recorded, writes))
}

/// What a transaction is to write. It is read and written for all statements at once: each hop to the engine costs more
/// than the rows it carries.
struct Draft {
    /// The rows they are about, as they stand.
    known: HashMap<ObligationId, (Obligation, Duty)>,
    moved: Vec<Obligation>,
    answers: Vec<AnswerRecord>,
    journal: Vec<JournalEntry>,
    undoubted: Vec<(ObligationId, DateTime<Utc>)>,
    documents: BTreeMap<DocumentId, DateTime<Utc>>,
}

impl Draft {
    async fn over(tx: &mut dyn Tx, statements: &[&Statement]) -> Result<Self, StoreError> {
        let ids: Vec<_> = statements.iter().flat_map(|statement| &statement.obligations).copied().collect();
        let known = tx.answerable(&ids).await?.into_iter().map(|(row, duty)| (row.id, (row, duty))).collect();
        Ok(Self {
            known,
            moved: Vec::new(),
            answers: Vec::new(),
            journal: Vec::new(),
            undoubted: Vec::new(),
            documents: BTreeMap::new(),
        })
    }

    async fn enter(
        &mut self,
        tx: &mut dyn Tx,
        store: &dyn Store,
        calendar: &Calendar,
        statement: &Statement,
    ) -> Result<Recorded, AnswerError> {
        let rows = statement.obligations.iter().map(|id| self.known.get(id).cloned());
        let rows: Vec<_> = rows.collect::<Option<_>>().ok_or(AnswerError::Unknown)?;
        if let Some(outcome) = rows.iter().find_map(|(row, _)| idle(row, &statement.answer, calendar)) {
            return Ok(Recorded { outcome, rows: Vec::new() });
        }
        let (mut outcomes, mut moved) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for (row, duty) in rows {
            let (answered, effect) = row.answered(&statement.answer, statement.grade, statement.now);
            // One writer at a time: what is read here is what stood before this transaction.
            let is_new = match effect {
                Effect::Already => corrects(store, row.id, &statement.answer).await?,
                Effect::Closed => !is_known(store, row.id, statement).await?,
                Effect::Recorded => true,
            };
            if is_new {
                let (after, answer) =
                    self.enter_one(tx, (calendar, &duty), statement, (answered, effect)).await?;
                moved.extend((effect == Effect::Recorded).then_some(Moved { before: row, after, answer }));
            }
            outcomes.push(match effect {
                Effect::Already if is_new => Outcome::Corrected(statement.grade),
                Effect::Already => Outcome::Already,
                Effect::Closed => Outcome::Closed,
                Effect::Recorded => Outcome::Recorded(statement.grade),
            });
        }
        let told = [Outcome::Recorded(statement.grade), Outcome::Corrected(statement.grade), Outcome::Closed];
        let outcome = told.into_iter().find(|outcome| outcomes.contains(outcome));
        if moved.len() < outcomes.len() {
            moved.clear();
        }
        Ok(Recorded { outcome: outcome.unwrap_or(Outcome::Already), rows: moved })
    }

    /// One row: its new form where it moved, the evidence, the journal and what staff must decide. The row as it stands
    /// then, and its evidence.
    async fn enter_one(
        &mut self,
        tx: &mut dyn Tx,
        (calendar, duty): (&Calendar, &Duty),
        statement: &Statement,
        (mut answered, effect): (Obligation, Effect),
    ) -> Result<(Obligation, AnswerRecord), AnswerError> {
        let mut hold = None;
        if effect == Effect::Recorded {
            if !answered.state.is_live() {
                request::overtake(tx, &answered, statement).await?;
            }
            hold = request::open(tx, (&answered, duty.task.as_ref()), statement).await?;
            let next = advise(&answered, &duty.ladder, statement.now, calendar).next;
            answered.next_action = next.filter(|_| answered.state.is_live());
            self.moved.push(answered.clone());
            self.undoubted.push((answered.id, statement.now));
        }
        let answer = evidence(statement, &answered);
        self.answers.push(answer.clone());
        self.journal.extend(journal(statement, (&answered, effect), duty.task.as_ref(), hold));
        self.documents.insert(answered.document, statement.now);
        Ok((answered, answer))
    }

    /// Writes it; whether there was anything.
    async fn write(self, tx: &mut dyn Tx, voices: &Voices) -> Result<bool, StoreError> {
        if !self.moved.is_empty() {
            tx.save_obligations(&self.moved).await?;
            tx.end_doubts(&self.undoubted).await?;
        }
        if self.answers.is_empty() {
            return Ok(false);
        }
        tx.record_answers(&self.answers).await?;
        tx.append(&self.journal).await?;
        for (document, now) in self.documents {
            report_up::say(tx, voices, document, now).await?;
        }
        Ok(true)
    }
}

/// What is asked in vain: more time for what has no due day, or until a day that is no later.
fn idle(row: &Obligation, answer: &Answer, calendar: &Calendar) -> Option<Outcome> {
    let Answer::MoreTime { until, .. } = answer else { return None };
    match row.may_extend(*until, calendar) {
        Err(Unextendable::NoDue) => Some(Outcome::NoDue),
        Err(Unextendable::NotLater { due }) => Some(Outcome::NotLater { due }),
        Ok(()) | Err(Unextendable::Ended(_)) => None,
    }
}

/// Whether it puts right what was last reported of a row that is done.
async fn corrects(store: &dyn Store, id: ObligationId, answer: &Answer) -> Result<bool, StoreError> {
    let Answer::Done { .. } = answer else { return Ok(false) };
    let answers = store.answers(id).await?;
    let reported = answers.iter().rev().find(|known| matches!(known.answer, Answer::Done { .. }));
    Ok(reported.is_some_and(|earlier| answer.corrects(&earlier.answer)))
}

/// Whether the newest evidence says the very same, so that pressing again on a closed row adds nothing.
async fn is_known(store: &dyn Store, id: ObligationId, statement: &Statement) -> Result<bool, StoreError> {
    let answers = store.answers(id).await?;
    let same = |known: &AnswerRecord| known.answer == statement.answer && known.grade >= statement.grade;
    Ok(answers.last().is_some_and(same))
}

fn evidence(statement: &Statement, row: &Obligation) -> AnswerRecord {
    AnswerRecord {
        obligation: row.id,
        revision: row.revision,
        answer: statement.answer.clone(),
        grade: statement.grade,
        channel: statement.channel.to_owned(),
        actor: statement.actor.clone(),
        reason: statement.reason.clone(),
        evidence: statement.evidence.clone(),
        at: statement.now,
    }
}

/// The journal carries the facts of the answer, which is about the organisation. What somebody wrote in their own words
/// stays with the evidence, like addresses and agents of clients; the journal has its length and its SHA-256, so that
/// nobody can put other words in its place unseen.
fn journal(
    statement: &Statement,
    (row, effect): (&Obligation, Effect),
    task: Option<&TaskName>,
    hold: Option<(HoldId, HoldKind)>,
) -> Vec<JournalEntry> {
    let entry = |kind, detail| JournalEntry {
        at: statement.now,
        kind,
        document: Some(row.document),
        obligation: Some(row.id),
        detail,
    };
    let mut answered = json!({
        "cell": row.cell,
        "revision": row.revision,
        "state": row.state.as_str(),
        "answer": statement.answer.without_words(),
        "grade": statement.grade.as_str(),
        "channel": statement.channel,
        "actor": statement.actor,
        "reason": statement.reason,
    });
    if let (Some(task), Some(answered)) = (task, answered.as_object_mut()) {
        answered.insert("task".to_owned(), json!(task.name));
    }
    if let (Some(words), Some(answered)) = (statement.answer.words(), answered.as_object_mut()) {
        let proof = json!({ "letters": words.chars().count(), "sha256": chain::sha256(&[words.as_bytes()]) });
        answered.insert("words".to_owned(), proof);
    }
    if let (Effect::Already, Some(answered)) = (effect, answered.as_object_mut()) {
        answered.insert("corrects".to_owned(), json!(true));
    }
    let mut entries = vec![entry(JournalKind::Answered, answered)];
    if let Some((id, kind)) = hold {
        let held = json!({ "hold": id, "kind": kind.as_str(), "cell": row.cell });
        entries.push(entry(JournalKind::Held, held));
    }
    entries
}
