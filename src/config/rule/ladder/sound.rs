//! Ladders that can be read but not climbed: a step that never comes, one that another hides, one that stands
//! after the last.

use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::domain::ladder::{Anchor, Recipient, Step, StepKind};
use crate::domain::unit::Units;

/// Reports every fault among the steps of one ladder, at the time of the step that has it.
pub(super) fn check(steps: &[Sourced<Step>], units: Option<&Units>, fields: &Fields<'_>) {
    for (index, step) in steps.iter().enumerate() {
        let earlier = steps.get(..index).unwrap_or_default();
        let found = before_notice(step)
            .or_else(|| same_day(step, earlier))
            .or_else(|| backwards(step, earlier))
            .or_else(|| after_last(step, earlier));
        found.into_iter().chain(nobody(step, units)).for_each(|finding| fields.report(finding));
    }
}

/// The day of the notice is over when the notice leaves; no step can come then, or earlier.
fn before_notice(step: &Sourced<Step>) -> Option<Diagnostic> {
    let Step { anchor, offset, hours, number, .. } = step.value;
    let early = anchor == Anchor::Notice && offset <= 0 && hours <= 0;
    early.then(|| Diagnostic::new(Code::StepBeforeNotice, step.place.clone()).with(number.to_string()))
}

/// Two steps to one recipient on one day: only the later would be taken.
fn same_day(step: &Sourced<Step>, earlier: &[Sourced<Step>]) -> Option<Diagnostic> {
    let other = earlier.iter().find(|other| {
        let (one, two) = (&other.value, &step.value);
        let day = (one.anchor, one.offset, one.hours, one.to) == (two.anchor, two.offset, two.hours, two.to);
        day && one.until == two.until
    })?;
    let finding = Diagnostic::new(Code::StepsTogether, step.place.clone());
    let finding = finding.with(step.value.number.to_string()).with(other.value.number.to_string());
    Some(finding.and_at(&other.place, ("bước trước", "the earlier step")))
}

/// A step that comes before the one written above it.
fn backwards(step: &Sourced<Step>, earlier: &[Sourced<Step>]) -> Option<Diagnostic> {
    let time = |step: &Step| (step.hours == 0).then_some(step.offset);
    let own = time(&step.value)?;
    let other = earlier
        .iter()
        .find(|other| other.value.anchor == step.value.anchor && time(&other.value) > Some(own))?;
    let finding = Diagnostic::new(Code::StepBackwards, step.place.clone());
    let finding = finding.with(step.value.number.to_string()).with(other.value.number.to_string());
    Some(finding.and_at(&other.place, ("bước này đến sau", "this one comes later")))
}

/// After a demand for self-criticism nothing milder makes sense to the same recipient.
fn after_last(step: &Sourced<Step>, earlier: &[Sourced<Step>]) -> Option<Diagnostic> {
    let last = earlier.iter().find(|other| {
        let same = other.value.to == step.value.to && other.value.until == step.value.until;
        let milder = step.value.kind < other.value.kind && other.value.kind == StepKind::Review;
        same && milder && other.value.anchor == step.value.anchor
    })?;
    let finding = Diagnostic::new(Code::StepAfterLast, step.place.clone());
    let finding = finding.with(step.value.number.to_string()).with(last.value.number.to_string());
    Some(finding.and_at(&last.place, ("bước cuối", "the last step")))
}

/// A step to the leadership of an office that names none.
fn nobody(step: &Sourced<Step>, units: Option<&Units>) -> Option<Diagnostic> {
    let unnamed = units.is_some_and(|units| units.leadership.is_none());
    let meant = step.value.to == Recipient::Leadership && unnamed;
    meant.then(|| Diagnostic::new(Code::NoLeadership, step.place.clone()).with(step.value.number.to_string()))
}
