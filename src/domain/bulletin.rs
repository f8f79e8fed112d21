//! Bulletin: a mail to whoever looks after the office's files, about the files or about a source, and not
//! about a document.

use aws_lc_rs::hmac;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Wanting;
use super::edition::Impact;
use super::ids::{DocumentId, HoldId, ObligationId, RequestId, RuleId};
use super::language::Language;
use super::notice::signed_id;
use super::obligation::RespiteKind;
use super::tally::Report;
use super::watch::Concern;

/// What it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The files are broken.
    Broken {
        /// The findings as people read them.
        findings: String,
    },
    /// An edition waits for a person's word.
    Waiting {
        /// Its name, 64 hex digits.
        edition: String,
        /// What it changes.
        impact: Impact,
    },
    /// Something is odd about reading a source, or is so no longer.
    Source(SourceNews),
    /// Calendars of years that nobody has confirmed.
    Calendar(CalendarNews),
    /// A cell asks something of the office.
    Request(RequestNews),
    /// Cells keep correcting a rule.
    Hint(HintNews),
    /// Work that rests, and soon will not.
    Rest(RestNews),
    /// The table of a week, for the leadership.
    Weekly(WeeklyNews),
    /// A register that was put back, and holds back what would leave.
    Restoring(RestoringNews),
}

/// A register that was put back from an older copy and waits for a person, as told on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoringNews {
    /// The restoration's number.
    pub restoration: i64,
    /// What it was put back from.
    pub origin: String,
    /// When that copy was taken, where it is known.
    pub taken: Option<DateTime<Utc>>,
    /// When it was put back.
    pub restored: DateTime<Utc>,
    /// Who did it.
    pub author: String,
    /// For how many whole days it has waited.
    pub days: i64,
}

impl RestoringNews {
    /// What tells this news from others: it is told once a day.
    pub fn state(&self) -> String {
        format!("restoring|{}|{}", self.restored.timestamp_millis(), self.days)
    }
}

/// What a cell asks of the office, with all that is needed to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestNews {
    /// The request.
    pub request: RequestId,
    /// The hold under which it waits.
    pub hold: HoldId,
    /// Name of the cell.
    pub cell: String,
    /// Number and issuer of the document.
    pub document: String,
    /// The task of a plan.
    pub task: Option<String>,
    /// The due day that holds.
    pub due: Option<NaiveDate>,
    /// The day until which more time is asked for; absent where the cell says that it is not its work.
    pub until: Option<NaiveDate>,
    /// The cell whose work it is instead, by name, where the asking one knows.
    pub suggested: Option<String>,
    /// Why.
    pub reason: String,
    /// The link that decides. Made when the mail is sent and never kept: it is as good as the mail.
    #[serde(skip)]
    pub link: Option<String>,
    /// The digits to type there; made likewise.
    #[serde(skip)]
    pub code: Option<String>,
}

impl RequestNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        format!("request|{}", self.request)
    }
}

/// A rule that cells keep correcting, as told in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintNews {
    /// The month, `2026-11`.
    pub month: String,
    /// The rule.
    pub rule: RuleId,
    /// What it is called.
    pub name: String,
    /// How often within the last quarter.
    pub corrections: usize,
    /// By which cells, by name, each with how often.
    pub cells: Vec<(String, usize)>,
    /// Which cells were named instead, likewise.
    pub suggested: Vec<(String, usize)>,
}

impl HintNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        format!("hint|{}|{}", self.rule, self.month)
    }
}

/// Work that a person let rest, and that runs again after one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestNews {
    /// The last day of the rest.
    pub ends: NaiveDate,
    /// The rows.
    pub rests: Vec<RestLine>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestLine {
    /// The row.
    pub obligation: ObligationId,
    /// Its document.
    pub document: DocumentId,
    /// What rests.
    pub kind: RespiteKind,
    /// Name of the cell.
    pub cell: String,
    /// Number and issuer of the document.
    pub called: String,
    /// The task of a plan.
    pub task: Option<String>,
    /// The due day as it stands.
    pub due: Option<NaiveDate>,
    /// Who let it rest.
    pub author: String,
    /// Why.
    pub reason: String,
}

impl RestNews {
    /// What tells this news from others: each day is told once.
    pub fn state(&self) -> String {
        format!("rest|{}", self.ends)
    }
}

/// The table of a week, with the figures as they were when it was put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyNews {
    /// The morning it is of.
    pub day: NaiveDate,
    /// The figures; of the directives only the worst.
    pub report: Report,
}

impl WeeklyNews {
    /// What tells this week from others.
    pub fn state(&self) -> String {
        format!("weekly|{}", self.day)
    }
}

/// Calendars that wait for a person, as told in one month: it is told again every month until they are
/// confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarNews {
    /// The month, `2026-11`.
    pub month: String,
    /// The years.
    pub wanting: Vec<Wanting>,
}

impl CalendarNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        let years = self.wanting.iter().map(|one| format!("{}{:?}", one.year, one.standing));
        format!("calendar|{}|{}", self.month, years.collect::<Vec<_>>().join(","))
    }
}

/// What is odd about reading a source, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNews {
    /// The source.
    pub source: String,
    /// What, since when, and its figures.
    pub concern: Concern,
    /// Whether it is over.
    pub over: bool,
}

impl SourceNews {
    /// What tells this news from others.
    pub fn state(&self) -> String {
        let Self { source, concern, over } = self;
        format!("{source}|{}|{}|{over}", concern.odd.as_str(), concern.since.timestamp_millis())
    }
}

/// One mail to one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// Its number.
    pub id: i64,
    /// Planned Message-ID, without angle brackets; a repeat bears the same.
    pub message_id: String,
    /// The one address it goes to.
    pub to: String,
    /// The language of whoever reads there; decided when it is sent.
    pub language: Language,
    /// What it tells.
    pub news: News,
    /// Who wrote the files; empty in news of a source.
    pub author: String,
    /// The edition in force meanwhile, 64 hex digits; empty in news of a source.
    pub force: String,
    /// When the files were looked at, or the source was judged; the Date header.
    pub at: DateTime<Utc>,
}

/// A planned Message-ID without angle brackets; `state` tells the state of the files from others.
pub fn message_id(state: &str, mailbox: &str, secret: &hmac::Key, domain: &str) -> String {
    signed_id(&format!("bulletin|{state}|{mailbox}"), secret, domain)
}
