//! Mailboxes that the office would not write to, told before a mail is held.

use chrono::NaiveDate;

use super::code::Code;
use super::diagnostic::{Diagnostic, Report};
use super::office::Office;
use super::settings::Settings;
use super::unit::shown;
use crate::domain::sending::SafeList;

/// The mailboxes of a day that lie in no domain of `mail.domains`, each at its unit.
pub fn mailboxes(settings: &Settings, office: &Office, day: NaiveDate) -> Report {
    let safe = SafeList::new(settings.mail.domains.iter().cloned());
    let mut report = Report::default();
    for unit in office.units.iter() {
        let Some(place) = office.marks.units.get(&unit.id) else { continue };
        let outside = unit.mailboxes_on(day).into_iter().filter(|mailbox| !safe.admits(&mailbox.address));
        report.diagnostics.extend(outside.map(|mailbox| {
            let finding = Diagnostic::new(Code::OutsideMailbox, place.clone());
            finding.with(mailbox.address.as_str()).with(shown(unit))
        }));
    }
    report
}
