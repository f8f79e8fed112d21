//! Digest: the one mail of a cell's morning. What presses on it, and in which order.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::ids::ObligationId;
use super::language::Language;
use super::notice::Facts;
use super::obligation::{Obligation, Owed, Role, State};
use super::tally;
use super::text::vietnamese_order;

/// What digests of a month are called in the subject line, in a reader's language.
pub fn name(month: NaiveDate, language: Language) -> String {
    match language {
        Language::Vi => format!("Việc cần làm tháng {}", month.format("%-m/%Y")),
        Language::En => format!("What to do, {}", month.format("%B %Y")),
    }
}

/// How much something presses; the first is listed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pain {
    /// Past an instant that counts, by [`tally::is_past`].
    Late,
    /// Such an instant ends today.
    Today,
    /// Nothing was heard yet.
    Unheard,
    /// Acknowledged, and there is still time.
    Rest,
}

impl Pain {
    /// All, the one that presses most first.
    pub const ALL: [Self; 4] = [Self::Late, Self::Today, Self::Unheard, Self::Rest];

    /// How much a row presses on the day of `now`.
    pub fn of(row: &Obligation, now: DateTime<Utc>, calendar: &Calendar) -> Self {
        let today = calendar.date_of(now);
        let ends = |due: Option<DateTime<Utc>>| due.is_some_and(|due| calendar.due_day(due) <= today);
        match row.state {
            _ if tally::is_past(row, now) => Self::Late,
            _ if ends(row.due) || ends(heard_by(row)) => Self::Today,
            State::Open => Self::Unheard,
            _ => Self::Rest,
        }
    }

    /// Whether it is reason enough to write in the morning. What only waits is listed beside what presses;
    /// a mail that says that nothing is to be done today would teach its readers not to open it.
    pub fn calls(self) -> bool {
        self <= Self::Today
    }
}

/// Whether nothing more can come of a row: it asked to be acknowledged alone, and was. It stays live, because
/// nobody says of such a thing that it is done, but no list of open work names it.
pub fn is_settled(row: &Obligation, owes: &[Owed]) -> bool {
    let works = owes.iter().any(|owed| *owed > Owed::Acknowledge);
    row.state == State::Acknowledged && row.due.is_none() && !works
}

/// By when the cell must have said that it received the document; `None` once it did.
fn heard_by(row: &Obligation) -> Option<DateTime<Utc>> {
    row.acknowledge_due.filter(|_| row.state == State::Open)
}

/// The instant a row is measured by: what is past, the due of the work before that of the acknowledgement;
/// else the due of the work.
pub fn nearest(row: &Obligation, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let past = |due: &DateTime<Utc>| *due <= now;
    row.due.filter(past).or(heard_by(row).filter(past)).or(row.due).or(heard_by(row))
}

/// Working days from today to the day that [`nearest`] ends; negative when it is past.
pub fn days_left(row: &Obligation, now: DateTime<Utc>, calendar: &Calendar) -> Option<i32> {
    let last = calendar.due_day(nearest(row, now)?);
    Some(calendar.working_days_between(calendar.date_of(now), last))
}

/// One thing that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its row.
    pub obligation: ObligationId,
    /// The document.
    pub facts: Facts,
    /// The task of a plan.
    pub task: Option<String>,
    /// Role of the cell.
    pub role: Role,
    /// What it still owes.
    pub owes: Vec<Owed>,
    /// How much it presses.
    pub pain: Pain,
    /// Whether the cell said that it received it.
    pub acknowledged: bool,
    /// By when to say that it was received; `None` once it was said.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// As [`days_left`] counts.
    pub days_left: Option<i32>,
    /// Its own link, complete.
    pub link: String,
    /// What to type when its page asks.
    pub challenge: String,
}

/// What a digest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// The day it is written for.
    pub day: NaiveDate,
    /// What is open, what presses most first.
    pub items: Vec<Item>,
    /// Address of the cell's calendar; a secret of the cell.
    pub feed: Option<String>,
}

impl Digest {
    /// How many things press so much.
    pub fn count(&self, pain: Pain) -> usize {
        self.items.iter().filter(|item| item.pain == pain).count()
    }
}

/// Sorts by pain: late ones by days late, the others by what ends first, then as the dictionary does.
pub fn sort(items: &mut [Item]) {
    items.sort_by(|left, right| {
        let key = |item: &Item| (item.pain, item.days_left.is_none(), item.days_left, item.due);
        let named = || vietnamese_order(&left.facts.symbol, &right.facts.symbol);
        key(left).cmp(&key(right)).then_with(named).then(left.obligation.cmp(&right.obligation))
    });
}

/// When the digests of a day are put together: at the office's hour, and never before the day's ladders are
/// looked at, which is when the office opens. `None` once its hours are over: what comes late then is the
/// next morning's.
pub fn due_at(hour: NaiveTime, now: DateTime<Utc>, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let day = calendar.date_of(now);
    let at = calendar.instant(day, hour).max(calendar.opening(day));
    let (_, close) = calendar.hours_on(day).last()?;
    (at <= now && now < calendar.instant(day, close)).then_some(at)
}

#[cfg(test)]
mod tests;
