//! The shapes iOffice sends, quirks included.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde_json::{Value, json};

use super::document::FakeDocument;

/// Seconds east of Greenwich in Vietnam, which keeps no summer time.
const OFFSET: i32 = 7 * 3600;

/// `{"status": {"code": "0"}, "data": …}`
pub(super) fn success(data: &Value) -> Value {
    json!({"status": {"code": "0", "message": "Thành công"}, "data": data})
}

/// The same with the code as a number, as some calls have it.
pub(super) fn success_by_number(data: &Value) -> Value {
    json!({"status": {"code": 0, "message": "Thành công"}, "data": data})
}

/// Any other code.
pub(super) fn refusal(code: &str, message: &str) -> Value {
    json!({"status": {"code": code, "message": message}, "data": ""})
}

/// A row of a list.
pub(super) fn row(document: &FakeDocument, is_read: bool) -> Value {
    json!({
        "id": document.id.to_string(),
        "trichYeu": escape(document.id, &document.subject),
        "soKihieu": document.symbol,
        "coQuanBanHanh": escape(document.id, &document.issuer),
        "ngayVanBan": slashed(document.issued),
        "doKhan": document.urgency,
        "congVanDenDi": "1",
        "processDefinitionId": "vanbanden:3:1204",
        "processInstanceId": (90_000 + document.id).to_string(),
        // The real system says "null" where there are files and "none" where there are none.
        "hasFile": if document.files.is_empty() { "none" } else { "null" },
        "ngayNhan": arrival(document),
        "isRead": if is_read { "TRUE" } else { "false" },
        "isComment": "OK",
        "isCheck": "false",
        "isChuTri": "true",
        "isSign": "false",
        "viewComment": "null",
        "ioffice": "1",
    })
}

/// The detail of a document.
pub(super) fn detail(document: &FakeDocument) -> Value {
    let mut detail = json!({
        "id": document.id,
        "trichYeu": escape(document.id, &document.subject),
        "soKiHieu": document.symbol,
        "hinhThucVanBan": document.kind_name,
        "ngayBanHanh": slashed(document.issued),
        "ngayVanBan": document.issued.format("%Y-%m-%d 00:00:00.0").to_string(),
        "ngayDenDi": slashed(local_day(document.received)),
        "soDenDi": document.id % 1000,
        "hanGiaiQuyet": document.due.map_or_else(String::new, slashed),
        "doUuTien": document.urgency,
        "linhVuc": document.field,
        "soVanBan": "Sổ văn bản đến",
        "donViBanHanh": escape(document.id, &document.issuer),
        "donViSoanThao": "null",
        "nguoiKiChinh": document.signer,
        "hinhThucGui": "Điện tử",
        "trangThai": 1,
        "ghiChu": escape(document.id, &document.content),
        "tuKhoa": "",
        "soTrang": "2",
        "soBan": "null",
    });
    if let Some(secrecy) = &document.secrecy {
        detail["doMat"] = json!(secrecy);
    }
    detail
}

/// The files of a document; `""` if there are none.
pub(super) fn files(document: &FakeDocument) -> Value {
    let file = |(index, file): (usize, &super::FakeFile)| {
        json!({
            "id": (index + 1).to_string(),
            "name": escape(document.id, &file.name),
            "attachmentId": format!("{}0{index}", document.id),
            "creator": "Văn thư",
            "fileSize": file.size.to_string(),
            "filePage": "null",
            "isKy": "false",
        })
    };
    nothing_or(document.files.iter().enumerate().map(file).collect())
}

/// The activity log of a document.
pub(super) fn activity(document: &FakeDocument) -> Value {
    let entry = |comment: &String| {
        json!({
            "fullName": "Văn thư",
            "updateBy": "1",
            "updateDate": local(document.received).format("%d/%m/%Y %H:%M").to_string(),
            "status": "1",
            "comment": escape(document.id, comment),
            "chuyenToi": "",
            "action": "Chuyển xử lý",
        })
    };
    nothing_or(document.comments.iter().map(entry).collect())
}

/// An array, or `""` in place of an empty one.
pub(super) fn nothing_or(items: Vec<Value>) -> Value {
    if items.is_empty() { json!("") } else { Value::Array(items) }
}

/// Today in the fake's world.
pub(super) fn local_day(at: DateTime<Utc>) -> NaiveDate {
    local(at).date()
}

pub(super) fn local(at: DateTime<Utc>) -> chrono::NaiveDateTime {
    FixedOffset::east_opt(OFFSET).map_or(at.naive_utc(), |zone| at.with_timezone(&zone).naive_local())
}

pub(super) fn slashed(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// With seconds, with minutes or without a time, turn by turn.
fn arrival(document: &FakeDocument) -> String {
    let format = match document.id % 3 {
        0 => "%d/%m/%Y",
        1 => "%d/%m/%Y %H:%M:%S",
        _ => "%d/%m/%Y %H:%M",
    };
    local(document.received).format(format).to_string()
}

/// Escapes what HTML must, and in every other document each letter beyond Latin-1 too.
pub(super) fn escape(id: i64, text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if id % 2 == 0 && u32::from(letter) > 0xff => {
                escaped.push_str(&format!("&#{};", u32::from(letter)));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
