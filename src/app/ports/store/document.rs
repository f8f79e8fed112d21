//! Documents and revisions as the register keeps them, and the counts over them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ExternalId, RevisionId, SourceId, UnitId};
use crate::domain::obligation::State;
use crate::domain::operation::Standing;

/// Facts of the register itself.
#[derive(Debug, Clone)]
pub struct Meta {
    /// Random secret made with the register; keys Message-IDs for its whole life. 32 bytes.
    pub secret: Vec<u8>,
    /// Schema version, the number of the last migration.
    pub schema: i64,
}

/// What the register knows of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its number.
    pub id: DocumentId,
    /// Its newest revision.
    pub revision: RevisionId,
    /// That revision's number, from 1.
    pub number: u32,
    /// That revision's content hash.
    pub fingerprint: String,
}

/// A stored revision.
#[derive(Debug, Clone)]
pub struct StoredRevision {
    /// Its id.
    pub id: RevisionId,
    /// The document.
    pub document_id: DocumentId,
    /// Number within the document, from 1.
    pub number: u32,
    /// Its content.
    pub document: Document,
    /// When it was registered.
    pub registered: DateTime<Utc>,
    /// The instant its dues count from: when it was registered, or the earlier revision that it only retouches.
    pub asked: DateTime<Utc>,
    /// Whether its document holds.
    pub standing: Standing,
    /// The routing trace as JSON, as it was.
    pub trace: Option<String>,
}

/// A document as it was when it was routed, to be routed again.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// Its number.
    pub document_id: DocumentId,
    /// Its newest revision.
    pub revision: RevisionId,
    /// That revision's content.
    pub document: Document,
    /// When that revision was registered.
    pub registered: DateTime<Utc>,
    /// The instant its dues count from, as in [`StoredRevision::asked`].
    pub asked: DateTime<Utc>,
    /// Its routing trace as JSON, as it was.
    pub trace: Option<String>,
    /// Whether it waits for staff because no rule gave it to cells.
    pub held: bool,
}

/// A document in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentRow {
    /// Its number.
    pub id: DocumentId,
    /// Newest revision.
    pub revision: RevisionId,
    /// Source.
    pub source: SourceId,
    /// Id there.
    pub external_id: ExternalId,
    /// Content of the newest revision.
    pub document: Document,
    /// When it was first registered.
    pub registered: DateTime<Utc>,
    /// Whether it holds.
    pub standing: Standing,
    /// Obligations by state, of the newest revision.
    pub tally: Vec<(State, u64)>,
    /// How many different cells they are of; fewer than obligations where a plan asks for several tasks.
    pub cells: u64,
    /// Earliest due instant among live obligations.
    pub due: Option<DateTime<Utc>>,
    /// Live obligations past their due instant whose cell was reached.
    pub late: u64,
}

/// One line of the tally: how many obligations of a cell stand how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// The cell.
    pub cell: UnitId,
    /// The state.
    pub state: State,
    /// Whether live and past an effective due instant with the cell reached.
    pub late: bool,
    /// Whether no notice ever reached the cell.
    pub unreached: bool,
    /// How many.
    pub count: u64,
}
