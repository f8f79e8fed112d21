//! A deadline that its sender meant and nobody can use: a hold for staff, where the rule wanted the document's own
//! deadline and fell back to a number of days.

use chrono::NaiveDate;

use crate::app::office::Office;
use crate::domain::deadline::{self, Basis};
use crate::domain::document::Document;
use crate::domain::obligation::Duty;
use crate::domain::rule::DueSource;

/// Why a person must look at the deadline of a document under a duty; `None` where it was read, or none was meant.
pub(super) fn doubt(
    document: &Document,
    duty: &Duty,
    received: NaiveDate,
    office: &Office,
) -> Option<String> {
    let read = duty.due_why.as_ref().is_some_and(|why| {
        let own = matches!(why.basis, Some(Basis::Person | Basis::Source | Basis::Text));
        own && !why.proposal && duty.due.is_some()
    });
    if read || !wants(duty, office) {
        return None;
    }
    field(document, received).or_else(|| text(document, received, office))
}

/// Whether a rule of the duty takes its due from the document.
fn wants(duty: &Duty, office: &Office) -> bool {
    let own = |source: &DueSource| matches!(source, DueSource::Document | DueSource::Text);
    let rules = office.ruleset.rules.iter().filter(|rule| duty.rules.contains(&rule.id));
    rules.flat_map(|rule| rule.asks()).any(|ask| ask.due.iter().any(own))
}

/// The source's own field, where it cannot be meant.
fn field(document: &Document, received: NaiveDate) -> Option<String> {
    let due = document.due?;
    let shown = due.format("%d/%m/%Y");
    if document.due_is_doubtful() {
        return Some(format!("hạn ghi trên nguồn, {shown}, không sau ngày ban hành"));
    }
    (due < received).then(|| format!("hạn ghi trên nguồn, {shown}, đã qua khi văn bản đến"))
}

/// What the text says, where nothing in it can be used.
fn text(document: &Document, received: NaiveDate, office: &Office) -> Option<String> {
    let (calendar, issued) = (&office.calendar, document.issued);
    let texts = [Some(document.subject.as_str()), document.content.as_deref()];
    let readings = texts.into_iter().flatten();
    let readings: Vec<_> =
        readings.map(|text| deadline::read_all(text, issued, received, calendar)).collect();
    let proposals = || readings.iter().flat_map(|reading| &reading.proposals);
    if proposals().any(|proposal| proposal.doubt.is_none()) {
        return None;
    }
    let base = issued.unwrap_or(received);
    let odd = proposals().find_map(|proposal| {
        let day = calendar.due_day(proposal.due);
        let why = if day < base {
            "nằm trước ngày của văn bản".to_owned()
        } else if calendar.is_guess(base, day) {
            format!("rơi vào năm chưa có lịch; lập lịch bằng vanthu calendar draft {}", day.format("%Y"))
        } else {
            return None;
        };
        Some(format!("hạn “{}” {why}", proposal.phrase))
    });
    let mentions = || readings.iter().flat_map(|reading| &reading.mentions);
    let unread = || mentions().find(|mention| mention.warns);
    odd.or_else(|| {
        unread().map(|mention| format!("chưa đọc được hạn “{}”: {}", mention.phrase, mention.reason))
    })
}
