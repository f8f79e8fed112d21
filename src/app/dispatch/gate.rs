//! Whether a letter that is written may leave now: to whom the office writes, its reader's office hours, and how
//! much may leave in what time. Asked when the letter is about to go, because a mail that waited for a
//! server or for others may come round at night.

use chrono::{DateTime, Utc};

use super::Dispatch;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Settled, StoreError};
use crate::domain::notice::Letter;
use crate::domain::sending::{Leave, Meter};

/// Decides, and remembers what it let through.
pub(super) struct Gate<'a> {
    office: &'a Office,
    policy: &'a Policy,
    meter: Meter,
}

impl<'a> Gate<'a> {
    /// A gate that knows the mails of late, so that a restart grants nobody a new bucket.
    pub(super) async fn open(dispatch: &Dispatch<'a>) -> Result<Self, StoreError> {
        let pace = &dispatch.policy.sending.pace;
        let mut meter = Meter::new(pace.clone());
        if let Some(window) = pace.longest() {
            for (mailbox, at) in dispatch.store.sent_since(dispatch.clock.now() - window).await? {
                meter.left(&mailbox, at);
            }
        }
        Ok(Self { office: dispatch.office, policy: dispatch.policy, meter })
    }

    /// `None` lets it leave; else what becomes of its notice. Hoả tốc waits neither for an hour nor for
    /// others, but it counts.
    pub(super) fn stop(&mut self, letter: &Letter, now: DateTime<Utc>) -> Option<Settled> {
        let sending = &self.policy.sending;
        if sending.shadow.is_none() && !sending.safe.admits(&letter.to) {
            return Some(Settled::Held { reason: outside(&letter.to) });
        }
        if sending.leaves_at_once(letter.facts.urgency) {
            self.meter.left(&letter.to, now);
            return None;
        }
        let opening = self.opening(letter, now);
        if opening > now {
            let reason = "chờ đến giờ làm việc của nơi nhận".to_owned();
            return Some(Settled::Postponed { at: opening, reason });
        }
        match self.meter.ask(&letter.to, now) {
            Leave::Now => None,
            Leave::At { at, rate } => Some(Settled::Postponed {
                at: self.opening(letter, at),
                reason: format!("chờ lượt: gửi tối đa {}", rate.vietnamese()),
            }),
        }
    }

    fn opening(&self, letter: &Letter, at: DateTime<Utc>) -> DateTime<Utc> {
        self.policy.send_at(letter.facts.urgency, at, self.office.calendar_of(&letter.unit))
    }
}

/// Why a mail is held, for staff.
fn outside(mailbox: &str) -> String {
    format!("{mailbox} không thuộc tên miền nào trong mail.domains; thư được giữ, chưa gửi")
}
