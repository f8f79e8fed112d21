//! Acknowledge: a cell answers for what it is asked, by the link of its mail or through staff; of a plan
//! for all tasks at once or for one.
//!
//! [`view`] changes nothing, whoever follows the link. [`answer`] judges a press and records it in
//! one transaction; what it returns as recorded is durable. A repeated press changes nothing and
//! leaves no second piece of evidence.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use chrono::{DateTime, NaiveDate, Utc};

use crate::app::ports::{AnswerRecord, NewDoubt, RequestRow, Store, StoreError};
use crate::domain::calendar::Calendar;
use crate::domain::challenge::stamp;
use crate::domain::ids::{ObligationId, UnitId};
use crate::domain::language::Language;
use crate::domain::obligation::{Answer, Grade, Obligation, Owed, Role};
use crate::domain::operation::{Field, Standing};
use crate::domain::status::Voices;
use crate::domain::token::{Keyring, TokenError, mailbox_hash};
use crate::domain::unit::Units;

mod doubt;
mod follow;
mod group;
mod judge;
mod memory;
mod opened;
mod recall;
mod record;
mod reply;
mod request;
mod staff;
mod together;
mod upstream;

pub use doubt::Doubt;
use follow::{Followed, follow};
pub use memory::{Memory, Tried};
pub use opened::{Opened, open};
pub use recall::recall;
pub use record::Recorded;
pub use reply::{ByMail, Replied, by_mail};
pub use staff::{OnBehalf, staff};
pub use upstream::upstream;

/// What the pages work with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The register.
    pub store: &'a dyn Store,
    /// The keys of the links.
    pub keyring: &'a Keyring,
    /// The register's own secret.
    pub secret: &'a hmac::Key,
    /// Recent presses.
    pub memory: &'a Memory,
    /// The office's calendar.
    pub calendar: &'a Calendar,
    /// The units, whose successions links follow.
    pub units: &'a Units,
    /// What may be told upstream by itself.
    pub voices: &'a Voices,
}

/// What a link's page may say. The document's number, subject and text are not in it, so that no
/// page can show them to whoever the mail was forwarded to (promises.md T61, T65).
#[derive(Debug, Clone)]
pub struct View {
    /// The cell that answers; where the link's own has ended, its successor.
    pub cell: UnitId,
    /// The cell the link was made for, where another answers in its place.
    pub succeeds: Option<UnitId>,
    /// Number of the revision, from 1; where the link's own was superseded, that of the newest.
    pub revision: u32,
    /// Whether the document holds.
    pub standing: Standing,
    /// What of it differs from the revision before, without its text; empty in a first one.
    pub changed: Vec<Field>,
    /// The due day the source gave before and gives now, where that differs.
    pub due_moved: Option<(String, String)>,
    /// Kind of document in words, if the source tells.
    pub kind_name: Option<String>,
    /// Issuing body.
    pub issuer: String,
    /// Date of issue.
    pub issued: Option<NaiveDate>,
    /// What is asked: one thing, or the tasks of a plan in their order.
    pub tasks: Vec<TaskView>,
    /// The note that the form brings back, see [`stamp`].
    pub stamp: String,
    /// The language in which the link's mailbox is written to, where it names one.
    pub language: Option<Language>,
}

/// One thing that is asked.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The row.
    pub obligation: Obligation,
    /// What it is called where several things are asked.
    pub title: String,
    /// Whether it is a task of a plan.
    pub is_task: bool,
    /// Role of the cell.
    pub role: Role,
    /// What it owes.
    pub owes: Vec<Owed>,
    /// What was answered so far, oldest first.
    pub answers: Vec<AnswerRecord>,
    /// What was asked of staff so far, oldest first.
    pub requests: Vec<RequestRow>,
    /// The figures that a report must name.
    pub figures: Vec<String>,
}

/// A press of a page's button.
#[derive(Debug, Clone)]
pub struct Press {
    /// The link's token.
    pub token: String,
    /// The row it is about; all that the cell is asked if none is named.
    pub task: Option<ObligationId>,
    /// What was answered.
    pub answer: Answer,
    /// The page's note of when it was shown, as the form brought it back.
    pub stamp: String,
    /// What was typed where digits were asked; empty where nothing was.
    pub digits: String,
    /// Address of the client.
    pub client: IpAddr,
    /// Its user agent.
    pub agent: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// What a press led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is recorded, durably.
    Recorded(Grade),
    /// The work was done before; what was reported of it is put right, durably.
    Corrected(Grade),
    /// The same was recorded before; nothing changed.
    Already,
    /// More time was asked for work that has no due day; nothing is recorded.
    NoDue,
    /// More time was asked until a day that is not after the due day; nothing is recorded.
    NotLater {
        /// The due instant that holds.
        due: DateTime<Utc>,
    },
    /// The row is closed; the answer is kept as evidence for staff and changed nothing.
    Closed,
    /// The task is not one of those the link is for: the page was of an older revision, or is not ours.
    /// Nothing is recorded; the reader must see what is asked now.
    OtherTask,
    /// Nothing is recorded until the digits of the mail are typed.
    AskDigits {
        /// Why.
        why: Doubt,
        /// After wrong digits: how many tries are left.
        tries_left: Option<usize>,
    },
    /// Too many wrong digits; nothing is recorded.
    Locked {
        /// When the next try is possible.
        until: DateTime<Utc>,
    },
}

/// Why a link leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The link itself is refused.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// There is no such obligation in this register, although the link is ours.
    #[error("không có việc này trong sổ")]
    Unknown,
    /// Its obligation was opened by a register that is lost: the office's was put back from an older copy, and the
    /// directive has not been registered anew yet.
    #[error("việc này có trong sổ đã mất; sổ đang được phục hồi")]
    Lost,
    /// The store failed; nothing was recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a link shows at `now`. Writes nothing.
///
/// # Errors
/// [`AnswerError`].
pub async fn view(desk: &Desk<'_>, token: &str, now: DateTime<Utc>) -> Result<View, AnswerError> {
    Ok(open(desk, token, now).await?.view)
}

/// Judges a press and, unless it must be backed by digits first, records it.
///
/// # Errors
/// [`AnswerError`]; then nothing was recorded.
pub async fn answer(desk: &Desk<'_>, press: &Press) -> Result<Outcome, AnswerError> {
    Ok(open(desk, &press.token, press.now).await?.press(desk, press).await?.outcome)
}

/// Keeps, apart from all answers, that a press looked like a machine's: staff see it, and the cell is asked.
async fn note(
    store: &dyn Store,
    press: &Press,
    meant: &[&Obligation],
    outcome: Outcome,
) -> Result<(), StoreError> {
    let Outcome::AskDigits { why, .. } = outcome else { return Ok(()) };
    let Some(row) = meant.iter().find(|row| row.state.is_live()).filter(|_| why.is_suspicion()) else {
        return Ok(());
    };
    let doubt = NewDoubt {
        obligation: row.id,
        why: why.as_str(),
        answer: press.answer.clone(),
        evidence: evidence(press),
        at: press.now,
    };
    let mut tx = store.begin().await?;
    tx.note_doubt(&doubt).await?;
    tx.commit().await
}

fn evidence(press: &Press) -> String {
    format!("{} {}", press.client, shortened(&press.agent))
}

/// A user agent is whatever a client sends: one line, at most 200 characters of it are kept.
fn shortened(agent: &str) -> String {
    agent.chars().filter(|c| !c.is_control()).take(200).collect()
}
