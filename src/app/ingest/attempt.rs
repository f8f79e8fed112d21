//! A net under whatever a source or a document may do to us: a panic in reading one document holds that
//! document, and never ends the daemon.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use chrono::NaiveDate;

use crate::app::ports::{Broken, Listed, Listing, Lookup, PageToken, Reading, Receipts, Source, SourceError};
use crate::domain::ids::{ExternalId, SourceId};

/// What staff read of it; the place of the fault stands in the log.
const FAULT: &str = "chương trình gặp lỗi bên trong khi xử lý văn bản này; nhật ký của dịch vụ ghi chỗ lỗi";

/// Whatever the future gives; `None` if it panicked. Nothing of it is used afterwards but what was committed.
pub(super) async fn caught<T>(source: &SourceId, work: impl Future<Output = T>) -> Option<T> {
    let ended = AssertUnwindSafe(work).catch_unwind().await;
    if ended.is_err() {
        tracing::error!(source = %source, "a document or a list of this source made the program fail");
    }
    ended.ok()
}

/// One page.
pub(super) async fn list(source: &dyn Source, page: Option<&PageToken>) -> Result<Listing, SourceError> {
    let listed = caught(source.id(), source.list(page)).await;
    listed.unwrap_or_else(|| {
        Err(SourceError::Unexpected("danh sách làm chương trình gặp lỗi bên trong".to_owned()))
    })
}

/// One page of a lookup.
pub(super) async fn lookup(
    source: &dyn Source,
    today: NaiveDate,
    page: Option<&PageToken>,
) -> Result<Option<Lookup>, SourceError> {
    let found = caught(source.id(), source.lookup(today, page)).await;
    found.unwrap_or_else(|| {
        Err(SourceError::Unexpected("tra cứu làm chương trình gặp lỗi bên trong".to_owned()))
    })
}

/// One page of the receivers of a document.
pub(super) async fn receipts(
    source: &dyn Source,
    id: &ExternalId,
    page: Option<&PageToken>,
) -> Result<Option<Receipts>, SourceError> {
    let receipts = caught(source.id(), source.receipts(id, page)).await;
    receipts.unwrap_or_else(|| {
        Err(SourceError::Unexpected("danh sách người nhận làm chương trình gặp lỗi bên trong".to_owned()))
    })
}

/// One document.
pub(super) async fn read(source: &dyn Source, row: &Listed) -> Result<Reading, SourceError> {
    caught(source.id(), source.read(row)).await.unwrap_or_else(|| Ok(poisonous()))
}

/// A document that makes the program fail.
pub(super) fn poisonous() -> Reading {
    Reading::Broken(Broken { reason: FAULT.to_owned(), raw: None })
}
