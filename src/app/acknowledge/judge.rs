//! Judging a press: what grade it has, or what must come first.

use super::group::Group;
use super::{Desk, Doubt, Outcome, Press, Tried, doubt};
use crate::domain::challenge::{challenge, meets, read_stamp};
use crate::domain::obligation::{Grade, Obligation};

/// The grade of a press, or what must come first; `demanded` is the strictest grade of the duties it is about.
///
/// The note binds a press to the rows its page showed: one from a page of an older revision counts as
/// no page, and the reader is shown the new revision together with the question for digits.
pub(super) fn judge(
    desk: &Desk<'_>,
    press: &Press,
    (group, own): (&Group, &Obligation),
    demanded: Grade,
) -> Result<Grade, Outcome> {
    let row = group.head();
    if !press.digits.trim().is_empty() {
        return judge_digits(desk, press, group, own);
    }
    let signs = doubt::Signs {
        shown: read_stamp(&press.stamp, row.id, desk.secret),
        sent: group.sheet.sent,
        program: doubt::is_program(&press.agent),
        several: desk.memory.presses_several(press.client, row.id, press.now),
        demanded,
        now: press.now,
    };
    match doubt::doubt(&signs) {
        None => Ok(Grade::Clicked),
        Some(why) => Err(Outcome::AskDigits { why, tries_left: None }),
    }
}

fn judge_digits(desk: &Desk<'_>, press: &Press, group: &Group, own: &Obligation) -> Result<Grade, Outcome> {
    let row = group.head();
    // The digits of the followed link's own mail are as good: whoever types them has that mail.
    let asked = [row.id, own.id].map(|id| challenge(&group.sheet.document, id, desk.secret));
    let tries_left = match desk.memory.take_try(Tried::Answer(row.id), press.now) {
        Ok(left) => left,
        Err(until) => return Err(Outcome::Locked { until }),
    };
    if asked.iter().any(|asked| meets(&press.digits, asked)) {
        desk.memory.forgive(Tried::Answer(row.id));
        return Ok(Grade::Verified);
    }
    Err(Outcome::AskDigits { why: Doubt::Demanded, tries_left: Some(tries_left) })
}
