//! Deadlines read from Vietnamese text, as proposals with their phrase quoted; which one wins and why.
//!
//! A deadline is a cue word next to a date, a duration or a period. A date without a cue, such as that of
//! a cited letter, is none. What is read stays a proposal until a person or a rule accepts it, so the
//! readers prefer a doubtful proposal to silence, and say what the doubt is.

mod dates;
mod durations;
mod fold;
mod periods;
mod points;
mod recurring;

use std::cmp::Reverse;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::recurring::{Every, Recurrence};

use self::fold::Folded;
use super::calendar::{BeforeDay, Calendar, weekday_name};

/// A year that was not written and lies this far ahead was probably meant to be in the past.
const FAR: TimeDelta = TimeDelta::days(270);

/// A due instant somebody or something proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The instant (UTC).
    pub due: DateTime<Utc>,
    /// The phrase, verbatim, or the name of the field it came from.
    pub phrase: String,
    /// How it was read, in Vietnamese, one sentence.
    pub reading: String,
    /// What makes it doubtful, if anything: before the issue date, provisional year, …
    pub doubt: Option<String>,
}

/// Where a due instant came from, most trusted first (design §9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A person entered or confirmed it.
    Person,
    /// The source's own due field.
    Source,
    /// The routing rule's duration.
    Rule,
    /// A phrase of the document's text.
    Text,
}

/// The due instant that won, stored with everything needed to explain it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Chosen {
    /// The instant (UTC).
    pub due: DateTime<Utc>,
    /// Where it came from.
    pub basis: Basis,
    /// How it was computed, in Vietnamese, one sentence.
    pub reading: String,
    /// The phrase it was read from, verbatim, where it came from text.
    pub phrase: Option<String>,
    /// It waits for confirmation and must be shown as a proposal.
    pub proposal_only: bool,
    /// [`Calendar::version`] it was computed with.
    pub calendar: String,
}

/// Every deadline phrase of `text`, in order of appearance (domain study §6.7).
///
/// `issued` and `received`, days in the office's zone, anchor durations and dates without a year. The
/// text may be NFC or NFD and in any case.
pub fn read(
    text: &str,
    issued: Option<NaiveDate>,
    received: NaiveDate,
    calendar: &Calendar,
) -> Vec<Proposal> {
    let folded = Folded::new(text);
    let context = Context { issued, received, calendar };
    let readers = [recurring::read, durations::read, points::read, periods::read];
    let found = readers.iter().flat_map(|read| read(&folded.text, &context)).collect();
    let kept = without_overlaps(found);
    kept.into_iter().map(|found| found.into_proposal(&folded, text)).collect()
}

/// The source's due field as a proposal: the end of that day. A due day on or before the issue date is
/// doubtful, because some senders copy the issue date into the field.
pub fn from_source(due: NaiveDate, issued: Option<NaiveDate>, calendar: &Calendar) -> Proposal {
    let copied = issued.is_some_and(|issued| due <= issued);
    Proposal {
        due: calendar.end_of_day(due),
        phrase: "hạn giải quyết".to_owned(),
        reading: format!("hạn do nguồn gửi kèm: hết {}", named(due)),
        doubt: copied.then(|| "hạn không sau ngày ban hành, có thể nguồn chép lại ngày ban hành".to_owned()),
    }
}

/// What phrases are read against.
struct Context<'a> {
    issued: Option<NaiveDate>,
    received: NaiveDate,
    calendar: &'a Calendar,
}

/// One phrase and its reading; the range is in bytes of the folded text.
struct Found {
    range: Range<usize>,
    due: DateTime<Utc>,
    reading: String,
    doubts: Vec<String>,
}

impl Context<'_> {
    /// The day from which an unwritten year or month is looked for.
    fn base(&self) -> NaiveDate {
        self.issued.unwrap_or(self.received)
    }

    /// "trước ngày D", with its reading.
    fn before(&self, range: Range<usize>, day: NaiveDate) -> Found {
        let due = self.calendar.before_day(day);
        let (due_day, why) = (self.calendar.due_day(due), self.before_reason());
        let reading = format!("trước ngày {}: hết {}, {why}", shown(day), named(due_day));
        let mut found = self.found(range, due, reading);
        if self.calendar.before_day == BeforeDay::Exclusive {
            self.doubt_provisional(&mut found, due_day, day);
        }
        found
    }

    fn before_reason(&self) -> &'static str {
        match self.calendar.before_day {
            BeforeDay::Exclusive => "ngày làm việc liền trước",
            BeforeDay::Inclusive => "tính cả ngày được ghi",
        }
    }

    /// The end of day D itself; fixed dates are not rolled to a working day.
    fn within(&self, range: Range<usize>, day: NaiveDate) -> Found {
        self.found(range, self.calendar.end_of_day(day), format!("hết {}", named(day)))
    }

    /// A reading, doubted when it falls before the document's own day.
    fn found(&self, range: Range<usize>, due: DateTime<Utc>, reading: String) -> Found {
        let (due_day, base) = (self.calendar.due_day(due), self.base());
        let early = (due_day < base).then(|| match self.issued {
            Some(_) => format!("hạn nằm trước ngày ban hành {}", shown(base)),
            None => format!("hạn nằm trước ngày nhận {}", shown(base)),
        });
        Found { range, due, reading, doubts: early.into_iter().collect() }
    }

    /// Doubts a count of working days over [`from`, `to`] if a year of it is not confirmed.
    fn doubt_provisional(&self, found: &mut Found, from: NaiveDate, to: NaiveDate) {
        if self.calendar.is_provisional(from, to) {
            found.doubts.push("lịch làm việc của năm chưa được xác nhận".to_owned());
        }
    }

    /// Doubts a year that was not written when the next such day is far away.
    fn doubt_far(&self, found: &mut Found) {
        if self.calendar.due_day(found.due) - self.base() > FAR {
            found.doubts.push("không ghi năm và ngày suy ra còn rất xa, có thể là ngày đã qua".to_owned());
        }
    }
}

impl Found {
    fn into_proposal(self, folded: &Folded, text: &str) -> Proposal {
        let doubt = (!self.doubts.is_empty()).then(|| self.doubts.join("; "));
        Proposal { due: self.due, phrase: folded.quote(text, self.range), reading: self.reading, doubt }
    }
}

/// In order of appearance; of overlapping phrases the first, and from one start the longest.
fn without_overlaps(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (found.range.start, Reverse(found.range.end)));
    let mut end = 0;
    found.retain(|found| {
        let free = found.range.start >= end;
        end = if free { found.range.end } else { end };
        free
    });
    found
}

fn shown(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn named(day: NaiveDate) -> String {
    format!("{} {}", weekday_name(day), shown(day))
}

#[cfg(test)]
mod tests;
