//! Work that nobody bears: it stays open where it is, and staff see a hold that says why.

use serde_json::json;

use super::Reorganisation;
use crate::app::ports::{HoldKind, JournalEntry, JournalKind, NewHold, StoreError, Tx};
use crate::domain::ids::{DocumentId, UnitId};
use crate::domain::obligation::Obligation;
use crate::domain::unit::Unit;

/// A directive and the cell whose work on it is held.
pub(super) type Kept = (DocumentId, UnitId);

/// Why nobody bears the work of `cell`, for staff.
pub(super) fn undecided(
    parts: &Reorganisation<'_>,
    cell: &UnitId,
    last: Option<&Unit>,
    among: &[&Unit],
) -> String {
    let today = parts.office.calendar.date_of(parts.now);
    let Some(last) = last else {
        return format!("tệp tổ chức không còn mã `{cell}`; khai lại tổ chức này với `until` và `successor`");
    };
    let name = last.name_on(today);
    if last.valid.covers(today) {
        return format!("việc thuộc về {name}, nơi này không phải chi bộ; chọn chi bộ tiếp nhận");
    }
    let ended = last.valid.until.map(|day| format!(" ngày {}", day.format("%d/%m/%Y"))).unwrap_or_default();
    let names: Vec<_> = among.iter().map(|unit| unit.name_on(today)).collect();
    match names.as_slice() {
        [] => {
            format!("{name} đã kết thúc{ended}, chưa khai nơi tiếp nhận; thêm `successor` trong tệp tổ chức")
        }
        _ => format!(
            "{name} đã kết thúc{ended}, chia thành {}; ghi `heir` để chọn nơi nhận việc đang dở",
            names.join(", ")
        ),
    }
}

/// Holds all that a cell still owes; what is held already is left as it is.
pub(super) async fn hold_work(
    parts: &Reorganisation<'_>,
    cell: &UnitId,
    reason: &str,
) -> Result<Vec<Kept>, StoreError> {
    let mut tx = parts.store.begin().await?;
    let rows = tx.live_of(cell).await?;
    for row in &rows {
        hold_row(parts, tx.as_mut(), row, reason).await?;
    }
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (row.document, row.cell)).collect())
}

/// Opens the hold of one row, unless it is open.
pub(super) async fn hold_row(
    parts: &Reorganisation<'_>,
    tx: &mut dyn Tx,
    row: &Obligation,
    reason: &str,
) -> Result<(), StoreError> {
    let missing =
        || StoreError::Inconsistent { table: "obligation", column: "revision", key: row.id.to_string() };
    let document = tx.revision(row.revision).await?.ok_or_else(missing)?.document;
    let hold = NewHold {
        kind: HoldKind::NoHeir,
        source: document.source,
        external_id: document.external_id,
        document: Some(row.document),
        unit: Some(row.cell.clone()),
        // One decision for all that the cell was asked by the document.
        task: None,
        reason: reason.to_owned(),
        raw: None,
    };
    let Some(id) = tx.open_hold(&hold, parts.now).await? else { return Ok(()) };
    let detail = json!({"hold": id, "kind": HoldKind::NoHeir.as_str(), "cell": row.cell, "reason": reason});
    let (document, obligation) = (Some(row.document), Some(row.id));
    tx.append(&[JournalEntry { at: parts.now, kind: JournalKind::Held, document, obligation, detail }]).await
}
