//! How mails leave: conversations, recent mails, and those kept back because of where they would go.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Claimed, StoreError};
use crate::domain::ids::{DocumentId, NoticeId, UnitId};
use crate::domain::sending::SafeList;
use crate::domain::thread::Thread;

/// A conversation that its first mail opened; one that is known keeps what it was opened with.
#[derive(Debug, Clone)]
pub struct NewThread {
    /// The document.
    pub document: DocumentId,
    /// The unit written to.
    pub unit: UnitId,
    /// The address.
    pub mailbox: String,
    /// What is frozen.
    pub thread: Thread,
}

/// What the post reads.
#[async_trait]
pub trait SendingReader: Send + Sync {
    /// The conversation about a document with a mailbox of a unit; `None` before its first mail.
    async fn thread(
        &self,
        document: DocumentId,
        unit: &UnitId,
        mailbox: &str,
    ) -> Result<Option<Thread>, StoreError>;

    /// The mails accepted since, by address and time, oldest first.
    async fn sent_since(&self, since: DateTime<Utc>) -> Result<Vec<(String, DateTime<Utc>)>, StoreError>;

    /// A notice as its letter needs it, whoever has claimed it and wherever it stands; for looking only.
    async fn as_claimed(&self, id: NoticeId) -> Result<Option<Claimed>, StoreError>;
}

/// What the post writes.
#[async_trait]
pub trait SendingTx {
    /// Keeps conversations.
    async fn keep_threads(&mut self, threads: &[NewThread]) -> Result<(), StoreError>;

    /// Notes that held notices are held because of their domain.
    async fn keep_outside(&mut self, notices: &[(NoticeId, String)]) -> Result<(), StoreError>;

    /// Adds to what is said of the mails about a document that are held because of their unit's domain: a person has
    /// seen to it. They stay held. Returns how many there are.
    async fn explain_outside(
        &mut self,
        document: DocumentId,
        unit: &UnitId,
        words: &str,
    ) -> Result<u64, StoreError>;

    /// Puts those back into the queue that the list admits now; returns how many.
    async fn admit(&mut self, safe: &SafeList, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
