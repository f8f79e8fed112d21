//! How mails and links are made: settled when the daemon starts, the same for every use case.

use std::time::Duration;

use aws_lc_rs::hmac;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::challenge::code;
use crate::domain::document::{Document, Urgency};
use crate::domain::ids::HoldId;
use crate::domain::operation::Handling;
use crate::domain::retry::Waits;
use crate::domain::sending::Sending;
use crate::domain::status::Voices;
use crate::domain::text::tone_key;
use crate::domain::token::{Deciding, Keyring, mailbox_hash};

/// How mails and links are made.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Right-hand side of Message-IDs.
    pub domain: String,
    /// The register's own secret: keys Message-IDs and check codes.
    pub secret: hmac::Key,
    /// Signs links.
    pub keyring: Keyring,
    /// Where links lead, without a trailing slash.
    pub public_url: String,
    /// How long a link holds.
    pub link_life: Duration,
    /// Waits before each further try.
    pub waits: Waits,
    /// Send outside office hours too.
    pub any_hour: bool,
    /// Whether mails show the trích yếu at all.
    pub show_subject: bool,
    /// Words (any spelling of tone marks) that withhold the trích yếu.
    pub stop_words: Vec<String>,
    /// When mails may leave, and to whom.
    pub sending: Sending,
    /// What may be told upstream by itself, source by source.
    pub voices: Voices,
    /// How thu hồi, cập nhật, thay thế are handled.
    pub operations: Handling,
    /// When cells get the digest of the morning; `None` where every reminder is a mail of its own.
    pub digest: Option<NaiveTime>,
}

/// How long after the hour of the digest a reminder of the morning waits, so that the digest can take it in.
const TAKEN_IN: TimeDelta = TimeDelta::minutes(5);

impl Policy {
    /// When a notice written at `now` may leave: in office hours of `calendar`, unless it cannot wait.
    pub fn send_at(&self, urgency: Urgency, now: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        let at_once = self.any_hour || self.sending.leaves_at_once(urgency);
        if at_once { now } else { calendar.next_office_instant(now) }
    }

    /// The link by which the reader of a mailbox of the office decides about a hold, and the digits it asks for.
    pub fn deciding(&self, hold: HoldId, mailbox: &str, now: DateTime<Utc>) -> (String, String) {
        let life = TimeDelta::from_std(self.link_life).unwrap_or(TimeDelta::days(180));
        let deciding = Deciding { hold, mailbox: mailbox_hash(mailbox), expires: now + life };
        let link = format!("{}/d/{}", self.public_url, self.keyring.sign_decision(&deciding));
        (link, code(hold, &self.secret))
    }

    /// When a reminder to a cell may leave: as [`Policy::send_at`], and not before the digest of that morning
    /// was put together. What cannot wait does not.
    pub fn remind_at(&self, urgency: Urgency, now: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        let at = self.send_at(urgency, now, calendar);
        let day = calendar.date_of(at);
        match self.digest.filter(|_| !urgency.breaks_quiet_hours()) {
            Some(hour) => at.max(calendar.instant(day, hour).max(calendar.opening(day)) + TAKEN_IN),
            None => at,
        }
    }

    /// The trích yếu, or `None` where mails must not show it.
    pub fn subject(&self, document: &Document) -> Option<String> {
        shown_subject(document, self.show_subject, &self.stop_words)
    }

    /// Whether mails may show a trích yếu, of whatever revision.
    pub fn may_show(&self, subject: &str) -> bool {
        self.show_subject && !is_stopped(subject, &self.stop_words)
    }
}

/// The trích yếu, unless mails show none at all or a stop word stands in it.
pub fn shown_subject(document: &Document, show: bool, stop_words: &[String]) -> Option<String> {
    (show && !is_stopped(&document.subject, stop_words)).then(|| document.subject.clone())
}

fn is_stopped(subject: &str, stop_words: &[String]) -> bool {
    let key = tone_key(subject);
    stop_words.iter().any(|word| key.contains(&tone_key(word)))
}
