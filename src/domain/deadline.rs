//! Deadlines read from Vietnamese text, as proposals with their phrase quoted; which one wins and why.
//!
//! A deadline is a cue word next to a date, a duration or a period. A date without a cue, such as that of
//! a cited letter, is none. What is read stays a proposal until a person or a rule accepts it, so the
//! readers prefer a doubtful proposal to silence, and say what the doubt is.

mod addressee;
mod dates;
mod durations;
mod fold;
mod mentions;
mod periods;
mod points;
mod recurring;
mod weekly;

use std::cmp::Reverse;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::mentions::Mention;
pub use self::recurring::{Every, Period, Recurrence, next_period};

use self::fold::Folded;
use super::calendar::{BeforeDay, Calendar, weekday_name};

/// A year that was not written and lies this far ahead was probably meant to be in the past.
const FAR: TimeDelta = TimeDelta::days(270);
/// Letters of a text that are read: some thirty pages.
const MOST: usize = 60_000;

/// A due instant somebody or something proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The instant (UTC).
    pub due: DateTime<Utc>,
    /// The phrase, verbatim, or the name of the field it came from.
    pub phrase: String,
    /// How it was read, in Vietnamese, one sentence.
    pub reading: String,
    /// What makes it doubtful, if anything: before the issue date, a year without a calendar, …
    pub doubt: Option<String>,
    /// To whom the text says a report goes, verbatim: `Ban Tổ chức Đảng ủy khối`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
}

/// Everything a text says about time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// What may be a deadline, in order of appearance.
    pub proposals: Vec<Proposal>,
    /// What is none, and why; in order of appearance.
    pub mentions: Vec<Mention>,
}

/// What becomes of a proposal among others of the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the deadline, where a rule takes it from the text.
    Chosen,
    /// There is a doubt about it.
    Doubtful,
    /// Another without a doubt comes earlier.
    Later,
}

impl Verdict {
    /// Why, for people.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Chosen => "được lấy: hạn sớm nhất không có điểm ngờ",
            Self::Doubtful => "không lấy: còn điểm ngờ, chờ người xác nhận",
            Self::Later => "không lấy: có hạn khác sớm hơn",
        }
    }
}

impl Reading {
    /// What becomes of each proposal, in their order: the earliest without a doubt is taken.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let sure = self.proposals.iter().enumerate().filter(|(_, proposal)| proposal.doubt.is_none());
        let chosen = sure.min_by_key(|(_, proposal)| proposal.due).map(|(index, _)| index);
        let verdict = |(index, proposal): (usize, &Proposal)| match &proposal.doubt {
            Some(_) => Verdict::Doubtful,
            None if chosen == Some(index) => Verdict::Chosen,
            None => Verdict::Later,
        };
        self.proposals.iter().enumerate().map(verdict).collect()
    }
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
    let context = Context { issued, received, calendar };
    let (folded, found) = find(text, &context);
    found.into_iter().map(|found| found.into_proposal(&folded, text)).collect()
}

/// The same with what was not taken for a deadline, and why: dates of cited documents, days that do not
/// exist, urgency without a day.
pub fn read_all(text: &str, issued: Option<NaiveDate>, received: NaiveDate, calendar: &Calendar) -> Reading {
    let context = Context { issued, received, calendar };
    let (folded, found) = find(text, &context);
    let taken: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
    let mentions = mentions::read(&folded, text, &taken, &context);
    let proposals = found.into_iter().map(|found| found.into_proposal(&folded, text)).collect();
    Reading { proposals, mentions }
}

/// The first deadline of a text that was meant as one and could not be read: a day that does not exist, a
/// lunar date, a period from an event nobody knows the day of.
pub fn unread(
    text: &str,
    issued: Option<NaiveDate>,
    received: NaiveDate,
    calendar: &Calendar,
) -> Option<Mention> {
    // Most texts name no deadline at all, and to see that costs little.
    let cues = ["trước", "hạn", "nhất", "quá", "hết", "vòng"];
    let lower = Folded::new(head(text)).text;
    if !cues.iter().any(|cue| lower.contains(cue)) {
        return None;
    }
    let mentions = read_all(text, issued, received, calendar).mentions;
    mentions.into_iter().find(|mention| mention.warns)
}

fn find(text: &str, context: &Context<'_>) -> (Folded, Vec<Found>) {
    let folded = Folded::new(head(text));
    let readers = [weekly::read, recurring::read, durations::read, points::read, periods::read];
    let found = readers.iter().flat_map(|read| read(&folded.text, context)).collect();
    (folded, without_overlaps(found))
}

/// The part of a text that is read: a deadline stands in the first pages or not at all, and a text without
/// end must not hold up the documents behind it.
fn head(text: &str) -> &str {
    let end = text.char_indices().nth(MOST).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
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
        addressee: None,
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
        let counts = self.calendar.before_day == BeforeDay::Exclusive;
        let caveat = if counts { self.calendar.caveat(due_day, day) } else { String::new() };
        let reading = format!("trước ngày {}: hết {}, {why}{caveat}", shown(day), named(due_day));
        let mut found = self.found(range, due, reading);
        if counts {
            self.doubt_guess(&mut found, due_day, day);
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

    /// Doubts a count of working days over [`from`, `to`] if a year of it has no calendar at all; that a
    /// year is a draft is said beside the day.
    fn doubt_guess(&self, found: &mut Found, from: NaiveDate, to: NaiveDate) {
        if self.calendar.is_guess(from, to) {
            found.doubts.push("chưa có lịch làm việc của năm ấy".to_owned());
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
        let addressee = addressee::before(&folded.text, &self.range).map(|range| folded.quote(text, range));
        let phrase = folded.quote(text, self.range);
        Proposal { due: self.due, phrase, reading: self.reading, doubt, addressee }
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
