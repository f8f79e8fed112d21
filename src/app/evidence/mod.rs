//! Evidence: read all that the register can prove about one directive, as files that a stranger can check.

mod facts;
mod proof;

pub use proof::exported;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::explain;
use super::office::Office;
use super::ports::{
    AcceptanceKind, AcceptanceRow, Files, FilesError, HoldKind, Reader, StoreError, StoredRevision,
};
use crate::domain::chain::Head;
use crate::domain::document::Document;
use crate::domain::edition::{Edition, short};
use crate::domain::ids::DocumentId;

/// Why there is no evidence to give.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// There is no such document.
    #[error("sổ không có văn bản #{0}")]
    Unknown(DocumentId),
    /// What came about it may be secret.
    #[error(
        "văn bản #{0} có bản bị giữ lại vì dấu mật hoặc không rõ độ mật; không xuất gì, hãy xem trong hệ thống nguồn"
    )]
    Secret(DocumentId),
    /// The journal is not what was written.
    #[error("nhật ký không còn nguyên ở dòng {0}; không xuất bằng chứng. Hãy chạy `vanthu journal verify`")]
    Broken(i64),
    /// The contents of an attachment cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// An attachment is not what was kept.
    #[error("tệp đính kèm {0} trong kho tệp không như lúc nhận; không xuất bằng chứng")]
    File(String),
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// Its path, with `/`, of letters, digits, `.`, `-` and `_` alone.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// What a bundle is about, and its files.
#[derive(Debug)]
pub struct Bundle {
    /// The document.
    pub document: DocumentId,
    /// Its newest content.
    pub content: Document,
    /// The end of the journal's chain that the bundle leads to.
    pub head: Head,
    /// Rows of the journal about it.
    pub rows: u64,
    /// Its files, without manifest and explanation.
    pub files: Vec<BundleFile>,
}

/// Gathers all about a document. Addresses and agents of those who pressed links are left out, because they tell of
/// persons; the files of units and templates too, because they hold addresses of others.
///
/// # Errors
/// [`EvidenceError`]; a document of which anything was withheld gives nothing at all.
pub async fn gather(
    store: &dyn Reader,
    (office, files): (&Office, &dyn Files),
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<Bundle, EvidenceError> {
    let row = store.document(id, now).await?.ok_or(EvidenceError::Unknown(id))?;
    require_open(store, id).await?;
    let proof = proof::of(store, id).await?;
    let revisions = store.revisions(id).await?;
    let editions = Editions::read(store).await?;
    let mut bundle = Bundle {
        document: id,
        content: row.document.clone(),
        head: proof.head,
        rows: proof.rows,
        files: vec![file("journal.jsonl", proof.journal), file("chain.txt", proof.chain)],
    };
    let mut listed = Vec::with_capacity(revisions.len());
    for revision in &revisions {
        listed.push(bundle.add_revision(store, (office, files), revision, &editions).await?);
    }
    editions.add_to(store, &revisions, &mut bundle).await?;
    let origins = store.origins(id).await?;
    let origins: Vec<_> = origins
        .iter()
        .map(|origin| json!({"source": origin.content.source, "external_id": origin.content.external_id, "at": origin.seen}))
        .collect();
    let document = json!({
        "id": id, "source": row.source, "external_id": row.external_id, "symbol": row.document.symbol,
        "subject": row.document.subject, "registered": row.registered, "standing": row.standing,
        "origins": origins, "replacements": store.replacements(id).await?, "revisions": listed,
        "receipts": store.receipts(id).await?, "heard": store.heard(id).await?,
    });
    bundle.files.push(file("document.json", pretty(&document)?));
    facts::add(store, office, id, &mut bundle.files).await?;
    bundle.files.sort_by(|a, b| a.path.cmp(&b.path));
    bundle.files.dedup();
    Ok(bundle)
}

/// Nothing of it may have been withheld, by whichever way it came.
async fn require_open(store: &dyn Reader, id: DocumentId) -> Result<(), EvidenceError> {
    let origins = store.origins(id).await?;
    let holds = store.holds(false).await?;
    let secret = holds.iter().filter(|hold| hold.kind == HoldKind::Secret).any(|hold| {
        hold.document == Some(id)
            || origins.iter().any(|origin| {
                origin.content.source == hold.source && origin.content.external_id == hold.external_id
            })
    });
    if secret { Err(EvidenceError::Secret(id)) } else { Ok(()) }
}

impl Bundle {
    /// What came, what was read of it, and why it was routed as it was; how it stands in the list.
    async fn add_revision(
        &mut self,
        store: &dyn Reader,
        (office, files): (&Office, &dyn Files),
        revision: &StoredRevision,
        editions: &Editions,
    ) -> Result<Value, EvidenceError> {
        let folder = format!("revisions/{}", revision.number);
        if let Some(raw) = store.raw(revision.id).await? {
            self.files.push(file(&format!("{folder}/raw.bin"), raw));
        }
        self.files.push(file(&format!("{folder}/document.json"), pretty(&revision.document)?));
        if let Some(trace) = explain::whole_trace(revision, office) {
            self.files.push(file(&format!("{folder}/trace.json"), trace.into_bytes()));
        }
        for attachment in &revision.document.attachments {
            let Some(stored) = &attachment.stored else { continue };
            let mut content = Vec::new();
            let read = files.open(&stored.id)?.read_to_end(&mut content);
            if read.is_err() || crate::domain::chain::sha256(&[&content]) != stored.sha256 {
                return Err(EvidenceError::File(stored.id.to_string()));
            }
            self.files.push(file(&format!("attachments/{}", stored.sha256), content));
        }
        let edition = editions.at(revision.registered).map(|row| &row.edition);
        Ok(json!({
            "number": revision.number, "registered": revision.registered, "asked": revision.asked,
            "edition": edition,
        }))
    }
}

/// The editions of the office's files that came into force, newest first.
struct Editions(Vec<AcceptanceRow>);

impl Editions {
    async fn read(store: &dyn Reader) -> Result<Self, StoreError> {
        Ok(Self(store.acceptances(Some(AcceptanceKind::Accepted), 0).await?))
    }

    /// The one that was in force.
    fn at(&self, instant: DateTime<Utc>) -> Option<&AcceptanceRow> {
        self.0.iter().find(|row| row.at <= instant)
    }

    /// Rules and calendars of every edition that was in force when a revision came.
    async fn add_to(
        &self,
        store: &dyn Reader,
        revisions: &[StoredRevision],
        bundle: &mut Bundle,
    ) -> Result<(), EvidenceError> {
        let mut names: Vec<_> = revisions
            .iter()
            .filter_map(|revision| self.at(revision.registered))
            .map(|row| &row.edition)
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            let Some(edition) = store.edition(name).await? else { continue };
            bundle.files.extend(decisive(&edition));
        }
        Ok(())
    }
}

/// What of an edition decided: rules and calendars.
fn decisive(edition: &Edition) -> impl Iterator<Item = BundleFile> {
    let decides = |path: &str| ["rules.d/", "calendar/"].iter().any(|folder| path.starts_with(folder));
    let of = edition.files().iter().filter(move |file| decides(&file.path));
    of.map(|text| {
        file(&format!("edition/{}/{}", short(edition.hash()), text.path), text.text.clone().into_bytes())
    })
}

/// A file whose path is what [`BundleFile::path`] says, whatever the office calls its own.
fn file(path: &str, content: Vec<u8>) -> BundleFile {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let path = path.chars().map(|c| if plain(c) { c } else { '_' }).collect::<String>().replace("..", "__");
    BundleFile { path, content }
}

/// JSON that people can read.
fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec_pretty(value).map_err(|error| StoreError::Engine(error.to_string()))
}

/// One JSON object a line.
fn lines(rows: impl IntoIterator<Item = Value>) -> Vec<u8> {
    rows.into_iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}
