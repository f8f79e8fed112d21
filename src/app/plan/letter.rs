//! The letters a plan would send, before there is an obligation to link to.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use crate::app::office::Office;
use crate::domain::document::Document;
use crate::domain::ids::{NoticeId, ObligationId, UnitId};
use crate::domain::language::Language;
use crate::domain::notice::{Facts, Letter, LetterTask, News, NoticeKind};
use crate::domain::obligation::{Duty, Role};
use crate::domain::plan::{Act, Change, Part};
use crate::domain::thread::{About, start, topic};

/// What stands where the cell's own link will stand.
pub const LINK: &str = "(liên kết riêng của chi bộ, có khi thư được gửi)";

/// The letter about a document with these facts to the first address of a part; `None` where nobody is
/// written to. Of a cell's tasks it names those that change.
pub fn letter(
    facts: &Facts,
    (change, part): (&Change, &Part),
    office: &Office,
    now: DateTime<Utc>,
) -> Option<Letter> {
    let (kind, to) = (part.mail()?, part.mails.first()?);
    let today = office.calendar.date_of(now);
    let name = office.units.get(&part.cell).map_or(part.cell.as_str(), |unit| unit.name_on(today));
    let asked = asked(change, &part.cell);
    let nearest = asked.iter().min_by_key(|duty| (duty.due.is_none(), duty.due));
    let due = nearest.and_then(|duty| duty.due);
    let owes: BTreeSet<_> = asked.iter().flat_map(|duty| duty.owes.iter().copied()).collect();
    let mut rule_names: Vec<_> = asked.iter().flat_map(|duty| duty.rule_names.iter().cloned()).collect();
    rule_names.dedup();
    Some(Letter {
        notice: NoticeId(0),
        kind,
        times: 1,
        message_id: String::new(),
        thread: String::new(),
        topic: topic(About { facts, due, table: None }, office.calendar.zone, Language::Vi),
        started: start(facts),
        first: None,
        language: Language::Vi,
        to: to.clone(),
        unit_name: name.to_owned(),
        unit: part.cell.clone(),
        facts: facts.clone(),
        tasks: tasks(&asked, office, now),
        dropped: if kind == NoticeKind::Change { dropped(change, &part.cell) } else { Vec::new() },
        news: News::default(),
        role: asked.iter().map(|duty| duty.role).max().unwrap_or(Role::Inform),
        owes: owes.into_iter().collect(),
        rule_names,
        acknowledge_due: asked.iter().filter_map(|duty| duty.acknowledge_due).min(),
        due,
        topic_due: due,
        due_why: nearest.and_then(|duty| duty.due_why.clone()),
        days_left: due.map(|due| days_left(due, office, now)),
        link: (kind != NoticeKind::Withdrawal).then(|| LINK.to_owned()),
        challenge: None,
        measure: None,
        laggards: Vec::new(),
        digest: None,
        appointments: Vec::new(),
        others: Vec::new(),
        reply: None,
        taken_over_from: None,
        instead_of: None,
        written: now,
    })
}

/// What a cell is asked anew or otherwise.
fn asked<'a>(change: &'a Change, cell: &UnitId) -> Vec<&'a Duty> {
    let acts = |part: &Part| matches!(part.act, Act::Open | Act::Reopen { .. } | Act::Change { .. });
    let parts = change.parts().filter(|(_, part)| part.cell == *cell && acts(part));
    parts.filter_map(|(group, _)| group.after.as_ref()).collect()
}

/// The tasks that a cell is rid of.
fn dropped(change: &Change, cell: &UnitId) -> Vec<String> {
    let gone = |part: &Part| part.cell == *cell && matches!(part.act, Act::Withdraw { .. });
    let parts = change.parts().filter(|(_, part)| gone(part));
    parts.filter_map(|(group, _)| Some(group.task.as_ref()?.name.clone())).collect()
}

/// The list of tasks; empty where the document asks for one thing.
fn tasks(asked: &[&Duty], office: &Office, now: DateTime<Utc>) -> Vec<LetterTask> {
    if asked.len() < 2 && asked.iter().all(|duty| duty.task.is_none()) {
        return Vec::new();
    }
    let task = |duty: &&Duty| LetterTask {
        obligation: ObligationId(0),
        name: duty.title(),
        role: duty.role,
        owes: duty.owes.clone(),
        acknowledge_due: duty.acknowledge_due,
        due: duty.due,
        due_why: duty.due_why.clone(),
        days_left: duty.due.map(|due| days_left(due, office, now)),
        is_meant: true,
    };
    asked.iter().map(task).collect()
}

fn days_left(due: DateTime<Utc>, office: &Office, now: DateTime<Utc>) -> i32 {
    let (calendar, last) = (&office.calendar, due - Duration::milliseconds(1));
    calendar.working_days_between(calendar.date_of(now), calendar.date_of(last))
}

/// What a mail may show of a document whose trích yếu policy shows as `subject`.
pub fn facts(document: &Document, subject: Option<String>) -> Facts {
    Facts {
        symbol: document.symbol.clone(),
        kind_name: document.kind_name.clone(),
        issuer: document.issuer.clone(),
        issued: document.issued,
        subject,
        urgency: document.urgency,
    }
}
