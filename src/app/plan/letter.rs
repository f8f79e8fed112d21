//! The letters a plan would send, before there is an obligation to link to.

use chrono::{DateTime, Duration, Utc};

use crate::app::office::Office;
use crate::domain::document::Document;
use crate::domain::ids::NoticeId;
use crate::domain::notice::{Facts, Letter, NoticeKind};
use crate::domain::obligation::{Duty, Role};
use crate::domain::plan::{Group, Part};

/// What stands where the cell's own link will stand.
pub const LINK: &str = "(liên kết riêng của chi bộ, có khi thư được gửi)";

/// The letter about a document with these facts to the first address of a part; `None` where nobody is
/// written to.
pub fn letter(
    facts: &Facts,
    (group, part): (&Group, &Part),
    office: &Office,
    now: DateTime<Utc>,
) -> Option<Letter> {
    let (kind, to) = (part.act.mail()?, part.mails.first()?);
    let today = office.calendar.date_of(now);
    let name = office.units.get(&part.cell).map_or(part.cell.as_str(), |unit| unit.name_on(today));
    let duty = group.after.as_ref();
    let due = duty.and_then(|duty| duty.due);
    let left = |due| {
        let last = office.calendar.date_of(due - Duration::milliseconds(1));
        office.calendar.working_days_between(today, last)
    };
    Some(Letter {
        notice: NoticeId(0),
        kind,
        times: 1,
        message_id: String::new(),
        thread: String::new(),
        to: to.clone(),
        unit_name: name.to_owned(),
        unit: part.cell.clone(),
        facts: facts.clone(),
        role: duty.map_or(Role::Inform, |duty| duty.role),
        owes: duty.map(|duty| duty.owes.clone()).unwrap_or_default(),
        rule_names: duty.map(|duty: &Duty| duty.rule_names.clone()).unwrap_or_default(),
        acknowledge_due: duty.and_then(|duty| duty.acknowledge_due),
        due,
        due_why: duty.and_then(|duty| duty.due_why.clone()),
        days_left: due.map(left),
        link: (kind != NoticeKind::Withdrawal).then(|| LINK.to_owned()),
        challenge: None,
        laggards: Vec::new(),
        taken_over_from: None,
        instead_of: None,
        written: now,
    })
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
