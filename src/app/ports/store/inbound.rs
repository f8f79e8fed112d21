//! Mail that came back, as the register keeps it: messages, what reports proved, the health of mailboxes, and
//! how far the mailbox for answers was read.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoreError;
use crate::domain::ids::{DocumentId, NoticeId, ObligationId, UnitId};
use crate::domain::inbound::StatusCode;
use crate::domain::mailbox::Record;
use crate::domain::notice::NoticeKey;

/// What a message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InboundKind {
    /// An answer of a cell that counts.
    Answer,
    /// Words for people.
    Message,
    /// A machine's answer, which changes nothing.
    Automatic,
    /// A report of delivery that proves something about a mail of ours.
    Report,
    /// It could not be read within the cage.
    Unreadable,
}

impl InboundKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Answer, Self::Message, Self::Automatic, Self::Report, Self::Unreadable];

    /// The word in SQL, metrics, CLI and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Message => "message",
            Self::Automatic => "automatic",
            Self::Report => "report",
            Self::Unreadable => "unreadable",
        }
    }

    /// The kind behind a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A place in a mailbox that is read over IMAP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `user@host/folder`
    pub inbox: String,
    /// UIDVALIDITY of the folder.
    pub validity: u32,
    /// UID of the message.
    pub uid: u32,
}

/// A message to keep.
#[derive(Debug, Clone)]
pub struct NewInbound {
    /// Tells it from every other, wherever it lies: 64 hex digits.
    pub identity: String,
    /// Where it lay.
    pub place: Place,
    /// What it came to.
    pub kind: InboundKind,
    /// Why, a word or two for staff and logs; no text of the message.
    pub because: String,
    /// The document it is about.
    pub document: Option<DocumentId>,
    /// The unit it is from, or that a report is about.
    pub unit: Option<UnitId>,
    /// The notice it answers.
    pub notice: Option<NoticeId>,
    /// Who wrote it.
    pub sender: Option<String>,
    /// Its own words, where people are to read them; forgotten after a while.
    pub text: Option<String>,
    /// Its first bytes; forgotten after a while.
    pub raw: Option<Vec<u8>>,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// A message as staff see it.
#[derive(Debug, Clone, Serialize)]
pub struct InboundRow {
    /// Its number.
    pub id: i64,
    /// What it came to.
    pub kind: InboundKind,
    /// Why.
    pub because: String,
    /// The document it is about.
    pub document: Option<DocumentId>,
    /// The unit it is from.
    pub unit: Option<UnitId>,
    /// The notice it answers.
    pub notice: Option<NoticeId>,
    /// Who wrote it; `None` once it is forgotten.
    pub sender: Option<String>,
    /// Its own words; `None` once they are forgotten.
    pub text: Option<String>,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// How reading a mailbox goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxState {
    /// `user@host/folder`
    pub inbox: String,
    /// UIDVALIDITY that [`InboxState::uid`] belongs to.
    pub validity: u32,
    /// Every message up to this one was dealt with.
    pub uid: u32,
    /// When it was last read to the end.
    pub good: Option<DateTime<Utc>>,
    /// Since when it cannot be read.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why; `None` when all is well.
    pub error: Option<String>,
}

/// A notice that may have reached a mailbox, as far as answers and reports go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its number.
    pub id: NoticeId,
    /// The document.
    pub document: DocumentId,
    /// Revision, unit, kind, step and address.
    pub key: NoticeKey,
    /// As in [`NewNotice::about`](super::NewNotice).
    pub about: Vec<(ObligationId, u16)>,
}

/// Proof that a notice, which a server took, did not arrive.
#[derive(Debug, Clone)]
pub struct Bounce {
    /// The notice.
    pub notice: NoticeId,
    /// What the last server said.
    pub status: StatusCode,
    /// The same in words, one line.
    pub reason: String,
    /// When it was read.
    pub at: DateTime<Utc>,
}

/// Mail that came back, inside a write.
#[async_trait]
pub trait InboundTx {
    /// Whether a message was dealt with, wherever it lay.
    async fn knows_mail(&mut self, identity: &str) -> Result<bool, StoreError>;

    /// Keeps a message; its number.
    async fn keep_mail(&mut self, mail: &NewInbound) -> Result<i64, StoreError>;

    /// Records how reading a mailbox goes.
    async fn save_inbox(&mut self, state: &InboxState) -> Result<(), StoreError>;

    /// Records that a message was put away, so that nobody looks for it any more.
    async fn put_away(&mut self, place: &Place) -> Result<(), StoreError>;

    /// Notices that may have left, by their Message-IDs, in the order of these.
    async fn written(&mut self, message_ids: &[String]) -> Result<Vec<Written>, StoreError>;

    /// The addresses that the same step was sent to, or is to be, lower case.
    async fn addressed(&mut self, key: &NoticeKey) -> Result<BTreeSet<String>, StoreError>;

    /// Records that a notice did not arrive; `false` if that is known.
    async fn bounce(&mut self, bounce: &Bounce) -> Result<bool, StoreError>;

    /// What is known of an address.
    async fn mailbox(&mut self, address: &str) -> Result<Option<Record>, StoreError>;

    /// Keeps what is known of an address.
    async fn save_mailbox(&mut self, record: &Record) -> Result<(), StoreError>;

    /// The addresses that no mail is sent to, lower case.
    async fn dead(&mut self) -> Result<BTreeSet<String>, StoreError>;

    /// Mailboxes that were failing, and to which mails left between their last report and `before` of which none
    /// came back.
    async fn recovered(&mut self, before: DateTime<Utc>) -> Result<Vec<Record>, StoreError>;

    /// Forgets sender, words and bytes of messages read before an instant; how many.
    async fn forget_mail(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}

/// Mail that came back, to read.
#[async_trait]
pub trait InboundReader {
    /// How reading a mailbox goes; `None` before the first time.
    async fn inbox(&self, inbox: &str) -> Result<Option<InboxState>, StoreError>;

    /// Every mailbox that was ever read.
    async fn inboxes(&self) -> Result<Vec<InboxState>, StoreError>;

    /// Messages of a folder that were dealt with and not put away yet, by UID.
    async fn left_behind(&self, inbox: &str, validity: u32) -> Result<Vec<u32>, StoreError>;

    /// One message.
    async fn message(&self, id: i64) -> Result<Option<InboundRow>, StoreError>;

    /// The messages about a document, oldest first.
    async fn messages(&self, document: DocumentId) -> Result<Vec<InboundRow>, StoreError>;

    /// How many messages came to what.
    async fn inbound_tally(&self) -> Result<Vec<(InboundKind, u64)>, StoreError>;

    /// Mailboxes of which anything was ever reported, dead ones first, then by address.
    async fn mailboxes(&self) -> Result<Vec<Record>, StoreError>;
}
