//! Notices: to enqueue, to claim, to settle, to show.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::ids::{DocumentId, NoticeId, ObligationId, RevisionId, UnitId};
use crate::domain::notice::{Delivery, NoticeKey, NoticeKind};
use crate::domain::obligation::Obligation;

/// A notice to enqueue; a second one with the same key is dropped silently.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Its key.
    pub key: NoticeKey,
    /// Planned Message-ID.
    pub message_id: String,
    /// Not to be sent before.
    pub send_at: DateTime<Utc>,
    /// Lower goes first.
    pub priority: u8,
    /// The obligations it is about, each with the ladder step that was taken; empty where it is about
    /// everything the unit is asked.
    pub about: Vec<(ObligationId, u16)>,
}

/// Asks for notices to send.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// Who asks.
    pub instance: String,
    /// Now.
    pub now: DateTime<Utc>,
    /// Until when the claim holds.
    pub lease_until: DateTime<Utc>,
    /// At most so many.
    pub limit: u32,
}

/// A claimed notice with what is needed to write the letter.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: NoticeId,
    /// The claim's epoch; an outcome with an older one is not recorded.
    pub epoch: i64,
    /// Its key.
    pub key: NoticeKey,
    /// The document.
    pub document: DocumentId,
    /// Planned Message-ID.
    pub message_id: String,
    /// Tries so far, this one not counted.
    pub tries: u32,
    /// Number of notices about this document already sent to this mailbox.
    pub sent_before: u32,
    /// As in [`NewNotice::about`].
    pub about: Vec<(ObligationId, u16)>,
    /// Since when it may have been accepted without our knowing; `None` where nothing speaks for it.
    pub doubtful: Option<DateTime<Utc>>,
    /// The obligations of the unit under that revision, where the unit is itself a cell, oldest first.
    pub obligations: Vec<Obligation>,
}

/// What to record about a claimed notice.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The notice.
    pub id: NoticeId,
    /// The epoch it was claimed with.
    pub epoch: i64,
    /// What became of it.
    pub settled: Settled,
}

/// What became of a claimed notice.
#[derive(Debug, Clone)]
pub enum Settled {
    /// Accepted, with the server's reply.
    Sent {
        /// The server's reply.
        reply: String,
    },
    /// To be tried again at `at`.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// What happened.
        reason: String,
    },
    /// Given up; staff are told.
    Failed {
        /// What happened.
        reason: String,
    },
    /// May have been accepted; tried again at `at` with the same Message-ID.
    Ambiguous {
        /// When.
        at: DateTime<Utc>,
        /// What happened.
        reason: String,
    },
    /// May have been accepted, and was seen among the mails that were: sent, untried.
    Found {
        /// Where it was seen.
        evidence: String,
    },
    /// May have been accepted, and nobody can say yet: looked for again at `at`, untried.
    Doubted {
        /// When.
        at: DateTime<Utc>,
        /// What it waits for.
        reason: String,
    },
    /// Not wanted any more when its letter was written (the cell is done, the directive withdrawn).
    Dropped {
        /// Why.
        reason: String,
    },
    /// Handed back untried, because the instance stops.
    Released,
    /// Handed back untried, because it may not leave yet: quiet hours, or more would leave than may.
    Postponed {
        /// When it may.
        at: DateTime<Utc>,
        /// What it waits for.
        reason: String,
    },
    /// Kept back untried: the office does not write to its domain.
    Held {
        /// Why.
        reason: String,
    },
    /// Accepted for the address every mail goes to while the office tries things out: its own mailbox was
    /// not told.
    Diverted {
        /// Where it went, and the server's reply.
        reply: String,
    },
}

/// A notice in a list.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeRow {
    /// Its id.
    pub id: NoticeId,
    /// The document.
    pub document: DocumentId,
    /// The revision.
    pub revision: RevisionId,
    /// Unit written to.
    pub unit: UnitId,
    /// Kind.
    pub kind: NoticeKind,
    /// Step.
    pub step: String,
    /// Address.
    pub mailbox: String,
    /// Message-ID.
    pub message_id: String,
    /// Delivery state.
    pub delivery: Delivery,
    /// Not before.
    pub send_at: DateTime<Utc>,
    /// Tries so far.
    pub tries: u32,
    /// When it was accepted.
    pub sent_at: Option<DateTime<Utc>>,
    /// The server's last reply or the last failure.
    pub reply: Option<String>,
}

/// Which notices to list.
#[derive(Debug, Clone, Default)]
pub struct NoticeFilter {
    /// Only in this delivery state.
    pub delivery: Option<Delivery>,
    /// Only about this document.
    pub document: Option<DocumentId>,
    /// Only this one.
    pub id: Option<NoticeId>,
    /// At most so many, newest first; 0 means all.
    pub limit: u32,
}
