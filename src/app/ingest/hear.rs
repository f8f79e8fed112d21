//! Hear: a status message of another body, one transaction with the row it came in. We send no documents,
//! so what can concern us is that a sender wants one back; all else is kept beside the document it is
//! about. What cannot be understood, or is about a document nobody knows here, waits for staff.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::hold;
use crate::app::ports::{
    Heard, HoldKind, HoldRow, JournalEntry, JournalKind, Listed, NewHold, OriginId, StoreError, Tx,
};
use crate::domain::ids::{DocumentId, SourceId};
use crate::domain::status::{Status, StatusCode};

/// Takes in a status message; a message that comes again changes nothing.
pub(super) async fn hear(
    tx: &mut dyn Tx,
    source: &SourceId,
    row: &Listed,
    status: &Status,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let found = tx.referred(&status.about).await?;
    let document = if let [only] = found.as_slice() { Some(*only) } else { None };
    let origin = OriginId { source: source.clone(), external_id: row.external_id.clone() };
    tx.keep_heard(&Heard { origin, document, status: status.clone(), at: now }).await?;
    let Some((kind, reason)) = matter(status, &found) else { return Ok(()) };
    let raw = serde_json::to_vec(status).map_err(|error| StoreError::Engine(error.to_string()))?;
    let new = NewHold { document, ..hold(kind, source, &row.external_id, reason, Some(raw)) };
    if let Some(id) = tx.open_hold(&new, now).await? {
        let detail = json!({"hold": id, "kind": kind.as_str(), "status": status.digits, "from": status.from});
        let held = JournalKind::Held;
        tx.append(&[JournalEntry { at: now, kind: held, document, obligation: None, detail }]).await?;
    }
    Ok(())
}

/// A person says which document a message is about that fitted none: it is kept there, and what must be answered
/// becomes a matter of its own.
///
/// # Errors
/// [`StoreError`].
pub(in crate::app) async fn attribute(
    tx: &mut dyn Tx,
    held: &HoldRow,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let origin = OriginId { source: held.source.clone(), external_id: held.external_id.clone() };
    let Some(status) = tx.attribute(&origin, document).await? else { return Ok(()) };
    match matter(&status, &[document]) {
        Some((HoldKind::Recall, reason)) => {
            let new = hold(HoldKind::Recall, &held.source, &held.external_id, reason, None);
            tx.open_hold(&NewHold { document: Some(document), ..new }, now).await.map(|_| ())
        }
        _ => Ok(()),
    }
}

/// What a person must look at, if anything.
fn matter(status: &Status, found: &[DocumentId]) -> Option<(HoldKind, String)> {
    let from = sender(status);
    let what = about(status);
    let said = status.description.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
    let Some(code) = status.code() else {
        let digits = &status.digits;
        return Some((
            HoldKind::Upstream,
            format!("{from} báo trạng thái “{digits}” không có trong danh mục, về {what}{said}"),
        ));
    };
    let (digits, word) = (code.digits(), code.vietnamese());
    match (code, found) {
        (_, []) => Some((
            HoldKind::Upstream,
            format!("{from} báo {digits} {word} về {what}, văn bản này không có trong sổ{said}"),
        )),
        (StatusCode::RecallAsked, [_]) => Some((
            HoldKind::Recall,
            format!("{from} yêu cầu lấy lại {what}{said}; trả lời: vanthu upstream answer"),
        )),
        (_, [_]) => None,
        (_, several) => Some((
            HoldKind::Upstream,
            format!("{from} báo {digits} {word} về {what}, {}{said}", among(several)),
        )),
    }
}

fn among(documents: &[DocumentId]) -> String {
    let numbers: Vec<_> = documents.iter().take(5).map(|id| format!("#{id}")).collect();
    format!("có thể là {} văn bản trong sổ: {}", documents.len(), numbers.join(", "))
}

fn sender(status: &Status) -> String {
    match &status.from_name {
        Some(name) => format!("{name} ({})", status.from),
        None => status.from.clone(),
    }
}

/// How the message names the document.
fn about(status: &Status) -> String {
    let about = &status.about;
    let issued = about.issued.map(|day| format!(" ngày {}", day.format("%d/%m/%Y"))).unwrap_or_default();
    match (&about.symbol, &about.key) {
        (Some(symbol), _) => format!("văn bản {symbol}{issued}"),
        (None, Some(key)) => format!("văn bản mã {key}"),
        (None, None) => "một văn bản không rõ số".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Reference;

    fn status(digits: &str) -> Status {
        Status {
            from: "000.00.77.H99".to_owned(),
            from_name: Some("Văn phòng Tỉnh uỷ Mẫu".to_owned()),
            about: Reference {
                organ: Some("000.00.77.H99".to_owned()),
                symbol: Some("31-CV/TU".to_owned()),
                issued: "2022-02-21".parse().ok(),
                key: None,
            },
            digits: digits.to_owned(),
            description: Some("gửi nhầm phụ lục".to_owned()),
            at: None,
        }
    }

    #[test]
    fn what_staff_read() {
        let (one, two) = ([DocumentId(5)], [DocumentId(5), DocumentId(9)]);
        let told = |digits, found: &[DocumentId]| match matter(&status(digits), found) {
            Some((kind, reason)) => format!("{}: {reason}", kind.as_str()),
            None => "giữ bên văn bản".to_owned(),
        };
        let unnamed = Status { about: Reference::default(), from_name: None, ..status("13") };
        insta::assert_snapshot!([
            told("13", &one),
            told("13", &[]),
            told("13", &two),
            told("03", &one),
            told("03", &[]),
            told("07", &one),
            matter(&unnamed, &[]).map(|(_, reason)| reason).unwrap_or_default(),
        ].join("\n"), @r"
        recall: Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) yêu cầu lấy lại văn bản 31-CV/TU ngày 21/02/2022: gửi nhầm phụ lục; trả lời: vanthu upstream answer
        upstream: Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo 13 Yêu cầu lấy lại về văn bản 31-CV/TU ngày 21/02/2022, văn bản này không có trong sổ: gửi nhầm phụ lục
        upstream: Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo 13 Yêu cầu lấy lại về văn bản 31-CV/TU ngày 21/02/2022, có thể là 2 văn bản trong sổ: #5, #9: gửi nhầm phụ lục
        giữ bên văn bản
        upstream: Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo 03 Đã tiếp nhận về văn bản 31-CV/TU ngày 21/02/2022, văn bản này không có trong sổ: gửi nhầm phụ lục
        upstream: Văn phòng Tỉnh uỷ Mẫu (000.00.77.H99) báo trạng thái “07” không có trong danh mục, về văn bản 31-CV/TU ngày 21/02/2022: gửi nhầm phụ lục
        000.00.77.H99 báo 13 Yêu cầu lấy lại về một văn bản không rõ số, văn bản này không có trong sổ: gửi nhầm phụ lục
        ");
    }
}
