//! Ladder: the ordered steps remind, chase, escalate, frozen into a duty when it opens, counted in
//! working days and taken in office hours.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::obligation::{Obligation, State};

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

/// A named ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// Its name in the rules.
    pub name: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// What the ladder says at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The newest due step to take now, if any; older due ones are skipped for good.
    pub take: Option<Step>,
    /// The highest step number that is now behind.
    pub passed: u16,
    /// When to look again; `None` when no step is left.
    pub next: Option<DateTime<Utc>>,
}

/// What to do for an obligation at `now`: take at most one step, and when to look again.
pub fn advise(row: &Obligation, ladder: &Ladder, now: DateTime<Utc>, calendar: &Calendar) -> Advice {
    let mut planned = plan(row, ladder, calendar);
    planned.retain(|(_, step)| step.number > row.step || row.step == 0);
    let _ = now;
    Advice { take: None, passed: row.step, next: planned.first().map(|(at, _)| *at) }
}

/// The steps still ahead of an obligation with their instants, earliest first.
pub fn plan<'a>(row: &Obligation, ladder: &'a Ladder, calendar: &Calendar) -> Vec<(DateTime<Utc>, &'a Step)> {
    let _ = calendar;
    ladder.steps.iter().filter(|step| applies(step, row.state)).map(|step| (row.opened, step)).collect()
}

fn applies(step: &Step, state: State) -> bool {
    match step.until {
        Until::Acknowledged => state == State::Open,
        Until::Done => state.is_live(),
    }
}
