//! Ladder: the ordered steps remind, chase, escalate, frozen into a duty when it opens, counted in
//! working days and taken when the office opens.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::ids::{DocumentId, DutyId, ObligationId, RevisionId, TaskId, UnitId};
use super::obligation::{Duty, Obligation, State};

/// What a step counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The day the obligation opened.
    Notice,
    /// The day by which to acknowledge.
    Acknowledge,
    /// The day by which to be done.
    Due,
}

/// What a step is (typed chases are counted in reports).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Nhắc.
    Remind,
    /// Đôn đốc.
    Chase,
    /// Báo cáo cấp trên.
    Escalate,
}

/// Whom a step writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// The obliged cell.
    Cell,
    /// Its parent on that day: the base committee. A cell without one goes to the office.
    Parent,
    /// The office that runs vanthu.
    Office,
}

/// What makes a step needless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// An acknowledgement stops it.
    Acknowledged,
    /// Only done stops it.
    Done,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its number, from 1, in the order written.
    pub number: u16,
    /// What it counts from.
    pub anchor: Anchor,
    /// Working days from the anchor's day; negative is before.
    pub offset: i32,
    /// What it is.
    pub kind: StepKind,
    /// Whom it writes to.
    pub to: Recipient,
    /// What makes it needless.
    pub until: Until,
}

impl Step {
    /// Whether the step still makes sense for an obligation in `state`.
    pub fn applies(&self, state: State) -> bool {
        match self.until {
            Until::Acknowledged => state == State::Open,
            Until::Done => state.is_live(),
        }
    }
}

/// The step of every ladder that nobody writes: the morning after a promised day passed, the cell is reminded
/// of its promise. Its number stands before all others, so that it gives way to any of the same morning.
static LAPSE: Step = Step {
    number: 0,
    anchor: Anchor::Notice,
    offset: 0,
    kind: StepKind::Remind,
    to: Recipient::Cell,
    until: Until::Done,
};

/// A named ladder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// Its name in the rules.
    pub name: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

impl Ladder {
    /// A step by its number.
    pub fn step(&self, number: u16) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }
}

/// A step with the instant it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<'a> {
    /// When: the opening of the office on the step's day.
    pub at: DateTime<Utc>,
    /// The step.
    pub step: &'a Step,
}

/// What the ladder says at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice<'a> {
    /// The newest due step, to be taken now; older due ones are skipped for good.
    pub take: Option<Planned<'a>>,
    /// Numbers of the due steps that are skipped because a newer one is due too.
    pub skipped: Vec<u16>,
    /// When to look again; `None` when no step is left.
    pub next: Option<DateTime<Utc>>,
}

/// What to do for an obligation at `now`.
///
/// The row's `next_action` is the floor: steps planned before it are behind. A row without one has
/// had no step planned yet, so nothing is taken and only `next` is of interest.
pub fn advise<'a>(
    row: &Obligation,
    ladder: &'a Ladder,
    now: DateTime<Utc>,
    calendar: &Calendar,
) -> Advice<'a> {
    let planned = plan(row, ladder, calendar);
    let next = planned.iter().map(|planned| planned.at).find(|at| *at > now);
    let Some(floor) = row.next_action else {
        return Advice { take: None, skipped: Vec::new(), next };
    };
    let mut due: Vec<_> =
        planned.into_iter().filter(|planned| floor <= planned.at && planned.at <= now).collect();
    let take = due.pop();
    Advice { take, skipped: due.iter().map(|planned| planned.step.number).collect(), next }
}

/// When the ladder of a duty wants its first look at the rows that open under it at `now`; the same for
/// all of them.
pub fn first(duty: &Duty, now: DateTime<Utc>, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let sample = Obligation {
        id: ObligationId(0),
        document: DocumentId(0),
        revision: RevisionId(0),
        duty: DutyId(0),
        task: TaskId::only(),
        cell: UnitId(String::new()),
        state: State::Open,
        opened: now,
        since: now,
        acknowledge_due: duty.acknowledge_due,
        due: duty.due,
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: None,
    };
    advise(&sample, &duty.ladder, now, calendar).next
}

/// The steps that apply to an obligation as it stands, earliest first. Steps planned no later than
/// its opening are left out: the first notice says the same.
pub fn plan<'a>(row: &Obligation, ladder: &'a Ladder, calendar: &Calendar) -> Vec<Planned<'a>> {
    let lapses = row.lapses(calendar);
    let applies = |planned: &Planned<'_>| {
        let lapsed = lapses.is_some_and(|at| at <= planned.at) && planned.step.applies(State::Open);
        planned.step.applies(row.state) || lapsed
    };
    let all =
        ladder.steps.iter().filter_map(|step| Some(Planned { at: instant(row, step, calendar)?, step }));
    let mut planned: Vec<_> = all.filter(applies).filter(|planned| planned.at > row.opened).collect();
    planned.extend(lapses.map(|at| Planned { at, step: &LAPSE }));
    planned.sort_by_key(|planned| (planned.at, planned.step.number));
    planned
}

fn instant(row: &Obligation, step: &Step, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let anchor = match step.anchor {
        Anchor::Notice => calendar.date_of(row.opened),
        Anchor::Acknowledge => last_day(row.acknowledge_due?, calendar),
        Anchor::Due => last_day(row.due?, calendar),
    };
    Some(calendar.opening(step_day(anchor, step.offset, calendar)))
}

/// A due instant of 24:00 belongs to the day it ends.
fn last_day(due: DateTime<Utc>, calendar: &Calendar) -> NaiveDate {
    calendar.date_of(due - Duration::milliseconds(1))
}

/// On a rest day, "on the due day" is pulled earlier: a reminder after the fact helps nobody.
fn step_day(anchor: NaiveDate, offset: i32, calendar: &Calendar) -> NaiveDate {
    if offset == 0 && !calendar.is_working(anchor) {
        return calendar.add_working_days(anchor, -1);
    }
    calendar.add_working_days(anchor, offset)
}

#[cfg(test)]
mod tests;
