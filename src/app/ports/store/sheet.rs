//! The sheet of a cell: all that its page shows and its answers are judged by, read at once.

use chrono::{DateTime, Utc};

use super::{AnswerRecord, KeptEdits, RequestRow};
use crate::domain::document::Document;
use crate::domain::obligation::{Duty, Obligation};
use crate::domain::operation::Standing;

/// What one cell is asked under one revision of a document, and what is known of it, as of one instant.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What is asked, oldest first, each with its duty; at least one.
    pub rows: Vec<(Obligation, Duty)>,
    /// What was answered to any of them, oldest first.
    pub answers: Vec<AnswerRecord>,
    /// What was asked of staff about any of them, oldest first.
    pub requests: Vec<RequestRow>,
    /// When the newest mail that told of the first of them was accepted by a server.
    pub sent: Option<DateTime<Utc>>,
    /// Number of the revision within its document, from 1.
    pub number: u32,
    /// Content of the revision.
    pub document: Document,
    /// Whether its document holds.
    pub standing: Standing,
    /// What differs from the revision before; none of a first one.
    pub edits: Option<KeptEdits>,
}
