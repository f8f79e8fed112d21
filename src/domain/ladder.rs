//! Ladder: the ordered steps remind, chase, criticise, review, frozen into a duty when it opens. Steps that
//! count in working days are taken when the office opens; those that count in working hours, at their hour.
//! What befalls a superior is whom a step writes to, not what it is.

mod catch_up;
mod haste;

use chrono::{DateTime, Duration, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::document::Urgency;
use super::ids::{DocumentId, DutyId, ObligationId, RevisionId, TaskId, UnitId};
use super::obligation::{Duty, Obligation, State};

pub use catch_up::CatchUp;

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

/// What a step is, the mildest first; steps of each kind are counted apart ("đôn đốc lần 2").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Nhắc.
    Remind,
    /// Đôn đốc. Ladders of older registers call one to a superior `escalate`.
    #[serde(alias = "escalate")]
    Chase,
    /// Phê bình, nhắc nhở bằng văn bản.
    Criticise,
    /// Yêu cầu kiểm điểm.
    Review,
}

impl StepKind {
    /// Every kind, the mildest first.
    pub const ALL: [Self; 4] = [Self::Remind, Self::Chase, Self::Criticise, Self::Review];

    /// The word in SQL, TOML and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::Chase => "chase",
            Self::Criticise => "criticise",
            Self::Review => "review",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Whom a step writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// The obliged cell.
    Cell,
    /// Its parent on that day: the base committee. A cell without one goes to the office.
    Parent,
    /// The office that runs vanthu.
    Office,
    /// Whom the office reports to: `leadership` in units.toml; where none is named, the office.
    Leadership,
}

impl Recipient {
    /// Every recipient, nearest first.
    pub const ALL: [Self; 4] = [Self::Cell, Self::Parent, Self::Office, Self::Leadership];

    /// The word in SQL, TOML and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Parent => "parent",
            Self::Office => "office",
            Self::Leadership => "leadership",
        }
    }

    /// The recipient behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipient| recipient.as_str() == word)
    }
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
    /// Working hours from the anchor's instant instead of days; negative is before, 0 means that days count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hours: i32,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(hours: &i32) -> bool {
    *hours == 0
}
/// The step of every ladder that nobody writes: the morning after a promised day passed, the cell is reminded
/// of its promise. Its number stands before all others, so that it gives way to any of the same morning.
static LAPSE: Step = Step {
    number: 0,
    anchor: Anchor::Notice,
    offset: 0,
    hours: 0,
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
    /// What becomes of steps whose time passed while nobody looked.
    #[serde(default, skip_serializing_if = "CatchUp::is_latest")]
    pub catch_up: CatchUp,
    /// What it is for more urgent documents. Empty once frozen: [`Ladder::frozen`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_urgency: Vec<(Urgency, Ladder)>,
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
    /// The steps to be taken now, earliest first; what else is due is skipped for good.
    pub take: Vec<Planned<'a>>,
    /// Numbers of the due steps that [`CatchUp`] skips.
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
        return Advice { take: Vec::new(), skipped: Vec::new(), next };
    };
    let due: Vec<_> =
        planned.into_iter().filter(|planned| floor <= planned.at && planned.at <= now).collect();
    let (take, skipped): (Vec<_>, Vec<_>) = ladder.catch_up.pick(due, now, calendar);
    Advice { take, skipped: skipped.iter().map(|planned| planned.step.number).collect(), next }
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
    let at = match step.anchor {
        Anchor::Notice => row.opened,
        Anchor::Acknowledge => row.acknowledge_due?,
        Anchor::Due => row.due?,
    };
    if step.hours != 0 {
        let hours = TimeDelta::hours(i64::from(step.hours).abs());
        let (after, before) = (Calendar::add_office_time, Calendar::sub_office_time);
        return Some(if step.hours > 0 { after } else { before }(calendar, at, hours));
    }
    let day = match step.anchor {
        Anchor::Notice => calendar.date_of(at),
        Anchor::Acknowledge | Anchor::Due => last_day(at, calendar),
    };
    Some(calendar.opening(step_day(day, step.offset, calendar)))
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
