//! Notice: one mail to one mailbox. Its key, its Message-ID, its delivery state, and the letter that
//! the mail adapter renders.

use chrono::NaiveDate;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::appointment::Appointment;
use super::digest::Digest;
use super::document::Urgency;
use super::ids::{NoticeId, ObligationId, RequestId, RevisionId, UnitId};
use super::ladder::StepKind;
use super::language::Language;
use super::obligation::{DueWhy, Owed, Role};
use super::operation::{Edit, Standing};

mod identity;
mod reply;

pub(super) use identity::signed_id;
pub use identity::{digest_root, message_id, thread_root};
pub use reply::Reply;

/// What a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// The first mail about an obligation.
    Notice,
    /// Before or on the due day.
    Reminder,
    /// After it.
    Chase,
    /// To a superior, about cells below.
    Escalation,
    /// A new revision of a directive the cell knows.
    Change,
    /// The directive is revoked, or no longer concerns the cell.
    Withdrawal,
    /// In the morning, about everything that is open; it bears the document that presses most.
    Digest,
}

impl NoticeKind {
    /// Every kind, in order.
    pub const ALL: [Self; 7] = [
        Self::Notice,
        Self::Reminder,
        Self::Chase,
        Self::Escalation,
        Self::Change,
        Self::Withdrawal,
        Self::Digest,
    ];

    /// The word in SQL, metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Reminder => "reminder",
            Self::Chase => "chase",
            Self::Escalation => "escalation",
            Self::Change => "change",
            Self::Withdrawal => "withdrawal",
            Self::Digest => "digest",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What makes a notice unique: it is enqueued at most once per key (design §9.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NoticeKey {
    /// The directive revision.
    pub revision: RevisionId,
    /// The unit written to.
    pub unit: UnitId,
    /// What it is.
    pub kind: NoticeKind,
    /// `00` for the first mail; for those of the ladder the step's number, two digits, and its day,
    /// `04@2026-03-16`; for those that tell of several cells the instant, `00@2026-03-16T00:30:00.000Z`
    /// (in older registers the day, `00@2026-03-16`, and then about one document alone); for the first
    /// after a merger the unit whose work was taken over, `00@from:cb-cu`; for those that a plan sends its
    /// name, `00@1f0c3a5d7e9b`; for digests the day, `00@2026-03-16`, whatever document they bear.
    /// name, `00@1f0c3a5d7e9b`; for the answer to a request its number, `00@request:7`; for the question whether a
    /// press was the cell's own the obligation, `00@confirm:42`.
    pub step: String,
    /// The address.
    pub mailbox: String,
}

/// The step of the first notice about work taken over from a unit that has ended.
pub fn takeover_step(from: &UnitId) -> String {
    format!("{TAKEOVER}{from}")
}

/// The unit behind a [`takeover_step`]; `None` for any other step.
pub fn taken_over(step: &str) -> Option<UnitId> {
    step.strip_prefix(TAKEOVER).map(UnitId::from)
}

/// The step of the mail that tells a cell what became of its request.
pub fn request_step(id: RequestId) -> String {
    format!("{REQUEST}{id}")
}

/// The request behind a [`request_step`]; `None` for any other step.
pub fn requested(step: &str) -> Option<RequestId> {
    step.strip_prefix(REQUEST)?.parse().ok().map(RequestId)
}

/// The step of the mail that asks a cell whether a press that looked like a machine's was its own; of one
/// obligation once.
pub fn confirm_step(obligation: ObligationId) -> String {
    format!("{CONFIRM}{obligation}")
}

/// The obligation behind a [`confirm_step`]; `None` for any other step.
pub fn confirms(step: &str) -> Option<ObligationId> {
    step.strip_prefix(CONFIRM)?.parse().ok().map(ObligationId)
}

const REQUEST: &str = "00@request:";
const CONFIRM: &str = "00@confirm:";
const TAKEOVER: &str = "00@from:";

/// The step of a mail that tells a superior of all steps taken for those below it at one instant.
pub fn above_step(at: DateTime<Utc>) -> String {
    format!("{ABOVE}{}", at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The instant behind an [`above_step`]; `None` for any other step.
pub fn told_at(step: &str) -> Option<DateTime<Utc>> {
    step.strip_prefix(ABOVE)?.parse().ok()
}

const ABOVE: &str = "00@";

/// Where the delivery of a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Waits for its time, or for its next try.
    Queued,
    /// Claimed by an instance under a lease.
    Sending,
    /// The server answered 250 to the final dot.
    Sent,
    /// The server refused for good, or the waits have ended; staff are told.
    Failed,
    /// Silence behind the final dot: reconciled, then sent again with the same Message-ID.
    Ambiguous,
    /// No longer wanted before it left.
    Dropped,
    /// Kept back by the brake until a person decides.
    Held,
}

impl Delivery {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Ambiguous, Self::Dropped, Self::Held];

    /// The word in SQL, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Ambiguous => "ambiguous",
            Self::Dropped => "dropped",
            Self::Held => "held",
        }
    }

    /// The state behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The facts of a document that a mail may show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Số, ký hiệu.
    pub symbol: String,
    /// Kind in words, for example `Kế hoạch`.
    pub kind_name: Option<String>,
    /// Issuing body.
    pub issuer: String,
    /// Date of issue.
    pub issued: Option<NaiveDate>,
    /// Trích yếu, or `None` where policy or the stop-list withholds it.
    pub subject: Option<String>,
    /// Độ khẩn.
    pub urgency: Urgency,
}

/// One task of a plan in a letter to the cell that is asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterTask {
    /// Its row, to which the link can lead.
    pub obligation: ObligationId,
    /// What to do.
    pub name: String,
    /// Role of the cell in it.
    pub role: Role,
    /// What the cell still owes.
    pub owes: Vec<Owed>,
    /// By when to acknowledge; `None` once it did.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// How the due instant came about.
    pub due_why: Option<DueWhy>,
    /// Working days left; negative when past; `None` without a due instant.
    pub days_left: Option<i32>,
    /// The letter is about it; the others are listed so that the cell sees all it still owes.
    pub is_meant: bool,
}

/// A line of an escalation: one cell below the recipient that has not answered or is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Laggard {
    /// Name of the cell.
    pub name: String,
    /// The tasks it lags with; empty where the document asks for one thing.
    pub tasks: Vec<String>,
    /// Whether it acknowledged.
    pub acknowledged: bool,
    /// Working days past its due day; 0 when it is not past.
    pub days_late: i32,
    /// It was never reached: no mailbox, or every mailbox failed.
    pub unreached: bool,
}

/// A document of an escalation, with the cells that lag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matter {
    /// The document.
    pub facts: Facts,
    /// By when it was to be done, the earliest of its cells.
    pub due: Option<DateTime<Utc>>,
    /// The cells.
    pub laggards: Vec<Laggard>,
}

/// What a mail of the ladder is: a reminder, a chase, a criticism, a demand for a review; and which of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Of which kind.
    pub kind: StepKind,
    /// The how many-th of its kind for this cell; `None` where several cells are told of.
    pub times: Option<u32>,
}

/// For whom a deputy reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InsteadOf {
    /// Who is away, where the office says so.
    pub person: Option<String>,
    /// Last day of the absence, where it has one.
    pub until: Option<NaiveDate>,
}

/// What happened to a document, as far as a mail may tell; empty in a first notice of a document that
/// replaces none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct News {
    /// Whether the document holds.
    pub standing: Standing,
    /// Why its sender took it back or changed it, in the sender's words.
    pub reason: Option<String>,
    /// What differs from the content the cell was told of before.
    pub edits: Vec<Edit>,
    /// Whether nothing is asked anew: the change only informs.
    pub retouched: bool,
    /// The documents it took the place of.
    pub replaces: Vec<Facts>,
    /// The documents that took its place.
    pub replaced_by: Vec<Facts>,
}

impl Letter {
    /// Every link by which its reader can answer; no other stands in it.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let items = self.digest.iter().flat_map(|digest| &digest.items);
        self.link.as_deref().into_iter().chain(items.map(|item| item.link.as_str()))
    }
}

/// Everything a mail says. The mail adapter renders it; nothing else reaches a mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Letter {
    /// The notice.
    pub notice: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// How often this recipient has been written to about it, from 1 for the first notice.
    pub times: u32,
    /// Planned Message-ID, without angle brackets.
    pub message_id: String,
    /// Thread root, without angle brackets; an escalation is its own.
    pub thread: String,
    /// The subject line without `Re: `, frozen for the life of the thread ([`super::thread::topic`]).
    pub topic: String,
    /// The instant in the head of `Thread-Index`, frozen likewise.
    pub started: DateTime<Utc>,
    /// Message-ID of the thread's first mail, which this one answers; `None` in the first itself.
    pub first: Option<String>,
    /// The language of its reader.
    pub language: Language,
    /// The one address it goes to.
    pub to: String,
    /// Name of the unit written to.
    pub unit_name: String,
    /// Code of the unit written to.
    pub unit: UnitId,
    /// The document.
    pub facts: Facts,
    /// The tasks the cell still owes, in the order of the plan; empty where the document asks for one
    /// thing. Role, dues and the like below then sum up those the letter is about.
    pub tasks: Vec<LetterTask>,
    /// Tasks of an earlier revision that are no longer asked.
    pub dropped: Vec<String>,
    /// What happened to the document.
    pub news: News,
    /// Role of the cell.
    pub role: Role,
    /// What it still owes.
    pub owes: Vec<Owed>,
    /// The rules that chose it.
    pub rule_names: Vec<String>,
    /// By when to acknowledge.
    pub acknowledge_due: Option<DateTime<Utc>>,
    /// By when to be done.
    pub due: Option<DateTime<Utc>>,
    /// The due instant that the subject line names where nothing is frozen yet: the nearest of all tasks, done
    /// or not.
    pub topic_due: Option<DateTime<Utc>>,
    /// How the due instant came about.
    pub due_why: Option<DueWhy>,
    /// Working days left; negative when past; `None` without a due instant.
    pub days_left: Option<i32>,
    /// The acknowledgement link, complete; `None` for escalations and withdrawals.
    pub link: Option<String>,
    /// What to type when the page asks; shown in the mail, never on the page.
    pub challenge: Option<String>,
    /// What it is among the mails of its ladder; `None` in a mail of no ladder.
    pub measure: Option<Measure>,
    /// For escalations: the cells it is about.
    pub laggards: Vec<Laggard>,
    /// For digests: everything that is open. Document and dues above then say nothing.
    pub digest: Option<Digest>,
    /// What the reader's calendar learns: the dues of what it is about.
    pub appointments: Vec<Appointment>,
    /// For escalations about several documents: those but the first.
    pub others: Vec<Matter>,
    /// What it has to say about an answer of the cell, beside what is asked.
    pub reply: Option<Reply>,
    /// The unit that had the work before it ended, by name.
    pub taken_over_from: Option<String>,
    /// Where the reader deputises: for whom and until when.
    pub instead_of: Option<InsteadOf>,
    /// When it was written; the Date header.
    pub written: DateTime<Utc>,
}
