//! What the sources show: who has looked at a directive there, and where they differ from the register.

use chrono::{DateTime, Utc};

use super::super::{Setting, words};
use crate::app::ports::{CellReceipt, Difference};
use crate::domain::ids::UnitId;

/// `ioffice, 08:12 ngày 20/11/2026`: where and when a cell first looked at it.
pub(super) fn seen(receipts: &[CellReceipt], cell: &UnitId, setting: &Setting<'_>) -> Option<String> {
    let of_cell = receipts.iter().filter(|receipt| receipt.cell.as_ref() == Some(cell));
    let looks = of_cell.filter_map(|receipt| Some((receipt.times.seen?, &receipt.source)));
    let (at, source): (DateTime<Utc>, _) = looks.min()?;
    Some(format!("{source}, {}", setting.moment(at)))
}

/// `12 chi bộ, 9 đã xem; 2 nơi nhận khác (hỏi lúc …)`; none where no source was asked.
pub(super) fn receivers(receipts: &[CellReceipt], setting: &Setting<'_>) -> Option<String> {
    let counted: Vec<_> = receipts.iter().filter(|receipt| receipt.cell.is_none()).collect();
    let asked = counted.iter().filter_map(|receipt| receipt.times.received).max()?;
    let cells = receipts.iter().filter(|receipt| receipt.cell.is_some());
    let (all, seen) =
        cells.fold((0, 0), |(all, seen), receipt| (all + 1, seen + u64::from(receipt.times.seen.is_some())));
    let others: u64 = counted.iter().map(|receipt| receipt.receivers).sum();
    let (all, seen, others) = (words::number(all), words::number(seen), words::number(others));
    let asked = setting.moment(asked);
    Some(format!(
        "{all} chi bộ, {seen} đã xem; {others} nơi nhận không phải chi bộ trong sổ (hỏi lúc {asked})"
    ))
}

/// One sentence for each difference.
pub(super) fn differences(differences: &[Difference], setting: &Setting<'_>) -> Vec<String> {
    let sentence = |difference: &Difference| {
        let what = words::sentence(difference.differ.vietnamese());
        format!("{what} ({}, từ {})", difference.source, setting.moment(difference.since))
    };
    differences.iter().map(sentence).collect()
}
