//! What can be said of a rule by itself: conditions that exclude each other, a due that does not fit the
//! notice, the acknowledgement or the ladder, a pattern that meets no normalised text.

use super::view::View;
use super::{at, named, pattern};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::rule::places::Written;
use crate::domain::ladder::{Anchor, Step, StepKind};
use crate::domain::rule::{Ask, DueSource};

/// Looks at one thing that a rule asks.
type Judge = fn(&Written, &Ask<'_>) -> Option<Diagnostic>;

/// Looks at one rule.
pub fn lint(written: &Written, findings: &Findings) {
    let conflict = View::new(&written.rule).conflict().map(|conflict| {
        Diagnostic::new(Code::NeverMatches, written.places.id.clone())
            .with(written.rule.id.as_str())
            .with(conflict)
    });
    let regex = written.rule.when.text_regex.as_ref().and_then(|regex| pattern::dead_part(regex.as_str()));
    let dead =
        regex.map(|part| Diagnostic::new(Code::DeadPattern, written.places.key("text_regex")).with(part));
    // The roles of a task share its dues and its ladder: each fault is told of the first ask that has it.
    let asks = written.rule.asks();
    let first = |judge: Judge| asks.iter().find_map(|ask| judge(written, ask));
    let judged = [fixed_too_early, acknowledge_too_late, ladder].map(|judge: Judge| first(judge));
    [conflict, dead].into_iter().chain(judged).flatten().for_each(|finding| findings.add(finding));
}

/// A fixed due before the first day on which the rule can match.
fn fixed_too_early(written: &Written, ask: &Ask<'_>) -> Option<Diagnostic> {
    let rule = &written.rule;
    let first = rule.valid.from.max(rule.when.issued_from)?;
    let due = ask.due.iter().find_map(|source| match source {
        DueSource::Fixed(day) if *day < first => Some(*day),
        _ => None,
    })?;
    let finding = Diagnostic::new(Code::DueBeforeNotice, at(&written.places, ask, "due"));
    let label =
        (format!("quy tắc chỉ khớp từ ngày {first}"), format!("the rule matches from {first} on only"));
    Some(finding.with(due.to_string()).with(named(ask)).with(label))
}

fn acknowledge_too_late(written: &Written, ask: &Ask<'_>) -> Option<Diagnostic> {
    let (within, days) = (ask.acknowledge_within?, due_days(ask)?);
    (within > days).then(|| {
        Diagnostic::new(Code::AcknowledgeAfterDue, at(&written.places, ask, "acknowledge_within"))
            .with(named(ask))
            .with(within.to_string())
            .with(days.to_string())
    })
}

/// Working days from notice to due at most, where the rule alone decides them: its first source is a
/// number of days. A number of calendar days holds at most as many working days, and one if it is rolled.
fn due_days(ask: &Ask<'_>) -> Option<u16> {
    match ask.due.first()? {
        DueSource::WorkingDays(days) => Some(*days),
        DueSource::Days(days) => Some((*days).max(1)),
        _ => None,
    }
}

/// The first step that falls before the notice, or reminds after the due.
fn ladder(written: &Written, ask: &Ask<'_>) -> Option<Diagnostic> {
    let due = due_days(ask).map(i32::from);
    let acknowledge = ask.acknowledge_within.map(i32::from);
    let step = ask.ladder.steps.iter().find_map(|step| Some((step, misfit(step, due, acknowledge)?)))?;
    let (step, label) = step;
    let finding = Diagnostic::new(Code::LadderTooLong, at(&written.places, ask, "ladder"));
    let finding = finding.with(step.number.to_string()).with(ask.ladder.name.as_str());
    Some(finding.with(named(ask)).with(label))
}

fn misfit(step: &Step, due: Option<i32>, acknowledge: Option<i32>) -> Option<(String, String)> {
    let before = |days: i32| {
        (
            format!(
                "nhắc trước hạn {} ngày, nhưng hạn chỉ có {days} ngày: bước này không bao giờ chạy",
                -step.offset
            ),
            format!("{} days before a term of {days} days: the step never comes", -step.offset),
        )
    };
    let after = |days: i32| {
        (
            format!("nhắc sau khi báo {} ngày, khi hạn {days} ngày đã qua", step.offset),
            format!("reminds {} days after the notice, past a due of {days} days", step.offset),
        )
    };
    match step.anchor {
        Anchor::Due => due.filter(|days| -step.offset > *days).map(before),
        Anchor::Acknowledge => acknowledge.filter(|days| -step.offset > *days).map(before),
        Anchor::Notice if step.kind == StepKind::Remind => due.filter(|days| step.offset > *days).map(after),
        Anchor::Notice => None,
    }
}
