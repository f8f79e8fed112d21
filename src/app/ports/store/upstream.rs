//! What a source shows of the documents it delivered: who has looked at them, what it no longer has, what it
//! calls overdue. Kept beside what the register says, and never in its place.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::StoreError;
use crate::app::ports::Span;
use crate::domain::ids::{DocumentId, ExternalId, SourceId, UnitId};
use crate::domain::receipt::Times;

/// A document with open work whose readers are worth asking for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The document.
    pub document: DocumentId,
    /// Its id in the source.
    pub external_id: ExternalId,
}

/// What a source was told to say of the receivers of a document.
#[derive(Debug, Clone)]
pub struct ReceiptLook {
    /// The document.
    pub document: DocumentId,
    /// The source.
    pub source: SourceId,
    /// What is known of its cells now, whole.
    pub cells: BTreeMap<UnitId, Times>,
    /// How many receivers the source names.
    pub receivers: u64,
    /// How many of them are no cell of ours.
    pub unmatched: u64,
    /// When it was asked.
    pub at: DateTime<Utc>,
}

/// What a source shows of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellReceipt {
    /// The source.
    pub source: SourceId,
    /// The cell; `None` counts the receivers that are no cell of ours.
    pub cell: Option<UnitId>,
    /// When the directive arrived there and was looked at; of the count, when the source was asked.
    pub times: Times,
    /// How many receivers; of a cell 1.
    pub receivers: u64,
}

/// How source and register differ about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Differ {
    /// The source no longer has it.
    Missing,
    /// The source calls it due or overdue, and the register holds open work of it without a due date.
    Undated,
    /// The source calls it due or overdue, and in the register nobody owes anything any more.
    Finished,
}

impl Differ {
    /// What people read.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::Missing => "không còn trên nguồn",
            Self::Undated => "nguồn ghi đến hạn hoặc quá hạn, trong sổ còn việc chưa có hạn",
            Self::Finished => "nguồn ghi đến hạn hoặc quá hạn, trong sổ không còn ai phải làm",
        }
    }
}

/// A difference between a source and the register, found by the nightly comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The document.
    pub document: DocumentId,
    /// Its symbol.
    pub symbol: String,
    /// The source.
    pub source: SourceId,
    /// Its id there.
    pub external_id: ExternalId,
    /// How they differ.
    pub differ: Differ,
    /// Since which comparison.
    pub since: DateTime<Utc>,
}

/// What a source shows, inside a write.
#[async_trait]
pub trait UpstreamTx {
    /// What is known of the cells of a document from a source.
    async fn receipts_of(
        &mut self,
        document: DocumentId,
        source: &SourceId,
    ) -> Result<BTreeMap<UnitId, Times>, StoreError>;

    /// Keeps what a source showed of a document's receivers; an instant that is known stays as it is.
    async fn keep_receipts(&mut self, look: &ReceiptLook) -> Result<(), StoreError>;

    /// Notes what a comparison that began at `walk` found, and whether as overdue.
    async fn note_found(
        &mut self,
        source: &SourceId,
        walk: DateTime<Utc>,
        found: &[(ExternalId, bool)],
    ) -> Result<(), StoreError>;

    /// Concludes a comparison that went through to its end: what the register has from the source, issued
    /// well within the span, and what was not found, is missing; what is no longer called overdue is not overdue.
    async fn conclude_compare(
        &mut self,
        source: &SourceId,
        walk: DateTime<Utc>,
        span: Span,
    ) -> Result<(), StoreError>;
}
