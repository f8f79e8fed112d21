//! From "write to this unit" to notices for its mailboxes.

use chrono::{DateTime, Utc};

use super::office::Office;
use super::policy::Policy;
use super::ports::NewNotice;
use crate::domain::document::Urgency;
use crate::domain::ids::{RevisionId, UnitId};
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
    let send_at = policy.send_at(mail.urgency, now, &office.calendar);
    // Whoever reads on the day it leaves: a mail written on Friday night goes to Monday's deputy.
    let day = office.calendar.date_of(send_at);
    let recipients = office.units.get(unit).map(|unit| unit.recipients_on(day)).unwrap_or_default();
    recipients
        .into_iter()
        .map(|recipient| {
            let key = NoticeKey {
                revision: mail.revision,
                unit: unit.clone(),
                kind: mail.kind,
                step: mail.step.clone(),
                mailbox: recipient.address.to_owned(),
            };
            NewNotice {
                message_id: message_id(&key, &policy.secret, &policy.domain),
                key,
                send_at,
                priority: mail.urgency.priority(),
            }
        })
        .collect()
}
