//! History: read what a document's page and `show` tell beside its newest content.

use super::ports::{Reader, StoreError};
use crate::domain::ids::DocumentId;
use crate::domain::operation::{Change, Delivery, History, Related};

/// Reads the history of a document.
///
/// # Errors
/// The register's.
pub async fn history(reader: &dyn Reader, id: DocumentId) -> Result<History, StoreError> {
    let revisions = reader.revisions(id).await?;
    let standing = revisions.last().map(|newest| newest.standing).unwrap_or_default();
    let mut changes = Vec::new();
    for stored in revisions.into_iter().skip(1) {
        let kept = reader.edits(stored.id).await?;
        changes.push(Change {
            revision: stored.number,
            at: stored.registered,
            reason: stored.document.exchange.reason,
            operation: stored.document.operation,
            retouched: kept.as_ref().is_some_and(|kept| kept.retouched),
            edits: kept.map(|kept| kept.edits).unwrap_or_default(),
        });
    }
    let (replaces, replaced_by) = related(reader, id).await?;
    let origins = reader.origins(id).await?.into_iter().map(Delivery::from).collect();
    Ok(History { standing, origins, replaces, replaced_by, changes })
}

/// What a document took the place of, and what took its.
async fn related(reader: &dyn Reader, id: DocumentId) -> Result<(Vec<Related>, Vec<Related>), StoreError> {
    let (mut replaces, mut replaced_by) = (Vec::new(), Vec::new());
    for replacement in reader.replacements(id).await? {
        let is_new = replacement.new == id;
        let other = if is_new { replacement.old } else { replacement.new };
        let Some(newest) = reader.revisions(other).await?.pop() else { continue };
        let (symbol, subject) = (newest.document.symbol, newest.document.subject);
        let related = Related { id: other, symbol, subject };
        if is_new { replaces.push(related) } else { replaced_by.push(related) }
    }
    Ok((replaces, replaced_by))
}
