//! Respite: a row that rests for a while by a person's word. Muted, its mails are held and its clock runs;
//! paused, its clock stands, and the working time of the pause is added to its instants.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Obligation, State};
use crate::domain::calendar::Calendar;
use crate::domain::ids::{ObligationId, RespiteId};

/// What rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RespiteKind {
    /// Tạm hoãn nhắc: mails of the ladder are held, the clock runs.
    Mute,
    /// Tạm dừng hạn: the clock stands.
    Pause,
}

impl RespiteKind {
    /// The word in SQL, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mute => "mute",
            Self::Pause => "pause",
        }
    }

    /// What people call it.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Mute => "tạm hoãn nhắc",
            Self::Pause => "tạm dừng tính hạn",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Mute, Self::Pause].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The instants by which a row is late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instants {
    /// To acknowledge by.
    pub acknowledge: Option<DateTime<Utc>>,
    /// To be done by.
    pub due: Option<DateTime<Utc>>,
}

/// A row that rests, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Respite {
    /// Its number; 0 before it is stored.
    pub id: RespiteId,
    /// The row.
    pub obligation: ObligationId,
    /// What rests.
    pub kind: RespiteKind,
    /// Who said so: an operating system or web user.
    pub author: String,
    /// Why.
    pub reason: String,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when, at the latest.
    pub until: DateTime<Utc>,
    /// Of a muted row: what its ladder waited for, so that what falls due meanwhile is caught up.
    pub floor: Option<DateTime<Utc>>,
    /// Its instants before.
    pub before: Instants,
    /// Its instants as a pause moved them.
    pub after: Instants,
    /// When it ended.
    pub ended: Option<DateTime<Utc>>,
}

impl Obligation {
    /// The row muted until an instant, with its respite.
    pub fn muted(&self, by: (&str, &str), now: DateTime<Utc>, until: DateTime<Utc>) -> (Self, Respite) {
        let floor = self.next_action;
        let row = Self { next_action: Some(until), ..self.clone() };
        let respite = Respite { floor, ..self.respite(RespiteKind::Mute, by, now, until) };
        (row, respite)
    }

    /// The row paused until an instant, with its respite. What was late stays late: only time that lies ahead
    /// can be given.
    pub fn paused(
        &self,
        by: (&str, &str),
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        calendar: &Calendar,
    ) -> (Self, Respite) {
        let mut respite = self.respite(RespiteKind::Pause, by, now, until);
        respite.after = self.instants().moved(self.state, now, calendar.office_time(now, until), calendar);
        let row = Self { next_action: Some(until), ..self.with(respite.after) };
        (row, respite)
    }

    /// The row after its respite ended at `now`, early or in time. `next_action` is the floor of a muted row,
    /// and nothing for one that was paused: its ladder is to be planned anew.
    #[must_use]
    pub fn roused(&self, respite: &Respite, now: DateTime<Utc>, calendar: &Calendar) -> Self {
        match respite.kind {
            RespiteKind::Mute => Self { next_action: respite.floor, ..self.clone() },
            RespiteKind::Pause => {
                let rested = calendar.office_time(respite.since, now.min(respite.until));
                let given = respite.before.moved(self.state, respite.since, rested, calendar);
                // What a person or its source moved meanwhile is theirs.
                let kept = |own, after, given| if own == after { given } else { own };
                let instants = Instants {
                    acknowledge: kept(self.acknowledge_due, respite.after.acknowledge, given.acknowledge),
                    due: kept(self.due, respite.after.due, given.due),
                };
                Self { next_action: None, ..self.with(instants) }
            }
        }
    }

    /// The instants by which it is late.
    pub fn instants(&self) -> Instants {
        Instants { acknowledge: self.acknowledge_due, due: self.due }
    }

    fn with(&self, instants: Instants) -> Self {
        Self { acknowledge_due: instants.acknowledge, due: instants.due, ..self.clone() }
    }

    fn respite(
        &self,
        kind: RespiteKind,
        (author, reason): (&str, &str),
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Respite {
        let instants = self.instants();
        Respite {
            id: RespiteId(0),
            obligation: self.id,
            kind,
            author: author.to_owned(),
            reason: reason.to_owned(),
            since,
            until,
            floor: None,
            before: instants,
            after: instants,
            ended: None,
        }
    }
}

impl Respite {
    /// What a person reads of it: `tạm hoãn nhắc đến hết ngày 12/03/2026 (van-thu: chi bộ đại hội)`.
    pub fn sentence(&self, calendar: &Calendar) -> String {
        let day = calendar.due_day(self.until).format("%d/%m/%Y");
        format!("{} đến hết ngày {day} ({}: {})", self.kind.vietnamese(), self.author, self.reason)
    }
}

impl Instants {
    /// Each instant that lay ahead at `since`, later by `rested` of office time.
    fn moved(self, state: State, since: DateTime<Utc>, rested: TimeDelta, calendar: &Calendar) -> Self {
        let moved = |at: DateTime<Utc>| if at > since { later(at, rested, calendar) } else { at };
        let acknowledge = if state == State::Open { self.acknowledge.map(moved) } else { self.acknowledge };
        Self { acknowledge, due: self.due.map(moved) }
    }
}

/// Office time added to an instant. What was due by the end of a day stays so: a begun day is given whole.
fn later(at: DateTime<Utc>, rested: TimeDelta, calendar: &Calendar) -> DateTime<Utc> {
    if rested <= TimeDelta::zero() {
        return at;
    }
    let day = calendar.due_day(at);
    if calendar.end_of_day(day) != at {
        return calendar.add_office_time(at, rested);
    }
    let close = calendar.hours_on(day).last().map_or(NaiveTime::MIN, |(_, close)| close);
    let moved = calendar.add_office_time(calendar.instant(day, close), rested);
    calendar.end_of_day(calendar.date_of(moved))
}

#[cfg(test)]
mod tests;
