//! Obligation: the row (directive revision, task, cell) and its state machine. A plan opens one for each
//! of its tasks; any other directive asks for one thing.
//!
//! `open → acknowledged → done`; from open or acknowledged also `declined`, `excused`, `withdrawn`.
//! Nothing goes back. Contact, lateness and extension stand beside the state and are never mixed in.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::deadline::{Basis, Recurrence};
use super::ids::{DocumentId, DutyId, ObligationId, RevisionId, RuleId, TaskId, UnitId};
use super::ladder::Ladder;

mod answer;
mod contact;
mod extension;
mod merge;
mod promise;
mod report;
mod respite;

pub use answer::Answer;
pub use contact::Contact;
pub use extension::Unextendable;
pub use merge::strictest;
pub use report::{FIGURES, Figure, FileLink, Unreadable};
pub use respite::{Instants, Respite, RespiteKind};

/// What a cell is in the matter; a later role is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Để biết.
    Inform,
    /// Phối hợp.
    Support,
    /// Chủ trì.
    Lead,
}

/// One thing that can be owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owed {
    /// Say that it was received.
    Acknowledge,
    /// Do it.
    Do,
    /// Do it and report.
    Report,
}

/// Where an obligation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing heard.
    Open,
    /// The cell says it received it.
    Acknowledged,
    /// The cell says the work is done.
    Done,
    /// The cell says it is not theirs.
    Declined,
    /// Staff excused it, with a reason.
    Excused,
    /// Revoked, replaced or reorganised.
    Withdrawn,
}

impl State {
    /// The word in SQL, TOML, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Excused => "excused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Acknowledged, Self::Done, Self::Declined, Self::Excused, Self::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// Whether the cell still owes something.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged)
    }
}

/// How sure we are that a statement is the cell's own; a later grade is stronger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// The source shows a read receipt.
    Upstream,
    /// A button was pressed.
    #[default]
    Clicked,
    /// The last digits of the symbol were typed.
    Verified,
    /// A reply by mail.
    Replied,
    /// Staff entered it on behalf, with a reason.
    Staff,
}

impl Grade {
    /// The word in SQL, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Clicked => "clicked",
            Self::Verified => "verified",
            Self::Replied => "replied",
            Self::Staff => "staff",
        }
    }

    /// The grade behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Upstream, Self::Clicked, Self::Verified, Self::Replied, Self::Staff]
            .into_iter()
            .find(|grade| grade.as_str() == word)
    }
}

/// What a task of a plan is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskName {
    /// Its code.
    pub id: TaskId,
    /// What to do, one line in Vietnamese.
    pub name: String,
}

/// A cell is chased for one period before it is told of the next, so that no two mails about one document meet.
const BREATH: TimeDelta = TimeDelta::days(3);
/// Parts the name of a task from its period.
const NAMED: &str = " – kỳ ";

/// What a revision asks of a group of cells; kept as it was when the obligations opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// The task of a plan; `None` where the document asks for one thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskName>,
    /// Role of each cell of the group.
    pub role: Role,
    /// What each owes, in order.
    pub owes: Vec<Owed>,
    /// Rules that gave it, strictest first.
    pub rules: Vec<RuleId>,
    /// Names of those rules, for "why do I get this".
    pub rule_names: Vec<String>,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// How the due instant came about, in Vietnamese, with the phrase and the calendar's version.
    pub due_why: Option<DueWhy>,
    /// The ladder, frozen.
    pub ladder: Ladder,
    /// The weakest grade that counts.
    pub grade: Grade,
    /// The figures that a report must name, as people call them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<String>,
    /// Hash of the ruleset.
    pub ruleset: String,
}

impl Duty {
    /// Which task of a document it is; [`TaskId::only`] where the document asks for one thing.
    pub fn task_id(&self) -> TaskId {
        self.task.as_ref().map_or_else(TaskId::only, |task| task.id.clone())
    }

    /// From when on its next period may open, where it comes again.
    pub fn opens_again(&self) -> Option<DateTime<Utc>> {
        self.due_why.as_ref()?.again?;
        self.due?.checked_add_signed(BREATH)
    }

    /// The task of a later period of the same duty.
    pub fn period(&self, due: NaiveDate) -> TaskName {
        let title = self.title();
        let name = title.split_once(NAMED).map_or(title.as_str(), |(name, _)| name);
        TaskName { id: self.task_id().period(due), name: format!("{name}{NAMED}{}", due.format("%d/%m/%Y")) }
    }

    /// What it is called where several are listed: its task, else the rules that gave it.
    pub fn title(&self) -> String {
        self.task.as_ref().map_or_else(|| self.rule_names.join("; "), |task| task.name.clone())
    }
}

/// The stored explanation of a due instant (design §9.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueWhy {
    /// One sentence in Vietnamese.
    pub reading: String,
    /// The phrase or field, verbatim.
    pub phrase: Option<String>,
    /// Whether it is only a proposal that nobody confirmed.
    pub proposal: bool,
    /// [`Calendar::version`](super::calendar::Calendar::version).
    pub calendar: String,
    /// Where it came from; `None` in the oldest rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// It comes again: the next period opens some days after this one was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Recurrence>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// Its number.
    pub id: ObligationId,
    /// The document.
    pub document: DocumentId,
    /// The revision that asks.
    pub revision: RevisionId,
    /// What is asked.
    pub duty: DutyId,
    /// Which task of it; [`TaskId::only`] where the document asks for one thing.
    pub task: TaskId,
    /// Who is asked.
    pub cell: UnitId,
    /// Where it stands.
    pub state: State,
    /// When it opened.
    pub opened: DateTime<Utc>,
    /// When the state was entered.
    pub since: DateTime<Utc>,
    /// Effective instant to acknowledge by.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// Effective due instant: the duty's, or later if an extension was granted.
    pub due: Option<DateTime<Utc>>,
    /// Best grade so far.
    pub grade: Option<Grade>,
    /// The day the cell promised to be done by.
    pub promised: Option<NaiveDate>,
    /// The day until which the cell asked for more time, not yet decided.
    pub extension_asked: Option<NaiveDate>,
    /// Number of the last ladder step that was taken or skipped; 0 = none.
    pub step: u16,
    /// When the ladder wants to look again; `None` when it has ended.
    pub next_action: Option<DateTime<Utc>>,
}

/// What an answer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The row moved or learnt something.
    Recorded,
    /// The same was already recorded; nothing changed.
    Already,
    /// The row is closed; the answer is kept as evidence only.
    Closed,
}

impl Obligation {
    /// What is left of all that it asks, `owes`: who said that it received the document is not asked to say so again.
    #[must_use]
    pub fn left_of(&self, owes: &[Owed]) -> Vec<Owed> {
        let heard = self.state == State::Acknowledged;
        owes.iter().copied().filter(|owed| !(heard && *owed == Owed::Acknowledge)).collect()
    }

    /// Applies an answer of a given grade at `now` and returns the new row with what it did.
    /// An answer below the duty's demanded grade never gets here: the page asks for more first.
    #[must_use]
    pub fn answered(&self, answer: &Answer, grade: Grade, now: DateTime<Utc>) -> (Self, Effect) {
        if !self.state.is_live() {
            let same = matches!(
                (self.state, answer),
                (State::Done, Answer::Done { .. } | Answer::Received { .. })
                    | (State::Declined, Answer::Declined { .. })
            );
            return (self.clone(), if same { Effect::Already } else { Effect::Closed });
        }
        let mut row = self.clone();
        match answer {
            Answer::Received { promised } => {
                row.promised = promised.or(row.promised);
                row.enter(State::Acknowledged, now);
            }
            Answer::Done { .. } => row.enter(State::Done, now),
            Answer::Declined { .. } => row.enter(State::Declined, now),
            Answer::MoreTime { until, .. } => {
                row.extension_asked = Some(*until);
                row.enter(State::Acknowledged, now);
            }
        }
        row.grade = row.grade.max(Some(grade));
        let effect = if row == *self { Effect::Already } else { Effect::Recorded };
        (row, effect)
    }

    fn enter(&mut self, state: State, now: DateTime<Utc>) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
        if !state.is_live() {
            self.next_action = None;
        }
    }

    /// The row under another duty, its state and what it learnt kept. Whoever stores it sets when the ladder
    /// looks again.
    #[must_use]
    pub fn given(&self, id: DutyId, duty: &Duty) -> Self {
        let mut row = self.clone();
        row.duty = id;
        row.acknowledge_due = duty.acknowledge_due;
        row.due = duty.due;
        row.step = 0;
        row
    }

    /// A withdrawn row that is asked for again: open as on the first day, with nothing learnt.
    #[must_use]
    pub fn reopened(
        &self,
        id: DutyId,
        duty: &Duty,
        next_action: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Self {
        let open = Self {
            state: State::Open,
            opened: now,
            since: now,
            grade: None,
            promised: None,
            extension_asked: None,
            next_action,
            ..self.clone()
        };
        open.given(id, duty)
    }

    /// The row after staff or a revision took it away.
    #[must_use]
    pub fn closed(&self, state: State, now: DateTime<Utc>) -> Self {
        let mut row = self.clone();
        row.enter(state, now);
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: State) -> Obligation {
        let opened = DateTime::UNIX_EPOCH;
        Obligation {
            id: ObligationId(1),
            document: DocumentId(1),
            revision: RevisionId(1),
            duty: DutyId(1),
            task: TaskId::only(),
            cell: "cb".into(),
            state,
            opened,
            since: opened,
            acknowledge_due: None,
            due: None,
            grade: None,
            promised: None,
            extension_asked: None,
            step: 0,
            next_action: Some(opened),
        }
    }

    #[test]
    fn who_has_received_is_not_asked_to_receive() {
        let all = [Owed::Acknowledge, Owed::Report];
        for (state, owes, left) in [
            (State::Open, &all[..], &all[..]),
            (State::Acknowledged, &all[..], &[Owed::Report][..]),
            (State::Acknowledged, &all[..1], &[][..]),
            (State::Done, &all[..], &all[..]),
        ] {
            assert_eq!(row(state).left_of(owes), left, "{state:?}");
        }
    }

    #[test]
    fn answers_move_forward_only() {
        let now = DateTime::UNIX_EPOCH + chrono::Duration::hours(1);
        let received = Answer::Received { promised: None };
        let done = Answer::done();
        let declined = Answer::Declined { reason: "x".to_owned(), suggested: None };
        let more = Answer::MoreTime { until: NaiveDate::MAX, reason: "x".to_owned() };
        let table = [
            (State::Open, &received, State::Acknowledged, Effect::Recorded),
            (State::Open, &done, State::Done, Effect::Recorded),
            (State::Open, &declined, State::Declined, Effect::Recorded),
            (State::Open, &more, State::Acknowledged, Effect::Recorded),
            (State::Acknowledged, &done, State::Done, Effect::Recorded),
            (State::Acknowledged, &declined, State::Declined, Effect::Recorded),
            (State::Done, &received, State::Done, Effect::Already),
            (State::Done, &done, State::Done, Effect::Already),
            (State::Done, &declined, State::Done, Effect::Closed),
            (State::Declined, &declined, State::Declined, Effect::Already),
            (State::Withdrawn, &received, State::Withdrawn, Effect::Closed),
            (State::Excused, &done, State::Excused, Effect::Closed),
        ];
        for (from, answer, to, effect) in table {
            let (after, what) = row(from).answered(answer, Grade::Clicked, now);
            assert_eq!((after.state, what), (to, effect), "{from:?} {answer:?}");
            assert_eq!(after.next_action.is_some(), to.is_live() || from == to, "{from:?} {answer:?}");
        }
    }

    #[test]
    fn a_second_press_changes_nothing_and_a_better_grade_is_kept() {
        let now = DateTime::UNIX_EPOCH;
        let received = Answer::Received { promised: None };
        let (once, _) = row(State::Open).answered(&received, Grade::Clicked, now);
        let (twice, effect) = once.answered(&received, Grade::Clicked, now);
        assert_eq!((twice, effect), (once.clone(), Effect::Already));
        let (better, effect) = once.answered(&received, Grade::Verified, now);
        assert_eq!((better.grade, effect), (Some(Grade::Verified), Effect::Recorded));
        let (kept, _) = better.answered(&received, Grade::Clicked, now);
        assert_eq!(kept.grade, Some(Grade::Verified));
    }
}
