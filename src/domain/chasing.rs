//! Chasing letter (công văn đôn đốc): who has done what a directive asks and who has not, for a person to
//! number and sign. It names organisations only.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::digest::{is_settled, nearest};
use super::notice::Facts;
use super::obligation::{Contact, Obligation, Owed, State};
use super::tally;
use super::text::vietnamese_order;
use super::unit::Units;

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Everything that was asked of it is done.
    Done,
    /// It acknowledged, and something is still owed.
    Acknowledged,
    /// Nothing was heard of it.
    Silent,
    /// It was never reached; that is not its fault.
    Unreached,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// Working days past the earliest due that passed; 0 where none has, or where it was never reached.
    pub days_late: u32,
    /// The tasks of a plan that it still owes.
    pub tasks: Vec<String>,
    /// The day the last of it was done.
    pub done: Option<NaiveDate>,
}

/// The cells of one base committee, or those that have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The base committee.
    pub committee: Option<String>,
    /// What its cells are called, for those without a committee: `chi bộ cơ sở`.
    pub kind: String,
    /// Its cells, in Vietnamese order.
    pub members: Vec<Member>,
}

/// What the letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChasingLetter {
    /// Who writes, for example `Văn phòng Đảng uỷ Khối`.
    pub office: String,
    /// The body whose office it is, for example `Đảng uỷ Khối các cơ quan tỉnh`.
    pub body: Option<String>,
    /// The directive.
    pub facts: Facts,
    /// The latest due.
    pub due: Option<DateTime<Utc>>,
    /// The day the figures are of.
    pub day: NaiveDate,
    /// Who owes, by base committee.
    pub owing: Vec<Group>,
    /// Who has done it, by base committee.
    pub done: Vec<Group>,
}

impl ChasingLetter {
    /// How many cells have done it.
    pub fn done_count(&self) -> usize {
        self.done.iter().map(|group| group.members.len()).sum()
    }

    /// How many cells still owe.
    pub fn owing_count(&self) -> usize {
        self.owing().count()
    }

    /// How many of them are late.
    pub fn late_count(&self) -> usize {
        self.owing().filter(|member| member.days_late > 0).count()
    }

    /// How many of them were never reached.
    pub fn unreached_count(&self) -> usize {
        self.owing().filter(|member| member.standing == Standing::Unreached).count()
    }

    /// How many cells were asked.
    pub fn asked_count(&self) -> usize {
        self.done_count() + self.owing_count()
    }

    fn owing(&self) -> impl Iterator<Item = &Member> {
        self.owing.iter().flat_map(|group| &group.members)
    }
}

/// What is asked of a cell, with the name of the task.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The row.
    pub row: Obligation,
    /// Whether the cell was reached.
    pub contact: Contact,
    /// The task of a plan.
    pub task: Option<String>,
    /// What the cell owes.
    pub owes: Vec<Owed>,
}

impl Asked {
    /// Whether the cell still has to do something about it.
    fn is_owed(&self) -> bool {
        self.row.state.is_live() && !is_settled(&self.row, &self.owes)
    }
}

/// Those who owe and those who are done, each by base committee in Vietnamese order. Whoever was released
/// (withdrawn, excused, not theirs) stands in neither.
pub fn sides(
    asked: &[Asked],
    (units, calendar): (&Units, &Calendar),
    now: DateTime<Utc>,
) -> (Vec<Group>, Vec<Group>) {
    let day = calendar.date_of(now);
    let mut cells: BTreeMap<_, Vec<&Asked>> = BTreeMap::new();
    for one in asked.iter().filter(|one| one.row.state.is_live() || one.row.state == State::Done) {
        cells.entry(&one.row.cell).or_default().push(one);
    }
    let (mut owing, mut done) = (BTreeMap::new(), BTreeMap::new());
    for (cell, rows) in cells {
        let above = units.superior(cell, day).map(|unit| unit.name_on(day).to_owned());
        let kind = units.get(cell).map_or(cell.as_str(), |unit| units.kind_name(&unit.kind));
        let member = member(units.name_on(cell, day), &rows, calendar, now);
        let side = if member.standing == Standing::Done { &mut done } else { &mut owing };
        // Of one committee whatever its cells are; of those without one, kind by kind.
        let kind = if above.is_some() { String::new() } else { kind.to_owned() };
        side.entry((above, kind)).or_insert_with(Vec::new).push(member);
    }
    (groups(owing), groups(done))
}

fn member(name: &str, rows: &[&Asked], calendar: &Calendar, now: DateTime<Utc>) -> Member {
    let live = || rows.iter().filter(|one| one.is_owed());
    let standing = match () {
        () if live().next().is_none() => Standing::Done,
        () if live().all(|one| !one.contact.is_reached()) => Standing::Unreached,
        () if live().all(|one| one.row.state == State::Acknowledged) => Standing::Acknowledged,
        () => Standing::Silent,
    };
    let late = live().filter(|one| tally::is_late(&one.row, one.contact, now));
    let earliest = late.filter_map(|one| nearest(&one.row, now)).min();
    let days =
        earliest.map_or(0, |due| calendar.working_days_between(calendar.due_day(due), calendar.date_of(now)));
    let last = rows.iter().map(|one| one.row.since).max().map(|at| calendar.date_of(at));
    Member {
        name: name.to_owned(),
        standing,
        days_late: u32::try_from(days).unwrap_or(0),
        tasks: live().filter_map(|one| one.task.clone()).collect(),
        done: last.filter(|_| standing == Standing::Done),
    }
}

fn groups(sides: BTreeMap<(Option<String>, String), Vec<Member>>) -> Vec<Group> {
    let mut groups: Vec<_> = sides
        .into_iter()
        .map(|((committee, kind), mut members)| {
            members.sort_by(|left, right| vietnamese_order(&left.name, &right.name));
            Group { committee, kind, members }
        })
        .collect();
    groups.sort_by(|left, right| {
        let absent = left.committee.is_none().cmp(&right.committee.is_none());
        let names = [left, right].map(|group| group.committee.as_deref().unwrap_or(&group.kind));
        absent.then_with(|| vietnamese_order(names[0], names[1]))
    });
    groups
}
