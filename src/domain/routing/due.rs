//! Due instants: what each source of one yields, which of several wins, and what is told where none does.

use std::rc::Rc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::duties::Case;
use crate::domain::deadline::{self, Basis, Proposal, Recurrence};
use crate::domain::obligation::DueWhy;
use crate::domain::rule::DueSource;

/// A due instant with where it came from.
pub(super) struct Due {
    pub(super) proposal: Proposal,
    basis: Basis,
    /// It comes again.
    again: Option<Recurrence>,
}

/// The earliest due instant of all. Without one, what the text proposes is told as a proposal that somebody
/// must confirm: a phrase without a doubt first, then one with a doubt, then one that could not be read.
pub(super) fn earliest(dues: &[Option<Rc<Due>>], case: &Case<'_>) -> (Option<DateTime<Utc>>, Option<DueWhy>) {
    let first = dues.iter().flatten().min_by(|left, right| {
        let (left, right) = (&left.proposal, &right.proposal);
        left.due.cmp(&right.due).then_with(|| left.reading.cmp(&right.reading))
    });
    if let Some(found) = first {
        return (Some(found.proposal.due), Some(why(found, false, case)));
    }
    let guess = case.proposed().or_else(|| case.doubted());
    let guess = guess.map(|proposal| Due { proposal, basis: Basis::Text, again: None });
    (None, guess.map(|guess| why(&guess, true, case)).or_else(|| unread(case)))
}

fn why(found: &Due, is_guess: bool, case: &Case<'_>) -> DueWhy {
    let Due { proposal, basis, again } = found;
    let doubt = proposal.doubt.as_ref().filter(|_| is_guess).map(|doubt| format!("; còn ngờ: {doubt}"));
    DueWhy {
        reading: proposal.reading.clone() + &doubt.unwrap_or_default(),
        phrase: Some(proposal.phrase.clone()).filter(|phrase| !phrase.is_empty()),
        proposal: is_guess,
        calendar: case.version.clone(),
        basis: Some(*basis),
        again: *again,
    }
}

/// A deadline that the sender meant and nobody can read, so that it is not lost in silence.
fn unread(case: &Case<'_>) -> Option<DueWhy> {
    let mention = case.unread()?;
    Some(DueWhy {
        reading: format!("chưa đọc được hạn: {}", mention.reason),
        phrase: Some(mention.phrase),
        proposal: true,
        calendar: case.version.clone(),
        basis: Some(Basis::Text),
        again: None,
    })
}

/// What one source of a due yields.
pub(super) fn yields(source: DueSource, case: &Case<'_>) -> Option<Due> {
    let (document, calendar, received) = (case.document, case.calendar, case.received);
    let due = |proposal, basis| Some(Due { proposal, basis, again: None });
    let ruled = |day, reading| due(counted(case, day, reading), Basis::Rule);
    match source {
        DueSource::Document => {
            // A due day on or before the day of issue is a slip of the pen; any other doubt is told.
            let day = document.due.filter(|_| !document.due_is_doubtful())?;
            due(deadline::from_source(day, document.issued, calendar), Basis::Source)
        }
        DueSource::Text => due(case.proposed()?, Basis::Text),
        DueSource::Fixed(day) => ruled(day, format!("ngày do quy tắc ấn định: {}", day.format("%d/%m/%Y"))),
        DueSource::WorkingDays(days) => {
            let day = calendar.add_working_days(received, i32::from(days));
            let caveat = calendar.caveat(received, day);
            ruled(day, format!("{days} ngày làm việc kể từ ngày nhận văn bản{caveat}"))
        }
        DueSource::Days(days) => {
            let day = received.checked_add_days(Days::new(u64::from(days)))?;
            let day = calendar.add_working_days(day, 0);
            let caveat = calendar.caveat(day, day);
            ruled(day, format!("{days} ngày kể từ ngày nhận văn bản, lùi đến ngày làm việc{caveat}"))
        }
        DueSource::Recurring(recurrence) => {
            let day = recurrence.next_after(received)?;
            let reading = format!("kỳ tới sau ngày nhận văn bản, {}", recurrence.reading());
            Some(Due { again: Some(recurrence), ..ruled(day, reading)? })
        }
    }
}

fn counted(case: &Case<'_>, day: NaiveDate, reading: String) -> Proposal {
    let due = case.calendar.end_of_day(day);
    Proposal { due, phrase: String::new(), reading, doubt: None, addressee: None }
}
