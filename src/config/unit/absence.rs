//! `[[absence]]`: who does not read their mail for a while, and who reads it instead.

use std::collections::BTreeMap;

use super::read::{Draft, Drafts, address};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::fields::Fields;
use crate::config::file::Sourced;
use crate::config::suggest::similar_words;
use crate::domain::unit::{Absence, Unit, Validity};

/// One `[[absence]]`, references still unchecked.
pub struct AbsenceDraft {
    /// `unit`
    pub unit: Sourced<String>,
    mailbox: Option<Sourced<String>>,
    person: Option<String>,
    valid: Validity,
    deputy: Option<Deputy>,
    /// `deputy` is written, rightly or not.
    has_deputy: bool,
}

/// `deputy`: an address, or the post of another mailbox of the unit.
enum Deputy {
    Address(String),
    Post(Sourced<String>),
}

/// Reads one table.
pub fn read(fields: Fields<'_>) -> Option<AbsenceDraft> {
    let unit = fields.required_text("unit");
    let draft = |unit| AbsenceDraft {
        unit,
        mailbox: fields.required_if_written("mailbox"),
        person: fields.required_if_written("person").map(|person| person.value),
        valid: fields.validity(),
        deputy: deputy(&fields),
        has_deputy: fields.has("deputy"),
    };
    let draft = unit.map(draft);
    fields.finish();
    draft
}

fn deputy(fields: &Fields<'_>) -> Option<Deputy> {
    let written = fields.required_if_written("deputy")?;
    if written.value.contains('@') {
        return address(fields, written).map(Deputy::Address);
    }
    Some(Deputy::Post(written))
}

impl AbsenceDraft {
    /// As the domain knows it; a deputy who is no address of the unit is left out, and is a finding.
    fn absence(&self, unit: &Draft) -> Absence {
        let by_post = |post: &str| unit.mailboxes.iter().find(|mailbox| mailbox.post == post);
        let deputy = self.deputy.as_ref().and_then(|deputy| match deputy {
            Deputy::Address(address) => Some(address.clone()),
            Deputy::Post(post) => by_post(&post.value).map(|mailbox| mailbox.address.clone()),
        });
        Absence {
            mailbox: self.mailbox.as_ref().map(|mailbox| mailbox.value.clone()),
            person: self.person.clone(),
            valid: self.valid,
            deputy,
        }
    }
}

/// The absences of every unit, by code.
pub fn by_unit(drafts: &Drafts) -> BTreeMap<&str, Vec<Absence>> {
    let known: BTreeMap<&str, &Draft> =
        drafts.units.iter().map(|unit| (unit.id.value.as_str(), unit)).collect();
    let mut absences: BTreeMap<&str, Vec<Absence>> = BTreeMap::new();
    for absence in &drafts.absences {
        if let Some(unit) = known.get(absence.unit.value.as_str()) {
            absences.entry(&absence.unit.value).or_default().push(absence.absence(unit));
        }
    }
    absences
}

/// Reports an absence that does not fit its unit.
pub fn check(absence: &AbsenceDraft, unit: &Draft, findings: &Findings) {
    if let Some(mailbox) = &absence.mailbox
        && !unit.mailboxes.iter().any(|known| known.address == mailbox.value)
    {
        let known = unit.mailboxes.iter().map(|known| known.address.as_str());
        let finding = Diagnostic::new(Code::NotItsAddress, mailbox.place.clone());
        let finding = finding.with(mailbox.value.as_str()).with(unit.name());
        findings.add(finding.or_rather(similar_words(&mailbox.value, known)));
    }
    if let Some(Deputy::Post(post)) = &absence.deputy
        && !unit.mailboxes.iter().any(|known| known.post == post.value)
    {
        let known = unit.mailboxes.iter().map(|known| known.post.as_str());
        let finding = Diagnostic::new(Code::NoSuchPost, post.place.clone());
        let finding = finding.with(post.value.as_str()).with(unit.name());
        findings.add(finding.or_rather(similar_words(&post.value, known)));
    }
}

/// Reports a cell whose mail nobody reads for a while, at the absence that makes it so.
pub fn unread(absence: &AbsenceDraft, cell: &Unit, findings: &Findings) {
    if absence.has_deputy {
        return;
    }
    let valid = absence.valid;
    let day = valid.from.or(valid.until).unwrap_or_default();
    let had_one = !cell.mailboxes_on(day).is_empty();
    if had_one && cell.valid.covers(day) && cell.recipients_on(day).is_empty() {
        let finding = Diagnostic::new(Code::NobodyReads, absence.unit.place.clone());
        let name = cell.names.last().map_or(cell.id.as_str(), |name| &name.value);
        findings.add(finding.with(name));
    }
}
