//! Bulletins: mails about the office's files, to be sent and sent.

use chrono::{DateTime, Utc};

use crate::domain::bulletin::{
    Bulletin, CalendarNews, HintNews, RequestNews, RestNews, RestoringNews, SourceNews, WeeklyNews,
};
use crate::domain::notice::Delivery;

/// A bulletin to enqueue; a second one about the same state of the files to the same mailbox is dropped
/// silently.
#[derive(Debug, Clone)]
pub struct NewBulletin {
    /// What it tells of.
    pub about: About,
    /// What tells this news from others; of the files 64 hex digits.
    pub state: String,
    /// The address.
    pub mailbox: String,
    /// Planned Message-ID.
    pub message_id: String,
    /// Not to be sent before.
    pub send_at: DateTime<Utc>,
}

/// What a bulletin tells of.
#[derive(Debug, Clone)]
pub enum About {
    /// The office's files.
    Files {
        /// The step, see [`AcceptanceRow::number`](super::AcceptanceRow).
        acceptance: i64,
        /// The edition in force meanwhile, 64 hex digits.
        force: String,
    },
    /// A source, judged at this instant.
    Source(SourceNews, DateTime<Utc>),
    /// Calendars of years that nobody has confirmed, as of this instant.
    Calendar(CalendarNews, DateTime<Utc>),
    /// What a cell asks of the office, as of this instant.
    Request(RequestNews, DateTime<Utc>),
    /// A rule that cells keep correcting, as of this instant.
    Hint(HintNews, DateTime<Utc>),
    /// Work that rests and soon will not, as of this instant.
    Rest(RestNews, DateTime<Utc>),
    /// The table of a week, put together at this instant.
    Weekly(Box<WeeklyNews>, DateTime<Utc>),
    /// A register that was put back, as of this instant.
    Restoring(RestoringNews, DateTime<Utc>),
}

/// A bulletin that is due.
#[derive(Debug, Clone)]
pub struct DueBulletin {
    /// What it says.
    pub bulletin: Bulletin,
    /// Tries so far.
    pub tries: u32,
}

/// What became of a try.
#[derive(Debug, Clone)]
pub struct BulletinSettled {
    /// The bulletin.
    pub id: i64,
    /// Sent, queued again, or failed for good.
    pub delivery: Delivery,
    /// When to try again, where queued; when it was tried otherwise.
    pub at: DateTime<Utc>,
    /// The server's reply, or what happened.
    pub reply: String,
}
