//! The rows of the journal about one document, and the proof that they lie in its chain: the leaves of all rows from the
//! first of them to the end, which say nothing of other documents.

use serde_json::{Value, json};

use super::EvidenceError;
use crate::app::ports::{Reader, StoreError};
use crate::domain::chain::{BEGINNING, Form, Head, Link};
use crate::domain::ids::DocumentId;

/// Rows read at once.
const STRIDE: u32 = 4000;

/// Rows and proof.
pub(super) struct Proof {
    /// One JSON object a line: the six parts, the detail as a text, and the hash.
    pub(super) journal: Vec<u8>,
    /// `FIRST PREVIOUS-HASH`, then for each row from the first on its leaf; `=HASH` for one from before there were leaves.
    pub(super) chain: Vec<u8>,
    /// Rows about the document.
    pub(super) rows: u64,
    /// The end of the chain.
    pub(super) head: Head,
}

/// Rows and proof of a document.
///
/// # Errors
/// [`EvidenceError::Broken`] where the chain does not hold.
pub(super) async fn of(store: &dyn Reader, id: DocumentId) -> Result<Proof, EvidenceError> {
    let first = store.journal(Some(id), 0, 1).await?.first().map_or(1, |row| row.number);
    let mut head = match store.links(first - 2, 1).await?.first() {
        Some(before) if first > 1 => {
            Head { rows: before.number, hash: String::from_utf8_lossy(&before.hash).into_owned() }
        }
        _ => Head { rows: 0, hash: BEGINNING.to_owned() },
    };
    let mut chain = format!("{} {}\n", head.rows + 1, head.hash);
    let (mut journal, mut rows) = (String::new(), 0);
    loop {
        let links = store.links(head.rows, STRIDE).await?;
        if links.is_empty() {
            return Ok(Proof { journal: journal.into_bytes(), chain: chain.into_bytes(), rows, head });
        }
        for link in &links {
            let number = head.rows + 1;
            let form = link.form_after(&head.hash).filter(|_| link.number == number);
            let form = form.ok_or(EvidenceError::Broken(number))?;
            let hash = String::from_utf8_lossy(&link.hash).into_owned();
            match form {
                Form::Leaf => chain += &link.leaf(),
                Form::Text => chain += &format!("={hash}"),
            }
            chain.push('\n');
            if link.document == Some(id.0) {
                journal += &format!("{}\n", exported(link)?);
                rows += 1;
            }
            head = Head { rows: number, hash };
        }
    }
}

/// A row of the journal as it leaves the register: the parts that its hash is made of, the detail as a text.
///
/// # Errors
/// [`StoreError::Inconsistent`] for one that is no text.
pub fn exported(link: &Link) -> Result<Value, StoreError> {
    let bad = |column| StoreError::Inconsistent { table: "journal", column, key: link.number.to_string() };
    let text = |bytes: &[u8], column| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| bad(column));
    Ok(json!({
        "number": link.number, "at": link.at, "kind": text(&link.kind, "kind")?, "document": link.document,
        "obligation": link.obligation, "detail": text(&link.detail, "detail")?, "hash": text(&link.hash, "hash")?,
    }))
}
