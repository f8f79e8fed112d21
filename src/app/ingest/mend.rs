//! Mend: what could not be read was put right where it came from, and comes under another id. Its hold closes by
//! itself, once what replaces it is in the register.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Poll;
use crate::app::ports::{HoldKind, HoldRow, JournalEntry, JournalKind, Listed, Source, Store, StoreError};
use crate::domain::ids::{ExternalId, HoldId};

/// Closes the holds of what the rows of a page were before they were mended.
pub(super) async fn close(
    poll: &Poll<'_>,
    source: &dyn Source,
    rows: &[Listed],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ours = |hold: &HoldRow| hold.kind == HoldKind::Broken && hold.source == *source.id();
    let held = poll.store.holds(true).await?.into_iter().filter(ours);
    let held: BTreeMap<ExternalId, HoldId> = held.map(|hold| (hold.external_id, hold.id)).collect();
    if held.is_empty() {
        return Ok(());
    }
    for row in rows {
        for hold in source.formerly(row).iter().filter_map(|id| held.get(id)) {
            mended(poll.store, source, row, *hold, now).await?;
        }
    }
    Ok(())
}

async fn mended(
    store: &dyn Store,
    source: &dyn Source,
    row: &Listed,
    hold: HoldId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let Some(origin) = tx.origin(source.id(), &row.external_id).await? else { return Ok(()) };
    if !tx.release_hold(hold, now).await? {
        return Ok(());
    }
    let detail = json!({
        "hold": hold, "kind": HoldKind::Broken.as_str(), "external_id": row.external_id,
        "reason": "đã đọc được sau khi sửa ở nơi gửi",
    });
    let (kind, document) = (JournalKind::Released, Some(origin.document));
    tx.append(&[JournalEntry { at: now, kind, document, obligation: None, detail }]).await?;
    tx.commit().await
}
