//! From "write to this unit" to notices for its mailboxes.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::NewNotice;
use crate::domain::document::Urgency;
use crate::domain::ids::{ObligationId, RevisionId, UnitId};
use crate::domain::notice::{NoticeKey, NoticeKind, message_id};

/// What is to be written.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    /// About which revision.
    pub revision: RevisionId,
    /// How urgent the document is.
    pub urgency: Urgency,
    /// What it is.
    pub kind: NoticeKind,
    /// Which step, as in [`NoticeKey::step`].
    pub step: String,
    /// As in [`NewNotice::about`].
    pub about: Vec<(ObligationId, u16)>,
}

/// One notice for each mailbox of the unit that is first in order, or for its deputy; none if nobody
/// reads its mail.
pub(super) fn notices(
    mail: &Mail,
    unit: &UnitId,
    office: &Office,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Vec<NewNotice> {
    // Whoever reads on the day it leaves: a mail written on Friday night goes to Monday's deputy.
    let to = addresses(unit, office, policy.send_at(mail.urgency, now, office.calendar_of(unit)));
    to.into_iter().map(|address| notice(mail, unit, address, (office, policy), now)).collect()
}

/// The addresses a unit's mail goes to on the day of `now`: those first in order, with deputies for who
/// is away.
pub(super) fn addresses(unit: &UnitId, office: &Office, now: DateTime<Utc>) -> Vec<String> {
    let today = office.calendar.date_of(now);
    let recipients = office.units.get(unit).map(|unit| unit.recipients_on(today)).unwrap_or_default();
    recipients.into_iter().map(|recipient| recipient.address.to_owned()).collect()
}

/// The notice to one address.
pub(super) fn notice(
    mail: &Mail,
    unit: &UnitId,
    mailbox: String,
    (office, policy): (&Office, &Policy),
    now: DateTime<Utc>,
) -> NewNotice {
    let key = NoticeKey {
        revision: mail.revision,
        unit: unit.clone(),
        kind: mail.kind,
        step: mail.step.clone(),
        mailbox,
    };
    NewNotice {
        message_id: message_id(&key, &policy.secret, &policy.domain),
        key,
        send_at: match mail.kind {
            NoticeKind::Reminder | NoticeKind::Chase => {
                policy.remind_at(mail.urgency, now, office.calendar_of(unit))
            }
            _ => policy.send_at(mail.urgency, now, office.calendar_of(unit)),
        },
        priority: mail.urgency.priority(),
        about: mail.about.clone(),
    }
}

/// Whether anybody reads a unit's mail that leaves at an instant.
pub(super) fn is_read(unit: &UnitId, office: &Office, leaves: DateTime<Utc>) -> bool {
    !addresses(unit, office, leaves).is_empty()
}
